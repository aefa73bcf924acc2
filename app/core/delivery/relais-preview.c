/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run would do: everything is read and nothing is sent. */

#include "relais-delivery.h"

#include "relais-departure.h"
#include "relais-error.h"
#include "relais-format.h"
#include "relais-guard.h"
#include "relais-journal-corrections.h"
#include "relais-journal-removals.h"
#include "relais-list-check.h"
#include "relais-preparation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More are counted but not listed. */
#define MAX_LISTED 10000

typedef struct
{
  RelaisWorkspace        *workspace;    /* (owned) */
  RelaisExport           *export;       /* (owned) */
  RelaisConnection       *connection;   /* (owned) (nullable): the one it had when all of it began */
  RelaisExportDefinition *definition;   /* (owned) */
  RelaisClient           *client;       /* (owned) (nullable) */
  RelaisHashKey           hash_key;
  GPtrArray              *fields;       /* (owned) (nullable) */
  RelaisGuard            *guard;        /* (owned) (nullable) */
  RelaisBarred           *barred;       /* (owned) (nullable) */
  RelaisReturning        *returning;    /* (owned) (nullable) */
  RelaisPreviewProgress   progress;     /* (nullable) */
  gpointer                progress_data;
  GBytes                 *fingerprints; /* (owned) (nullable) */
  GBytes                 *corrected;    /* (owned) (nullable): who was sent in place of which address */
  RelaisPreparation      *preparation;  /* (owned) (nullable) */
  GPtrArray              *rejections;   /* (owned) */
  RelaisUnreadableTexts  *texts;        /* (owned) (nullable): of all those rows, listed or not */
  RelaisRowCounts         counts;
  guint64                 n_new;        /* of the rows that would be sent */
  RelaisLeaversCounts     leavers;
  gboolean                leavers_known;
  gboolean                tells_leavers; /* those who left the segment can be told from those in it */
  char                   *about_leavers; /* (owned) (nullable): what a person should know of them, in whole sentences */
  gulong                  cancelled_handler;
} Preview;

static void
free_preview (gpointer data)
{
  Preview *preview = data;

  g_clear_object (&preview->preparation);
  g_clear_object (&preview->client);
  g_clear_object (&preview->export);
  g_clear_object (&preview->connection);
  g_clear_object (&preview->workspace);
  g_clear_pointer (&preview->definition, relais_export_definition_free);
  g_clear_pointer (&preview->fields, g_ptr_array_unref);
  g_clear_object (&preview->guard);
  g_clear_pointer (&preview->barred, relais_barred_unref);
  g_clear_pointer (&preview->returning, relais_returning_unref);
  g_clear_pointer (&preview->fingerprints, g_bytes_unref);
  g_clear_pointer (&preview->corrected, g_bytes_unref);
  g_clear_pointer (&preview->rejections, g_ptr_array_unref);
  g_clear_pointer (&preview->texts, relais_unreadable_texts_free);
  g_free (preview->about_leavers);
  explicit_bzero (&preview->hash_key, sizeof preview->hash_key);
  g_free (preview);
}

static void
finish (GTask  *taken,
        GError *error)
{
  g_autoptr (GTask) task = taken;
  Preview *preview = g_task_get_task_data (task);

  /* A call of ready may still be on its way from the thread. */
  if (preview->preparation != NULL)
    relais_preparation_stop (preview->preparation);
  if (preview->cancelled_handler != 0)
    g_clear_signal_handler (&preview->cancelled_handler, g_task_get_cancellable (task));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
take_rejections (Preview   *preview,
                 GPtrArray *rejections)
{
  for (guint i = 0; preview->tells_leavers && i < rejections->len; i++)
    relais_unreadable_texts_add (preview->texts, g_ptr_array_index (rejections, i));
  while (rejections->len > 0 && preview->rejections->len < MAX_LISTED)
    g_ptr_array_add (preview->rejections, g_ptr_array_steal_index (rejections, 0));
}

static void
leavers_foreseen_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  preview->leavers_known = relais_departure_foresee_finish (result, &preview->leavers, &preview->about_leavers, &error);
  finish (task, error);
}

