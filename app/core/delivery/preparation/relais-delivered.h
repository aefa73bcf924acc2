/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-export-definition.h"
#include "relais-hash.h"
#include "relais-row-mapper.h"

G_BEGIN_DECLS

/**
 * RelaisDeliveredPerson:
 * @row: of the segment
 * @email: (owned): as it was sent
 * @profile: what stands for the address in fingerprints
 * @values: (owned) (element-type utf8): what was sent, one for each checked value; %NULL for one that was not
 */
typedef struct
{
  guint32    row;
  char      *email;
  guint32    profile[3];
  GPtrArray *values;
} RelaisDeliveredPerson;

/**
 * RelaisDeliveredMark:
 * @profile: what stands for the address in fingerprints
 * @row: of the segment
 * @content: keyed hash of the settled values
 *
 * One person in few bytes. Which values were sent stands beside it.
 */
typedef struct
{
  guint32 profile[3];
  guint32 row;
  guint64 content;
} RelaisDeliveredMark;

/**
 * RelaisCheckedValue:
 * @field: (owned): first_name, last_name, phone, or the number of a custom field
 * @id: of the custom field, 0 for others
 * @title: (owned) (nullable): of the custom field
 * @type: of the custom field
 *
 * One of the values that an export sends, and that can be compared.
 */
typedef struct
{
  char            *field;
  guint32          id;
  char            *title;
  RelaisFieldType  type;
} RelaisCheckedValue;

/**
 * RelaisDelivered:
 *
 * People whom a run has delivered, as its segment has them: read once more after the run, because what was sent
 * is not kept. A preparation fills it in its thread; afterwards it belongs to whoever made it.
 */
typedef struct _RelaisDelivered RelaisDelivered;

RelaisDelivered *relais_delivered_new         (const RelaisExportDefinition *definition,
                                               GPtrArray                    *fields,
                                               const RelaisHashKey          *key);
RelaisDelivered *relais_delivered_ref         (RelaisDelivered              *self);
void             relais_delivered_unref       (RelaisDelivered              *self);

/* What is to be kept */
void             relais_delivered_leave_out   (RelaisDelivered              *self,
                                               guint64                       row);
void             relais_delivered_keep_sample (RelaisDelivered              *self,
                                               guint                         n);
void             relais_delivered_keep_marks  (RelaisDelivered              *self,
                                               gboolean                      with_fields);
void             relais_delivered_keep_rows   (RelaisDelivered              *self,
                                               GArray                       *rows);

/* For the preparation's thread */
gboolean         relais_delivered_wants       (RelaisDelivered              *self,
                                               guint32                       row);
void             relais_delivered_take        (RelaisDelivered              *self,
                                               guint32                       row,
                                               const RelaisMappedRow        *mapped,
                                               const RelaisPayloadSettings  *settings);
void             relais_delivered_close       (RelaisDelivered              *self);

/* What was kept */
GPtrArray       *relais_delivered_get_values  (RelaisDelivered              *self);
GPtrArray       *relais_delivered_get_people  (RelaisDelivered              *self);
gsize            relais_delivered_get_n_marks (RelaisDelivered              *self);
const RelaisDeliveredMark *relais_delivered_get_mark (RelaisDelivered       *self,
                                               gsize                         index);
gboolean         relais_delivered_find_mark   (RelaisDelivered              *self,
                                               const char                   *email,
                                               gsize                        *index);
gboolean         relais_delivered_fits_mark   (RelaisDelivered              *self,
                                               gsize                         index,
                                               GPtrArray                    *held);

/* Values */
void             relais_checked_value_settle  (const RelaisCheckedValue     *checked,
                                               const char                   *text,
                                               GString                      *into);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisDelivered, relais_delivered_unref)

G_END_DECLS
