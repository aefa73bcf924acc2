/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export.h"

#include "relais-error.h"
#include "relais-export-private.h"
#include "relais-run-private.h"
#include "relais-test-notify.h"

typedef struct
{
  RelaisConnection *connection;  /* (owned) */
  RelaisExport     *export;      /* (owned) */
  GString          *told;        /* what the export notified */
} Fixture;

static RelaisExportDefinition *
make_definition (const char *name)
{
  RelaisExportDefinition *definition = relais_export_definition_new ();

  definition->name = g_strdup (name);
  definition->list_id = 12;
  definition->list_name = g_strdup ("Clients");

  return definition;
}

static RelaisRun *
make_run (RelaisRunStatus status,
          guint64         delivered,
          gint64          ended_at)
{
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();

  record->id = g_strdup ("r1");
  record->status = status;
  record->ended_at = ended_at;
  record->counts.by_state[RELAIS_ROW_DELIVERED] = delivered;

  return relais_run_new (record);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();
  g_autoptr (RelaisExportDefinition) definition = make_definition ("Newsletter");

  record->id = g_strdup ("c1");
  record->name = g_strdup ("Compte");
  fixture->connection = relais_connection_new (record);
  fixture->export = relais_export_new ("e1", definition, fixture->connection);
  fixture->told = relais_test_listen (fixture->export);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->export);
  g_assert_finalize_object (fixture->connection);
}

static void
test_a_status_is_what_the_last_run_left (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  static const struct
  {
    RelaisRunStatus    run;
    RelaisExportStatus export;
  } rows[] = {
    { RELAIS_RUN_SUCCESSFUL, RELAIS_EXPORT_SUCCESSFUL },
    { RELAIS_RUN_COMPLETED_WITH_ERRORS, RELAIS_EXPORT_COMPLETED_WITH_ERRORS },
    { RELAIS_RUN_FAILURE, RELAIS_EXPORT_FAILURE },
    { RELAIS_RUN_CANCELED, RELAIS_EXPORT_CANCELED },
    { RELAIS_RUN_SKIPPED, RELAIS_EXPORT_SKIPPED },
    { RELAIS_RUN_INTERRUPTED, RELAIS_EXPORT_INTERRUPTED },
    { RELAIS_RUN_PROCESSING, RELAIS_EXPORT_INTERRUPTED },   /* without an end, and nobody works on it */
  };

  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_NOT_STARTED);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisRun) run = make_run (rows[i].run, 0, 1000);

      relais_export_set_last_run (fixture->export, run);
      g_assert_cmpint (relais_export_get_status (fixture->export), ==, rows[i].export);
      relais_export_set_last_run (fixture->export, NULL);
      g_assert_finalize_object (g_steal_pointer (&run));
    }
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_NOT_STARTED);
}

/* 300 of 1,000 people left: that is asked about only where they are taken off, and only as long as the brake says so. */
static void
test_it_waits_for_an_answer_about_leavers (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  static const struct
  {
    RelaisRunStatus    status;
    guint64            asked;
    RelaisLeavers      leavers;
    guint              share;
    RelaisExportStatus export;
  } rows[] = {
    { RELAIS_RUN_INTERRUPTED, 300, RELAIS_LEAVERS_REMOVE, 20, RELAIS_EXPORT_ASKING },
    { RELAIS_RUN_INTERRUPTED, 300, RELAIS_LEAVERS_REMOVE, 29, RELAIS_EXPORT_ASKING },
    { RELAIS_RUN_INTERRUPTED, 300, RELAIS_LEAVERS_REMOVE, 30, RELAIS_EXPORT_INTERRUPTED },
    { RELAIS_RUN_INTERRUPTED, 300, RELAIS_LEAVERS_KEEP, 20, RELAIS_EXPORT_INTERRUPTED },
    { RELAIS_RUN_INTERRUPTED, 0, RELAIS_LEAVERS_REMOVE, 20, RELAIS_EXPORT_INTERRUPTED },
    { RELAIS_RUN_CANCELED, 300, RELAIS_LEAVERS_REMOVE, 20, RELAIS_EXPORT_CANCELED },
    { RELAIS_RUN_SUCCESSFUL, 300, RELAIS_LEAVERS_REMOVE, 20, RELAIS_EXPORT_SUCCESSFUL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisExportDefinition) definition = make_definition ("Newsletter");
      g_autoptr (RelaisRun) run = make_run (rows[i].status, 0, 1000);
      g_autoptr (RelaisRunRecord) record = relais_run_record_copy (relais_run_get_record (run));

      record->leavers.departed = record->leavers.asked = rows[i].asked;
      record->leavers.delivered = 1000;
      relais_run_set_record (run, record);
      definition->leavers = rows[i].leavers;
      definition->leavers_share = rows[i].share;
      relais_export_set_last_run (fixture->export, run);
      relais_export_set_definition (fixture->export, definition, fixture->connection);
      g_assert_cmpint (relais_export_get_status (fixture->export), ==, rows[i].export);
      relais_export_set_last_run (fixture->export, NULL);
    }
}