/* Whoever left the segment is told by the journal alone. */
static void
foresee_leavers (GTask              *task,
                 RelaisPreparedItem *end)
{
  Preview *preview = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  /* From here on it is the journal that hears of it. */
  if (preview->cancelled_handler != 0)
    g_clear_signal_handler (&preview->cancelled_handler, cancellable);
  relais_departure_foresee_async (relais_workspace_get_journal (preview->workspace), preview->definition,
                                  relais_export_get_id (preview->export), relais_connection_get_record (preview->connection),
                                  &preview->hash_key, g_steal_pointer (&end->profiles), end->n_unreadable,
                                  g_steal_pointer (&preview->texts), cancellable, leavers_foreseen_cb, task);
}

static void
ready_cb (RelaisPreparation *preparation,
          gpointer           user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  RelaisPreparedItem *item;

  while ((item = relais_preparation_pop (preparation)) != NULL)
    {
      g_autoptr (RelaisPreparedItem) owned = item;
      guint64 expected;

      if (item->rejections != NULL)
        take_rejections (preview, item->rejections);
      if (!item->end)
        continue;
      relais_preparation_get_progress (preparation, &preview->counts, &expected);
      preview->n_new = relais_preparation_get_n_new (preparation);
      if (item->profiles != NULL)
        foresee_leavers (task, item);
      else
        finish (task, g_steal_pointer (&item->error));
      return;
    }
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;

  finish (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

static void
read_rows (GTask *task)
{
  Preview *preview = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  RelaisPreparationSettings settings = {
    .definition = preview->definition,
    .fields = preview->fields,
    .hash_key = preview->hash_key,
    .fingerprints = preview->fingerprints,
    .barred = preview->barred,
    .dry = TRUE,
    .returning = preview->returning,
    .tells_profiles = preview->tells_leavers,
    .corrected = preview->corrected,
  };

  preview->preparation = relais_preparation_new (&settings);
  g_clear_pointer (&preview->fingerprints, g_bytes_unref);
  if (cancellable != NULL)
    {
      if (g_cancellable_is_cancelled (cancellable))
        {
          finish (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
          return;
        }
      preview->cancelled_handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
    }
  relais_preparation_start (preview->preparation, ready_cb, task);
}

static void
corrected_read_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  preview->corrected = relais_journal_read_corrected_finish (RELAIS_JOURNAL (object), result, &error);
  if (error != NULL)
    finish (task, error);
  else
    read_rows (task);
}

static void
prepare (GTask *task)
{
  Preview *preview = g_task_get_task_data (task);

  if (preview->tells_leavers)
    relais_journal_read_corrected_async (relais_workspace_get_journal (preview->workspace), relais_export_get_id (preview->export),
                                         relais_hash_key_check (&preview->hash_key), g_task_get_cancellable (task), corrected_read_cb, task);
  else
    read_rows (task);
}

static void
fingerprints_read_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  preview->fingerprints = relais_journal_read_fingerprints_finish (RELAIS_JOURNAL (object), result, &error);
  if (error != NULL)
    finish (task, error);
  else
    prepare (task);
}

static void
read_fingerprints (GTask *task)
{
  Preview *preview = g_task_get_task_data (task);

  relais_journal_read_fingerprints_async (relais_workspace_get_journal (preview->workspace),
                                          relais_export_get_id (preview->export), g_task_get_cancellable (task),
                                          fingerprints_read_cb, task);
}

static void
fields_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  preview->fields = relais_client_list_fields_finish (RELAIS_CLIENT (object), result, &error);
  if (preview->fields == NULL)
    finish (task, error);
  else
    read_fingerprints (task);
}

static void
barred_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  preview->barred = relais_guard_ask_finish (preview->guard, result, &error);
  if (preview->barred == NULL && relais_guard_lacks_exclusions (preview->guard))
    {
      g_error_free (error);
      relais_guard_leave_exclusions (preview->guard);
      relais_guard_ask_async (preview->guard, g_task_get_cancellable (task), barred_listed_cb, task);
    }
  else if (preview->barred == NULL)
    finish (task, error);
  else if (preview->definition->matching->fields->len > 0)
    relais_client_list_fields_async (preview->client, g_task_get_cancellable (task), fields_listed_cb, task);
  else
    read_fingerprints (task);
}

