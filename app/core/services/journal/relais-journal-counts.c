/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counts are kept as text, "read=10 cleaned=1 delivered=8 …", by names that stay. */

#include "relais-journal-private.h"

#include <string.h>

static void
append_count (GString    *text,
              const char *name,
              guint64     count)
{
  if (count > 0)
    g_string_append_printf (text, "%s%s=%" G_GUINT64_FORMAT, text->len > 0 ? " " : "", name, count);
}

/*
 * relais_journal_write_counts:
 *
 * Returns: (transfer full): the text of @counts
 */
char *
relais_journal_write_counts (const RelaisRowCounts *counts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_count (text, "read", counts->read);
  append_count (text, "cleaned", counts->cleaned);
  append_count (text, "noted", counts->noted);
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    append_count (text, relais_row_state_to_id (i), counts->by_state[i]);
  for (guint i = RELAIS_REASON_NONE + 1; i < RELAIS_N_REASONS; i++)
    {
      g_autofree char *name = g_strconcat ("reason:", relais_reason_to_code (i), NULL);

      append_count (text, name, counts->by_reason[i]);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
read_count (RelaisRowCounts *counts,
            const char      *name,
            guint64          count)
{
  RelaisReason reason;
  RelaisRowState state;

  if (strcmp (name, "read") == 0)
    counts->read = count;
  else if (strcmp (name, "cleaned") == 0)
    counts->cleaned = count;
  else if (strcmp (name, "noted") == 0)
    counts->noted = count;
  else if (g_str_has_prefix (name, "reason:"))
    {
      /* One that another version knows is no reason here. */
      reason = relais_reason_from_code (name + strlen ("reason:"));
      if (reason != RELAIS_REASON_NONE)
        counts->by_reason[reason] = count;
    }
  else if (relais_row_state_from_id (name, &state))
    counts->by_state[state] = count;
}

/*
 * relais_journal_read_counts:
 * @text: (nullable): of relais_journal_write_counts(); what another version wrote besides is passed over
 * @counts: is filled
 */
void
relais_journal_read_counts (const char      *text,
                            RelaisRowCounts *counts)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      read_count (counts, parts[i], g_ascii_strtoull (equals + 1, NULL, 10));
    }
}

/* People who left the segment, in the same way */

/*
 * relais_journal_write_leavers:
 *
 * Returns: (transfer full): the text of @leavers
 */
char *
relais_journal_write_leavers (const RelaisLeaversCounts *leavers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_count (text, "departed", leavers->departed);
  append_count (text, "taken-off", leavers->taken_off);
  append_count (text, "in-doubt", leavers->in_doubt);
  append_count (text, "kept", leavers->kept);
  append_count (text, "put-back", leavers->put_back);
  append_count (text, "repeated", leavers->repeated);
  append_count (text, "asked", leavers->asked);
  append_count (text, "delivered", leavers->delivered);
  append_count (text, "share", leavers->share);
  append_count (text, "number", leavers->number);
  append_count (text, "answered", leavers->answered);
  append_count (text, "answer", leavers->answer);
  append_count (text, "shared", leavers->shared);
  append_count (text, "joined", leavers->joined);
  append_count (text, "undated", leavers->undated);
  append_count (text, "untimed", leavers->untimed);
  append_count (text, "unshown", leavers->unshown);
  append_count (text, "no-way-back", leavers->no_way_back);
  append_count (text, "unreadable", leavers->unreadable);
  append_count (text, "settled", leavers->settled);
  append_count (text, "settled-off", leavers->settled_off);
  append_count (text, "settled-shared", leavers->settled_shared);
  append_count (text, "settled-joined", leavers->settled_joined);
  append_count (text, "settled-no-way-back", leavers->settled_no_way_back);
  append_count (text, "told-apart", leavers->told_apart != FALSE);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static guint64
find_count (char       **parts,
            const char  *name)
{
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals != NULL && strlen (name) == (gsize) (equals - parts[i]) && g_str_has_prefix (parts[i], name))
        return g_ascii_strtoull (equals + 1, NULL, 10);
    }

  return 0;
}

/*
 * relais_journal_read_leavers:
 * @text: (nullable): of relais_journal_write_leavers()
 * @leavers: is filled
 */
void
relais_journal_read_leavers (const char          *text,
                             RelaisLeaversCounts *leavers)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", -1);

  leavers->departed = find_count (parts, "departed");
  leavers->taken_off = find_count (parts, "taken-off");
  leavers->in_doubt = find_count (parts, "in-doubt");
  leavers->kept = find_count (parts, "kept");
  leavers->put_back = find_count (parts, "put-back");
  leavers->repeated = find_count (parts, "repeated");
  leavers->asked = find_count (parts, "asked");
  leavers->delivered = find_count (parts, "delivered");
  leavers->share = find_count (parts, "share");
  leavers->number = find_count (parts, "number");
  leavers->answered = find_count (parts, "answered");
  leavers->answer = (RelaisLeaversAnswer) MIN (find_count (parts, "answer"), RELAIS_ANSWER_KEEP);
  leavers->shared = find_count (parts, "shared");
  leavers->joined = find_count (parts, "joined");
  leavers->undated = find_count (parts, "undated");
  leavers->untimed = find_count (parts, "untimed");
  leavers->unshown = find_count (parts, "unshown");
  leavers->no_way_back = find_count (parts, "no-way-back");
  leavers->unreadable = find_count (parts, "unreadable");
  leavers->settled = find_count (parts, "settled");
  leavers->settled_off = find_count (parts, "settled-off");
  leavers->settled_shared = find_count (parts, "settled-shared");
  leavers->settled_joined = find_count (parts, "settled-joined");
  leavers->settled_no_way_back = find_count (parts, "settled-no-way-back");
  leavers->told_apart = find_count (parts, "told-apart") > 0;
}
