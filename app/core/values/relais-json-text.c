/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-json-text.h"

/**
 * relais_json_string:
 * @json: what is written to
 * @text: (nullable): what is written; what is no UTF-8 in it is replaced
 *
 * Appends @text as a string of JSON, or null. Only ASCII is written, so that no locale can change it.
 */
void
relais_json_string (GString    *json,
                    const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid == NULL)
    {
      g_string_append (json, "null");
      return;
    }

  g_string_append_c (json, '"');
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '"' || c == '\\')
        g_string_append_printf (json, "\\%c", (char) c);
      else if (c >= 0x20 && c < 0x7f)
        g_string_append_c (json, (char) c);
      else if (c < 0x10000)
        g_string_append_printf (json, "\\u%04x", c);
      else
        g_string_append_printf (json, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  g_string_append_c (json, '"');
}
