/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-report-json.h"
#include "relais-run-fixture.h"
#include "relais-run-words.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Interrupts the run when the account has read a certain request. */
static const char *stop_at;
static guint stop_at_nth;

static void
interrupt (RelaisScriptedAccount *account,
           const char            *what,
           guint                  nth,
           gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, stop_at) && nth == stop_at_nth)
    relais_delivery_interrupt (self->delivery);
}

static void
run_until (RelaisRunFixture *self,
           const char       *what,
           guint             nth)
{
  stop_at = what;
  stop_at_nth = nth;
  self->account->hook = interrupt;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  self->account->hook = NULL;
  g_queue_clear_full (&self->account->imports, g_free);
  g_queue_clear_full (&self->account->infos, g_free);
  relais_scripted_account_let_go (self->account);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_get_status (relais_export_get_last_run (self->export)), ==, RELAIS_RUN_INTERRUPTED);
}

/* Interrupts the run once the account has taken everything, and nothing is known of it. */
static void
run_until_accepted (RelaisRunFixture *self,
                    guint             n_batches)
{
  relais_run_fixture_start (self);
  relais_run_fixture_wait_accepted (self, n_batches);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_INTERRUPTED);
  relais_scripted_account_let_go (self->account);
  relais_run_fixture_reopen (self);
}

static char *
dup_last_id (RelaisRunFixture *self)
{
  return g_strdup (relais_run_get_id (relais_export_get_last_run (self->export)));
}

/* Everyone is there, whoever is there twice is told, and the same run came to its end. */
static void
assert_whole (RelaisRunFixture *self,
              const char       *id,
              guint             n_people)
{
  const RelaisRunRecord *record = relais_run_get_record (self->run);
  guint n_there = 0;

  g_assert_cmpstr (record->id, ==, id);
  g_assert_cmpuint (record->counts.read, ==, n_people);
  g_assert_cmpuint (record->counts.by_state[RELAIS_ROW_DELIVERED], ==, n_people);
  for (guint i = 1; i <= n_people; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      n_there += relais_scripted_account_times (self->account, email) > 0;
    }
  g_assert_cmpuint (n_there, ==, n_people);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), <=, record->batches_repeated);
  g_assert_cmpuint (record->batches_accepted, ==, (n_people + 249) / 250);
}

static void
test_stopped_before_it_was_taken (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 3000);
  relais_run_fixture_define (self, NULL);
  relais_scripted_account_imports (self->account, "accept accept hang hang hang hang hang hang hang hang");
  run_until (self, "import", 4);
  id = dup_last_id (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_whole (self, id, 3000);
}

static void
test_stopped_before_the_answer (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 3000);
  relais_run_fixture_define (self, NULL);
  relais_scripted_account_imports (self->account, "accept accept accept-hang accept-hang accept accept-hang");
  run_until (self, "import", 6);
  id = dup_last_id (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_whole (self, id, 3000);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), >=, 3);
}

static void
test_stopped_while_results_are_awaited (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 3000);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  run_until_accepted (self, 12);
  id = dup_last_id (self);
  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_whole (self, id, 3000);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, 0);
}

static void
test_stopped_while_results_are_asked_for (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 3000);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "hang";
  run_until_accepted (self, 12);
  id = dup_last_id (self);
  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_whole (self, id, 3000);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, 0);
}

static void
test_stopped_everywhere (RelaisRunFixture *self,
                         gconstpointer     user_data)
{
  g_autofree char *id = NULL;
  guint n_stops = 0;

  relais_run_fixture_write_people (self, 20000);
  relais_run_fixture_define (self, NULL);
  stop_at = "import";
  self->times.grace = 0;
  relais_delivery_set_times (self->delivery, &self->times);
  self->account->hook = interrupt;
  self->account->hook_data = self;
  for (;;)
    {
      stop_at_nth = (n_stops % 2 == 0 ? self->account->n_imports : self->account->n_infos) + 1 + n_stops % 5;
      stop_at = n_stops % 2 == 0 ? "import" : "info";
      if (relais_run_fixture_run (self) != RELAIS_RUN_INTERRUPTED)
        break;
      n_stops++;
      g_assert_cmpuint (n_stops, <, 1000);
      g_free (id);
      id = g_strdup (relais_run_get_id (self->run));
      relais_run_fixture_reopen (self);
    }
  g_assert_cmpuint (n_stops, >, 5);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  assert_whole (self, id, 20000);
}

