/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the plan of an account has room for the people of a segment. Only a warning can come of it: those
 * whom an export has not delivered yet may be in the account for long, and need no room then. */

#include "relais-room.h"

#include "relais-format.h"

#include <glib/gi18n-lib.h>

/* As a sentence has them */
typedef struct
{
  char *people;
  char *left;
  char *total;
  char *limit;
} Numbers;

static void
numbers_clear (Numbers *numbers)
{
  g_free (numbers->people);
  g_free (numbers->left);
  g_free (numbers->total);
  g_free (numbers->limit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Numbers, numbers_clear)

/**
 * relais_room_is_known:
 * @settings: (nullable): what the account says of itself
 *
 * Returns: whether it says how many contacts its plan is for, and how many there are. A limit of 0 is no plan's
 */
gboolean
relais_room_is_known (const RelaisAccountSettings *settings)
{
  return settings != NULL && settings->contacts_limit > 0 && settings->contacts_total >= 0;
}

/**
 * relais_room_get_left:
 * @settings: (nullable): what the account says of itself
 *
 * Returns: for how many more contacts its plan has room, 0 when it is full or more than that, G_MAXINT64 when it does not say
 */
gint64
relais_room_get_left (const RelaisAccountSettings *settings)
{
  if (!relais_room_is_known (settings))
    return G_MAXINT64;

  return MAX (0, settings->contacts_limit - settings->contacts_total);
}

/* Returns: whether there may be too little room; @numbers are filled only then */
static gboolean
may_be_short (const RelaisAccountSettings *settings,
              guint64                      n_new,
              Numbers                     *numbers)
{
  gint64 left = relais_room_get_left (settings);

  if (n_new <= (guint64) left)
    return FALSE;
  numbers->people = relais_format_count (n_new);
  numbers->left = relais_format_count (left);
  numbers->total = relais_format_count (settings->contacts_total);
  numbers->limit = relais_format_count (settings->contacts_limit);

  return TRUE;
}

/**
 * relais_room_foresee:
 * @settings: (nullable): what the account says of itself
 * @n_new: how many people of a segment are not known to be in the account
 *
 * Returns: (transfer full) (nullable): whole sentences for before they are sent; %NULL when there is room for all of
 *   them, or when that is not known
 */
char *
relais_room_foresee (const RelaisAccountSettings *settings,
                     guint64                      n_new)
{
  g_auto (Numbers) numbers = { NULL };

  if (!may_be_short (settings, n_new, &numbers))
    return NULL;
  if (relais_room_get_left (settings) > 0)
    /* Translators: the first %s is how many more contacts the account's plan has room for, which the plural is for; the second is a number of people, two or more. */
    return g_strdup_printf (ngettext ("The account’s plan has room for %s more contact, and this segment has up to %s people whom this export has not put on the list yet, or who come back to it. ActiveCampaign refuses those above the plan’s limit. Whoever is on a list of the account already needs no room.",
                                      "The account’s plan has room for %s more contacts, and this segment has up to %s people whom this export has not put on the list yet, or who come back to it. ActiveCampaign refuses those above the plan’s limit. Whoever is on a list of the account already needs no room.",
                                      relais_room_get_left (settings)), numbers.left, numbers.people);

  /* Translators: the first %s is how many contacts the account has, the second how many its plan is for; the third is a number of people, which the plural is for. */
  return g_strdup_printf (ngettext ("The account is full: %s of %s contacts. ActiveCampaign refuses everybody who is on no list of it yet, which may be up to %s person of this segment. Whoever is on one already needs no room.",
                                    "The account is full: %s of %s contacts. ActiveCampaign refuses everybody who is on no list of it yet, which may be up to %s people of this segment. Whoever is on one already needs no room.",
                                    n_new), numbers.total, numbers.limit, numbers.people);
}

/**
 * relais_room_explain:
 * @settings: (nullable): what the account said of itself before anybody was sent
 * @n_new: how many people that were sent were not known to be in the account
 *
 * Returns: (transfer full) (nullable): whole sentences for when some of them were refused; %NULL when there was room for
 *   all of them, or when that is not known
 */
char *
relais_room_explain (const RelaisAccountSettings *settings,
                     guint64                      n_new)
{
  g_auto (Numbers) numbers = { NULL };

  if (!may_be_short (settings, n_new, &numbers))
    return NULL;
  if (relais_room_get_left (settings) > 0)
    /* Translators: the first %s is how many more contacts the account's plan had room for, which the plural is for; the second is a number of people, two or more. */
    return g_strdup_printf (ngettext ("Before this run, the account’s plan had room for %s more contact, and up to %s people of the segment were new to it. ActiveCampaign refuses those above the plan’s limit. Once the plan has more room, run the export again.",
                                      "Before this run, the account’s plan had room for %s more contacts, and up to %s people of the segment were new to it. ActiveCampaign refuses those above the plan’s limit. Once the plan has more room, run the export again.",
                                      relais_room_get_left (settings)), numbers.left, numbers.people);

  /* Translators: the first %s is how many contacts the account had, the second how many its plan is for. */
  return g_strdup_printf (_("The account was full before this run: %s of %s contacts. ActiveCampaign refuses everybody who is not in the account yet. Once the plan has more room, run the export again."), numbers.total, numbers.limit);
}
