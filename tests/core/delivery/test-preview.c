/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-run-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
describe (const RelaisRowCounts *counts)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "read=%" G_GUINT64_FORMAT, counts->read);
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (counts->by_state[i] > 0)
      g_string_append_printf (text, " %s=%" G_GUINT64_FORMAT, relais_row_state_to_id (i), counts->by_state[i]);

  return g_string_free (text, FALSE);
}

static void
assert_preview (RelaisRunFixture *self,
                gboolean          offline,
                const char       *expected)
{
  RelaisRowCounts counts;
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;

  g_assert_true (relais_run_fixture_preview (self, offline, &counts, &rejections, &error));
  g_assert_no_error (error);
  found = describe (&counts);
  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpuint (relais_row_counts_sum (&counts), ==, counts.read);
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

static const char mixed[] = "EMail,FirstName\na@example.com,A\nb@example.com,B\nA@Example.com,again\nno-at,C\nleft@example.com,L\n";

static void
test_it_tells_what_a_run_would_do (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  relais_run_fixture_write (self, mixed);
  relais_run_fixture_define (self, NULL);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "left@example.com");

  assert_preview (self, FALSE, "read=5 delivered=2 duplicate=1 invalid=1 barred=1");
  g_assert_null (relais_export_get_last_run (self->export));
}

static void
test_it_agrees_with_the_run (RelaisRunFixture *self,
                             gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autofree char *foreseen = NULL;

  relais_run_fixture_write (self, mixed);
  relais_run_fixture_define (self, NULL);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "left@example.com");
  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, NULL));
  foreseen = describe (&counts);
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, foreseen);

  /* And after it, there is nothing left to do. */
  g_ptr_array_set_size (self->account->bodies, 0);
  assert_preview (self, FALSE, "read=5 unchanged=2 duplicate=1 invalid=1 barred=1");
}

/* What the run would say, and not that all is well. */
static void
test_a_list_that_is_gone_is_told (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  relais_run_fixture_write (self, mixed);
  self->list_id = 77;
  relais_run_fixture_define (self, NULL);
  g_assert_false (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpstr (relais_run_get_record (self->run)->message, ==, error->message);

  /* Nobody is asked. */
  assert_preview (self, TRUE, "read=5 delivered=3 duplicate=1 invalid=1");
}

static void
test_offline_nobody_is_asked (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  relais_run_fixture_write (self, mixed);
  relais_run_fixture_define (self, NULL);
  relais_memory_secrets_set_locked (self->secrets, TRUE);
  assert_preview (self, TRUE, "read=5 delivered=3 duplicate=1 invalid=1");
  g_assert_cmpuint (self->account->targets->len, ==, 0);
}

static void
test_what_cannot_be_read_is_told (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) column_error = NULL;

  relais_run_fixture_write (self, "EMail,Name\na@example.com,A\n");
  relais_run_fixture_define (self, NULL);
  g_assert_false (relais_run_fixture_preview (self, FALSE, &counts, NULL, &column_error));
  g_assert_error (column_error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);

  g_remove (self->segment);
  g_assert_false (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE);
}

static void
test_too_many_are_told (RelaisRunFixture *self,
                        gconstpointer     user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1000001; i++)
    g_string_append_printf (text, "%x@a.fr\n", i);
  relais_run_fixture_write (self, text->str);
  relais_run_fixture_define (self, NULL);
  g_assert_false (relais_run_fixture_preview (self, TRUE, &counts, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_TOO_MANY);
  g_assert_nonnull (strstr (error->message, "1,000,001"));
}

static void
cancel_cb (RelaisScriptedAccount *account,
           const char            *what,
           guint                  nth,
           gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  g_cancellable_cancel (self->cancellable);
}

static void
test_it_can_be_cancelled (RelaisRunFixture *self,
                          gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) early = NULL;
  g_autoptr (GError) late = NULL;

  relais_run_fixture_write_people (self, 100000);
  relais_run_fixture_define (self, NULL);
  self->account->hook = cancel_cb;
  self->account->hook_data = self;
  g_assert_false (relais_run_fixture_preview (self, FALSE, &counts, NULL, &early));
  g_assert_error (early, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_cancellable_reset (self->cancellable);
  g_idle_add_once ((GSourceOnceFunc) (void (*) (void)) g_cancellable_cancel, self->cancellable);
  g_assert_false (relais_run_fixture_preview (self, TRUE, &counts, NULL, &late));
  g_assert_error (late, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, test) \
  g_test_add ("/preview/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("it tells what a run would do, and sends nothing", test_it_tells_what_a_run_would_do);
  ADD ("it agrees with the run", test_it_agrees_with_the_run);
  ADD ("a list that is gone is told", test_a_list_that_is_gone_is_told);
  ADD ("offline nobody is asked", test_offline_nobody_is_asked);
  ADD ("what cannot be read is told", test_what_cannot_be_read_is_told);
  ADD ("too many are told", test_too_many_are_told);
  ADD ("it can be cancelled", test_it_can_be_cancelled);

  return g_test_run ();
}