static void
test_an_interrupted_again_goes_on_as_such (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  g_autofree char *id = NULL;

  relais_run_fixture_write_people (self, 3000);
  relais_run_fixture_define (self, NULL);
  relais_run_fixture_run (self);
  self->options.again = TRUE;
  run_until (self, "import", 12 + 3);
  id = dup_last_id (self);
  self->options.again = FALSE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpstr (relais_run_get_id (self->run), ==, id);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=3000");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person2999@example.com"), ==, 2);
}

static void
test_rows_that_stay_are_told_once (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");
  g_autoptr (GPtrArray) rejections = NULL;
  g_autofree char *bad = NULL;

  for (guint i = 1; i <= 3000; i++)
    {
      if (i % 10 == 0)
        g_string_append_printf (text, "person%u@example.com,again\n", i - 1);
      else if (i % 10 == 5)
        g_string_append (text, "no-address,X\n");
      else
        g_string_append_printf (text, "person%u@example.com,Name\n", i);
    }
  relais_run_fixture_write (self, text->str);
  relais_run_fixture_define (self, NULL);
  bad = g_strdup ("person2@example.com");
  g_hash_table_add (self->account->failing, bad);
  run_until (self, "import", 5);
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=2399 duplicate=300 invalid=300 refused=1");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 601);
}

/* The file is another one when the run goes on */

static void
test_a_changed_file_begins_anew (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  g_autofree char *id = NULL;
  g_autoptr (GPtrArray) history = NULL;
  guint64 n_confirmed;

  relais_run_fixture_write_people (self, 3000);
  relais_run_fixture_define (self, NULL);
  relais_scripted_account_infos (self->account, "completed completed active active active active active active active active active active active active active active");
  self->account->every_info = "active";
  run_until (self, "info", 12);
  id = dup_last_id (self);
  n_confirmed = relais_run_get_record (relais_export_get_last_run (self->export))->counts.by_state[RELAIS_ROW_DELIVERED];
  g_assert_cmpuint (n_confirmed, >, 0);
  g_assert_cmpuint (n_confirmed, <, 3000);

  self->account->every_info = NULL;
  relais_run_fixture_write_people (self, 3100);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpstr (relais_run_get_id (self->run), !=, id);
  /* Who was confirmed is not sent again, and nobody else is taken for confirmed. */
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_UNCHANGED), ==, n_confirmed);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 3100 - n_confirmed);
  history = relais_run_fixture_history (self);
  g_assert_cmpuint (history->len, ==, 2);
  g_assert_cmpint (((RelaisRunRecord *) g_ptr_array_index (history, 1))->status, ==, RELAIS_RUN_INTERRUPTED);
}

static void
test_a_changed_file_with_automations_asks (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  guint n_sent;

  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->account->every_info = "active";
  run_until (self, "info", 6);
  self->account->every_info = NULL;
  n_sent = self->account->n_imports;

  relais_run_fixture_write_people (self, 1001);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
  g_assert_cmpuint (relais_run_get_n_in_doubt (self->live), ==, 4);
  g_assert_cmpuint (self->account->n_imports, ==, n_sent);

  self->options.allow_repeats = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1001 delivered=1001");
}

static void
test_everything_again_with_automations_asks (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  guint n_sent;

  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, ",\"automations\":true");
  relais_scripted_account_imports (self->account, "accept accept-hang accept-hang accept");
  run_until (self, "import", 4);
  n_sent = self->account->n_imports;

  self->options.again = TRUE;
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
  g_assert_cmpuint (self->account->n_imports, ==, n_sent);

  self->options.allow_repeats = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=1000");

  /* Everyone is known to have arrived now: whoever wants everything again has answered already. */
  self->options.allow_repeats = FALSE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
}

/* What @run says of repeats, for scripts */
static void
assert_question (RelaisRunFixture      *self,
                 const RelaisRunRecord *run,
                 const char            *expected)
{
  g_autoptr (GString) json = g_string_new (NULL);

  relais_json_question (json, run, relais_run_get_question (run, self->export));
  g_assert_cmpstr (json->str, ==, expected);
}

