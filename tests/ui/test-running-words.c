/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-running-words.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)

#define ASSERT_SAYS(call, text) \
  G_STMT_START { g_autofree char *said = call; g_assert_cmpstr (said, ==, text); } G_STMT_END

static void
test_the_stage_is_told_in_quarters (void)
{
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_PREPARING, 0, 0), "Preparing");
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_SENDING, 0, 1000), "Sending");
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_SENDING, 249, 1000), "Sending");
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_SENDING, 250, 1000), "Sending: a quarter is done");
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_GUARDING, 500, 1000), "Asking who may not be mailed: half is done");
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_SENDING, 999, 1000), "Sending: three quarters are done");
  ASSERT_SAYS (relais_running_describe_stage (RELAIS_PHASE_CONFIRMING, 1000, 1000), "Confirming: nearly done");
}

static void
test_a_phase_under_way_is_explained (void)
{
  for (RelaisPhase phase = RELAIS_PHASE_WAITING_FOR_TURN; phase < RELAIS_PHASE_ENDED; phase++)
    g_assert_true (g_str_has_suffix (relais_running_explain_phase (phase), "."));
  g_assert_cmpstr (relais_running_explain_phase (RELAIS_PHASE_ENDED), ==, "");
}

static void
test_what_is_counted_is_named (void)
{
  ASSERT_SAYS (relais_running_describe_done (RELAIS_PHASE_PREPARING, 0, 0), "Not counted yet");
  ASSERT_SAYS (relais_running_describe_done (RELAIS_PHASE_SENDING, 1, 0), "1 row done");
  ASSERT_SAYS (relais_running_describe_done (RELAIS_PHASE_SENDING, 12500, 25000), "12,500 of 25,000 rows");
  ASSERT_SAYS (relais_running_describe_done (RELAIS_PHASE_SENDING, 0, 1), "0 of 1 row");
  ASSERT_SAYS (relais_running_describe_done (RELAIS_PHASE_GUARDING, 200, 0), "200 people done");
  ASSERT_SAYS (relais_running_describe_done (RELAIS_PHASE_TAKING_OFF, 3, 12), "3 of 12 people");
}

static void
test_how_fast_it_goes_has_two_digits (void)
{
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_SENDING, 0), "Not known yet");
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_SENDING, 0.005), "Less than one a minute");
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_SENDING, 0.0167), "About 1 row a minute");
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_SENDING, 1.65), "About 99 rows a minute");
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_SENDING, 2.09), "About 130 rows a minute");
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_SENDING, 414.7), "About 25,000 rows a minute");
  ASSERT_SAYS (relais_running_describe_rate (RELAIS_PHASE_GUARDING, 20), "About 1,200 people a minute");
}

static void
test_what_remains_is_told_as_well_as_it_is_known (void)
{
  ASSERT_SAYS (relais_running_describe_remaining (-1), "Not known yet");
  ASSERT_SAYS (relais_running_describe_remaining (0), "A few seconds");
  ASSERT_SAYS (relais_running_describe_remaining (12 * SECOND), "About 10 seconds");
  ASSERT_SAYS (relais_running_describe_remaining (54 * SECOND), "About 50 seconds");
  ASSERT_SAYS (relais_running_describe_remaining (55 * SECOND), "About 1 minute");
  ASSERT_SAYS (relais_running_describe_remaining (150 * SECOND), "About 3 minutes");
  ASSERT_SAYS (relais_running_describe_remaining (59 * MINUTE), "About 59 minutes");
  ASSERT_SAYS (relais_running_describe_remaining (60 * MINUTE - SECOND), "About 1 h 00 min");
  ASSERT_SAYS (relais_running_describe_remaining (154 * MINUTE), "About 2 h 35 min");
}

static void
test_a_pause_is_counted_down (void)
{
  ASSERT_SAYS (relais_running_describe_countdown (-SECOND), "Relais tries it now.");
  ASSERT_SAYS (relais_running_describe_countdown (1), "Relais tries again in 1 second.");
  ASSERT_SAYS (relais_running_describe_countdown (59 * SECOND), "Relais tries again in 59 seconds.");
  ASSERT_SAYS (relais_running_describe_countdown (121 * SECOND), "Relais tries again in 3 minutes.");
}

static RelaisExport *
add_export (GListStore *store,
            const char *name,
            gboolean    live)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_new ();
  g_autoptr (RelaisExport) export = NULL;
  g_autoptr (RelaisRunRecord) record = relais_run_record_new ();
  g_autoptr (RelaisRun) run = NULL;

  g_free (definition->name);
  definition->name = g_strdup (name);
  export = relais_export_new (name, definition, NULL);
  record->id = g_strdup (name);
  run = relais_run_new (record);
  relais_run_set_live (run, live);
  relais_export_set_last_run (export, run);
  g_list_store_append (store, export);

  return export;
}

static void
test_what_runs_is_named (void)
{
  g_autoptr (GListStore) store = g_list_store_new (RELAIS_TYPE_EXPORT);
  g_autoptr (GPtrArray) exports = g_ptr_array_new ();

  g_ptr_array_add (exports, add_export (store, "Winter", FALSE));
  ASSERT_SAYS (relais_running_describe_interrupted (exports), "The run of “Winter” was interrupted. It can go on where it was.");
  ASSERT_SAYS (relais_running_describe_quitting (G_LIST_MODEL (store)),
               "An export is running. What has been sent stays sent, and the run can go on another day.");
  g_ptr_array_add (exports, add_export (store, "Spring", TRUE));
  ASSERT_SAYS (relais_running_describe_interrupted (exports), "The runs of “Winter”, “Spring” were interrupted. They can go on where they were.");
  ASSERT_SAYS (relais_running_describe_quitting (G_LIST_MODEL (store)),
               "“Spring” is running. What has been sent stays sent, and the run can go on another day.");
  add_export (store, "Summer", TRUE);
  ASSERT_SAYS (relais_running_describe_quitting (G_LIST_MODEL (store)),
               "“Spring”, “Summer” are running. What has been sent stays sent, and the runs can go on another day.");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/running-words/the-stage-is-told-in-quarters", test_the_stage_is_told_in_quarters);
  g_test_add_func ("/running-words/a-phase-under-way-is-explained", test_a_phase_under_way_is_explained);
  g_test_add_func ("/running-words/what-is-counted-is-named", test_what_is_counted_is_named);
  g_test_add_func ("/running-words/how-fast-it-goes-has-two-digits", test_how_fast_it_goes_has_two_digits);
  g_test_add_func ("/running-words/what-remains-is-told-as-well-as-it-is-known", test_what_remains_is_told_as_well_as_it_is_known);
  g_test_add_func ("/running-words/a-pause-is-counted-down", test_a_pause_is_counted_down);
  g_test_add_func ("/running-words/what-runs-is-named", test_what_runs_is_named);

  return g_test_run ();
}
