/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-field-value.h"
#include "relais-field.h"

G_BEGIN_DECLS

/**
 * RelaisFieldMatch:
 * @field_id: of the account's custom field
 * @column: (owned): of the segment
 * @style: how the column writes dates and numbers
 */
typedef struct
{
  guint32           field_id;
  char             *column;
  RelaisValueStyle  style;
} RelaisFieldMatch;

/**
 * RelaisMatching:
 * @email: (owned) (nullable): column names, %NULL = not matched
 * @fields: (owned) (element-type RelaisFieldMatch):
 *
 * Data matching: which column of the segment fills which field of the contact.
 */
typedef struct
{
  char      *email;
  char      *first_name;
  char      *last_name;
  char      *phone;
  GPtrArray *fields;
} RelaisMatching;

RelaisMatching   *relais_matching_new         (void);
RelaisMatching   *relais_matching_copy        (const RelaisMatching *matching);
void              relais_matching_free        (RelaisMatching       *matching);
void              relais_matching_add_field   (RelaisMatching       *matching,
                                               guint32               field_id,
                                               const char           *column,
                                               RelaisValueStyle      style);
RelaisMatching   *relais_matching_suggest     (const char * const   *columns,
                                               GPtrArray            *samples,
                                               GPtrArray            *fields);
gboolean          relais_matching_check       (const RelaisMatching *matching,
                                               const char * const   *columns,
                                               GError              **error);
gboolean          relais_matching_check_file  (const RelaisMatching *matching,
                                               const char * const   *columns,
                                               const char           *file,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisMatching, relais_matching_free)

G_END_DECLS