/* Who was asked about how many, and what they said, is with the run, also when it is read another day. */
static void
test_what_is_asked_and_answered_is_kept (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  gboolean own = user_data != NULL;
  g_autofree char *asked = NULL;
  g_autofree char *answered = NULL;
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GPtrArray) later = NULL;
  const RelaisRunRecord *run;
  guint n;

  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, ",\"automations\":true");
  relais_scripted_account_imports (self->account, "accept accept-hang accept-hang accept");
  run_until (self, "import", 4);
  if (!own)
    relais_run_fixture_write_people (self, 1001);
  self->options.trigger = RELAIS_TRIGGER_COMMAND_LINE;
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
  relais_run_fixture_reopen (self);
  history = relais_run_fixture_history (self);
  run = g_ptr_array_index (history, 0);
  n = run->notes.repeats_asked;
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, 4);
  g_assert_cmpint (run->notes.repeats_own, ==, own);
  g_assert_null (run->message);
  asked = g_strdup_printf (", \"question\": {\"about\": \"repeats\", \"state\": \"open\", \"answer\": null, \"people\": null, \"of\": null, \"batches\": %u}", n);
  assert_question (self, run, asked);

  self->options.allow_repeats = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_reopen (self);
  later = relais_run_fixture_history (self);
  run = g_ptr_array_index (later, 0);
  g_assert_cmpuint (run->notes.repeats_asked, ==, 0);
  g_assert_cmpuint (run->notes.repeats_allowed, ==, n);
  answered = g_strdup_printf (", \"question\": {\"about\": \"repeats\", \"state\": \"answered\", \"answer\": \"repeat\", \"people\": null, \"of\": null, \"batches\": %u}", n);
  assert_question (self, run, answered);

  /* Whoever allows it before it is asked about has answered nothing. */
  relais_run_fixture_write_people (self, 1002);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_question (self, relais_run_get_record (self->run), ", \"question\": null");
}

static void
test_an_unknown_outcome_with_automations_asks (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  static const char * const words[] = { "404", "failed" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *people = g_strdup_printf ("EMail,FirstName\nann%u@example.com,Ann\nbob%u@example.com,Bob\n", i, i);

      relais_run_fixture_write (self, people);
      relais_run_fixture_define (self, ",\"automations\":true");
      self->options.allow_repeats = FALSE;
      self->account->every_info = words[i];
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
      relais_run_fixture_assert_counts (self, "read=2 refused=2");

      /* The run is over, but what it sent may have started something all the same. */
      self->account->every_info = NULL;
      relais_run_fixture_start (self);
      relais_run_fixture_wait (self);
      g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);

      self->options.allow_repeats = TRUE;
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
      relais_run_fixture_assert_counts (self, "read=2 delivered=2");
    }
}

static void
interrupt_before_sending (RelaisScriptedAccount *account,
                          const char            *what,
                          guint                  nth,
                          gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "other"))
    relais_delivery_interrupt (self->delivery);
}

/* A first run's batches are in doubt, and a second one, of another file, ends before its first batch. */
static void
leave_two_runs (RelaisRunFixture *self)
{
  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->account->every_info = "active";
  run_until_accepted (self, 4);
  self->account->every_info = NULL;

  relais_run_fixture_write_people (self, 1001);
  self->options.allow_repeats = TRUE;
  self->account->hook = interrupt_before_sending;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (self->account->n_imports, ==, 4);
  self->account->hook = NULL;
  self->options.allow_repeats = FALSE;
  relais_scripted_account_let_go (self->account);
  relais_run_fixture_reopen (self);
}

static void
assert_asks (RelaisRunFixture *self)
{
  guint n_imports = self->account->n_imports;

  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
  g_assert_cmpuint (self->account->n_imports, ==, n_imports);
}

static gboolean
has_unknown (RelaisRunFixture *self)
{
  g_autoptr (GPtrArray) batches = relais_run_fixture_batches (self, relais_run_get_id (self->live));

  for (guint i = 0; i < batches->len; i++)
    if (((RelaisBatchRecord *) g_ptr_array_index (batches, i))->state == RELAIS_BATCH_UNKNOWN)
      return TRUE;

  return FALSE;
}

/* After a run that broke off in whatever way, the report still tells unknown from refused. */
static void
test_an_unknown_outcome_is_one_after_an_interruption (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  g_autoptr (GPtrArray) history = NULL;

  relais_run_fixture_write_people (self, 500);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "404";
  relais_scripted_account_imports (self->account, "accept hang");
  relais_run_fixture_start (self);
  while (!has_unknown (self))
    g_main_context_iteration (NULL, FALSE);
  /* One without an end is counted from the journal. */
  history = relais_run_fixture_history (self);
  g_assert_cmpuint (((RelaisRunRecord *) g_ptr_array_index (history, 0))->counts.by_reason[RELAIS_REASON_UNKNOWN_OUTCOME], ==, 250);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.by_reason[RELAIS_REASON_UNKNOWN_OUTCOME], ==, 250);
  relais_scripted_account_let_go (self->account);
  relais_run_fixture_reopen (self);

  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=500 delivered=250 refused=250");
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.by_reason[RELAIS_REASON_UNKNOWN_OUTCOME], ==, 250);
}

