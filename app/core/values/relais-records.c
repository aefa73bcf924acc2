/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-records.h"

#include <string.h>

/**
 * relais_connection_record_new:
 *
 * Returns: (transfer full): an empty record
 */
RelaisConnectionRecord *
relais_connection_record_new (void)
{
  return g_new0 (RelaisConnectionRecord, 1);
}

/**
 * relais_connection_record_copy:
 * @record: what to copy
 *
 * Returns: (transfer full):
 */
RelaisConnectionRecord *
relais_connection_record_copy (const RelaisConnectionRecord *record)
{
  RelaisConnectionRecord *copy = g_memdup2 (record, sizeof *record);

  copy->id = g_strdup (record->id);
  copy->name = g_strdup (record->name);
  copy->host = g_strdup (record->host);
  copy->account = g_strdup (record->account);
  copy->user = g_strdup (record->user);
  copy->consent_language = g_strdup (record->consent_language);
  copy->consent_by = g_strdup (record->consent_by);

  return copy;
}

/**
 * relais_connection_record_free:
 * @record: (transfer full) (nullable):
 */
void
relais_connection_record_free (RelaisConnectionRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->id);
  g_free (record->name);
  g_free (record->host);
  g_free (record->account);
  g_free (record->user);
  g_free (record->consent_language);
  g_free (record->consent_by);
  g_free (record);
}

/**
 * relais_export_record_new:
 *
 * Returns: (transfer full): an empty record
 */
RelaisExportRecord *
relais_export_record_new (void)
{
  return g_new0 (RelaisExportRecord, 1);
}

/**
 * relais_export_record_copy:
 * @record: what to copy
 *
 * Returns: (transfer full):
 */
RelaisExportRecord *
relais_export_record_copy (const RelaisExportRecord *record)
{
  RelaisExportRecord *copy = g_memdup2 (record, sizeof *record);

  copy->id = g_strdup (record->id);
  copy->name = g_strdup (record->name);
  copy->connection_id = g_strdup (record->connection_id);
  copy->definition = g_strdup (record->definition);

  return copy;
}

/**
 * relais_export_record_free:
 * @record: (transfer full) (nullable):
 */
void
relais_export_record_free (RelaisExportRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->id);
  g_free (record->name);
  g_free (record->connection_id);
  g_free (record->definition);
  g_free (record);
}

/**
 * relais_run_record_new:
 *
 * Returns: (transfer full): an empty record, without an error
 */
RelaisRunRecord *
relais_run_record_new (void)
{
  RelaisRunRecord *record = g_new0 (RelaisRunRecord, 1);

  record->error_code = -1;

  return record;
}

/**
 * relais_run_record_copy:
 * @record: what to copy
 *
 * Returns: (transfer full):
 */
RelaisRunRecord *
relais_run_record_copy (const RelaisRunRecord *record)
{
  RelaisRunRecord *copy = g_memdup2 (record, sizeof *record);

  copy->id = g_strdup (record->id);
  copy->export_id = g_strdup (record->export_id);
  copy->export_name = g_strdup (record->export_name);
  copy->segment_digest = g_strdup (record->segment_digest);
  copy->message = g_strdup (record->message);
  copy->who = g_strdup (record->who);
  copy->connection_id = g_strdup (record->connection_id);
  copy->connection_name = g_strdup (record->connection_name);
  copy->host = g_strdup (record->host);
  copy->list_name = g_strdup (record->list_name);
  copy->consent_language = g_strdup (record->consent_language);
  relais_run_notes_copy (&copy->notes, &record->notes);
  relais_verification_copy (&copy->verified, &record->verified);
  copy->corrects = g_strdup (record->corrects);
  copy->corrections = record->corrections != NULL ? relais_corrections_ref (record->corrections) : NULL;

  return copy;
}

/**
 * relais_run_record_free:
 * @record: (transfer full) (nullable):
 */
void
relais_run_record_free (RelaisRunRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->id);
  g_free (record->export_id);
  g_free (record->export_name);
  g_free (record->segment_digest);
  g_free (record->message);
  g_free (record->who);
  g_free (record->connection_id);
  g_free (record->connection_name);
  g_free (record->host);
  g_free (record->list_name);
  g_free (record->consent_language);
  relais_run_notes_clear (&record->notes);
  relais_verification_clear (&record->verified);
  g_free (record->corrects);
  g_clear_pointer (&record->corrections, relais_corrections_unref);
  g_free (record);
}

/**
 * relais_batch_record_new:
 *
 * Returns: (transfer full): an empty record
 */
RelaisBatchRecord *
relais_batch_record_new (void)
{
  RelaisBatchRecord *record = g_new0 (RelaisBatchRecord, 1);

  record->queued = -1;

  return record;
}

/**
 * relais_batch_record_copy:
 * @record: what to copy
 *
 * Returns: (transfer full):
 */
RelaisBatchRecord *
relais_batch_record_copy (const RelaisBatchRecord *record)
{
  RelaisBatchRecord *copy = g_memdup2 (record, sizeof *record);

  copy->rows = g_strdup (record->rows);
  copy->remote_id = g_strdup (record->remote_id);

  return copy;
}

/**
 * relais_batch_record_free:
 * @record: (transfer full) (nullable):
 */
void
relais_batch_record_free (RelaisBatchRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->rows);
  g_free (record->remote_id);
  g_free (record);
}

/**
 * relais_fingerprint_of:
 * @profile: what stands for an address
 * @content: for both halves of the content: 0 or %RELAIS_CONTENT_UNKNOWN
 *
 * Returns: a fingerprint of somebody of whom nothing is known to have been confirmed
 */
RelaisFingerprint
relais_fingerprint_of (const guint32 profile[3],
                       guint32       content)
{
  RelaisFingerprint fingerprint = { .content = { content, content } };

  memcpy (fingerprint.profile, profile, sizeof fingerprint.profile);

  return fingerprint;
}

/**
 * relais_fingerprint_is_held:
 * @fingerprint: the last one of a profile
 *
 * Returns: whether the export has put this person on the list, as far as is known
 */
gboolean
relais_fingerprint_is_held (const RelaisFingerprint *fingerprint)
{
  return (fingerprint->content[0] | fingerprint->content[1]) != 0;
}

/**
 * relais_run_status_to_id:
 * @status: how a run stands
 *
 * Returns: (transfer none): its stable name, as reports print it
 */
const char *
relais_run_status_to_id (RelaisRunStatus status)
{
  switch (status)
    {
    case RELAIS_RUN_PROCESSING: return "processing";
    case RELAIS_RUN_SUCCESSFUL: return "successful";
    case RELAIS_RUN_COMPLETED_WITH_ERRORS: return "completed-with-errors";
    case RELAIS_RUN_FAILURE: return "failure";
    case RELAIS_RUN_CANCELED: return "canceled";
    case RELAIS_RUN_SKIPPED: return "skipped";
    case RELAIS_RUN_INTERRUPTED: return "interrupted";
    default: g_return_val_if_reached ("interrupted");
    }
}

/**
 * relais_trigger_to_id:
 * @trigger: how a run was started
 *
 * Returns: (transfer none): how that is called in files and for scripts
 */
const char *
relais_trigger_to_id (RelaisTrigger trigger)
{
  switch (trigger)
    {
    case RELAIS_TRIGGER_COMMAND_LINE: return "command-line";
    case RELAIS_TRIGGER_SCHEDULED: return "scheduled";
    case RELAIS_TRIGGER_ON_DEMAND:
    default: return "on-demand";
    }
}
