/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who left the segment is named, with what became of them. */

#include "relais-journal-leavers.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"

#include <string.h>

#define assert_named relais_leaving_assert_named

/* Twenty people, of whom three have left the segment */
static void
prepare (RelaisRunFixture *self)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 4, 20);
}

static void
test_whoever_is_taken_off_is_named (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  prepare (self);
  assert_named (self, "");
  /* As the list has it */
  relais_leaving_execute (self, "UPDATE contacts SET email = 'Person1@Example.com' WHERE email = 'person1@example.com'");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_named (self, "Person1 taken-off, person2 taken-off, person3 taken-off");
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_named (self, "");
}

static void
test_whoever_stays_is_named_with_the_reason (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  prepare (self);
  relais_leaving_execute (self, "UPDATE memberships SET since = since - 86400 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  relais_leaving_execute (self, "UPDATE memberships SET since = 0 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')");
  relais_run_fixture_misbehave (self, "refuse", "person3@");
  relais_leaving_write_range (self, 6, 20);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_named (self, "person1 joined-without-relais, person2 joined-unknown, person3 not-taken-off, person4 taken-off, person5 taken-off");
}

static void
test_of_whom_clocks_tell_nothing_that_is_the_reason (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "no-date", NULL);
  relais_leaving_execute (self, "UPDATE memberships SET since = 0 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=0 in_doubt=0 kept=3");
  assert_named (self, "person1 joined-untimed, person2 joined-unknown, person3 joined-untimed");
}

/* Somebody else is sought further down the list. */
static void
test_whom_another_export_holds_is_named_when_they_are_seen (RelaisRunFixture *self,
                                                            gconstpointer     user_data)
{
  prepare (self);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 2, 2, ",\"leavers\":\"remove\""), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=1");
  assert_named (self, "person1 taken-off, person2 another-export, person3 taken-off");
}

static void
test_nobody_is_named_whom_the_run_has_not_seen (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  prepare (self);
  relais_leaving_opt_out (self, "person2@example.com", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=0");
  assert_named (self, "person1 taken-off, person3 taken-off");

  /* Asked about, the list is not even gone through. */
  relais_leaving_define (self, ",\"leavers_brake\":{\"share\":0}");
  relais_leaving_write_range (self, 6, 20);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  assert_named (self, "");
}

static void
test_whoever_is_in_doubt_is_named (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-failed", NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_named (self, "person1 in-doubt, person2 in-doubt, person3 in-doubt");
}

static gboolean
opt_out_when_queued_cb (gpointer user_data)
{
  RelaisRunFixture *self = user_data;

  if (self->practice->account.n_imports == 1)
    return G_SOURCE_CONTINUE;
  relais_leaving_opt_out (self, "person2@example.com", "Too many mails");

  return G_SOURCE_REMOVE;
}

static void
opt_out_when_queued (RelaisRunFixture *self)
{
  g_timeout_add_full (G_PRIORITY_HIGH, 1, opt_out_when_queued_cb, self, NULL);
}

static void
test_whoever_left_by_themselves_meanwhile_is_named_so (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, opt_out_when_queued), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=3 taken_off=2 in_doubt=0 kept=0");
  assert_named (self, "person1 taken-off, person2 left-themselves, person3 taken-off");
}

static gboolean
cancel_when_queued_cb (gpointer user_data)
{
  RelaisRunFixture *self = user_data;

  if (self->practice->account.n_imports == 1)
    return G_SOURCE_CONTINUE;
  relais_run_cancel (self->live);

  return G_SOURCE_REMOVE;
}

static void
cancel_when_queued (RelaisRunFixture *self)
{
  g_timeout_add_full (G_PRIORITY_HIGH, 1, cancel_when_queued_cb, self, NULL);
}

static void
keep_named_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_object_set_data_full (user_data, "named", relais_journal_list_leavers_finish (RELAIS_JOURNAL (object), result, NULL), (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
read_when_queued_cb (gpointer user_data)
{
  RelaisRunFixture *self = user_data;

  if (self->practice->account.n_imports == 1)
    return G_SOURCE_CONTINUE;
  relais_journal_list_leavers_async (relais_workspace_get_journal (self->workspace), relais_run_get_id (self->live), NULL, G_MAXUINT, NULL,
                                     keep_named_cb, self->live);

  return G_SOURCE_REMOVE;
}

static void
read_when_queued (RelaisRunFixture *self)
{
  g_timeout_add_full (G_PRIORITY_HIGH, 1, read_when_queued_cb, self, NULL);
}

/* Should the run be killed while their import is under way, nobody could find out any more who they were. */
static void
test_they_are_named_before_their_import_leaves (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  const GPtrArray *named;

  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, read_when_queued), ==, RELAIS_RUN_SUCCESSFUL);
  named = g_object_get_data (G_OBJECT (self->live), "named");
  g_assert_nonnull (named);
  g_assert_cmpuint (named->len, ==, 3);
  for (guint i = 0; i < named->len; i++)
    g_assert_cmpint (((const RelaisLeaverRecord *) g_ptr_array_index (named, i))->fate, ==, RELAIS_FATE_IN_DOUBT);
}

