/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-words.h"

#include <locale.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* 2026-03-15 12:00 UTC */
#define NOW (G_GINT64_CONSTANT (1773576000) * SECOND)

static void
assert_says (char       *said,
             const char *wanted)
{
  g_assert_cmpstr (said, ==, wanted);
  g_free (said);
}

static void
test_every_status_has_words_icon_and_colour (void)
{
  static const struct
  {
    RelaisExportStatus  status;
    const char         *words;
    const char         *icon;
    const char         *style;
    const char         *button;
  } table[] = {
    { RELAIS_EXPORT_NOT_STARTED, "Not started", "content-loading-symbolic", "dim-label", "_Run" },
    { RELAIS_EXPORT_QUEUED, "Queued", "emblem-synchronizing-symbolic", "accent", "_Run" },
    { RELAIS_EXPORT_PROCESSING, "Processing", "emblem-synchronizing-symbolic", "accent", "_Run" },
    { RELAIS_EXPORT_SUCCESSFUL, "Successful", "emblem-ok-symbolic", "success", "_Run" },
    { RELAIS_EXPORT_COMPLETED_WITH_ERRORS, "Completed with errors", "dialog-warning-symbolic", "warning", "_Run" },
    { RELAIS_EXPORT_FAILURE, "Failure", "dialog-error-symbolic", "error", "_Go On" },
    { RELAIS_EXPORT_CANCELED, "Canceled", "dialog-warning-symbolic", "warning", "_Go On" },
    { RELAIS_EXPORT_SKIPPED, "Skipped", "dialog-warning-symbolic", "warning", "_Run" },
    { RELAIS_EXPORT_INTERRUPTED, "Interrupted", "dialog-warning-symbolic", "warning", "_Go On" },
    { RELAIS_EXPORT_NO_CONNECTION, "No connection", "dialog-warning-symbolic", "warning", "_Run" },
    { RELAIS_EXPORT_ASKING, "Waiting for your answer", "dialog-question-symbolic", "warning", "_Answer…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (GStrv) classes = relais_status_classes (NULL, table[i].status);

      assert_says (relais_describe_status (NULL, table[i].status), table[i].words);
      assert_says (relais_status_icon (NULL, table[i].status), table[i].icon);
      assert_says (relais_describe_run_action (NULL, table[i].status), table[i].button);
      g_assert_cmpuint (g_strv_length (classes), ==, 1);
      g_assert_cmpstr (classes[0], ==, table[i].style);
    }
}

static void
test_how_long_ago_is_counted_in_what_people_count_in (void)
{
  static const struct
  {
    gint64      ago;
    const char *words;
  } table[] = {
    { 0, "Successful · Just now" },
    { -5 * MINUTE, "Successful · Just now" },        /* the clock was put back */
    { 59 * SECOND, "Successful · Just now" },
    { MINUTE, "Successful · 1 minute ago" },
    { 119 * SECOND, "Successful · 1 minute ago" },
    { 2 * MINUTE, "Successful · 2 minutes ago" },
    { HOUR - SECOND, "Successful · 59 minutes ago" },
    { HOUR, "Successful · 1 hour ago" },
    { DAY - SECOND, "Successful · 23 hours ago" },
    { DAY, "Successful · 1 day ago" },
    { 13 * DAY, "Successful · 13 days ago" },
    { 14 * DAY, "Successful · 2026-03-01" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    assert_says (relais_describe_refreshed (NULL, RELAIS_EXPORT_SUCCESSFUL, NOW - table[i].ago, NOW), table[i].words);
}

static void
test_what_runs_or_never_ran_is_not_ago (void)
{
  assert_says (relais_describe_refreshed (NULL, RELAIS_EXPORT_NOT_STARTED, 0, NOW), "Not started");
  assert_says (relais_describe_refreshed (NULL, RELAIS_EXPORT_PROCESSING, NOW - DAY, NOW), "Processing");
  assert_says (relais_describe_refreshed (NULL, RELAIS_EXPORT_QUEUED, NOW - DAY, NOW), "Queued");
  g_assert_null (relais_describe_time (NULL, 0));
  assert_says (relais_describe_time (NULL, NOW), "2026-03-15, 12:00");
}

static void
test_progress_says_what_how_far_and_how_long (void)
{
  static const struct
  {
    RelaisPhase  phase;
    guint64      done;
    guint64      total;
    gint64       remaining;
    const char  *waiting_for;
    const char  *words;
    double       fraction;
  } table[] = {
    { RELAIS_PHASE_WAITING_FOR_TURN, 0, 0, -1, NULL, "Waiting for another run", 0 },
    { RELAIS_PHASE_PREPARING, 0, 0, -1, NULL, "Preparing", 0 },
    { RELAIS_PHASE_GUARDING, 0, 0, -1, NULL, "Asking who may not be mailed", 0 },
    { RELAIS_PHASE_GUARDING, 700, 0, -1, NULL, "Asking who may not be mailed: 700", 0 },
    { RELAIS_PHASE_GUARDING, 700, 1400, -1, NULL, "Asking who may not be mailed: 700 of 1,400", 0.5 },
    { RELAIS_PHASE_SENDING, 0, 0, -1, NULL, "Sending", 0 },
    { RELAIS_PHASE_SENDING, 250, 1000, -1, NULL, "Sending: 250 of 1,000", 0.25 },
    { RELAIS_PHASE_SENDING, 250, 1000, 0, NULL, "Sending: 250 of 1,000, less than a minute left", 0.25 },
    { RELAIS_PHASE_SENDING, 250, 1000, 59 * SECOND, NULL, "Sending: 250 of 1,000, less than a minute left", 0.25 },
    { RELAIS_PHASE_SENDING, 500, 1000, 89 * SECOND, NULL, "Sending: 500 of 1,000, about 1 minute left", 0.5 },
    { RELAIS_PHASE_SENDING, 500, 1000, 90 * SECOND, NULL, "Sending: 500 of 1,000, about 2 minutes left", 0.5 },
    { RELAIS_PHASE_CONFIRMING, 1000, 1000, -1, NULL, "Confirming: 1,000 of 1,000", 1 },
    { RELAIS_PHASE_TAKING_OFF, 0, 0, -1, NULL, "Taking people off the list", 0 },
    { RELAIS_PHASE_TAKING_OFF, 100, 400, 59 * SECOND, NULL, "Taking people off the list: 100 of 400, less than a minute left", 0.25 },
    { RELAIS_PHASE_VERIFYING, 20, 50, -1, NULL, "Verifying: 20 of 50", 0.4 },
    { RELAIS_PHASE_SENDING, 1100, 1000, -1, NULL, "Sending: 1,100 of 1,000", 1 },  /* the total is an estimate */
    { RELAIS_PHASE_SENDING, 500, 1000, SECOND, "The network is gone.", "The network is gone.", 0.5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      assert_says (relais_describe_progress (NULL, table[i].phase, table[i].done, table[i].total, 10, table[i].remaining, table[i].waiting_for),
                   table[i].words);
      g_assert_cmpfloat (relais_progress_fraction (NULL, table[i].done, table[i].total), ==, table[i].fraction);
    }
  g_assert_true (relais_is_waiting (NULL, 1));
  g_assert_false (relais_is_waiting (NULL, 0));
}

static void
test_a_message_shows_only_once_its_run_has_ended (void)
{
  g_assert_true (relais_shows_message (NULL, FALSE, "The network is gone."));
  g_assert_false (relais_shows_message (NULL, TRUE, "The network is gone."));
  g_assert_false (relais_shows_message (NULL, FALSE, ""));
  g_assert_false (relais_shows_message (NULL, FALSE, NULL));
}

/* Beside a number: "Duplicates 7", not "Repeat an earlier row 7". */
static void
test_every_state_of_rows_has_a_name (void)
{
  static const struct
  {
    RelaisRowState  state;
    const char     *name;
    const char     *explanation;
  } table[] = {
    { RELAIS_ROW_DELIVERED, "Delivered", "" },
    { RELAIS_ROW_UNCHANGED, "Unchanged", "Already there from an earlier run" },
    { RELAIS_ROW_DUPLICATE, "Duplicates", "The same address as in an earlier row" },
    { RELAIS_ROW_INVALID, "Invalid", "Cannot be sent as they are" },
    { RELAIS_ROW_REFUSED, "Refused", "Not accepted by ActiveCampaign" },
    { RELAIS_ROW_BARRED, "Barred", "Unsubscribed, bounced or excluded" },
    { RELAIS_ROW_NOT_SENT, "Not sent", "The run ended before their turn" },
  };

  g_assert_cmpuint (G_N_ELEMENTS (table), ==, RELAIS_N_ROW_STATES);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      assert_says (relais_describe_state (table[i].state), table[i].name);
      assert_says (relais_explain_state (table[i].state), table[i].explanation);
    }
}

static void
test_every_note_about_rows_has_a_name (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (RelaisReason note = RELAIS_FIRST_NOTE; note < RELAIS_N_REASONS; note++)
    {
      g_assert_true (g_hash_table_add (seen, (gpointer) relais_describe_note (note)));
      g_assert_true (g_hash_table_add (seen, (gpointer) relais_explain_note (note)));
    }
  g_assert_cmpstr (relais_describe_note (RELAIS_REASON_PHONE_LEFT_OUT), ==, "Without a phone number");
}

static void
test_where_an_export_goes (void)
{
  assert_says (relais_describe_target (NULL, 12, "Newsletter", "Shop", FALSE), "Newsletter · Shop");
  assert_says (relais_describe_target (NULL, 12, "Newsletter", "Shop", TRUE), "Newsletter · Shop · Practice");
  assert_says (relais_describe_target (NULL, 12, "", "Shop", FALSE), "List 12 · Shop");
  assert_says (relais_describe_target (NULL, 12, NULL, NULL, FALSE), "List 12 · No connection");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/export-words/every-status-has-words-icon-and-colour", test_every_status_has_words_icon_and_colour);
  g_test_add_func ("/export-words/how-long-ago-is-counted-in-what-people-count-in", test_how_long_ago_is_counted_in_what_people_count_in);
  g_test_add_func ("/export-words/what-runs-or-never-ran-is-not-ago", test_what_runs_or_never_ran_is_not_ago);
  g_test_add_func ("/export-words/progress-says-what-how-far-and-how-long", test_progress_says_what_how_far_and_how_long);
  g_test_add_func ("/export-words/a-message-shows-only-once-its-run-has-ended", test_a_message_shows_only_once_its_run_has_ended);
  g_test_add_func ("/export-words/every-state-of-rows-has-a-name", test_every_state_of_rows_has_a_name);
  g_test_add_func ("/export-words/every-note-about-rows-has-a-name", test_every_note_about_rows_has_a_name);
  g_test_add_func ("/export-words/where-an-export-goes", test_where_an_export_goes);

  return g_test_run ();
}
