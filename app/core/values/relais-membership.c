/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whoever Relais took off a list may be put back as long as nothing says that they have left by themselves
 * since. What says so is how they are on every list: whoever opts out of one, or of all of them, changes one
 * of these. So that is written down as a text when they were taken off, and has to be the same text later. */

#include "relais-membership.h"

#include "relais-moment-private.h"

#include <string.h>

/**
 * relais_membership_free:
 * @membership: (transfer full) (nullable):
 */
void
relais_membership_free (RelaisMembership *membership)
{
  if (membership == NULL)
    return;

  g_free (membership->since);
  g_free (membership->changed);
  g_free (membership);
}

/* Never is null, nothing, 0, or the year 0. */
static gboolean
is_never (const char *text)
{
  return text == NULL || strspn (text, "0 \t\r\n") == strlen (text) || g_str_has_prefix (text, "0000-00-00");
}

/* Returns: whether it says a moment: without a time zone it is one of several */
static gboolean
read_moment (const char *text,
             gint64     *seconds)
{
  g_autoptr (GDateTime) local = NULL;
  RelaisMoment moment;

  if (is_never (text) || relais_moment_read (text, RELAIS_DATE_ORDER_UNCHOSEN, &moment) != RELAIS_REASON_NONE || !moment.has_offset)
    return FALSE;
  local = g_date_time_new_utc (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second);
  *seconds = g_date_time_to_unix (local) - (gint64) moment.offset_minutes * 60;

  return TRUE;
}

/* One moment is one text, whatever time zone the account writes it in. One without a time zone stays as it is
 * written: what it is taken for must not depend on where this computer stands. */
static void
append_moment (GString    *into,
               const char *text)
{
  RelaisMoment moment;
  gint64 seconds;

  if (is_never (text))
    return;
  if (read_moment (text, &seconds))
    g_string_append_printf (into, "%" G_GINT64_FORMAT, seconds);
  else if (relais_moment_read (text, RELAIS_DATE_ORDER_UNCHOSEN, &moment) != RELAIS_REASON_NONE)
    g_string_append_uri_escaped (into, text, ":", FALSE);
  else
    g_string_append_printf (into, "%04u-%02u-%02uT%02u:%02u:%02u", moment.year, moment.month, moment.day,
                            moment.hour, moment.minute, moment.second);
}

static int
compare_memberships (gconstpointer a,
                     gconstpointer b)
{
  const RelaisMembership *one = *(const RelaisMembership * const *) a, *other = *(const RelaisMembership * const *) b;

  return (one->list_id > other->list_id) - (one->list_id < other->list_id);
}

/**
 * relais_memberships_settle:
 * @memberships: (element-type RelaisMembership): all of a person, in any order
 *
 * Writes those that are not active as a text that does not change as long as they do not, however the account
 * spells them: for each, in order of the lists, "list=status@since/changed", with "!" behind it when it tells why.
 *
 * Returns: (transfer full) (nullable): the text, "" when all are active; %NULL when it is not
 *   certain of one of them what it is, so that nothing can be concluded from them
 */