static void
guard_read_cb (RelaisGuard *guard,
               GParamSpec  *pspec,
               gpointer     user_data)
{
  Preview *preview = g_task_get_task_data (user_data);

  if (preview->progress != NULL)
    preview->progress (relais_guard_get_n_read (guard), relais_guard_get_n_expected (guard), preview->progress_data);
}

static void
ordered_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);

  preview->returning = relais_returning_order_finish (result);
  preview->guard = relais_guard_new (preview->client, preview->definition->list_id, &preview->hash_key);
  relais_guard_set_returning (preview->guard, preview->returning);
  g_signal_connect (preview->guard, "notify::n-read", G_CALLBACK (guard_read_cb), task);
  relais_guard_ask_async (preview->guard, g_task_get_cancellable (task), barred_listed_cb, task);
}

static void
removals_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) removals = relais_journal_read_removals_finish (RELAIS_JOURNAL (object), result, &error);

  if (removals != NULL)
    relais_returning_order_async (removals, preview->definition->list_id, &preview->hash_key, ordered_cb, task);
  else
    finish (task, error);
}

static gboolean
takes_off (Preview *preview)
{
  return preview->definition->leavers == RELAIS_LEAVERS_REMOVE;
}

static void
hash_key_got_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  if (!relais_workspace_get_hash_key_finish (preview->workspace, result, &preview->hash_key, &error))
    {
      finish (task, error);
      return;
    }
  preview->tells_leavers = takes_off (preview);
  relais_journal_read_removals_async (relais_workspace_get_journal (preview->workspace), relais_connection_get_id (preview->connection), 0, NULL,
                                        g_task_get_cancellable (task), removals_read_cb, task);
}

static void
lists_listed_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  if (!relais_list_check_finish (RELAIS_CLIENT (object), result, preview->definition->list_id, preview->definition->name,
                                 NULL, &error))
    finish (task, error);
  else
    relais_workspace_get_hash_key_async (preview->workspace, preview->connection, preview->client,
                                         g_task_get_cancellable (task), hash_key_got_cb, task);
}

static void
client_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  GError *error = NULL;

  preview->client = relais_workspace_open_client_finish (preview->workspace, result, &error);
  if (preview->client == NULL)
    finish (task, error);
  else
    relais_client_list_lists_async (preview->client, g_task_get_cancellable (task), lists_listed_cb, task);
}

/* Nobody was delivered there as long as there is no key, and without the keyring it cannot be told who left. */
static void
hash_key_found_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Preview *preview = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  preview->tells_leavers = relais_workspace_get_hash_key_finish (preview->workspace, result, &preview->hash_key, &error);
  preview->leavers_known = g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_KEY_MISSING);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      finish (task, g_steal_pointer (&error));
      return;
    }
  if (!preview->tells_leavers && !preview->leavers_known)
    /* Translators: %s is a sentence that says why. */
    preview->about_leavers = g_strdup_printf (_("How many people would be taken off the list cannot be told now. %s"), error->message);
  prepare (task);
}

/**
 * relais_delivery_preview_async:
 * @self: the engine
 * @export: what would be run
 * @offline: whether the account is not asked anything: then nothing counts as unchanged, and values of custom fields are
 *   taken as text. The keyring is only asked where the export takes people off the list who left the segment
 * @cancellable: (nullable): to stop it
 * @progress: (nullable): called while the account is asked who may not be mailed
 * @progress_data: for @progress
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Counts what a run would do, without sending anything.
 */
