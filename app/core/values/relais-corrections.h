/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisCorrection:
 * @row: of the segment
 * @column: (owned): whose cell is meant; empty for the one with the address
 * @value: (owned): what stands there instead of what the file has
 *
 * One cell that a person has corrected.
 */
typedef struct
{
  guint64  row;
  char    *column;
  char    *value;
} RelaisCorrection;

/**
 * RelaisCorrectedPerson:
 * @written: what stands for the address as the segment has it
 * @profile: what stands for the address that was sent instead
 *
 * Whoever was sent with a corrected address is in the segment as long as the address that was corrected is. Neither can be read from this.
 */
typedef struct
{
  guint32 written[3];
  guint32 profile[3];
} RelaisCorrectedPerson;

G_STATIC_ASSERT (sizeof (RelaisCorrectedPerson) == 24);

/**
 * RelaisCorrections:
 *
 * What a person has corrected in rows that a run did not deliver. Not changed any more once a run has it, so that threads may share it.
 */
typedef struct _RelaisCorrections RelaisCorrections;

RelaisCorrections      *relais_corrections_new        (const char              *run_id);
RelaisCorrections      *relais_corrections_ref        (RelaisCorrections       *self);
void                    relais_corrections_unref      (RelaisCorrections       *self);
const char             *relais_corrections_get_run_id (RelaisCorrections       *self);
void                    relais_corrections_set        (RelaisCorrections       *self,
                                                       guint64                  row,
                                                       const char              *column,
                                                       const char              *value);
void                    relais_corrections_drop       (RelaisCorrections       *self,
                                                       guint64                  row,
                                                       const char              *column);
const char             *relais_corrections_find       (RelaisCorrections       *self,
                                                       guint64                  row,
                                                       const char              *column);
guint                   relais_corrections_find_row   (RelaisCorrections       *self,
                                                       guint64                  row);
gboolean                relais_corrections_has_row    (RelaisCorrections       *self,
                                                       guint64                  row);
guint                   relais_corrections_get_n_rows (RelaisCorrections       *self);
GPtrArray              *relais_corrections_get_all    (RelaisCorrections       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisCorrections, relais_corrections_unref)

G_END_DECLS