static void
test_doubt_is_known_beyond_the_last_run (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  leave_two_runs (self);

  /* Whether the second run goes on or a third one begins */
  assert_asks (self);
  relais_run_fixture_write_people (self, 1002);
  assert_asks (self);

  self->options.allow_repeats = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1002 delivered=1002");

  /* A run that came to its end has sent them all. */
  self->options.allow_repeats = FALSE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1002 unchanged=1002");
}

static void
test_halves_of_what_is_in_doubt_are_in_doubt (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  g_autoptr (GPtrArray) batches = NULL;

  /* It arrives and the answer is cut; the second time the account refuses it. */
  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->options.allow_repeats = TRUE;
  relais_scripted_account_imports (self->account, "accept-cut refuse");
  run_until (self, "import", 2);
  batches = relais_run_fixture_batches (self, relais_run_get_id (relais_export_get_last_run (self->export)));
  g_assert_cmpuint (batches->len, ==, 2);
  g_assert_cmpuint (relais_run_get_record (relais_export_get_last_run (self->export))->batches_repeated, ==, 0);

  self->options.allow_repeats = FALSE;
  assert_asks (self);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person1@example.com"), ==, 1);

  self->options.allow_repeats = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 2);
}

static void
test_one_who_is_refused_after_doubt_is_in_doubt (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 1);
  relais_run_fixture_define (self, ",\"automations\":true");
  /* Whom the account refuses at once it has not taken. */
  relais_scripted_account_imports (self->account, "refuse refuse");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);

  self->options.allow_repeats = TRUE;
  relais_scripted_account_imports (self->account, "accept-cut refuse");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1 refused=1");
  self->options.allow_repeats = FALSE;
  assert_asks (self);
}

static void
test_a_batch_that_nobody_is_in_any_more_is_settled (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  g_autofree char *id = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  relais_run_fixture_write_people (self, 500);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->account->every_info = "active";
  run_until_accepted (self, 2);
  id = dup_last_id (self);
  self->account->every_info = NULL;
  for (guint i = 1; i <= 250; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      g_hash_table_add (self->account->unsubscribed, (gpointer) g_intern_string (email));
    }
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpstr (relais_run_get_id (self->run), ==, id);
  relais_run_fixture_assert_counts (self, "read=500 delivered=250 barred=250");
  batches = relais_run_fixture_batches (self, id);
  g_assert_cmpuint (batches->len, ==, 2);
  for (guint i = 0; i < batches->len; i++)
    g_assert_cmpint (((RelaisBatchRecord *) g_ptr_array_index (batches, i))->state, ==, RELAIS_BATCH_CONFIRMED);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
}

/* What nobody is in answers for nobody: when the run goes on once more its rows are told again. */
static void
test_a_settled_batch_without_people_holds_no_rows (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 500);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  run_until_accepted (self, 2);
  for (guint i = 1; i <= 250; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      g_hash_table_add (self->account->unsubscribed, (gpointer) g_intern_string (email));
    }
  run_until (self, "info", self->account->n_infos + 1);
  self->account->every_info = NULL;
  g_hash_table_remove_all (self->account->unsubscribed);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=500 delivered=500");
}

/* Changes a name in the middle of the file and nothing that is looked at first. */
static void
change_in_place (RelaisRunFixture *self)
{
  g_autofree char *text = NULL;
  gsize length;
  struct stat before;
  struct timespec times[2];
  char *name;

  g_assert_cmpint (stat (self->segment, &before), ==, 0);
  g_assert_true (g_file_get_contents (self->segment, &text, &length, NULL));
  g_assert_cmpuint (length, >, 200 * 1024);
  name = strstr (text, "Name3001,");
  g_assert_cmpint (name - text, >, 64 * 1024);
  memcpy (name, "Other", strlen ("Other"));
  relais_run_fixture_write (self, text);
  times[0] = before.st_atim;
  times[1] = before.st_mtim;
  g_assert_cmpint (utimensat (AT_FDCWD, self->segment, times, 0), ==, 0);
}

static void
test_a_file_changed_in_secret_confirms_nothing_wrong (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  gboolean found = FALSE;

  relais_run_fixture_write_people (self, 6000);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  run_until_accepted (self, 24);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person3001@example.com"), ==, 1);
  self->account->every_info = NULL;
  change_in_place (self);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=6000 delivered=6000");
  /* What is remembered of that person is what is there. */
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person3001@example.com"), ==, 2);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person1@example.com"), ==, 1);
  for (guint i = 0; i < self->account->accepted->len; i++)
    {
      gsize length;
      const char *body = g_bytes_get_data (g_ptr_array_index (self->account->accepted, i), &length);

      found = found || g_strstr_len (body, length, "Other") != NULL;
    }
  g_assert_true (found);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 1);
}

