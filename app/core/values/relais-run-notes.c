/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Notes are kept as text, "gaps=2 obstacle=Other%20export …", by names that stay. */

#include "relais-run-notes.h"

#include <string.h>

/**
 * relais_run_notes_copy:
 * @into: is filled, whatever it holds
 * @from: what to copy
 */
void
relais_run_notes_copy (RelaisRunNotes       *into,
                       const RelaisRunNotes *from)
{
  *into = *from;
  into->account_status = g_strdup (from->account_status);
  into->obstacle = g_strdup (from->obstacle);
  into->trouble = g_strdup (from->trouble);
  into->refusal = g_strdup (from->refusal);
}

/**
 * relais_run_notes_clear:
 * @notes: becomes empty
 */
void
relais_run_notes_clear (RelaisRunNotes *notes)
{
  g_free (notes->account_status);
  g_free (notes->obstacle);
  g_free (notes->trouble);
  g_free (notes->refusal);
  *notes = (RelaisRunNotes) { 0 };
}

/**
 * relais_run_notes_begin:
 * @notes: of a run that goes on
 *
 * What an earlier attempt met is over. What somebody said stays.
 */
void
relais_run_notes_begin (RelaisRunNotes *notes)
{
  guint n_allowed = notes->repeats_allowed;

  relais_run_notes_clear (notes);
  notes->repeats_allowed = n_allowed;
}

static void
append_number (GString    *text,
               const char *name,
               gint64      number)
{
  if (number > 0)
    g_string_append_printf (text, "%s%s=%" G_GINT64_FORMAT, text->len > 0 ? " " : "", name, number);
}

static void
append_words (GString    *text,
              const char *name,
              const char *words)
{
  g_autofree char *escaped = words != NULL ? g_uri_escape_string (words, NULL, TRUE) : NULL;

  if (escaped != NULL)
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", name, escaped);
}

/**
 * relais_run_notes_to_text:
 * @notes: of a run
 *
 * Returns: (transfer full): for relais_run_notes_from_text()
 */
char *
relais_run_notes_to_text (const RelaisRunNotes *notes)
{
  GString *text = g_string_new (NULL);

  append_number (text, "repeats-asked", notes->repeats_asked);
  append_number (text, "repeats-own", notes->repeats_own != FALSE);
  append_number (text, "repeats-allowed", notes->repeats_allowed);
  append_words (text, "account-status", notes->account_status);
  append_number (text, "contacts-limit", notes->contacts_limit);
  append_number (text, "contacts-total", notes->contacts_total);
  append_number (text, "new", (gint64) MIN (notes->n_new, G_MAXINT64));
  append_number (text, "gaps", notes->gaps);
  append_words (text, "obstacle", notes->obstacle);
  append_number (text, "through-another", notes->through_another != FALSE);
  append_number (text, "postponed", notes->n_postponed);
  append_number (text, "unanswered", notes->unanswered != FALSE);
  append_words (text, "trouble", notes->trouble);
  append_number (text, "not-taken-off", notes->n_not_taken_off);
  append_words (text, "refusal", notes->refusal);

  return g_string_free (text, FALSE);
}

static gint64
clamp (const char *value,
       gint64      most)
{
  gint64 number = g_ascii_strtoll (value, NULL, 10);

  return CLAMP (number, 0, most);
}

static void
read_words (char       **words,
            const char  *value)
{
  g_autofree char *read = g_uri_unescape_string (value, NULL);

  if (read == NULL || !g_utf8_validate (read, -1, NULL))
    return;
  g_free (*words);
  *words = g_steal_pointer (&read);
}

static void
read_part (RelaisRunNotes *notes,
           const char     *name,
           const char     *value)
{
  if (strcmp (name, "repeats-asked") == 0)
    notes->repeats_asked = (guint) clamp (value, G_MAXUINT);
  else if (strcmp (name, "repeats-own") == 0)
    notes->repeats_own = clamp (value, 1) != 0;
  else if (strcmp (name, "repeats-allowed") == 0)
    notes->repeats_allowed = (guint) clamp (value, G_MAXUINT);
  else if (strcmp (name, "account-status") == 0)
    read_words (&notes->account_status, value);
  else if (strcmp (name, "contacts-limit") == 0)
    notes->contacts_limit = clamp (value, G_MAXINT64);
  else if (strcmp (name, "contacts-total") == 0)
    notes->contacts_total = clamp (value, G_MAXINT64);
  else if (strcmp (name, "new") == 0)
    notes->n_new = (guint64) clamp (value, G_MAXINT64);
  else if (strcmp (name, "gaps") == 0)
    notes->gaps = (RelaisGaps) clamp (value, G_MAXINT);
  else if (strcmp (name, "obstacle") == 0)
    read_words (&notes->obstacle, value);
  else if (strcmp (name, "through-another") == 0)
    notes->through_another = clamp (value, 1) != 0;
  else if (strcmp (name, "postponed") == 0)
    notes->n_postponed = (guint) clamp (value, G_MAXUINT);
  else if (strcmp (name, "unanswered") == 0)
    notes->unanswered = clamp (value, 1) != 0;
  else if (strcmp (name, "trouble") == 0)
    read_words (&notes->trouble, value);
  else if (strcmp (name, "not-taken-off") == 0)
    notes->n_not_taken_off = (guint) clamp (value, G_MAXUINT);
  else if (strcmp (name, "refusal") == 0)
    read_words (&notes->refusal, value);
}

/**
 * relais_run_notes_from_text:
 * @text: (nullable): from relais_run_notes_to_text(); what another version wrote besides is passed over
 * @notes: is filled, whatever it holds
 */
void
relais_run_notes_from_text (const char     *text,
                            RelaisRunNotes *notes)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", -1);

  *notes = (RelaisRunNotes) { 0 };
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      read_part (notes, parts[i], equals + 1);
    }
}
