/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What reading back after a run came to, in words. */

#include "relais-verification-words.h"

#include "relais-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static char *
explain_done (const RelaisVerification *verification,
              const char               *same,
              const char               *of)
{
  if (verification->different > 0)
    {
      g_autofree char *different = relais_format_count (verification->different);

      /* Translators: numbers of people: those whom the account shows as they were sent, all who were looked up, and those whom it shows otherwise. */
      return g_strdup_printf (ngettext ("Verified %s of %s. %s person is not in ActiveCampaign as they were sent.",
                                        "Verified %s of %s. %s people are not in ActiveCampaign as they were sent.", verification->different),
                              same, of, different);
    }
  if (verification->all || verification->asked >= verification->delivered)
    /* Translators: two numbers of people. */
    return g_strdup_printf (_("Verified %s of %s: everybody who was delivered is in ActiveCampaign as they were sent."), same, of);

  /* Translators: two numbers of people. */
  return g_strdup_printf (ngettext ("Verified %s of %s, chosen at random: they are in ActiveCampaign as they were sent.",
                                    "Verified %s of %s, chosen at random: they are in ActiveCampaign as they were sent.", verification->same), same, of);
}

static char *
explain_state (const RelaisVerification *verification)
{
  g_autofree char *same = relais_format_count (verification->same);
  gboolean of_all = verification->all || verification->asked == 0;
  g_autofree char *of = relais_format_count (of_all ? verification->delivered : verification->asked);

  switch (verification->state)
    {
    case RELAIS_VERIFICATION_DONE:
      return explain_done (verification, same, of);

    case RELAIS_VERIFICATION_STOPPED:
      /* Translators: two numbers of people; reading back was stopped by the person. */
      return g_strdup_printf (_("Verified %s of %s, then stopped. What was delivered is not affected."), same, of);

    case RELAIS_VERIFICATION_FAILED:
      /* Translators: two numbers of people, and a whole sentence that says why. */
      return g_strdup_printf (_("Verified %s of %s; the others could not be read back from ActiveCampaign. What was delivered is not affected. %s"),
                              same, of, verification->message != NULL ? verification->message : "");

    case RELAIS_VERIFICATION_NONE:
    case RELAIS_VERIFICATION_NOTHING:
    default:
      return NULL;
    }
}

/**
 * relais_verification_explain:
 * @verification: of a run
 *
 * Returns: (transfer full) (nullable): one or more whole sentences in the person's language, %NULL when there is nothing to say
 */
char *
relais_verification_explain (const RelaisVerification *verification)
{
  g_autofree char *sentence = explain_state (verification);

  if (sentence == NULL || !verification->values_untold)
    return g_steal_pointer (&sentence);

  return g_strconcat (sentence, " ", _("ActiveCampaign did not tell the values of custom fields, so they were not compared."), NULL);
}

static const char *
name_field (const RelaisDifference *difference)
{
  if (g_strcmp0 (difference->field, "first_name") == 0)
    return _("First name");
  if (g_strcmp0 (difference->field, "last_name") == 0)
    return _("Last name");
  if (g_strcmp0 (difference->field, "phone") == 0)
    return _("Phone");

  return difference->title != NULL ? difference->title : difference->field;
}

static char *
explain_value (const RelaisDifference *difference)
{
  const char *name = name_field (difference);

  if (difference->held == NULL || *difference->held == '\0')
    /* Translators: the name of a field, and a value. */
    return g_strdup_printf (_("%s: “%s” was sent, and ActiveCampaign holds nothing there."), name, difference->sent);
  if (difference->sent == NULL || *difference->sent == '\0')
    /* Translators: the name of a field, and a value. */
    return g_strdup_printf (_("%s: an empty value was sent, and ActiveCampaign still holds “%s”."), name, difference->held);

  /* Translators: the name of a field, and two values. */
  return g_strdup_printf (_("%s: “%s” was sent, and ActiveCampaign holds “%s”."), name, difference->sent, difference->held);
}

/**
 * relais_difference_explain:
 * @difference: one thing in which the account does not show what was sent
 *
 * Returns: (transfer full): one or more whole sentences in the person's language
 */
char *
relais_difference_explain (const RelaisDifference *difference)
{
  switch (difference->kind)
    {
    case RELAIS_DIFFERENCE_NOT_FOUND:
      return g_strdup (_("ActiveCampaign confirmed this contact, and does not have it. It is sent again the next time."));

    case RELAIS_DIFFERENCE_NOT_ON_LIST:
      return g_strdup (_("ActiveCampaign has this contact, but not on the list. It is sent again the next time."));

    case RELAIS_DIFFERENCE_UNCONFIRMED:
      return g_strdup (_("This person is on the list, but has not confirmed it."));

    case RELAIS_DIFFERENCE_UNSUBSCRIBED:
      return g_strdup (_("This person has unsubscribed from the list."));

    case RELAIS_DIFFERENCE_BOUNCED:
      return g_strdup (_("Mail to this person has come back undelivered."));

    case RELAIS_DIFFERENCE_STATUS:
      return g_strdup (_("This person is on the list with a status that Relais does not know."));

    case RELAIS_DIFFERENCE_VALUE:
      return explain_value (difference);

    default:
      g_return_val_if_reached (NULL);
    }
}
