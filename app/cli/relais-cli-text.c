/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

/* Takes @text from a file or from the service. Returns (transfer full) it as a terminal
 * may be given it: controls (C0, C1, and marks that turn the direction) are
 * written out, what is no UTF-8 is replaced. */
char *
relais_plain (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  GString *plain = g_string_new (NULL);

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
        g_string_append_printf (plain, "\\u%04x", c);
      else
        g_string_append_unichar (plain, c);
    }

  return g_string_free (plain, FALSE);
}

/* Takes microseconds since 1970. Returns (transfer full) the local time, or a dash for 0. */
char *
relais_plain_time (gint64 microseconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc && microseconds > 0 ? g_date_time_to_local (utc) : NULL;

  return local ? g_date_time_format (local, "%F %R") : g_strdup ("–");
}

/* Appends @text, or null. Only ASCII is written, so that no locale can change it. */
void
relais_json_string (GString    *json,
                    const char *text)
{
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;

  if (!valid)
    {
      g_string_append (json, "null");
      return;
    }

  g_string_append_c (json, '"');
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
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

/* Appends one quoted cell. What a spreadsheet would run as a formula gets a
 * leading apostrophe. */
void
relais_csv_cell (GString    *csv,
                 const char *text)
{
  g_string_append_c (csv, '"');
  if (text && *text && strchr ("=+-@\t\r", *text))
    g_string_append_c (csv, '\'');
  for (const char *p = text ? text : ""; *p; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

/* Appends the object of one run, left open before its last brace; without @run,
 * that of a preview. */
void
relais_json_run (GString               *json,
                 const char            *export_name,
                 const RelaisRowCounts *counts,
                 const RelaisRunRecord *run)
{
  g_string_append_c (json, '{');
  if (run)
    {
      g_string_append (json, "\"run\": ");
      relais_json_string (json, run->id);
      g_string_append (json, ", ");
    }
  g_string_append (json, "\"export\": ");
  relais_json_string (json, export_name);
  if (run)
    g_string_append_printf (json, ", \"status\": \"%s\"", relais_run_status_to_id (run->status));
  g_string_append_printf (json, ", \"rows\": {\"read\": %" G_GUINT64_FORMAT, counts->read);
  for (int i = 0; i < RELAIS_N_ROW_STATES; i++)
    g_string_append_printf (json, ", \"%s\": %" G_GUINT64_FORMAT, relais_row_state_to_id (i), counts->by_state[i]);
  g_string_append_c (json, '}');
  if (run)
    g_string_append_printf (json, ", \"batches\": {\"accepted\": %u, \"repeated\": %u}",
                            run->batches_accepted, run->batches_repeated);
  g_string_append (json, ", \"message\": ");
  relais_json_string (json, run ? run->message : NULL);
}

/* Returns (transfer full) the counts in plain words, a line each, adding up to the rows read. */
char *
relais_explain_counts (const RelaisRowCounts *counts,
                       gboolean               preview)
{
  const char *words[RELAIS_N_ROW_STATES] = {
    [RELAIS_ROW_DELIVERED] = preview ? _("would be sent") : _("delivered"),
    [RELAIS_ROW_UNCHANGED] = _("unchanged since an earlier run"),
    [RELAIS_ROW_DUPLICATE] = _("repeat the address of an earlier row"),
    [RELAIS_ROW_INVALID] = _("cannot be sent as they are"),
    [RELAIS_ROW_REFUSED] = _("refused by the service"),
    [RELAIS_ROW_BARRED] = _("may not be mailed: unsubscribed, bounced or excluded"),
    [RELAIS_ROW_NOT_SENT] = _("not sent"),
  };
  GString *text = g_string_new (NULL);

  for (int i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (counts->by_state[i] > 0 || i == RELAIS_ROW_DELIVERED)
      g_string_append_printf (text, "%'12" G_GUINT64_FORMAT "  %s\n", counts->by_state[i], words[i]);
  g_string_append_printf (text, "%'12" G_GUINT64_FORMAT "  %s\n", counts->read, _("rows read"));
  return g_string_free (text, FALSE);
}
