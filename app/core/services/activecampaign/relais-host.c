/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-host.h"

#include "relais-error.h"
#include "relais-text.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

static char *
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, sentence);

  return NULL;
}

/* Without the blanks and invisible marks around it that come along with what is pasted
 * Returns: (transfer full) (nullable): %NULL when it is not even text */
static char *
trim (const char *written)
{
  RelaisText text = { written != NULL ? written : "", 0 };

  text.length = strlen (text.data);
  if (!g_utf8_validate (text.data, text.length, NULL))
    return NULL;
  text = relais_text_trim (text);

  return g_strndup (text.data, text.length);
}

/* Whatever ends in a number is read as an IP address by someone, 127.1 and 0x7f.1 too. */
static gboolean
is_ip_address (const char *host)
{
  const char *dot = strrchr (host, '.');
  const char *last = dot != NULL ? dot + 1 : host;

  if (g_hostname_is_ip_address (host) || host[0] == '[')
    return TRUE;
  if (g_ascii_strncasecmp (last, "0x", 2) == 0)
    return last[2 + strspn (last + 2, "0123456789abcdefABCDEF")] == '\0';

  return *last != '\0' && last[strspn (last, "0123456789")] == '\0';
}

/* What may follow the host of a pasted address without meaning anything else. */
static gboolean
is_empty_path (const char *path)
{
  static const char * const empty[] = { "", "/", "/api", "/api/", "/api/3", "/api/3/" };

  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    if (strcmp (path, empty[i]) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
has_good_labels (const char *host)
{
  g_auto (GStrv) labels = g_strsplit (host, ".", -1);

  for (guint i = 0; labels[i] != NULL; i++)
    {
      gsize length = strlen (labels[i]);

      if (length == 0 || length > 63 || labels[i][0] == '-' || labels[i][length - 1] == '-')
        return FALSE;
      for (const char *at = labels[i]; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && *at != '-' && *at != '_')
          return FALSE;
    }

  return strlen (host) <= 253;
}

/**
 * relais_host_read:
 * @written: what a person wrote or pasted
 * @reduced: (out): whether more than the host name was there, and left out
 * @error: RELAIS_ERROR_DEFINITION: a sentence that says what is wrong with it
 *
 * Returns: (transfer full) (nullable): the host name, in lower case, as the network knows it
 */
char *
relais_host_read (const char  *written,
                  gboolean    *reduced,
                  GError     **error)
{
  g_autofree char *text = trim (written);
  g_autofree char *host = NULL;
  g_autofree char *ascii = NULL;
  const char *rest = text;
  gsize length;

  *reduced = FALSE;
  if (text == NULL)
    return refuse (error, _("This is not a host name: there is a character in it, or a dot too many, that no host name has."));
  if (text[0] == '\0')
    return refuse (error, _("Enter the REST endpoint hostname of the account. ActiveCampaign shows it under Settings, Developer."));
  if (g_ascii_strncasecmp (rest, "https://", 8) == 0 || g_ascii_strncasecmp (rest, "http://", 7) == 0)
    {
      rest = strstr (rest, "://") + 3;
      *reduced = TRUE;
    }
  length = strcspn (rest, "/?#");
  if (!is_empty_path (rest + length))
    return refuse (error, _("Enter only the host name: what follows it, from the slash on, does not belong here."));
  *reduced = *reduced || rest[length] != '\0';
  host = g_strndup (rest, length);
  if (strpbrk (host, " \t\r\n") != NULL)
    return refuse (error, _("A host name has no spaces in it."));
  if (strchr (host, '@') != NULL)
    return refuse (error, _("Enter only the host name, without a user name or password before an @ sign."));
  if (is_ip_address (host))
    return refuse (error, _("Enter the host name that ActiveCampaign shows, not an IP address."));
  if (strchr (host, ':') != NULL)
    return refuse (error, _("Enter only the host name, without a colon and a port number."));
  ascii = g_hostname_to_ascii (host);
  if (ascii != NULL && strchr (ascii, '.') == NULL)
    return refuse (error, _("This is not a whole host name. It looks like youraccount.api-us1.com."));
  if (ascii == NULL || !has_good_labels (ascii))
    return refuse (error, _("This is not a host name: there is a character in it, or a dot too many, that no host name has."));
  if (is_ip_address (ascii))
    return refuse (error, _("Enter the host name that ActiveCampaign shows, not an IP address."));

  return g_ascii_strdown (ascii, -1);
}

/**
 * relais_host_is_known:
 * @host: a host name that was read
 *
 * Returns: whether it has one of the endings that ActiveCampaign is known to use
 *   (developers.activecampaign.com/reference/url). It may use others.
 */
gboolean
relais_host_is_known (const char *host)
{
  static const char * const endings[] = { ".api-us1.com", ".activehosted.com" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (host, endings[i]))
      return TRUE;

  return FALSE;
}

/**
 * relais_host_read_practice:
 * @written: address of a practice account: host and port
 * @error: RELAIS_ERROR_DEFINITION: a sentence that says what is wrong with it
 *
 * Returns: (transfer full) (nullable): the address; it is on this computer
 */
char *
relais_host_read_practice (const char  *written,
                           GError     **error)
{
  g_autofree char *text = trim (written);
  const char *rest = text == NULL ? "" : g_ascii_strncasecmp (text, "http://", 7) == 0 ? text + 7 : text;
  g_autofree char *address = g_ascii_strdown (rest, strcspn (rest, "/"));
  const char *colon = strrchr (address, ':');
  g_autofree char *host = colon != NULL ? g_strndup (address, colon - address) : NULL;
  guint64 port;

  if (host == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return refuse (error, _("Enter the address of the practice account as it was printed, for example 127.0.0.1:8080."));
  if (strcmp (host, "127.0.0.1") != 0 && strcmp (host, "localhost") != 0 && strcmp (host, "[::1]") != 0)
    return refuse (error, _("A practice account runs on this computer: its address begins with 127.0.0.1."));

  return g_steal_pointer (&address);
}
