/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run-fixture.h"

#include "relais-error.h"
#include "relais-run-words.h"

#include <glib/gstdio.h>
#include <string.h>

static const char api_key[] = "0123456789abcdef0123456789abcdef";

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/*
 * relais_run_fixture_open:
 *
 * Opens the workspace, as a program that has just started does.
 */
void
relais_run_fixture_open (RelaisRunFixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relais_workspace_open_async (self->folder, RELAIS_SECRET_STORE (self->secrets), self->session, NULL, keep_result_cb, &result);
  self->workspace = relais_workspace_open_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  self->delivery = relais_delivery_new (self->workspace);
  relais_delivery_set_times (self->delivery, &self->times);
  g_set_object (&self->export, relais_workspace_find_export (self->workspace, self->export_name));
}

/*
 * relais_run_fixture_close:
 *
 * Closes everything, and proves that no run has left a reference behind.
 */
void
relais_run_fixture_close (RelaisRunFixture *self)
{
  g_clear_object (&self->run);
  g_clear_object (&self->live);
  g_clear_object (&self->export);
  g_clear_error (&self->error);
  if (self->workspace == NULL)
    return;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  relais_workspace_close (self->workspace);
  g_assert_finalize_object (g_steal_pointer (&self->delivery));
  g_assert_finalize_object (g_steal_pointer (&self->workspace));
}

/*
 * relais_run_fixture_reopen:
 *
 * What a person does after a crash: the program is started again.
 */
void
relais_run_fixture_reopen (RelaisRunFixture *self)
{
  relais_run_fixture_close (self);
  relais_run_fixture_open (self);
}

static void
set_up (RelaisRunFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->export_name = "Export";
  self->connection_name = "Account";
  self->list_id = 1;
  self->folder = g_dir_make_tmp ("relais-run.XXXXXX", &error);
  g_assert_no_error (error);
  self->segment = g_build_filename (self->folder, "segment.csv", NULL);
  self->secrets = relais_memory_secrets_new ();
  self->session = relais_client_session_new ();
  self->cancellable = g_cancellable_new ();
  self->limit_requests = G_MAXUINT;
  self->limit_seconds = 1;
  self->times = (RelaisRunTimes) {
    .first_pause = 0.01, .longest_pause = 0.05, .patience = 120,
    .first_look = 0.001, .longest_look = 0.02, .import_deadline = 120, .grace = 0.2, .most_questions = 50,
    .first_recheck = 0.001, .freshness = 60, .unshown = 600, .verify_patience = 0.2,
  };
  relais_run_fixture_open (self);
}

/*
 * relais_run_fixture_set_up:
 *
 * With a scripted account.
 */
void
relais_run_fixture_set_up (RelaisRunFixture *self,
                           gconstpointer     user_data)
{
  self->account = relais_scripted_account_new ();
  set_up (self);
}

/*
 * relais_run_fixture_set_up_practice:
 *
 * With a practice account, its limits lifted and its imports quick.
 */
void
relais_run_fixture_set_up_practice (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  g_autoptr (GError) error = NULL;

  self->practice = relais_practice_new (api_key, NULL);
  relais_practice_set_limits (self->practice, G_MAXUINT, 1);
  relais_practice_add_fault (self->practice, "import-delay", "1", &error);
  g_assert_no_error (error);
  relais_practice_start (self->practice, 0, &error);
  g_assert_no_error (error);
  set_up (self);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_remove (file);
    }
  g_rmdir (path);
}

void
relais_run_fixture_tear_down (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  relais_run_fixture_close (self);
  g_clear_pointer (&self->account, relais_scripted_account_free);
  if (self->practice != NULL)
    relais_practice_stop (self->practice);
  g_clear_object (&self->practice);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_assert_finalize_object (g_steal_pointer (&self->secrets));
  g_clear_object (&self->cancellable);
  remove_folder (self->folder);
  g_free (self->message);
  g_free (self->segment);
  g_free (self->folder);
}

/* What there is to run */

/*
 * relais_run_fixture_write:
 * @text: of the segment
 */
void
relais_run_fixture_write (RelaisRunFixture *self,
                          const char       *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->segment, text, -1, &error);
  g_assert_no_error (error);
}

/*
 * relais_run_fixture_write_people:
 * @n: so many: person1@example.com, Name1, …
 */
void
relais_run_fixture_write_people (RelaisRunFixture *self,
                                 guint             n)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName,Secret\n");

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "person%u@example.com,Name%u,secret%u\n", i, i, i);
  relais_run_fixture_write (self, text->str);
}

