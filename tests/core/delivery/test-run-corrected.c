/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rejected rows are corrected and sent: these and no others, as everything else in the file has them. */

#include "relais-error.h"
#include "relais-journal-corrections.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"
#include "relais-run-fixture.h"

#include <string.h>

static const char segment[] =
  "EMail,FirstName\n"
  "person1@example.com,Name1\n"
  "person2example.com,Name2\n"
  "person3@example.com,Name3\n"
  "person1@example.com,Name4\n"
  ",Name5\n"
  "person6@example.com,Name6\n";

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Rows 2, 4 and 5 are not delivered. */
static void
prepare (RelaisRunFixture *self)
{
  relais_run_fixture_write (self, segment);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=6 delivered=3 duplicate=1 invalid=2");
}

static RelaisCorrections *
correct (RelaisRunFixture *self,
         guint64           row,
         const char       *address)
{
  RelaisCorrections *corrections = relais_corrections_new (relais_run_get_id (self->run));

  relais_corrections_set (corrections, row, "", address);

  return corrections;
}

/* Returns: how the run of these rows ended */
static RelaisRunStatus
send (RelaisRunFixture  *self,
      RelaisCorrections *corrections)
{
  RelaisRunStatus status;

  self->options.corrections = corrections;
  status = relais_run_fixture_run (self);
  self->options.corrections = NULL;

  return status;
}

/* Nothing is sent, and the export is as it was. */
static void
assert_refused (RelaisRunFixture  *self,
                RelaisCorrections *corrections,
                RelaisError        code)
{
  g_autofree char *last = g_strdup (relais_run_get_id (relais_export_get_last_run (self->export)));
  guint64 n_imports = self->practice->account.n_imports;

  self->options.corrections = corrections;
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  self->options.corrections = NULL;
  g_assert_error (self->error, RELAIS_ERROR, (int) code);
  g_assert_null (self->run);
  g_assert_cmpuint (self->practice->account.n_imports, ==, n_imports);
  g_assert_cmpstr (relais_run_get_id (relais_export_get_last_run (self->export)), ==, last);
}

static gint64
count (RelaisRunFixture *self,
       const char       *email,
       const char       *first)
{
  return relais_store_number (self->practice->account.store,
    "SELECT count (*) FROM contacts JOIN memberships ON contact = contacts.id AND list = 1 AND status = 1 WHERE email = ?1 AND first = ?2", "ss", email, first);
}

static guint
count_corrections (RelaisRunFixture *self,
                   const char       *run_id)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisCorrections) corrections = NULL;

  relais_journal_list_corrections_async (journal, run_id, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  corrections = relais_journal_list_corrections_finish (journal, result, &error);
  g_assert_no_error (error);

  return relais_corrections_get_n_rows (corrections);
}

static void
test_only_corrected_rows_are_sent (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_autofree char *first = NULL;
  const RelaisRejection *rejection;

  prepare (self);
  first = g_strdup (relais_run_get_id (self->run));
  corrections = correct (self, 2, "person2@example.com");
  relais_corrections_set (corrections, 5, "", "still wrong");
  g_assert_cmpint (send (self, corrections), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=2 delivered=1 invalid=1");
  g_assert_cmpstr (relais_run_get_record (self->run)->corrects, ==, first);
  g_assert_cmpuint (relais_run_get_record (self->run)->verified.same, ==, 1);
  /* Whatever else the file has of the row goes with it. */
  g_assert_cmpint (count (self, "person2@example.com", "Name2"), ==, 1);
  /* Rows keep their numbers. */
  batches = relais_run_fixture_batches (self, relais_run_get_id (self->run));
  g_assert_cmpuint (batches->len, ==, 1);
  g_assert_cmpstr (((RelaisBatchRecord *) g_ptr_array_index (batches, 0))->rows, ==, "2");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 1);
  rejection = g_ptr_array_index (rejections, 0);
  g_assert_cmpuint (rejection->row, ==, 5);
  g_assert_cmpstr (rejection->email, ==, "still wrong");
  /* What was corrected in vain is kept beside it, and nothing else. */
  g_assert_cmpuint (count_corrections (self, relais_run_get_id (self->run)), ==, 1);
}