void
relais_delivery_preview_async (RelaisDelivery        *self,
                               RelaisExport          *export,
                               gboolean               offline,
                               GCancellable          *cancellable,
                               RelaisPreviewProgress  progress,
                               gpointer               progress_data,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Preview *preview = g_new0 (Preview, 1);
  RelaisConnection *connection = relais_export_get_connection (export);
  GError *error = NULL;

  g_task_set_source_tag (task, relais_delivery_preview_async);
  g_task_set_task_data (task, preview, free_preview);
  preview->workspace = g_object_ref (relais_delivery_get_workspace (self));
  preview->export = g_object_ref (export);
  preview->connection = connection != NULL ? g_object_ref (connection) : NULL;
  preview->definition = relais_export_definition_copy (relais_export_get_definition (export));
  preview->progress = progress;
  preview->progress_data = progress_data;
  preview->rejections = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);
  preview->texts = relais_unreadable_texts_new ();

  /* What asks the account nothing is looked at by everybody. */
  if ((!offline && !relais_workspace_check_right (preview->workspace, RELAIS_ACTION_USE_CONNECTION, connection, &error)) ||
      !relais_export_check_readable (export, &error))
    {
      finish (task, error);
      return;
    }

  /* Without a key of the connection's own, any will do to tell profiles apart. */
  if ((offline || connection == NULL) && !relais_hash_key_random (&preview->hash_key))
    finish (task, g_error_new_literal (RELAIS_ERROR, RELAIS_ERROR_FILE, _("The system has no random numbers to give.")));
  else if (offline && connection != NULL && takes_off (preview))
    relais_workspace_find_hash_key_async (preview->workspace, connection, cancellable, hash_key_found_cb, task);
  else if (offline || connection == NULL)
    prepare (task);
  else
    relais_workspace_open_client_async (preview->workspace, connection, cancellable, client_opened_cb, task);
}

/* Returns: (transfer full) (nullable): who would be put back */
static char *
describe_returning (Preview *preview)
{
  guint64 n = preview->returning != NULL ? relais_returning_get_n_counted (preview->returning) : 0;

  if (n == 0)
    return NULL;

  /* Translators: %s is how many people they are, with separators. In the segment there are people whom Relais had taken off the list when they were not. */
  return relais_format_count_into (ngettext ("%s person whom Relais took off the list earlier is in the segment again, and would be put back on it.",
                                             "%s people whom Relais took off the list earlier are in the segment again, and would be put back on it.", n), n);
}

/* Returns: (transfer full) (nullable): what a person should know besides the counts */
static char *
describe (Preview *preview)
{
  GString *text = g_string_new (NULL);

  relais_append_sentence (text, g_strdup (preview->about_leavers));
  relais_append_sentence (text, describe_returning (preview));
  relais_append_sentence (text, preview->barred != NULL ? relais_guard_foresee (preview->guard, preview->n_new) : NULL);

  return g_string_free (text, text->len == 0);
}

/**
 * relais_delivery_preview_finish:
 * @self: the engine
 * @result: of relais_delivery_preview_async()
 * @counts: (out): rows by state; those that would be sent count as delivered
 * @rejections: (out) (optional) (transfer full) (element-type RelaisRejection): the first
 *   10,000 rows that would not be sent
 * @message: (out) (optional) (nullable) (transfer full): what a person should know besides, in whole sentences
 * @error: when a file cannot be read, the matching does not fit, or the account cannot be asked
 *
 * Returns: whether @counts was filled
 */
gboolean
relais_delivery_preview_finish (RelaisDelivery   *self,
                                GAsyncResult     *result,
                                RelaisRowCounts  *counts,
                                GPtrArray       **rejections,
                                char            **message,
                                GError          **error)
{
  Preview *preview;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  preview = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *counts = preview->counts;
  if (rejections != NULL)
    *rejections = g_ptr_array_ref (preview->rejections);
  if (message != NULL)
    *message = describe (preview);

  return TRUE;
}

/**
 * relais_delivery_preview_get_leavers:
 * @self: the engine
 * @result: of relais_delivery_preview_async(), after relais_delivery_preview_finish() was satisfied with it
 * @leavers: (out): people who left the segment and what would become of them, as far as the journal tells it: those who would be taken off
 *   the list count as taken off, or as asked about; whoever left it by themselves is among them. Nobody where the export keeps everybody
 *
 * Returns: whether it is known
 */
gboolean
relais_delivery_preview_get_leavers (RelaisDelivery      *self,
                                     GAsyncResult        *result,
                                     RelaisLeaversCounts *leavers)
{
  Preview *preview;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  preview = g_task_get_task_data (G_TASK (result));
  *leavers = preview->leavers;
  leavers->put_back = preview->returning != NULL ? relais_returning_get_n_counted (preview->returning) : 0;

  return preview->leavers_known || !takes_off (preview);
}
