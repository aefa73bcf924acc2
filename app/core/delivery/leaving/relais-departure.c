/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who has left the segment, as far as the journal tells it, and what is done about them. A run and a preview ask here, so that
 * one does what the other said. */

#include "relais-departure.h"

#include "relais-format.h"
#include "relais-profile.h"
#include "relais-run-leaving-private.h"
#include "relais-run-notes-words.h"
#include "relais-run-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * relais_departure_next:
 * @profiles: of people whom the export holds, one after the other
 * @seen: who is in the segment
 * @at: (inout): how far @profiles was read, 0 to begin with
 * @profile: (out): of somebody who is not in the segment
 *
 * Returns: whether there was one more of them
 */
gboolean
relais_departure_next (GBytes                   *profiles,
                       const RelaisProfileTable *seen,
                       gsize                    *at,
                       guint32                   profile[3])
{
  gsize size;
  const guint8 *data = g_bytes_get_data (profiles, &size);

  for (; *at < size; *at += RELAIS_PROFILE_SIZE)
    {
      memcpy (profile, data + *at, RELAIS_PROFILE_SIZE);
      if (relais_profile_table_has_row (seen, profile))
        continue;
      *at += RELAIS_PROFILE_SIZE;
      return TRUE;
    }

  return FALSE;
}

/*
 * relais_departure_decide:
 * @definition: of the export
 * @departed: whom it holds
 * @counts: who of them left
 * @answer: what somebody has said about them
 *
 * So many may be what the segment is, or what is left of a file that was cut.
 *
 * Returns: what is done about them
 */
RelaisDeparture
relais_departure_decide (const RelaisExportDefinition *definition,
                         const RelaisDeparted         *departed,
                         const RelaisDepartureCounts  *counts,
                         RelaisLeaversAnswer           answer)
{
  if (counts->n == 0)
    return RELAIS_DEPARTURE_NOBODY;
  if (answer == RELAIS_ANSWER_KEEP && counts->n > counts->n_shared)
    return RELAIS_DEPARTURE_KEEP;
  if (departed->obstacle != NULL)
    return RELAIS_DEPARTURE_OBSTACLE;
  if (counts->n_unreadable > 0)
    return RELAIS_DEPARTURE_UNREADABLE;
  if (answer == RELAIS_ANSWER_ASK && relais_export_definition_brakes (definition, counts->n, counts->n_held))
    return RELAIS_DEPARTURE_ASK;

  return RELAIS_DEPARTURE_TAKE_OFF;
}

/* Foreseeing it */

typedef struct
{
  RelaisExportDefinition *definition;  /* (owned) */
  RelaisProfileTable     *seen;        /* (owned) */
  RelaisDeparted         *departed;    /* (owned) (nullable) */
  RelaisUnreadableTexts  *texts;       /* (owned) (nullable) */
  char                   *export_id;   /* (owned) */
  char                   *connection_id; /* (owned) */
  guint64                 key_check;
  RelaisDepartureCounts   counts;
} Foreseeing;

static void
foreseeing_free (gpointer data)
{
  Foreseeing *foreseeing = data;

  relais_export_definition_free (foreseeing->definition);
  relais_profile_table_free (foreseeing->seen);
  g_clear_pointer (&foreseeing->departed, relais_departed_free);
  g_clear_pointer (&foreseeing->texts, relais_unreadable_texts_free);
  g_free (foreseeing->export_id);
  g_free (foreseeing->connection_id);
  g_free (foreseeing);
}

static guint
count_departed (GBytes                   *profiles,
                const RelaisProfileTable *seen)
{
  guint32 profile[3];
  gsize at = 0;
  guint n = 0;

  while (relais_departure_next (profiles, seen, &at, profile))
    n++;

  return n;
}