static void
test_whoever_went_through_is_known_as_sent (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (RelaisCorrections) again = NULL;

  prepare (self);
  corrections = correct (self, 2, "person2@example.com");
  again = relais_corrections_ref (corrections);
  g_assert_cmpint (send (self, corrections), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1 delivered=1");
  g_assert_cmpint (send (self, again), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1 unchanged=1");
  /* And so it is when the file is corrected. */
  relais_run_fixture_write (self, "EMail,FirstName\nperson2@example.com,Name2\nperson3@example.com,Name3\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=2 unchanged=2");
}

static void
test_a_row_that_was_not_delivered_again_can_be_corrected_again (RelaisRunFixture *self,
                                                                gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (RelaisCorrections) again = NULL;

  prepare (self);
  corrections = correct (self, 5, "person5 at example.com");
  g_assert_cmpint (send (self, corrections), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  again = correct (self, 5, "person5@example.com");
  g_assert_cmpint (send (self, again), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (count (self, "person5@example.com", "Name5"), ==, 1);
}

/* The file’s own rows come first, wherever they stand. */
static void
test_the_address_of_another_row_is_a_duplicate (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (GPtrArray) rejections = NULL;

  prepare (self);
  corrections = correct (self, 2, "PERSON6@example.com");
  relais_corrections_set (corrections, 4, "", "person4@example.com");
  relais_corrections_set (corrections, 5, "", "person4@EXAMPLE.com");
  g_assert_cmpint (send (self, corrections), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3 delivered=1 duplicate=2");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (((RelaisRejection *) g_ptr_array_index (rejections, 0))->other_row, ==, 6);
  g_assert_cmpuint (((RelaisRejection *) g_ptr_array_index (rejections, 1))->other_row, ==, 4);
  g_assert_cmpint (count (self, "person6@example.com", "Name6"), ==, 1);
  g_assert_cmpint (count (self, "person4@example.com", "Name4"), ==, 1);
}

/* Nobody gets round having opted out. */
static void
test_the_guard_holds (RelaisRunFixture *self,
                      gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (RelaisCorrections) barred = NULL;

  relais_run_fixture_write (self, "EMail,FirstName\nperson1@example.com,Name1\nperson2@example.com,Name2\nperson3@,Name3\n");
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_store_execute (self->practice->account.store,
    "UPDATE memberships SET status = 2 WHERE list = 1 AND contact IN (SELECT id FROM contacts WHERE email IN ('person1@example.com', 'person2@example.com'))", "");
  relais_run_fixture_write (self, "EMail,FirstName\nperson2@example.com,Name2\nperson3@,Name3\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=2 invalid=1 barred=1");
  corrections = correct (self, 2, "person1@example.com");
  barred = correct (self, 1, "person9@example.com");
  g_assert_cmpint (send (self, corrections), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1 barred=1");
  assert_refused (self, barred, RELAIS_ERROR_UNKNOWN);
}

static void
test_other_rows_are_not_sent (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) delivered = NULL;
  g_autoptr (RelaisCorrections) beyond = NULL;
  g_autoptr (RelaisCorrections) other_column = NULL;
  g_autoptr (RelaisCorrections) other_run = relais_corrections_new ("another");

  prepare (self);
  delivered = correct (self, 3, "person33@example.com");
  beyond = correct (self, 70, "person70@example.com");
  other_column = correct (self, 2, "person2@example.com");
  relais_corrections_set (other_column, 2, "FirstName", "Another");
  relais_corrections_set (other_run, 2, "", "person2@example.com");
  assert_refused (self, delivered, RELAIS_ERROR_UNKNOWN);
  assert_refused (self, beyond, RELAIS_ERROR_UNKNOWN);
  assert_refused (self, other_column, RELAIS_ERROR_UNKNOWN);
  assert_refused (self, other_run, RELAIS_ERROR_UNKNOWN);
}

static void
test_a_file_that_changed_is_left_alone (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;

  prepare (self);
  corrections = correct (self, 2, "person2@example.com");
  relais_run_fixture_write (self, "EMail,FirstName\nperson0@example.com,Name0\nperson1@example.com,Name1\nperson2example.com,Name2\n");
  assert_refused (self, corrections, RELAIS_ERROR_FILE);
  /* The file itself can be corrected, and everything else is as ever. */
  relais_run_fixture_write (self, "EMail,FirstName\nperson2@example.com,Name2\nperson1@example.com,Name1\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=2 delivered=1 unchanged=1");
}

static void
test_settings_that_changed_are_heeded (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;

  prepare (self);
  corrections = correct (self, 2, "person2@example.com");
  relais_run_fixture_define (self, ",\"tags\":[\"New\"]");
  assert_refused (self, corrections, RELAIS_ERROR_FILE);
}

/* Other cells */

static void
match_phones (RelaisRunFixture *self)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (relais_export_get_definition (self->export));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisExport) export = NULL;
  g_autoptr (GError) error = NULL;

  definition->matching->phone = g_strdup ("Phone");
  definition->phone_country = g_strdup ("FR");
  relais_workspace_save_export_async (self->workspace, self->export, definition, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  export = relais_workspace_save_export_finish (self->workspace, result, &error);
  g_assert_no_error (error);
}

static void
test_another_value_is_corrected (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (GPtrArray) rejections = NULL;

  relais_run_fixture_write (self, "EMail,FirstName,Phone\nperson1@example.com,Name1,3.36E+10\nperson2@example.com,Name2,+33612345678\n");
  relais_run_fixture_define (self, NULL);
  match_phones (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=2 delivered=1 invalid=1");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpstr (((RelaisRejection *) g_ptr_array_index (rejections, 0))->detail, ==, "Phone");
  corrections = relais_corrections_new (relais_run_get_id (self->run));
  relais_corrections_set (corrections, 1, "Phone", "+33 6 99 99 99 99");
  g_assert_cmpint (send (self, corrections), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_store_number (self->practice->account.store, "SELECT count (*) FROM contacts WHERE email = 'person1@example.com' AND phone = '+33699999999'", ""), ==, 1);
}

/* What stops a run */

/* Rows that cannot be read, as many as make several batches when they are corrected */
static RelaisCorrections *
prepare_many (RelaisRunFixture *self,
              guint             n)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");
  RelaisCorrections *corrections;

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "person%u@\"example.com,Name%u\nother%u@example.com,Name\n", i, i, i);
  relais_run_fixture_write (self, text->str);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  corrections = relais_corrections_new (relais_run_get_id (self->run));
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *address = g_strdup_printf ("person%u@example.com", i);

      relais_corrections_set (corrections, 2 * i - 1, "", address);
    }

  return corrections;
}

static void
interrupt (RelaisRunFixture *self)
{
  if (self->run == NULL)
    relais_delivery_interrupt (self->delivery);
}

/* The person has typed them once; they are not typed again. */
static void
test_an_interrupted_run_goes_on_with_them (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = prepare_many (self, 600);
  g_autofree char *run_id = NULL;

  self->options.corrections = corrections;
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_GUARDING, interrupt), ==, RELAIS_RUN_INTERRUPTED);
  self->options.corrections = NULL;
  run_id = g_strdup (relais_run_get_id (self->run));
  g_assert_cmpuint (count_corrections (self, run_id), ==, 600);
  relais_run_fixture_reopen (self);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpstr (relais_run_get_id (self->run), ==, run_id);
  relais_run_fixture_assert_counts (self, "read=600 delivered=600");
  g_assert_cmpint (count (self, "person600@example.com", "Name600"), ==, 1);
  g_assert_cmpuint (count_corrections (self, run_id), ==, 0);
  /* The next one is of the whole segment again. */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1200 unchanged=600 invalid=600");
}

