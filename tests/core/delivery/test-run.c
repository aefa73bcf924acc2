/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-run-fixture.h"

#include <string.h>

static void
test_everyone_arrives (RelaisRunFixture *self,
                       gconstpointer     user_data)
{
  relais_run_fixture_write (self, "EMail,FirstName\na@example.com,A\nb@example.com,B\nA@Example.com,again\nno-at,C\n");
  relais_run_fixture_define (self, NULL);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=4 delivered=2 duplicate=1 invalid=1");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "a@example.com"), ==, 1);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "b@example.com"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (self->account->people), ==, 2);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_accepted, ==, 1);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 0);
  g_assert_true (self->live == self->run);
}

static void
test_second_run_sends_nothing (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 600);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (self->account->bodies->len, ==, 3);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=600 unchanged=600");
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=600 unchanged=600");
  g_assert_cmpuint (self->account->bodies->len, ==, 3);
}

static void
test_only_what_changed_is_sent (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  relais_run_fixture_write (self, "EMail,FirstName\na@example.com,A\nb@example.com,B\nc@example.com,C\n");
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_run (self);

  relais_run_fixture_write (self, "EMail,FirstName\na@example.com,A\nb@example.com,Bee\nc@example.com,C\nd@example.com,D\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=4 delivered=2 unchanged=2");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "a@example.com"), ==, 1);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "b@example.com"), ==, 2);
}

static void
test_again_sends_everything (RelaisRunFixture *self,
                             gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_run (self);

  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person7@example.com"), ==, 2);

  self->options.again = FALSE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 unchanged=10");
}

/* What leaves */

static void
test_only_matched_columns_leave (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 300);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_run (self);

  g_assert_cmpuint (self->account->bodies->len, ==, 2);
  for (guint i = 0; i < self->account->bodies->len; i++)
    {
      gsize length;
      const char *body = g_bytes_get_data (g_ptr_array_index (self->account->bodies, i), &length);

      g_assert_nonnull (g_strstr_len (body, length, "Name"));
      g_assert_null (g_strstr_len (body, length, "ecret"));
      g_assert_nonnull (g_strstr_len (body, length, "\"exclude_automations\":true"));
    }
  for (guint i = 0; i < self->account->targets->len; i++)
    g_assert_null (strstr (g_ptr_array_index (self->account->targets, i), "person"));
}

static void
assert_batch_sizes (RelaisRunFixture *self,
                    guint             first,
                    guint             last)
{
  guint n = self->account->batches->len;
  guint smallest = G_MAXUINT, largest = 0;

  for (guint i = 0; i < n; i++)
    {
      guint size = g_strv_length (g_ptr_array_index (self->account->batches, i));

      smallest = MIN (smallest, size);
      largest = MAX (largest, size);
    }
  g_assert_cmpuint (largest, ==, first);
  g_assert_cmpuint (smallest, ==, last);
}

static void
test_the_last_two_share (RelaisRunFixture *self,
                         gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 501);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=501 delivered=501");
  g_assert_cmpuint (self->account->batches->len, ==, 3);
  assert_batch_sizes (self, 250, 125);
}

static void
test_one_alone_goes_alone (RelaisRunFixture *self,
                           gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 1);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1 delivered=1");
}

static void
test_nobody_is_nothing_to_do (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 0);
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=0");
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

static void
write_rows (RelaisRunFixture *self,
            guint             n)
{
  g_autoptr (GString) text = g_string_sized_new (n * 12);

  g_string_append (text, "EMail,FirstName\n");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%x@a.fr\n", i);
  relais_run_fixture_write (self, text->str);
}

static void
test_over_a_million_is_refused (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  write_rows (self, 1000001);
  relais_run_fixture_define (self, NULL);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_TOO_MANY);
  g_assert_nonnull (strstr (relais_run_get_record (self->run)->message, "1,000,001"));
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 0);
}

static void
test_a_million_line_ends_are_not_a_million_rows (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\na@example.com,\"");

  for (guint i = 0; i < 1000001; i++)
    g_string_append (text, i % 2 ? "\n" : "\n ");
  g_string_append (text, "\"\n\n\n\nb@example.com,B\n");
  relais_run_fixture_write (self, text->str);
  relais_run_fixture_define (self, NULL);

  relais_run_fixture_run (self);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, -1);
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.read, ==, 2);
}

/* Cancelling */

static void
cancel_at_import (RelaisScriptedAccount *account,
                  const char            *what,
                  guint                  nth,
                  gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "import") && nth == 3)
    relais_run_cancel (self->live);
}

static void
test_cancelled_in_the_middle (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  guint n_sent;

  relais_run_fixture_write_people (self, 5000);
  relais_run_fixture_define (self, NULL);
  self->account->hook = cancel_at_import;
  self->account->hook_data = self;
  self->times.grace = 120;
  relais_delivery_set_times (self->delivery, &self->times);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_CANCELED);
  n_sent = g_hash_table_size (self->account->people);
  /* What was under way came to its end; whole batches left, or nothing of them. */
  g_assert_cmpuint (n_sent % 250, ==, 0);
  g_assert_cmpuint (n_sent, <, 5000);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, n_sent);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_NOT_SENT), >, 0);

  self->account->hook = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  g_assert_cmpuint (self->account->accepted->len, ==, 20);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, 0);
}

static void
test_cancelled_before_it_began (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_start (self);
  relais_run_cancel (self->live);
  relais_run_fixture_wait (self);

  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (relais_export_get_last_run (self->export));
  g_assert_cmpuint (self->account->targets->len, ==, 0);
}

