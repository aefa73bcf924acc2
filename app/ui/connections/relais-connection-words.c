/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-connection-words.h"

#include "relais-error.h"
#include "relais-format.h"

#include <glib/gi18n-lib.h>

/* Why a key could not be had. It is not written down: after a start it is not known
 * until someone asks again. */
static const char *
describe_keyring (int keyring_error)
{
  switch (keyring_error)
    {
    case RELAIS_ERROR_KEYRING_LOCKED: return _("Keyring locked");
    case RELAIS_ERROR_KEYRING_MISSING: return _("No keyring");
    case RELAIS_ERROR_KEYRING: return _("Keyring not working");
    case RELAIS_ERROR_KEY_MISSING: return _("No key in the keyring");
    default: return _("Keyring locked or missing");
    }
}

/**
 * relais_describe_check:
 * @object: (nullable): unused
 * @check: a RelaisCheck
 * @keyring_error: the RelaisError with which the keyring answered, -1 = not known
 *
 * Returns: (transfer full): the state of a connection
 */
char *
relais_describe_check (GObject *object,
                       int      check,
                       int      keyring_error)
{
  switch ((RelaisCheck) check)
    {
    case RELAIS_CHECK_NEVER: return g_strdup (_("Never checked"));
    case RELAIS_CHECK_CONNECTED: return g_strdup (_("Connected"));
    case RELAIS_CHECK_KEY_REFUSED: return g_strdup (_("Key refused"));
    case RELAIS_CHECK_NOT_ALLOWED: return g_strdup (_("Not enough rights"));
    case RELAIS_CHECK_UNREACHABLE: return g_strdup (_("Unreachable"));
    case RELAIS_CHECK_CERTIFICATE: return g_strdup (_("Certificate refused"));
    case RELAIS_CHECK_WRONG_HOST: return g_strdup (_("Not an ActiveCampaign server"));
    case RELAIS_CHECK_UNPAID: return g_strdup (_("Payment issue"));
    case RELAIS_CHECK_TROUBLE: return g_strdup (_("Trouble at ActiveCampaign"));
    case RELAIS_CHECK_KEYRING: return g_strdup (describe_keyring (keyring_error));
    default: return g_strdup ("");
    }
}

/**
 * relais_check_icon:
 * @object: (nullable): unused
 * @check: a RelaisCheck
 *
 * Returns: (transfer full): the name of its icon
 */
char *
relais_check_icon (GObject *object,
                   int      check)
{
  if (check == RELAIS_CHECK_CONNECTED)
    return g_strdup ("emblem-ok-symbolic");

  return g_strdup (check == RELAIS_CHECK_NEVER ? "dialog-question-symbolic" : "dialog-warning-symbolic");
}

/**
 * relais_check_classes:
 * @object: (nullable): unused
 * @check: a RelaisCheck
 *
 * Returns: (transfer full): the style classes of its icon
 */
char **
relais_check_classes (GObject *object,
                      int      check)
{
  const char *classes[] = { NULL, NULL };

  if (check == RELAIS_CHECK_CONNECTED)
    classes[0] = "success";
  else
    classes[0] = check == RELAIS_CHECK_NEVER ? "dim-label" : "warning";

  return g_strdupv ((char **) classes);
}

/**
 * relais_describe_account:
 * @object: (nullable): unused
 * @practice: whether it is a practice account
 * @host: (nullable): where it is
 * @n_exports: how many exports use it
 * @access: a RelaisAccess
 *
 * Returns: (transfer full): the second line of a connection's row
 */
char *
relais_describe_account (GObject    *object,
                         gboolean    practice,
                         const char *host,
                         guint       n_exports,
                         int         access)
{
  g_autofree char *uses = g_strdup_printf (ngettext ("%u export", "%u exports", n_exports), n_exports);
  const char *who = access == RELAIS_ACCESS_CONTRIBUTORS ? _("Administrators and contributors") : _("Administrators");

  return g_strdup_printf ("%s · %s · %s", practice ? _("Practice account") : host != NULL ? host : "", uses, who);
}

/**
 * relais_describe_checked:
 * @object: (nullable): unused
 * @checked_at: when a connection was checked last, 0 = never
 *
 * Returns: (transfer full): when that was, "" for never
 */
char *
relais_describe_checked (GObject *object,
                         gint64   checked_at)
{
  g_autofree char *moment = checked_at > 0 ? relais_format_moment (checked_at) : NULL;

  /* Translators: %s is a day and a time. */
  return moment != NULL ? g_strdup_printf (_("Checked %s"), moment) : g_strdup ("");
}

/**
 * relais_shows_checked:
 * @object: (nullable): unused
 * @checked_at: when a connection was checked last, 0 = never
 *
 * Returns: whether there is something to say of it
 */
gboolean
relais_shows_checked (GObject *object,
                      gint64   checked_at)
{
  return checked_at > 0;
}

/**
 * relais_describe_uses:
 * @n_exports: how many exports use a connection
 *
 * Returns: (transfer full): what that means for who wants to remove it
 */
char *
relais_describe_uses (guint n_exports)
{
  if (n_exports == 0)
    return g_strdup (_("No export uses this connection any more. It can be removed."));

  return g_strdup_printf (ngettext ("%u export uses this connection. Remove it, or disconnect it: then it keeps its settings and does not run. After that the connection can be removed.",
                                    "%u exports use this connection. Remove them, or disconnect them: then they keep their settings and do not run. After that the connection can be removed.",
                                    n_exports), n_exports);
}

/**
 * relais_describe_missing:
 * @has_name: whether a connection has a display name
 * @has_agreed: whether someone has agreed to the section on data privacy
 * @is_connected: whether its account was asked and knows the key
 *
 * Returns: (transfer full): what is to be done before it can be saved, "" for nothing
 */
char *
relais_describe_missing (gboolean has_name,
                         gboolean has_agreed,
                         gboolean is_connected)
{
  if (!has_name)
    return g_strdup (_("To save, enter a display name."));
  if (!has_agreed)
    return g_strdup (_("To save, agree to the section on data privacy and compliance."));
  if (!is_connected)
    return g_strdup (_("To save, connect to the account first."));

  return g_strdup ("");
}