char *
relais_memberships_settle (GPtrArray *memberships)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < memberships->len; i++)
    {
      const RelaisMembership *membership = g_ptr_array_index (memberships, i);

      if (membership->list_id == 0 || membership->status < 0)
        return NULL;
      if (membership->status != RELAIS_LIST_STATUS_ACTIVE)
        g_ptr_array_add (left, (gpointer) membership);
    }
  g_ptr_array_sort (left, compare_memberships);
  for (guint i = 0; i < left->len; i++)
    {
      const RelaisMembership *membership = g_ptr_array_index (left, i);

      /* Two of one list contradict each other. */
      if (i > 0 && compare_memberships (&left->pdata[i - 1], &left->pdata[i]) == 0)
        return NULL;
      g_string_append_printf (text, "%s%u=%d@", i > 0 ? " " : "", membership->list_id, membership->status);
      append_moment (text, membership->since);
      g_string_append_c (text, '/');
      append_moment (text, membership->changed);
      if (membership->tells_why)
        g_string_append_c (text, '!');
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Returns: (transfer none) (nullable): how the person is on @list_id */
static const RelaisMembership *
find (GPtrArray *memberships,
      guint32    list_id)
{
  for (guint i = 0; i < memberships->len; i++)
    {
      const RelaisMembership *membership = g_ptr_array_index (memberships, i);

      if (membership->list_id == list_id)
        return membership;
    }

  return NULL;
}

/**
 * relais_memberships_status:
 * @memberships: (element-type RelaisMembership): of a person
 * @list_id: of a list
 *
 * Returns: how they are on it, -1 when they are not, or it is not told
 */
int
relais_memberships_status (GPtrArray *memberships,
                           guint32    list_id)
{
  const RelaisMembership *membership = find (memberships, list_id);

  return membership != NULL ? membership->status : -1;
}

/**
 * relais_memberships_tell_why:
 * @memberships: (element-type RelaisMembership): of a person
 * @list_id: of a list
 *
 * Returns: whether something is named for which they left it: an import names nothing
 */
gboolean
relais_memberships_tell_why (GPtrArray *memberships,
                             guint32    list_id)
{
  const RelaisMembership *membership = find (memberships, list_id);

  return membership != NULL && membership->tells_why;
}

/**
 * relais_memberships_name_form:
 * @memberships: (element-type RelaisMembership): of a person
 * @list_id: of a list
 *
 * Returns: whether a form is named by which they joined it: an import names none. Whether one that is named is of now, or of
 *   a time when they were on the list before, is documented nowhere
 */
gboolean
relais_memberships_name_form (GPtrArray *memberships,
                              guint32    list_id)
{
  for (guint i = 0; i < memberships->len; i++)
    {
      const RelaisMembership *membership = g_ptr_array_index (memberships, i);

      if (membership->list_id == list_id && membership->by_form)
        return TRUE;
    }

  return FALSE;
}

/**
 * relais_memberships_read_moments:
 * @memberships: (element-type RelaisMembership): of a person
 * @list_id: of a list
 * @since: (out): when they joined it, in seconds since 1970; 0 when that is not told
 * @changed: (out): the same of when that last changed
 *
 * A moment that is written without a time zone counts as not told.
 */
void
relais_memberships_read_moments (GPtrArray *memberships,
                                 guint32    list_id,
                                 gint64    *since,
                                 gint64    *changed)
{
  const RelaisMembership *membership = find (memberships, list_id);

  *since = *changed = 0;
  if (membership == NULL)
    return;
  read_moment (membership->since, since);
  read_moment (membership->changed, changed);
}

/* Whether one of the pieces of a settled text is @piece */
static gboolean
has_piece (const char *settled,
           const char *piece)
{
  g_auto (GStrv) pieces = g_strsplit (settled, " ", -1);

  return g_strv_contains ((const char * const *) pieces, piece);
}

/**
 * relais_left_as_adds_none:
 * @now: see relais_memberships_settle()
 * @list_id: of a list
 * @before: the same of earlier
 *
 * Returns: whether everything in @now that is of another list than this stood in @before already
 */
gboolean
relais_left_as_adds_none (const char *now,
                          guint32     list_id,
                          const char *before)
{
  g_auto (GStrv) pieces = g_strsplit (now, " ", -1);

  for (guint i = 0; pieces[i] != NULL; i++)
    if (g_ascii_strtoull (pieces[i], NULL, 10) != list_id && !has_piece (before, pieces[i]))
      return FALSE;

  return TRUE;
}

/**
 * relais_left_as_still_holds:
 * @left_as: see relais_memberships_settle(), when Relais had taken a person off a list
 * @list_id: of that list
 * @now: (nullable): the same of today, from the same kind of answer
 * @others: (array length=n_others): as what Relais left this person on other lists that it took them off
 * @n_others: how many
 *
 * Everything that is not active today has to be exactly as it was then, or as Relais itself left it since; and the person has to
 * be off @list_id still. Another list that was not active then and is today says nothing against it.
 *
 * Returns: whether nobody but Relais has ended anything since
 */
gboolean
relais_left_as_still_holds (const char       *left_as,
                            guint32           list_id,
                            const char       *now,
                            const RelaisLeft *others,
                            guint             n_others)
{
  g_auto (GStrv) pieces = now != NULL ? g_strsplit (now, " ", -1) : NULL;
  gboolean is_off = FALSE;

  for (guint i = 0; pieces != NULL && pieces[i] != NULL; i++)
    {
      guint64 list = g_ascii_strtoull (pieces[i], NULL, 10);
      gboolean is_own = has_piece (left_as, pieces[i]);

      for (guint other = 0; !is_own && list != list_id && other < n_others; other++)
        is_own = others[other].list_id == list && has_piece (others[other].left_as, pieces[i]);
      if (!is_own)
        return FALSE;
      is_off |= list == list_id;
    }

  return is_off;
}
