/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The body of POST /import/bulk_import, as
 * developers.activecampaign.com/reference/bulk-import-contacts gives it. Where
 * exclude_automations goes is told in two ways there; at the top level is where working
 * integrations send it. */

#include "relais-payload.h"

#include <string.h>

/* 0: copied as it is; 1: written as \u00XX; otherwise the letter after a backslash. */
static const char escapes[256] = {
  [0 ... '\a'] = 1, ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\v'] = 1, ['\f'] = 'f', ['\r'] = 'r',
  [0x0e ... 0x1f] = 1, ['"'] = '"', ['\\'] = '\\', [0x7f] = 1,
};

/**
 * relais_json_append_string:
 * @into: the JSON
 * @text: UTF-8
 *
 * Writes @text as a JSON string, quotes included.
 */
void
relais_json_append_string (GString    *into,
                           RelaisText  text)
{
  static const char digits[] = "0123456789abcdef";
  const char *end = text.data + text.length;
  const char *from = text.data;

  g_string_append_c (into, '"');
  for (const char *at = from; at < end; at++)
    {
      char escape = escapes[(guchar) *at];

      if (escape == 0)
        continue;
      g_string_append_len (into, from, at - from);
      from = at + 1;
      g_string_append_c (into, '\\');
      if (escape != 1)
        {
          g_string_append_c (into, escape);
          continue;
        }
      g_string_append_len (into, "u00", 3);
      g_string_append_c (into, digits[(guchar) *at >> 4]);
      g_string_append_c (into, digits[*at & 15]);
    }
  g_string_append_len (into, from, end - from);
  g_string_append_c (into, '"');
}

static void
append_number (GString *into,
               guint32  number)
{
  char digits[12];
  guint at = sizeof digits;

  do
    digits[--at] = '0' + number % 10;
  while ((number /= 10) > 0);
  g_string_append_len (into, digits + at, sizeof digits - at);
}

/**
 * relais_payload_sends:
 * @settings: what is the same for every contact
 * @text: a value of a contact
 *
 * Returns: whether it stands in the payload
 */
gboolean
relais_payload_sends (const RelaisPayloadSettings *settings,
                      RelaisText                   text)
{
  return text.length > 0 || (settings->clear_empty && text.data != NULL);
}

static void
append_member (GString                     *into,
               const RelaisPayloadSettings *settings,
               const char                  *name,
               RelaisText                   text)
{
  if (!relais_payload_sends (settings, text))
    return;

  g_string_append (into, name);
  relais_json_append_string (into, text);
}

static void
append_fields (GString                     *into,
               const RelaisPayloadSettings *settings,
               const RelaisContact         *contact)
{
  gboolean any = FALSE;

  for (gsize i = 0; i < contact->n_fields; i++)
    {
      if (!relais_payload_sends (settings, contact->fields[i].value))
        continue;
      g_string_append (into, any ? ",{\"id\":" : ",\"fields\":[{\"id\":");
      append_number (into, contact->fields[i].id);
      g_string_append (into, ",\"value\":");
      relais_json_append_string (into, contact->fields[i].value);
      g_string_append_c (into, '}');
      any = TRUE;
    }
  if (any)
    g_string_append_c (into, ']');
}

static void
append_tags (GString                     *into,
             const RelaisPayloadSettings *settings)
{
  if (settings->tags == NULL || settings->tags[0] == NULL)
    return;

  for (guint i = 0; settings->tags[i] != NULL; i++)
    {
      g_string_append (into, i == 0 ? ",\"tags\":[" : ",");
      relais_json_append_string (into, (RelaisText) { settings->tags[i], strlen (settings->tags[i]) });
    }
  g_string_append_c (into, ']');
}

/**
 * relais_payload_append_contact:
 * @into: the contact's JSON is appended here
 * @settings: what is the same for every contact
 * @contact: the contact
 *
 * Writes one element of `contacts`. Values that are not matched, and empty ones
 * unless @settings clear them, are absent: an absent key leaves what is stored alone.
 */
void
relais_payload_append_contact (GString                     *into,
                               const RelaisPayloadSettings *settings,
                               const RelaisContact         *contact)
{
  g_string_append (into, "{\"email\":");
  relais_json_append_string (into, contact->email);
  append_member (into, settings, ",\"first_name\":", contact->first_name);
  append_member (into, settings, ",\"last_name\":", contact->last_name);
  append_member (into, settings, ",\"phone\":", contact->phone);
  append_fields (into, settings, contact);
  append_tags (into, settings);
  g_string_append (into, ",\"subscribe\":[{\"listid\":");
  append_number (into, settings->list_id);
  g_string_append (into, "}]}");
}

/**
 * relais_payload_append_leaver:
 * @into: the contact's JSON is appended here
 * @list_id: of a list
 * @email: of somebody who is taken off it
 *
 * Writes one element of `contacts` that says nothing else: what the account holds of the person stays as it is.
 */
void
relais_payload_append_leaver (GString    *into,
                              guint32     list_id,
                              const char *email)
{
  g_string_append (into, "{\"email\":");
  relais_json_append_string (into, (RelaisText) { email, strlen (email) });
  g_string_append (into, ",\"unsubscribe\":[{\"listid\":");
  append_number (into, list_id);
  g_string_append (into, "}]}");
}

static const char *
get_opening (const RelaisPayloadSettings *settings)
{
  return settings->automations ? "{\"exclude_automations\":false,\"contacts\":["
                               : "{\"exclude_automations\":true,\"contacts\":[";
}

/**
 * relais_payload_envelope_size:
 * @settings: what is the same for every contact
 *
 * Returns: how many bytes a payload has besides its contacts and the commas between them
 */
gsize
relais_payload_envelope_size (const RelaisPayloadSettings *settings)
{
  return strlen (get_opening (settings)) + strlen ("]}");
}

/**
 * relais_payload_open:
 * @into: an empty text
 * @settings: what is the same for every contact
 *
 * Begins a payload; contacts follow, with commas between them.
 */
void
relais_payload_open (GString                     *into,
                     const RelaisPayloadSettings *settings)
{
  g_string_append (into, get_opening (settings));
}

/**
 * relais_payload_close:
 * @into: a payload with its contacts
 * @settings: what is the same for every contact
 *
 * Ends a payload.
 */
void
relais_payload_close (GString                     *into,
                      const RelaisPayloadSettings *settings)
{
  g_string_append (into, "]}");
}