/* A million people are looked up one by one. */
static void
count_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Foreseeing *foreseeing = task_data;
  RelaisDepartureCounts *counts = &foreseeing->counts;

  counts->n_shared = count_departed (foreseeing->departed->shared, foreseeing->seen);
  counts->n = counts->n_shared + count_departed (foreseeing->departed->profiles, foreseeing->seen);
  counts->n_held = MAX (foreseeing->departed->n_delivered, counts->n);
  g_task_return_boolean (task, TRUE);
}

static void
unreadable_counted_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Foreseeing *foreseeing = g_task_get_task_data (task);
  GError *error = NULL;
  guint64 n_known = relais_journal_count_unreadable_finish (RELAIS_JOURNAL (object), result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  foreseeing->counts.n_unreadable -= (guint) MIN (foreseeing->counts.n_unreadable, n_known);
  g_task_run_in_thread (task, count_thread);
}

/* As the run tells them apart when it has read them */
static void
tell_apart (RelaisJournal *journal,
            GTask         *task)
{
  Foreseeing *foreseeing = g_task_get_task_data (task);

  relais_journal_foresee_unreadable_async (journal, foreseeing->export_id, foreseeing->connection_id, foreseeing->definition->list_id,
                                           foreseeing->key_check, g_steal_pointer (&foreseeing->texts), g_task_get_cancellable (task),
                                           unreadable_counted_cb, g_object_ref (task));
}

static void
departed_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Foreseeing *foreseeing = g_task_get_task_data (task);
  GError *error = NULL;

  foreseeing->departed = relais_journal_read_departed_finish (RELAIS_JOURNAL (object), result, &error);
  if (foreseeing->departed == NULL)
    g_task_return_error (task, error);
  else if (foreseeing->counts.n_unreadable > 0)
    tell_apart (RELAIS_JOURNAL (object), task);
  else
    g_task_run_in_thread (task, count_thread);
}

/*
 * relais_departure_foresee_async:
 * @journal: where it is remembered whom the export has put on its list
 * @definition: of the export
 * @export_id: of the export
 * @connection: that it sends through
 * @hash_key: of the connection's fingerprints
 * @taken_seen: (transfer full): who is in the segment, hashed with that key
 * @n_unreadable: rows of the segment whose address cannot be read
 * @taken_texts: (transfer full): what stands in them
 * @cancellable: (nullable): to stop it
 * @callback: called with what a run would do
 * @user_data: for @callback
 *
 * Finds out what a run that began now would do about people who left the segment. The account is not asked: whoever left the
 * list by themselves is among them.
 */
void
relais_departure_foresee_async (RelaisJournal                *journal,
                                const RelaisExportDefinition *definition,
                                const char                   *export_id,
                                const RelaisConnectionRecord *connection,
                                const RelaisHashKey          *hash_key,
                                RelaisProfileTable           *taken_seen,
                                guint                         n_unreadable,
                                RelaisUnreadableTexts        *taken_texts,
                                GCancellable                 *cancellable,
                                GAsyncReadyCallback           callback,
                                gpointer                      user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Foreseeing *foreseeing = g_new0 (Foreseeing, 1);

  g_task_set_source_tag (task, relais_departure_foresee_async);
  g_task_set_task_data (task, foreseeing, foreseeing_free);
  foreseeing->definition = relais_export_definition_copy (definition);
  foreseeing->seen = taken_seen;
  foreseeing->counts.n_unreadable = n_unreadable;
  foreseeing->texts = taken_texts;
  foreseeing->export_id = g_strdup (export_id);
  foreseeing->connection_id = g_strdup (connection->id);
  foreseeing->key_check = relais_hash_key_check (hash_key);
  relais_journal_foresee_departed_async (journal, export_id, connection->id, connection->host, definition->list_id,
                                         foreseeing->key_check, cancellable, departed_read_cb, task);
}

