/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-delivery.h"
#include "relais-hash.h"
#include "relais-journal-removals.h"
#include "relais-journal-unreadable.h"
#include "relais-profile-table.h"

G_BEGIN_DECLS

/* What is done about people who left the segment */
typedef enum
{
  RELAIS_DEPARTURE_NOBODY,      /* there are none */
  RELAIS_DEPARTURE_KEEP,        /* they stay, because somebody said so */
  RELAIS_DEPARTURE_OBSTACLE,    /* they stay, because it is not known whom another export holds */
  RELAIS_DEPARTURE_UNREADABLE,  /* they stay, because it is not known whose rows some are */
  RELAIS_DEPARTURE_ASK,         /* somebody is asked first */
  RELAIS_DEPARTURE_TAKE_OFF,
} RelaisDeparture;

/**
 * RelaisDepartureCounts:
 * @n: people who left the segment
 * @n_shared: of them, those whom another export has put on the list too
 * @n_held: people whom the export had put on the list when the run began, those who left among them
 * @n_unreadable: rows of the segment of which it is not known whose they are
 */
typedef struct
{
  guint   n;
  guint   n_shared;
  guint64 n_held;
  guint   n_unreadable;
} RelaisDepartureCounts;

gboolean        relais_departure_next           (GBytes                       *profiles,
                                                 const RelaisProfileTable     *seen,
                                                 gsize                        *at,
                                                 guint32                       profile[3]);
RelaisDeparture relais_departure_decide         (const RelaisExportDefinition *definition,
                                                 const RelaisDeparted         *departed,
                                                 const RelaisDepartureCounts  *counts,
                                                 RelaisLeaversAnswer           answer);

void            relais_departure_foresee_async  (RelaisJournal                *journal,
                                                 const RelaisExportDefinition *definition,
                                                 const char                   *export_id,
                                                 const RelaisConnectionRecord *connection,
                                                 const RelaisHashKey          *hash_key,
                                                 RelaisProfileTable           *taken_seen,
                                                 guint                         n_unreadable,
                                                 RelaisUnreadableTexts        *taken_texts,
                                                 GCancellable                 *cancellable,
                                                 GAsyncReadyCallback           callback,
                                                 gpointer                      user_data);
gboolean        relais_departure_foresee_finish (GAsyncResult                 *result,
                                                 RelaisLeaversCounts          *counts,
                                                 char                        **message,
                                                 GError                      **error);

G_END_DECLS