static void
test_a_run_is_followed_from_its_turn_to_its_end (Fixture       *fixture,
                                                 gconstpointer  user_data)
{
  g_autoptr (RelaisRun) run = make_run (RELAIS_RUN_PROCESSING, 0, 0);
  g_autoptr (RelaisRunRecord) record = relais_run_record_copy (relais_run_get_record (run));

  relais_run_set_live (run, TRUE);
  relais_run_set_phase (run, RELAIS_PHASE_WAITING_FOR_TURN);
  relais_export_set_last_run (fixture->export, run);
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_QUEUED);
  relais_test_assert_notified (fixture->told, "last-run status");

  relais_run_set_phase (run, RELAIS_PHASE_SENDING);
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_PROCESSING);
  relais_test_assert_notified (fixture->told, "status");
  relais_run_set_phase (run, RELAIS_PHASE_CONFIRMING);
  relais_test_assert_notified (fixture->told, "");

  record->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  record->ended_at = 9000;
  record->counts.by_state[RELAIS_ROW_DELIVERED] = 981;
  relais_run_set_record (run, record);
  relais_run_set_live (run, FALSE);
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_COMPLETED_WITH_ERRORS);
  relais_test_assert_notified (fixture->told, "refreshed-at status");

  /* The run before is not listened to any more. */
  relais_export_set_last_run (fixture->export, NULL);
  relais_test_assert_notified (fixture->told, "last-run status");
  relais_run_set_phase (run, RELAIS_PHASE_ENDED);
  relais_run_set_live (run, TRUE);
  relais_test_assert_notified (fixture->told, "");
}

static void
test_another_process_is_seen_at_work (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autoptr (RelaisRun) run = make_run (RELAIS_RUN_PROCESSING, 0, 0);

  relais_export_set_last_run (fixture->export, run);
  relais_test_assert_notified (fixture->told, "last-run status");
  relais_run_set_elsewhere (run, TRUE);
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_PROCESSING);
  relais_run_set_elsewhere (run, FALSE);
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_INTERRUPTED);
  relais_test_assert_notified (fixture->told, "status status");
}

static void
test_without_a_connection_it_says_so_unless_it_runs (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  g_autoptr (RelaisRun) run = make_run (RELAIS_RUN_SUCCESSFUL, 3, 1000);

  relais_export_set_last_run (fixture->export, run);
  g_string_truncate (fixture->told, 0);
  relais_export_set_definition (fixture->export, relais_export_get_definition (fixture->export), NULL);
  relais_test_assert_notified (fixture->told, "connection status");
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_NO_CONNECTION);
  relais_run_set_live (run, TRUE);
  g_assert_cmpint (relais_export_get_status (fixture->export), ==, RELAIS_EXPORT_PROCESSING);
}

static gint64
get_refreshed_at (Fixture *fixture)
{
  gint64 refreshed_at;

  g_object_get (fixture->export, "refreshed-at", &refreshed_at, NULL);

  return refreshed_at;
}

static void
test_only_a_run_that_brought_something_refreshes (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  static const struct
  {
    RelaisRunStatus status;
    guint64         delivered;
    gint64          ended_at;
    gint64          refreshed_at;
  } rows[] = {
    { RELAIS_RUN_FAILURE, 0, 1000, 0 },
    { RELAIS_RUN_COMPLETED_WITH_ERRORS, 0, 1500, 0 },
    { RELAIS_RUN_CANCELED, 5, 2000, 2000 },
    { RELAIS_RUN_SUCCESSFUL, 0, 3000, 3000 },
    { RELAIS_RUN_FAILURE, 0, 4000, 3000 },
    { RELAIS_RUN_SUCCESSFUL, 9, 2500, 3000 },    /* told late, ended earlier */
    { RELAIS_RUN_PROCESSING, 9, 5000, 3000 },
    { RELAIS_RUN_COMPLETED_WITH_ERRORS, 1, 6000, 6000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RelaisRun) run = make_run (rows[i].status, rows[i].delivered, rows[i].ended_at);

      relais_export_take_refresh (fixture->export, relais_run_get_record (run));
      g_assert_cmpint (get_refreshed_at (fixture), ==, rows[i].refreshed_at);
    }
  relais_test_assert_notified (fixture->told, "refreshed-at refreshed-at refreshed-at");
}

static void
test_only_what_changed_is_told (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_autoptr (RelaisExportDefinition) definition = make_definition ("Newsletter");

  relais_export_set_definition (fixture->export, definition, fixture->connection);
  relais_test_assert_notified (fixture->told, "");
  relais_export_set_definition (fixture->export, relais_export_get_definition (fixture->export), fixture->connection);
  relais_test_assert_notified (fixture->told, "");
  g_free (definition->name);
  definition->name = g_strdup ("Lettre");
  definition->list_id = 13;
  relais_export_set_definition (fixture->export, definition, fixture->connection);
  relais_test_assert_notified (fixture->told, "name list-id");
  g_clear_pointer (&definition->list_name, g_free);
  relais_export_set_definition (fixture->export, definition, fixture->connection);
  relais_test_assert_notified (fixture->told, "list-name");
  g_assert_cmpstr (relais_export_get_name (fixture->export), ==, "Lettre");
}

static void
test_what_cannot_be_read_says_so (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (relais_export_check_readable (fixture->export, &error));
  g_assert_no_error (error);
  relais_export_set_unreadable (fixture->export);
  g_assert_false (relais_export_check_readable (fixture->export, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
  g_assert_nonnull (strstr (error->message, "“Newsletter”"));
}

#define ADD(path, function) g_test_add ("/export/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-status-is-what-the-last-run-left", test_a_status_is_what_the_last_run_left);
  ADD ("it-waits-for-an-answer-about-leavers", test_it_waits_for_an_answer_about_leavers);
  ADD ("a-run-is-followed-from-its-turn-to-its-end", test_a_run_is_followed_from_its_turn_to_its_end);
  ADD ("another-process-is-seen-at-work", test_another_process_is_seen_at_work);
  ADD ("without-a-connection-it-says-so-unless-it-runs", test_without_a_connection_it_says_so_unless_it_runs);
  ADD ("only-a-run-that-brought-something-refreshes", test_only_a_run_that_brought_something_refreshes);
  ADD ("only-what-changed-is-told", test_only_what_changed_is_told);
  ADD ("what-cannot-be-read-says-so", test_what_cannot_be_read_says_so);

  return g_test_run ();
}