static void
test_cancelled_by_the_caller (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, NULL);
  g_cancellable_cancel (self->cancellable);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);

  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->account->targets->len, ==, 0);
}

static void
test_cancelled_after_it_ended (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_run (self);
  relais_run_cancel (self->run);
  g_cancellable_cancel (self->cancellable);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
}

static void
test_cancelled_while_results_are_awaited (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  g_autoptr (GPtrArray) batches = NULL;

  relais_run_fixture_write_people (self, 500);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  relais_run_fixture_start (self);
  relais_run_fixture_wait_accepted (self, 2);
  relais_run_cancel (self->live);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_CANCELED);
  relais_run_fixture_assert_counts (self, "read=500 not_sent=500");
  batches = relais_run_fixture_batches (self, relais_run_get_id (self->run));
  g_assert_cmpuint (batches->len, ==, 2);

  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=500 delivered=500");
  g_assert_cmpuint (self->account->accepted->len, ==, 2);
}

/* Several at once */

static void
test_an_export_runs_once_at_a_time (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  g_autoptr (RelaisRun) first = NULL;
  g_autoptr (RelaisRun) second = NULL;

  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_start (self);
  first = g_object_ref (self->live);

  second = relais_delivery_run_async (self->delivery, self->export, &self->options, NULL, NULL, NULL);
  g_assert_null (second);
  g_assert_cmpuint (relais_delivery_get_n_running (self->delivery), ==, 1);
  relais_run_fixture_wait (self);
  g_assert_true (self->run == first);
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
}

/* The account and the settings are changed while another process is sending. */
static void
test_what_is_changed_while_it_waits_holds (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  g_autofree char *path = g_build_filename (self->folder, "work.lock", NULL);
  g_autoptr (RelaisWorkLock) elsewhere = relais_work_lock_new (path);
  g_autoptr (RelaisScriptedAccount) before = self->account;
  g_autofree char *body = NULL;

  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, NULL);
  g_assert_true (relais_work_lock_take (elsewhere, NULL));
  relais_run_fixture_start (self);
  while (relais_run_get_phase (self->live) != RELAIS_PHASE_WAITING_FOR_TURN)
    g_main_context_iteration (NULL, TRUE);

  self->account = relais_scripted_account_new ();
  self->connection_name = "Other account";
  relais_run_fixture_define (self, ",\"tags\":[\"new\"]");
  relais_work_lock_release (elsewhere);
  relais_run_fixture_wait (self);

  /* Lists have the same numbers everywhere: the old ones must not be looked for in the new account. */
  g_assert_cmpuint (before->targets->len, ==, 0);
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
  body = g_strndup (g_bytes_get_data (self->account->bodies->pdata[0], NULL), g_bytes_get_size (self->account->bodies->pdata[0]));
  g_assert_nonnull (strstr (body, "\"tags\":[\"new\"]"));
}

/* Progress */

typedef struct
{
  guint64 done;
  guint   n_changes;
  gboolean went_back;
} Watch;

static void
done_changed_cb (RelaisRun  *run,
                 GParamSpec *pspec,
                 gpointer    user_data)
{
  Watch *watch = user_data;
  guint64 done = relais_run_get_done (run);

  watch->went_back = watch->went_back || done < watch->done || done > relais_run_get_total (run);
  watch->done = done;
  watch->n_changes++;
}

static void
test_progress_never_goes_back (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  Watch watch = { 0 };

  relais_run_fixture_write_people (self, 20000);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::done", G_CALLBACK (done_changed_cb), &watch);
  relais_run_fixture_wait (self);

  g_assert_false (watch.went_back);
  g_assert_cmpuint (watch.n_changes, >=, 1);
  g_assert_cmpuint (watch.done, ==, 20000);
  g_assert_cmpuint (relais_run_get_total (self->run), ==, 20000);
  g_signal_handlers_disconnect_by_data (self->run, &watch);
}

#define ADD(name, test) \
  g_test_add ("/run/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("everyone arrives, and every row is accounted for", test_everyone_arrives);
  ADD ("a second run sends nothing", test_second_run_sends_nothing);
  ADD ("only what changed is sent", test_only_what_changed_is_sent);
  ADD ("everything is sent when it is asked for", test_again_sends_everything);
  ADD ("only matched columns leave", test_only_matched_columns_leave);
  ADD ("the last two batches share so that nobody is alone", test_the_last_two_share);
  ADD ("one person alone goes alone", test_one_alone_goes_alone);
  ADD ("an empty segment is nothing to do", test_nobody_is_nothing_to_do);
  ADD ("over a million is refused before the first batch", test_over_a_million_is_refused);
  ADD ("a million line ends are not a million rows", test_a_million_line_ends_are_not_a_million_rows);
  ADD ("cancelled in the middle it ends at a batch edge", test_cancelled_in_the_middle);
  ADD ("cancelled before it began nothing happens", test_cancelled_before_it_began);
  ADD ("cancelled by its caller before it began nothing happens", test_cancelled_by_the_caller);
  ADD ("cancelling after the end changes nothing", test_cancelled_after_it_ended);
  ADD ("cancelled while results are awaited it can go on", test_cancelled_while_results_are_awaited);
  ADD ("an export runs once at a time", test_an_export_runs_once_at_a_time);
  ADD ("what is changed while it waits holds", test_what_is_changed_while_it_waits_holds);
  ADD ("progress never goes back", test_progress_never_goes_back);

  return g_test_run ();
}