/* Returns: (transfer full): what somebody would be asked */
static char *
describe_question (const Foreseeing *foreseeing)
{
  guint64 n = foreseeing->counts.n;
  g_autofree char *departed = relais_format_count (n);
  g_autofree char *held = relais_format_count (foreseeing->counts.n_held);
  g_autofree char *share = relais_format_share (n, foreseeing->counts.n_held);
  GString *text = g_string_new (NULL);

  /* Translators: the first %s counts people who are not in the segment any more, which the plural is for, the second one all whom the export
   * has put on the list, and the third one is the share, as in "30%". */
  relais_append_sentence (text, g_strdup_printf (ngettext ("%s of the %s people whom this export has put on the list (%s) is not in the segment any more.",
                                                           "%s of the %s people whom this export has put on the list (%s) are not in the segment any more.", n),
                                                 departed, held, share));
  relais_append_sentence (text, relais_leavers_describe_brake (foreseeing->definition->leavers_share, foreseeing->definition->leavers_number));
  relais_append_sentence (text, g_strdup (_("The run would stop before it takes anybody off the list, and ask. A segment file that was cut off looks just like that, so check the segment first.")));

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full) (nullable): that they stay whom another export has put there too, which then answers for them */
static char *
describe_shared (guint n)
{
  g_autofree char *shared = relais_format_count (n);

  if (n == 0)
    return NULL;

  /* Translators: %s counts people. */
  return g_strdup_printf (ngettext ("%s person who left the segment stays on the list, because another export has put them there too.",
                                    "%s people who left the segment stay on the list, because another export has put them there too.", n), shared);
}

/* Returns: (transfer full) (nullable): why they would stay, or that somebody would be asked */
static char *
describe (const Foreseeing *foreseeing,
          RelaisDeparture   departure)
{
  const RelaisDepartureCounts *counts = &foreseeing->counts;

  switch (departure)
    {
    case RELAIS_DEPARTURE_OBSTACLE:
      return relais_leavers_describe_obstacle (foreseeing->departed->obstacle, foreseeing->departed->through_another);
    case RELAIS_DEPARTURE_UNREADABLE:
      return relais_run_explain_unreadable (counts->n_unreadable);
    case RELAIS_DEPARTURE_ASK:
      return describe_question (foreseeing);
    case RELAIS_DEPARTURE_TAKE_OFF:
      return describe_shared (counts->n_shared);
    case RELAIS_DEPARTURE_NOBODY:
    case RELAIS_DEPARTURE_KEEP:
    default:
      return NULL;
    }
}

/*
 * relais_departure_foresee_finish:
 * @result: of relais_departure_foresee_async()
 * @counts: (out): people who left; those who would be taken off the list count as such, or as asked about
 * @message: (out) (nullable) (transfer full): why they would stay for now, or that somebody would be asked, in a sentence
 * @error: RELAIS_ERROR_JOURNAL_*, or G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is known
 */
gboolean
relais_departure_foresee_finish (GAsyncResult         *result,
                                 RelaisLeaversCounts  *counts,
                                 char                **message,
                                 GError              **error)
{
  const Foreseeing *foreseeing = g_task_get_task_data (G_TASK (result));
  RelaisDeparture departure;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  departure = relais_departure_decide (foreseeing->definition, foreseeing->departed, &foreseeing->counts, RELAIS_ANSWER_ASK);
  *counts = (RelaisLeaversCounts) { .departed = foreseeing->counts.n, .delivered = foreseeing->counts.n_held };
  counts->kept = departure == RELAIS_DEPARTURE_OBSTACLE || departure == RELAIS_DEPARTURE_UNREADABLE ? foreseeing->counts.n
                                                                                                   : foreseeing->counts.n_shared;
  counts->shared = foreseeing->counts.n_shared;
  if (departure == RELAIS_DEPARTURE_UNREADABLE)
    counts->unreadable = foreseeing->counts.n_unreadable;
  if (departure == RELAIS_DEPARTURE_TAKE_OFF)
    counts->taken_off = counts->departed - counts->kept;
  if (departure == RELAIS_DEPARTURE_ASK)
    counts->asked = counts->departed;
  if (departure == RELAIS_DEPARTURE_UNREADABLE)
    counts->unreadable = foreseeing->counts.n_unreadable;
  *message = describe (foreseeing, departure);

  return TRUE;
}
