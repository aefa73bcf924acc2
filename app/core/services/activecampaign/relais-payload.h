/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-contact.h"

G_BEGIN_DECLS

/* API.md section 4. */
#define RELAIS_PAYLOAD_MAX_CONTACTS 250
#define RELAIS_PAYLOAD_MAX_BYTES    399999

/**
 * RelaisPayloadSettings:
 * @list_id: of the list everyone is subscribed to
 * @tags: (nullable) (array zero-terminated=1): names
 * @automations: whether automations run for the contacts
 * @clear_empty: whether empty values are sent, to clear what is stored
 *
 * What is the same for every contact of an export.
 */
typedef struct
{
  guint32              list_id;
  const char * const  *tags;
  gboolean             automations;
  gboolean             clear_empty;
} RelaisPayloadSettings;

/**
 * RelaisPayload:
 *
 * Writes the body of POST /import/bulk_import. Contacts are written one by one
 * as pieces that can be cut into batches afterwards: a batch is a run of
 * pieces between relais_payload_open() and relais_payload_close().
 */
gboolean relais_payload_sends       (const RelaisPayloadSettings *settings,
                                     RelaisText                   text);
void  relais_payload_append_contact (GString                     *into,
                                     const RelaisPayloadSettings *settings,
                                     const RelaisContact         *contact);
void  relais_payload_append_leaver  (GString                     *into,
                                     guint32                      list_id,
                                     const char                  *email);
gsize relais_payload_envelope_size  (const RelaisPayloadSettings *settings);
void  relais_payload_open           (GString                     *into,
                                     const RelaisPayloadSettings *settings);
void  relais_payload_close          (GString                     *into,
                                     const RelaisPayloadSettings *settings);
void  relais_json_append_string     (GString                     *into,
                                     RelaisText                   text);

G_END_DECLS
