/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-json.h"

#include <string.h>

/* What cannot stand in a string as it is. The service escapes slashes too. */
#define SPECIAL "\"\\/\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017" \
                "\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037"

static void
write_comma (GString *into)
{
  if (into->len > 0 && strchr ("{[:,", into->str[into->len - 1]) == NULL)
    g_string_append_c (into, ',');
}

static void
write_quoted (GString    *into,
              const char *text)
{
  g_string_append_c (into, '"');
  while (*text != '\0')
    {
      gsize plain = strcspn (text, SPECIAL);

      g_string_append_len (into, text, (gssize) plain);
      text += plain;
      if (*text == '"' || *text == '\\' || *text == '/')
        g_string_append_printf (into, "\\%c", *text++);
      else if (*text != '\0')
        g_string_append_printf (into, "\\u%04x", (guint) (guchar) *text++);
    }
  g_string_append_c (into, '"');
}

/**
 * relais_write_value:
 * @into: JSON being written
 * @text: (nullable): a string, or %NULL for null
 */
void
relais_write_value (GString    *into,
                    const char *text)
{
  write_comma (into);
  if (text != NULL)
    write_quoted (into, text);
  else
    g_string_append (into, "null");
}

/**
 * relais_write_raw:
 * @into: JSON being written
 * @json: a value, or the beginning of one, as it is
 */
void
relais_write_raw (GString    *into,
                  const char *json)
{
  write_comma (into);
  g_string_append (into, json);
}

/**
 * relais_write_key:
 * @into: an object being written
 * @name: of the member whose value follows
 */
void
relais_write_key (GString    *into,
                  const char *name)
{
  write_comma (into);
  write_quoted (into, name);
  g_string_append_c (into, ':');
}

/**
 * relais_write_string:
 * @into: an object being written
 * @name: of the member
 * @text: (nullable): its value
 */
void
relais_write_string (GString    *into,
                     const char *name,
                     const char *text)
{
  relais_write_key (into, name);
  relais_write_value (into, text);
}

/**
 * relais_write_texts:
 * @into: an object being written
 * @pairs: (array zero-terminated=1): names, each with its value, which may be %NULL
 */
void
relais_write_texts (GString           *into,
                    const char *const *pairs)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    relais_write_string (into, pairs[i], pairs[i + 1]);
}

/**
 * relais_write_id:
 * @into: an object being written
 * @name: of the member
 * @id: written as a string, as the service writes ids and counts
 */
void
relais_write_id (GString    *into,
                 const char *name,
                 guint64     id)
{
  relais_write_key (into, name);
  g_string_append_printf (into, "\"%" G_GUINT64_FORMAT "\"", id);
}

/**
 * relais_write_number:
 * @into: an object being written
 * @name: of the member
 * @number: its value
 */
void
relais_write_number (GString    *into,
                     const char *name,
                     gint64      number)
{
  relais_write_key (into, name);
  g_string_append_printf (into, "%" G_GINT64_FORMAT, number);
}

/**
 * relais_write_member:
 * @into: an object being written
 * @name: of the member
 * @json: its value, as it is
 */
void
relais_write_member (GString    *into,
                     const char *name,
                     const char *json)
{
  relais_write_key (into, name);
  g_string_append (into, json);
}
