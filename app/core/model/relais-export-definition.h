/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-matching.h"
#include "relais-segment-format.h"

G_BEGIN_DECLS

/**
 * RelaisSegment:
 * @path: (owned): absolute path of the file
 * @format: (owned): what was asked for; what is not asked for is found
 *
 * One segment of an export: a file.
 */
typedef struct
{
  char                *path;
  RelaisSegmentFormat *format;
} RelaisSegment;

typedef enum
{
  RELAIS_EMPTY_VALUES_KEEP,   /* an empty cell leaves the contact's value alone */
  RELAIS_EMPTY_VALUES_CLEAR,
} RelaisEmptyValues;

/* How much of what was delivered is asked about afterwards. This version keeps
 * the choice and does not act on it yet. */
typedef enum
{
  RELAIS_VERIFY_SAMPLE,
  RELAIS_VERIFY_OFF,
  RELAIS_VERIFY_ALL,
} RelaisVerify;

/* What becomes of people whom the export put on the list, and who leave the segment. */
typedef enum
{
  RELAIS_LEAVERS_KEEP,
  RELAIS_LEAVERS_REMOVE,      /* they are taken off the list, and may come back when they re-enter */
} RelaisLeavers;

/* Profiles that an export takes in one run */
#define RELAIS_MAX_PROFILES 1000000

/* So many leaving at once is asked about, unless the definition says otherwise: percent, and people. */
#define RELAIS_LEAVERS_SHARE  20
#define RELAIS_LEAVERS_NUMBER 10000
#define RELAIS_LEAVERS_FEW    10     /* people: a share of fewer than these is asked about only when it is all of them */

/**
 * RelaisExportDefinition:
 * @name: (nullable): display name; %NULL where it is kept beside the definition
 * @connection: (nullable): display name of the connection
 * @list_id: of the ActiveCampaign list, 0 = not chosen
 * @list_name: (nullable): as last seen
 * @segments: (element-type RelaisSegment): one or more
 * @phone_country: (nullable): ISO 3166 code; telephones are then sent as E.164
 * @tags: (array zero-terminated=1): never %NULL
 * @leavers_share: percent of those whom the export has put on the list: when more than these leave, a person is asked
 * @leavers_number: the same in people; the smaller of the two holds
 *
 * What an export does, as `relais export add` takes and `relais export show` prints
 * it. Values that this version cannot do yet (a folder, Customer
 * Insights) are refused with a sentence, never ignored.
 */
typedef struct
{
  char              *name;
  char              *connection;
  guint32            list_id;
  char              *list_name;
  GPtrArray         *segments;
  RelaisMatching    *matching;
  char              *phone_country;
  gboolean           automations;
  char             **tags;
  RelaisEmptyValues  empty_values;
  RelaisLeavers      leavers;
  guint              leavers_share;
  guint              leavers_number;
  RelaisVerify       verify;
} RelaisExportDefinition;

RelaisExportDefinition *relais_export_definition_new       (void);
RelaisExportDefinition *relais_export_definition_copy      (const RelaisExportDefinition  *definition);
void                    relais_export_definition_free      (RelaisExportDefinition        *definition);
RelaisExportDefinition *relais_export_definition_from_json (const char                    *json,
                                                            gssize                         length,
                                                            const char                    *folder,
                                                            GError                       **error);
char                   *relais_export_definition_to_json   (const RelaisExportDefinition  *definition);
gboolean                relais_export_definition_brakes    (const RelaisExportDefinition  *definition,
                                                            guint64                        departed,
                                                            guint64                        delivered);
RelaisSegment          *relais_segment_new                 (const char                    *path);
RelaisSegment          *relais_segment_copy                (const RelaisSegment           *segment);
void                    relais_segment_free                (RelaisSegment                 *segment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisExportDefinition, relais_export_definition_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisSegment, relais_segment_free)

G_END_DECLS
