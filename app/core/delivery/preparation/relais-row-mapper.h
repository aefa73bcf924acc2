/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-address.h"
#include "relais-export-definition.h"
#include "relais-payload.h"
#include "relais-segment-reader.h"

G_BEGIN_DECLS

/**
 * RelaisMappedRow:
 * @reason: why the row cannot be sent, RELAIS_REASON_NONE when it can
 * @column: (transfer none) (nullable): the column that @reason is about
 * @has_address: whether @address can be read, be the row sent or not
 * @address: the address
 * @cleaned: whether the address had to be cleaned
 * @note: what is noted about a row that can be sent (RELAIS_FIRST_NOTE and those behind it), or RELAIS_REASON_NONE
 * @contact: its values, when @reason is none; valid until the next row
 * @piece: (transfer none): the contact as JSON, valid until the next row
 */
typedef struct
{
  RelaisReason   reason;
  const char    *column;
  gboolean       has_address;
  RelaisAddress  address;
  gboolean       cleaned;
  RelaisReason   note;
  RelaisContact  contact;
  RelaisText     piece;
} RelaisMappedRow;

/**
 * RelaisRowMapper:
 *
 * Turns rows of a segment into contacts, as the export's data matching says.
 * Belongs to one thread.
 */
typedef struct _RelaisRowMapper RelaisRowMapper;

RelaisRowMapper *relais_row_mapper_new         (const RelaisExportDefinition  *definition,
                                                GPtrArray                     *fields);
void             relais_row_mapper_free        (RelaisRowMapper               *mapper);
gboolean         relais_row_mapper_set_columns (RelaisRowMapper               *mapper,
                                                const char * const            *columns,
                                                const char                    *file,
                                                GError                       **error);
void             relais_row_mapper_map         (RelaisRowMapper               *mapper,
                                                const RelaisSegmentRow        *row,
                                                RelaisMappedRow               *mapped);
RelaisText       relais_row_mapper_get_email   (RelaisRowMapper               *mapper,
                                                const RelaisSegmentRow        *row);
const RelaisPayloadSettings *relais_row_mapper_get_settings (RelaisRowMapper  *mapper);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisRowMapper, relais_row_mapper_free)

G_END_DECLS
