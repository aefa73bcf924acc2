/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-aim.h"

#include <string.h>

/* Which of all requests a fault is for. */

static const char *const names[RELAIS_N_ASKED] = {
  "any", "import", "info", "lists", "exclusions", "fields", "pages", "people", "sync", "other",
};

/**
 * relais_asked_of:
 * @method: HTTP method
 * @path: below /api/3/
 * @query: (nullable): the last value of each name
 *
 * Returns: what such a request asks for, never RELAIS_ASKED_ANY
 */
RelaisAsked
relais_asked_of (const char *method,
                 const char *path,
                 GHashTable *query)
{
  static const struct
  {
    const char  *method;
    const char  *path;
    RelaisAsked  what;
  } table[] = {
    { "POST", "import/bulk_import", RELAIS_ASKED_IMPORT }, { "GET", "import/info", RELAIS_ASKED_INFO },
    { "GET", "lists", RELAIS_ASKED_LISTS },                { "GET", "lists/exclusions", RELAIS_ASKED_EXCLUSIONS },
    { "GET", "fields", RELAIS_ASKED_FIELDS },              { "POST", "contact/sync", RELAIS_ASKED_SYNC },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (method, table[i].method) == 0 && strcmp (path, table[i].path) == 0)
      return table[i].what;
  if (strcmp (method, "GET") == 0 && strcmp (path, "contacts") == 0)
    return query != NULL && g_hash_table_contains (query, "email") ? RELAIS_ASKED_PEOPLE : RELAIS_ASKED_PAGES;
  if (strcmp (method, "GET") == 0 && g_str_has_prefix (path, "contacts/"))
    return RELAIS_ASKED_PEOPLE;

  return RELAIS_ASKED_OTHER;
}

/**
 * relais_asked_name:
 * @what: kind of requests
 *
 * Returns: (transfer none): what it is called where a fault is aimed at it
 */
const char *
relais_asked_name (RelaisAsked what)
{
  return names[what];
}

/**
 * relais_aim_at_all:
 * @aim: (out): at every request
 */
void
relais_aim_at_all (RelaisAim *aim)
{
  *aim = (RelaisAim) { .what = RELAIS_ASKED_ANY, .first = 1, .last = G_MAXUINT };
}

static gboolean
read_number (const char *text,
             gsize       length,
             guint      *number)
{
  g_autofree char *digits = g_strndup (text, length);
  guint64 value;

  if (!g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT, &value, NULL))
    return FALSE;
  *number = (guint) value;

  return TRUE;
}

/* N, N-M, N+ or N++ */
static gboolean
read_range (RelaisAim  *aim,
            const char *text)
{
  gsize length = strspn (text, "0123456789");
  const char *rest = text + length;

  if (!read_number (text, length, &aim->first))
    return FALSE;
  aim->last = aim->first;
  if (*rest == '-')
    return read_number (rest + 1, strlen (rest + 1), &aim->last) && aim->last >= aim->first;
  if (*rest == '\0')
    return TRUE;
  aim->last = G_MAXUINT;
  aim->lasts = strcmp (rest, "++") == 0;

  return aim->lasts || strcmp (rest, "+") == 0;
}

/**
 * relais_aim_read:
 * @aim: (out): the requests
 * @text: what they ask for: import, lists and so on, or any; behind a colon the Nth of them (import:2), some (import:2-4), all
 *   from one on (import:2+), or from then on whatever is asked (import:2++)
 *
 * Returns: whether that is what @text says
 */
gboolean
relais_aim_read (RelaisAim  *aim,
                 const char *text)
{
  gsize length = strcspn (text, ":");

  relais_aim_at_all (aim);
  for (guint i = 0; i < RELAIS_N_ASKED; i++)
    if (strlen (names[i]) == length && strncmp (names[i], text, length) == 0)
      {
        aim->what = i;
        return text[length] == '\0' || read_range (aim, text + length + 1);
      }

  return FALSE;
}

/**
 * relais_aim_meets:
 * @aim: requests
 * @place: of a request
 *
 * Returns: whether it is one of them
 */
gboolean
relais_aim_meets (RelaisAim         *aim,
                  const RelaisPlace *place)
{
  guint nth = aim->what == RELAIS_ASKED_ANY ? place->of_all : place->nth;

  if (aim->what == RELAIS_ASKED_ANY && aim->first == 1 && aim->last == G_MAXUINT)
    return TRUE;
  if ((aim->what == RELAIS_ASKED_ANY || aim->what == place->what) && nth >= aim->first && nth <= aim->last && nth > 0)
    {
      if (aim->since == 0)
        aim->since = place->of_all;
      return TRUE;
    }

  return aim->lasts && aim->since != 0 && place->of_all >= aim->since;
}