/* The next attempt finds nobody on the list, and so no address: it still is known who they are. */
static void
test_a_run_that_was_stopped_names_them_still (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, cancel_when_queued), ==, RELAIS_RUN_CANCELED);
  assert_named (self, "person1 in-doubt, person2 in-doubt, person3 in-doubt");
  while (relais_leaving_count_status (self, 1, 2) < 3)
    g_main_context_iteration (NULL, TRUE);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_named (self, "person1 off-unclear, person2 off-unclear, person3 off-unclear");
}

/* They were about to be taken off, and then somebody said that they stay. */
static void
test_whoever_stays_after_all_is_named_so (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  prepare (self);
  relais_run_fixture_misbehave (self, "import-failed", NULL);
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, cancel_when_queued), ==, RELAIS_RUN_CANCELED);
  assert_named (self, "person1 in-doubt, person2 in-doubt, person3 in-doubt");
  self->options.leavers = RELAIS_ANSWER_KEEP;
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_named (self, "person1 kept-as-asked, person2 kept-as-asked, person3 kept-as-asked");
}

/* One stays who joined without Relais, one left before by themselves: the first attempt is done with both, and the second one does not
 * find them any more. */
static void
test_a_run_that_goes_on_counts_whom_it_settled_before (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  relais_leaving_define (self, NULL);
  relais_leaving_deliver (self, 1, 20);
  relais_leaving_write_range (self, 5, 20);
  relais_leaving_execute (self, "UPDATE memberships SET since = since - 86400 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  relais_leaving_opt_out (self, "person4@example.com", NULL);
  g_assert_cmpint (relais_leaving_run_other (self, "Other", 3, 3, ",\"leavers\":\"remove\""), ==, RELAIS_RUN_SUCCESSFUL);
  self->practice->account.n_imports = 1;
  relais_run_fixture_misbehave (self, "import-delay", "2s");
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_TAKING_OFF, cancel_when_queued), ==, RELAIS_RUN_CANCELED);
  relais_leaving_assert_counts (self, "departed=4 taken_off=0 in_doubt=1 kept=2");
  while (relais_leaving_status (self, "person2@example.com") != 2)
    g_main_context_iteration (NULL, TRUE);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_leaving_assert_counts (self, "departed=4 taken_off=0 in_doubt=0 kept=2");
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.joined, ==, 1);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.shared, ==, 1);
  g_assert_cmpuint (relais_run_get_record (self->run)->leavers.no_way_back, ==, 1);
}

#define ADD(name, function) \
  g_test_add ("/run-leaving-naming/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whoever-is-taken-off-is-named", test_whoever_is_taken_off_is_named);
  ADD ("whoever-stays-is-named-with-the-reason", test_whoever_stays_is_named_with_the_reason);
  ADD ("whom-another-export-holds-is-named-when-they-are-seen", test_whom_another_export_holds_is_named_when_they_are_seen);
  ADD ("nobody-is-named-whom-the-run-has-not-seen", test_nobody_is_named_whom_the_run_has_not_seen);
  ADD ("whoever-is-in-doubt-is-named", test_whoever_is_in_doubt_is_named);
  ADD ("whoever-left-by-themselves-meanwhile-is-named-so", test_whoever_left_by_themselves_meanwhile_is_named_so);
  ADD ("they-are-named-before-their-import-leaves", test_they_are_named_before_their_import_leaves);
  ADD ("of-whom-clocks-tell-nothing-that-is-the-reason", test_of_whom_clocks_tell_nothing_that_is_the_reason);
  ADD ("whoever-stays-after-all-is-named-so", test_whoever_stays_after_all_is_named_so);
  ADD ("a-run-that-was-stopped-names-them-still", test_a_run_that_was_stopped_names_them_still);
  ADD ("a-run-that-goes-on-counts-whom-it-settled-before", test_a_run_that_goes_on_counts_whom_it_settled_before);

  return g_test_run ();
}