static void
save_connection (RelaisRunFixture *self)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();
  g_autoptr (RelaisKey) key = relais_key_new_copy (api_key, -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  record->kind = RELAIS_CONNECTION_PRACTICE;
  record->name = g_strdup (self->connection_name);
  record->host = g_strdup (self->account != NULL ? self->account->address : relais_practice_get_address (self->practice));
  record->limit_requests = self->limit_requests;
  record->limit_seconds = self->limit_seconds;
  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_at = g_get_real_time ();
  relais_workspace_save_connection_async (self->workspace, record, key, NULL, keep_result_cb, &result);
  connection = relais_workspace_save_connection_finish (self->workspace, wait_for (&result), &error);
  g_assert_no_error (error);
}

/* A scripted account does not keep what it is sent, so that nothing is read back from it unless a test says so. */
static const char *
choose_verify (RelaisRunFixture *self,
               const char       *options)
{
  return self->account == NULL || (options != NULL && strstr (options, "\"verify\"") != NULL) ? "" : ",\"verify\":\"off\"";
}

/*
 * relais_run_fixture_define:
 * @options: (nullable): more members of the export's definition, each with a comma before it
 *
 * Sets up the export, or changes it.
 */
void
relais_run_fixture_define (RelaisRunFixture *self,
                           const char       *options)
{
  g_autofree char *json =
    g_strdup_printf ("{\"name\":\"%s\",\"connection\":\"%s\",\"list\":\"%u\",\"segments\":[{\"file\":\"%s\"}],"
                     "\"matching\":{\"email\":\"EMail\",\"first_name\":\"FirstName\"}%s%s}", self->export_name, self->connection_name, self->list_id, self->segment,
                     choose_verify (self, options), options != NULL ? options : "");
  g_autoptr (RelaisExportDefinition) definition = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisExport) export = NULL;
  g_autoptr (GError) error = NULL;

  if (relais_workspace_find_connection (self->workspace, self->connection_name) == NULL)
    save_connection (self);
  definition = relais_export_definition_from_json (json, -1, "/", &error);
  g_assert_no_error (error);
  relais_workspace_save_export_async (self->workspace, self->export, definition, NULL, keep_result_cb, &result);
  export = relais_workspace_save_export_finish (self->workspace, wait_for (&result), &error);
  g_assert_no_error (error);
  g_set_object (&self->export, export);
}

/* Running */

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  RelaisRunFixture *self = user_data;

  self->run = relais_delivery_run_finish (RELAIS_DELIVERY (object), result, &self->error);
  self->ended = TRUE;
}

/*
 * relais_run_fixture_start:
 *
 * Starts a run of the export, or goes on with its last one.
 */
void
relais_run_fixture_start (RelaisRunFixture *self)
{
  g_clear_object (&self->run);
  g_clear_object (&self->live);
  g_clear_error (&self->error);
  self->ended = FALSE;
  self->live = relais_delivery_run_async (self->delivery, self->export, &self->options, self->cancellable, ended_cb, self);
}

/* Every row is in exactly one state, however the run ended. */
static void
assert_accounted (RelaisRunFixture *self)
{
  const RelaisRunRecord *record = relais_run_get_record (self->run);

  g_assert_cmpuint (relais_row_counts_sum (&record->counts), ==, record->counts.read);
  g_assert_false (relais_run_is_live (self->run));
  g_assert_cmpint (relais_run_get_phase (self->run), ==, RELAIS_PHASE_ENDED);
  g_assert_cmpint (record->ended_at, >, 0);
  g_assert_cmpuint (relais_run_get_done (self->run), <=, relais_run_get_total (self->run));
  g_assert_true (relais_export_get_last_run (self->export) == self->run);
}

/*
 * relais_run_fixture_wait:
 *
 * Waits until the run that was started has ended.
 */
