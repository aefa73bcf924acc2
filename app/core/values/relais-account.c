/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-account.h"

#include <string.h>

/* Returns: how long the account's name at the beginning of a host name is, 0 when it does not begin with one. The service gives
 * out youraccount.api-us1.com (developers.activecampaign.com/reference/url), is reached at youraccount.activehosted.com too, and
 * may have more of the first kind. */
static gsize
get_name_length (const char *host)
{
  const char *dot = strchr (host, '.');

  if (dot == NULL || !(strcmp (dot, ".activehosted.com") == 0 || (g_str_has_prefix (dot, ".api-") && g_str_has_suffix (dot, ".com"))))
    return 0;

  return (gsize) (dot - host);
}

/**
 * relais_account_is_same:
 * @host: (nullable): of an account, %NULL for the built-in practice account
 * @other: (nullable): of an account
 *
 * Returns: whether both lead to one account as far as that can be told from them
 */
gboolean
relais_account_is_same (const char *host,
                        const char *other)
{
  gsize length;

  if (host == NULL || other == NULL)
    return host == other;
  if (strcmp (host, other) == 0)
    return TRUE;
  length = get_name_length (host);

  return length > 0 && length == get_name_length (other) && strncmp (host, other, length) == 0;
}
