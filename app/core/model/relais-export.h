/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-connection.h"
#include "relais-export-definition.h"
#include "relais-run.h"

G_BEGIN_DECLS

/* What the status column says; derived from the last run, never kept. */
typedef enum
{
  RELAIS_EXPORT_NOT_STARTED,
  RELAIS_EXPORT_QUEUED,
  RELAIS_EXPORT_PROCESSING,
  RELAIS_EXPORT_SUCCESSFUL,
  RELAIS_EXPORT_COMPLETED_WITH_ERRORS,
  RELAIS_EXPORT_FAILURE,
  RELAIS_EXPORT_CANCELED,
  RELAIS_EXPORT_SKIPPED,
  RELAIS_EXPORT_INTERRUPTED,
  RELAIS_EXPORT_NO_CONNECTION,
  RELAIS_EXPORT_ASKING,          /* interrupted: a person is to say what becomes of the people who left the segment */
} RelaisExportStatus;

/**
 * RelaisExport:
 *
 * An export as the window shows it. Properties (notifying, read-only): `id`, `name`,
 * `connection` (nullable RelaisConnection), `list-id` (uint), `list-name` (nullable),
 * `last-run` (nullable RelaisRun), `status` (int, RelaisExportStatus), `refreshed-at` (int64, end
 * of the last run that delivered something or found nothing to do, 0 = never).
 *
 * An export whose definition this version cannot read is listed with an empty
 * one: see relais_export_check_readable().
 */
#define RELAIS_TYPE_EXPORT (relais_export_get_type ())
G_DECLARE_FINAL_TYPE (RelaisExport, relais_export, RELAIS, EXPORT, GObject)

RelaisExport                 *relais_export_new            (const char                   *id,
                                                            const RelaisExportDefinition *definition,
                                                            RelaisConnection             *connection);
const char                   *relais_export_get_id         (RelaisExport                 *self);
const char                   *relais_export_get_name       (RelaisExport                 *self);
RelaisConnection             *relais_export_get_connection (RelaisExport                 *self);
const RelaisExportDefinition *relais_export_get_definition (RelaisExport                 *self);
gboolean                      relais_export_check_readable (RelaisExport                 *self,
                                                            GError                      **error);
RelaisExportStatus            relais_export_get_status     (RelaisExport                 *self);
RelaisRun                    *relais_export_get_last_run   (RelaisExport                 *self);
void                          relais_export_set_last_run   (RelaisExport                 *self,
                                                            RelaisRun                    *run);
void                          relais_export_set_definition (RelaisExport                 *self,
                                                            const RelaisExportDefinition *definition,
                                                            RelaisConnection             *connection);

G_END_DECLS