void
relais_run_fixture_wait (RelaisRunFixture *self)
{
  while (!self->ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (relais_delivery_get_n_running (self->delivery), ==, 0);
  if (self->run != NULL)
    assert_accounted (self);
}

/*
 * relais_run_fixture_run:
 *
 * Returns: how the run ended; it must have come about
 */
RelaisRunStatus
relais_run_fixture_run (RelaisRunFixture *self)
{
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_no_error (self->error);

  return relais_run_get_status (self->run);
}

/* What happens when a run comes to a phase */
typedef struct
{
  RelaisRunFixture *self;
  RelaisPhase       phase;
  RelaisSurprise    surprise;
} Watch;

static void
phase_changed_cb (RelaisRun  *run,
                  GParamSpec *pspec,
                  gpointer    user_data)
{
  Watch *watch = user_data;

  if (relais_run_get_phase (run) == watch->phase)
    watch->surprise (watch->self);
}

/*
 * relais_run_fixture_run_surprised:
 * @phase: of the run
 * @surprise: what happens when it comes to that
 *
 * Returns: how the run ended; it must have come about
 */
RelaisRunStatus
relais_run_fixture_run_surprised (RelaisRunFixture *self,
                                  RelaisPhase       phase,
                                  RelaisSurprise    surprise)
{
  Watch watch = { self, phase, surprise };
  gulong handler;

  relais_run_fixture_start (self);
  handler = g_signal_connect (self->live, "notify::phase", G_CALLBACK (phase_changed_cb), &watch);
  relais_run_fixture_wait (self);
  g_signal_handler_disconnect (self->live, handler);
  g_assert_no_error (self->error);

  return relais_run_get_status (self->run);
}

/* @value: (nullable): of the practice account's fault */
void
relais_run_fixture_misbehave (RelaisRunFixture *self,
                              const char       *fault,
                              const char       *value)
{
  g_autoptr (GError) error = NULL;

  relais_practice_add_fault (self->practice, fault, value, &error);
  g_assert_no_error (error);
}

guint64
relais_run_fixture_count (RelaisRunFixture *self,
                          RelaisRowState    state)
{
  return relais_run_get_record (self->run)->counts.by_state[state];
}

/*
 * relais_run_fixture_get_told:
 *
 * Returns: (transfer none) (nullable): what is told of the last run besides its counts, until another one has ended
 */
const char *
relais_run_fixture_get_told (RelaisRunFixture *self)
{
  char *told = relais_run_explain (relais_run_get_record (self->run), RELAIS_QUESTION_OPEN);

  g_object_set_data_full (G_OBJECT (self->run), "told", told, g_free);

  return told;
}

/*
 * relais_run_fixture_assert_counts:
 * @expected: "read=4 delivered=2 …"; what is not named is 0
 */
void
relais_run_fixture_assert_counts (RelaisRunFixture *self,
                                  const char       *expected)
{
  const RelaisRowCounts *counts = &relais_run_get_record (self->run)->counts;
  g_autoptr (GString) found = g_string_new (NULL);

  g_string_printf (found, "read=%" G_GUINT64_FORMAT, counts->read);
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (counts->by_state[i] > 0)
      g_string_append_printf (found, " %s=%" G_GUINT64_FORMAT, relais_row_state_to_id (i), counts->by_state[i]);
  g_assert_cmpstr (found->str, ==, expected);
}

/* What stands in the journal */

GPtrArray *
relais_run_fixture_rejections (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rejections;

  relais_journal_list_rejections_async (journal, relais_run_get_id (self->run), 0, 100000, NULL, keep_result_cb, &result);
  rejections = relais_journal_list_rejections_finish (journal, wait_for (&result), &error);
  g_assert_no_error (error);

  return rejections;
}

GPtrArray *
relais_run_fixture_batches (RelaisRunFixture *self,
                            const char       *run_id)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *batches;

  relais_journal_list_batches_async (journal, run_id, NULL, keep_result_cb, &result);
  batches = relais_journal_list_batches_finish (journal, wait_for (&result), &error);
  g_assert_no_error (error);

  return batches;
}

/*
 * relais_run_fixture_wait_accepted:
 *
 * Waits until the journal knows of so many batches that they were accepted.
 */
void
relais_run_fixture_wait_accepted (RelaisRunFixture *self,
                                  guint             n_batches)
{
  guint n_accepted;

  do
    {
      g_autoptr (GPtrArray) batches = relais_run_fixture_batches (self, relais_run_get_id (self->live));

      n_accepted = 0;
      for (guint i = 0; i < batches->len; i++)
        n_accepted += ((RelaisBatchRecord *) g_ptr_array_index (batches, i))->state >= RELAIS_BATCH_ACCEPTED;
      g_main_context_iteration (NULL, FALSE);
    }
  while (n_accepted < n_batches);
}

GPtrArray *
relais_run_fixture_history (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *runs;

  relais_journal_list_runs_async (journal, relais_export_get_id (self->export), NULL, keep_result_cb, &result);
  runs = relais_journal_list_runs_finish (journal, wait_for (&result), &error);
  g_assert_no_error (error);

  return runs;
}

gboolean
relais_run_fixture_preview (RelaisRunFixture  *self,
                            gboolean           offline,
                            RelaisRowCounts   *counts,
                            GPtrArray        **rejections,
                            GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_pointer (&self->message, g_free);
  relais_delivery_preview_async (self->delivery, self->export, offline, self->cancellable, NULL, NULL, keep_result_cb, &result);

  if (!relais_delivery_preview_finish (self->delivery, wait_for (&result), counts, rejections, &self->message, error))
    return FALSE;
  self->leavers_known = relais_delivery_preview_get_leavers (self->delivery, result, &self->leavers);

  return TRUE;
}