static void
cancel (RelaisRunFixture *self)
{
  relais_run_cancel (self->live);
}

static void
test_nothing_is_corrected_while_a_run_can_go_on (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;

  prepare (self);
  corrections = correct (self, 2, "person2@example.com");
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_SENDING, cancel), ==, RELAIS_RUN_CANCELED);
  self->options.again = FALSE;
  assert_refused (self, corrections, RELAIS_ERROR_BUSY);
}

static void
test_whose_rows_are_not_kept_cannot_be_corrected (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  g_autoptr (RelaisCorrections) corrections = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  prepare (self);
  corrections = correct (self, 2, "person2@example.com");
  relais_workspace_erase_export_async (self->workspace, self->export, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (relais_workspace_erase_export_finish (self->workspace, result, &error));
  self->options.corrections = corrections;
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  self->options.corrections = NULL;
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_UNKNOWN);
}

int
main (int   argc,
      char *argv[])
{
#define ADD(name, function) \
  g_test_add ("/delivery/run-corrected/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)
  g_test_init (&argc, &argv, NULL);

  ADD ("only-corrected-rows-are-sent", test_only_corrected_rows_are_sent);
  ADD ("whoever-went-through-is-known-as-sent", test_whoever_went_through_is_known_as_sent);
  ADD ("a-row-that-was-not-delivered-again-can-be-corrected-again", test_a_row_that_was_not_delivered_again_can_be_corrected_again);
  ADD ("the-address-of-another-row-is-a-duplicate", test_the_address_of_another_row_is_a_duplicate);
  ADD ("the-guard-holds", test_the_guard_holds);
  ADD ("other-rows-are-not-sent", test_other_rows_are_not_sent);
  ADD ("a-file-that-changed-is-left-alone", test_a_file_that_changed_is_left_alone);
  ADD ("settings-that-changed-are-heeded", test_settings_that_changed_are_heeded);
  ADD ("another-value-is-corrected", test_another_value_is_corrected);
  ADD ("an-interrupted-run-goes-on-with-them", test_an_interrupted_run_goes_on_with_them);
  ADD ("nothing-is-corrected-while-a-run-can-go-on", test_nothing_is_corrected_while_a_run_can_go_on);
  ADD ("whose-rows-are-not-kept-cannot-be-corrected", test_whose_rows_are_not_kept_cannot_be_corrected);

  return g_test_run ();
}
