/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-plan.h"
#include "relais-preparation.h"
#include "relais-profile-table.h"
#include "relais-row-mapper.h"

G_BEGIN_DECLS

/* What stands for an address */
typedef struct
{
  guint32 words[3];
} RelaisProfile;

/* What only the thread touches. */
typedef struct
{
  RelaisProfileTable  *profiles;      /* (owned) */
  gsize                n_known;       /* of them, from earlier runs */
  GArray              *others;        /* (owned) (nullable) (element-type RelaisProfile): of rows that are not sent for what they hold */
  guint                n_unreadable;  /* rows of which it is not known whose they are */
  RelaisPreparedBatch *held;          /* (owned) (nullable): full, until it is known that more than one contact follows */
  RelaisPreparedBatch *filling;       /* (owned) (nullable) */
  RelaisPlanWalk       walk;
  GPtrArray           *rejections;    /* (owned) */
  RelaisRowCounts      counts;
  guint64              n_new;         /* of those to be sent: nothing is remembered of them */
  guint64              n_rows;        /* in the segments so far, whether they are taken or not */
  guint64              rows_before;   /* in the segments before this one */
  goffset              bytes_before;
  goffset              bytes_in_all;
  GPtrArray           *kept;          /* (owned) (nullable): rows that were corrected, until all others are read; each with its segment */
} RelaisPreparationWork;

struct _RelaisPreparation
{
  GObject parent_instance;

  /* Set before the thread starts */
  RelaisExportDefinition *definition;    /* (owned) */
  RelaisRowMapper        *mapper;        /* (owned) */
  RelaisHashKey           hash_key;
  GBytes                 *fingerprints;  /* (owned) (nullable): given up once it is read */
  RelaisBarred           *barred;        /* (owned) (nullable) */
  RelaisPlan             *plan;          /* (owned) (nullable) */
  gboolean                dry;
  RelaisReturning        *returning;     /* (owned) (nullable) */
  gboolean                tells_profiles;
  RelaisDelivered        *delivered;     /* (owned) (nullable): the thread's until the end */
  RelaisCorrections      *corrections;   /* (owned) (nullable) */
  GBytes                 *corrected;     /* (owned) (nullable) */
  GMainContext           *context;       /* (owned) */
  RelaisPreparationReady  ready;
  gpointer                user_data;
  GCancellable           *cancellable;   /* (owned) */

  /* Shared */
  GMutex                  mutex;
  GCond                   room;
  GQueue                  queue;
  gboolean                told;          /* a call of ready is on its way */
  gboolean                stopped;
  RelaisRowCounts         counts;
  guint64                 n_new;
  guint64                 expected;
};

/* relais-preparation.c */
void     relais_preparation_push     (RelaisPreparation       *self,
                                      RelaisPreparedItem      *taken);

/* relais-preparation-rows.c */
void     relais_preparation_take_row (RelaisPreparation       *self,
                                      RelaisPreparationWork   *work,
                                      const RelaisSegmentRow  *row,
                                      guint32                  number);
void     relais_preparation_see_others (RelaisPreparationWork   *work);
void     relais_preparation_end_rows (RelaisPreparation       *self,
                                      RelaisPreparationWork   *work);
void     relais_preparation_flush    (RelaisPreparation       *self,
                                      RelaisPreparationWork   *work);

/* relais-preparation-corrected.c */
void     relais_preparation_pass_row (RelaisPreparation       *self,
                                      RelaisPreparationWork   *work,
                                      const RelaisSegmentRow  *row,
                                      guint32                  number);
void     relais_preparation_keep_columns (RelaisPreparation   *self,
                                      RelaisPreparationWork   *work,
                                      const char * const      *columns,
                                      const char              *file);
gboolean relais_preparation_take_kept (RelaisPreparation      *self,
                                      RelaisPreparationWork   *work,
                                      GError                 **error);
void     relais_preparation_note_corrected (RelaisPreparation *self,
                                      RelaisPreparationWork   *work,
                                      RelaisText               written);

/* relais-preparation-reading.c */
gpointer relais_preparation_thread   (gpointer                 data);

G_END_DECLS