static void
put_another_in_its_place (RelaisScriptedAccount *account,
                          const char            *what,
                          guint                  nth,
                          gpointer               user_data)
{
  RelaisRunFixture *self = user_data;
  g_autofree char *other = NULL;

  if (!g_str_equal (what, "import") || nth != 1)
    return;
  other = g_strconcat (self->segment, ".new", NULL);
  g_assert_true (g_file_set_contents (other, "EMail,FirstName\nx@example.com,X\n", -1, NULL));
  g_assert_cmpint (g_rename (other, self->segment), ==, 0);
}

static void
test_a_file_put_in_its_place_does_no_harm (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 50000);
  relais_run_fixture_define (self, NULL);
  self->account->hook = put_another_in_its_place;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=50000 delivered=50000");
}

/* Other people are put in place when the account is asked first: the run has just found its segment unchanged. */
static void
put_others_in_their_place (RelaisScriptedAccount *account,
                           const char            *what,
                           guint                  nth,
                           gpointer               user_data)
{
  RelaisRunFixture *self = user_data;
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");
  g_autofree char *other = g_strconcat (self->segment, ".new", NULL);

  if (!g_str_equal (what, "other"))
    return;
  account->hook = NULL;
  for (guint i = 1; i <= 1000; i++)
    g_string_append_printf (text, "other%u@example.com,Other%u\n", i, i);
  g_assert_true (g_file_set_contents (other, text->str, -1, NULL));
  g_assert_cmpint (g_rename (other, self->segment), ==, 0);
}

static void
test_a_file_replaced_before_it_is_read_is_noticed (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, NULL);
  self->account->every_info = "active";
  run_until_accepted (self, 4);
  self->account->every_info = NULL;

  self->account->hook = put_others_in_their_place;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_FILE);
  g_assert_nonnull (strstr (relais_run_get_record (self->run)->message, "segment.csv"));
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 0);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "other1@example.com"), ==, 0);

  /* It is another segment, and a run of its own. */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=1000");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "other1000@example.com"), ==, 1);
}

#define ADD(name, test) \
  g_test_add ("/run/resume/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("stopped after the intent", test_stopped_before_it_was_taken);
  ADD ("stopped after sending, before the answer", test_stopped_before_the_answer);
  ADD ("stopped while results are awaited", test_stopped_while_results_are_awaited);
  ADD ("stopped while results are asked for", test_stopped_while_results_are_asked_for);
  ADD ("stopped everywhere, again and again", test_stopped_everywhere);
  ADD ("an interrupted run of everything goes on as such", test_an_interrupted_again_goes_on_as_such);
  ADD ("rows that stay behind are told once", test_rows_that_stay_are_told_once);
  ADD ("a changed file begins anew", test_a_changed_file_begins_anew);
  ADD ("a changed file with automations asks first", test_a_changed_file_with_automations_asks);
  ADD ("everything again with automations asks first", test_everything_again_with_automations_asks);
  g_test_add ("/run/resume/what is asked and answered is kept: of the run", RelaisRunFixture, "own", relais_run_fixture_set_up,
              test_what_is_asked_and_answered_is_kept, relais_run_fixture_tear_down);
  g_test_add ("/run/resume/what is asked and answered is kept: of the one before", RelaisRunFixture, NULL, relais_run_fixture_set_up,
              test_what_is_asked_and_answered_is_kept, relais_run_fixture_tear_down);
  ADD ("an unknown outcome with automations asks before the next run", test_an_unknown_outcome_with_automations_asks);
  ADD ("an unknown outcome is one after an interruption", test_an_unknown_outcome_is_one_after_an_interruption);
  ADD ("doubt is known beyond the last run", test_doubt_is_known_beyond_the_last_run);
  ADD ("halves of what is in doubt are in doubt", test_halves_of_what_is_in_doubt_are_in_doubt);
  ADD ("one who is refused after doubt is in doubt", test_one_who_is_refused_after_doubt_is_in_doubt);
  ADD ("a batch that nobody is in any more is settled", test_a_batch_that_nobody_is_in_any_more_is_settled);
  ADD ("a settled batch without people holds no rows", test_a_settled_batch_without_people_holds_no_rows);
  ADD ("a file changed in secret confirms nothing wrong", test_a_file_changed_in_secret_confirms_nothing_wrong);
  ADD ("a file replaced before it is read is noticed", test_a_file_replaced_before_it_is_read_is_noticed);
  ADD ("a file put in its place does no harm", test_a_file_put_in_its_place_does_no_harm);

  return g_test_run ();
}
