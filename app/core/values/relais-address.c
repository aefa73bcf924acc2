/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules are those of developers.activecampaign.com/reference/bulk-import-contacts
 * for addresses that an import takes, within RFC 5321's lengths. */

#include "relais-address.h"

#include <string.h>

#define MAX_LOCAL_PART 64
#define MAX_ADDRESS    254
#define MAX_LABEL      63

enum
{
  IN_LOCAL = 1 << 0,   /* may stand before the @ */
  IN_LABEL = 1 << 1,   /* may stand in a label of the domain */
  LETTER = 1 << 2,
};

static const guchar classes[256] = {
  ['A' ... 'Z'] = IN_LOCAL | IN_LABEL | LETTER, ['a' ... 'z'] = IN_LOCAL | IN_LABEL | LETTER, ['0' ... '9'] = IN_LOCAL | IN_LABEL,
  ['-'] = IN_LOCAL | IN_LABEL, ['.'] = IN_LOCAL,
  ['!'] = IN_LOCAL, ['#'] = IN_LOCAL, ['$'] = IN_LOCAL, ['%'] = IN_LOCAL, ['&'] = IN_LOCAL, ['\''] = IN_LOCAL, ['*'] = IN_LOCAL,
  ['+'] = IN_LOCAL, ['/'] = IN_LOCAL, ['='] = IN_LOCAL, ['?'] = IN_LOCAL, ['^'] = IN_LOCAL, ['_'] = IN_LOCAL, ['`'] = IN_LOCAL,
  ['{'] = IN_LOCAL, ['|'] = IN_LOCAL, ['}'] = IN_LOCAL, ['~'] = IN_LOCAL,
};

static gboolean
is_local_part (RelaisText local)
{
  char before = '.';

  if (local.length == 0 || local.length > MAX_LOCAL_PART)
    return FALSE;
  for (gsize i = 0; i < local.length; i++)
    {
      char c = local.data[i];

      if ((classes[(guchar) c] & IN_LOCAL) == 0 || (c == '.' && before == '.'))
        return FALSE;
      before = c;
    }

  return before != '.';
}

static gboolean
is_top_level (const char *label,
              gsize       length)
{
  if (length > 4 && g_ascii_strncasecmp (label, "xn--", 4) == 0)
    return TRUE;
  for (gsize i = 0; i < length; i++)
    if ((classes[(guchar) label[i]] & LETTER) == 0)
      return FALSE;

  return length >= 2;
}

static gboolean
is_domain (RelaisText domain)
{
  gsize start = 0;

  for (gsize i = 0; i <= domain.length; i++)
    {
      if (i < domain.length && domain.data[i] != '.')
        {
          if ((classes[(guchar) domain.data[i]] & IN_LABEL) == 0)
            return FALSE;
          continue;
        }
      if (i == start || i - start > MAX_LABEL || domain.data[start] == '-' || domain.data[i - 1] == '-')
        return FALSE;
      if (i == domain.length)
        return start > 0 && is_top_level (domain.data + start, i - start);
      start = i + 1;
    }

  return FALSE;
}

static gboolean
has_blank (RelaisText text)
{
  for (gsize i = 0; i < text.length; i++)
    if ((guchar) text.data[i] <= ' ' || text.data[i] == 0x7f)
      return TRUE;

  return FALSE;
}

static gboolean
is_ascii (RelaisText text)
{
  for (gsize i = 0; i < text.length; i++)
    if ((guchar) text.data[i] >= 0x80)
      return FALSE;

  return TRUE;
}

static gboolean
is_printable_ascii (RelaisText text)
{
  for (gsize i = 0; i < text.length; i++)
    if ((guchar) text.data[i] < ' ' || (guchar) text.data[i] >= 0x7f)
      return FALSE;

  return TRUE;
}

static gboolean
write_domain (RelaisText     domain,
              RelaisAddress *address)
{
  for (gsize i = 0; i < domain.length; i++)
    address->text[address->length++] = g_ascii_tolower (domain.data[i]);
  address->text[address->length] = '\0';

  return TRUE;
}

/* GLib drops a dot at the end, and does not mind a hyphen at the edge of a label. */
static gboolean
has_bad_edges (RelaisText domain)
{
  char before = '.';

  for (gsize i = 0; i <= domain.length; i++)
    {
      char c = i < domain.length ? domain.data[i] : '.';

      if ((before == '.' && (c == '.' || c == '-')) || (before == '-' && c == '.'))
        return TRUE;
      before = c;
    }

  return FALSE;
}

/* A domain in other letters is sent as the network knows it. */
static gboolean
write_international_domain (RelaisText     domain,
                            RelaisAddress *address)
{
  g_autofree char *name = g_strndup (domain.data, domain.length);
  g_autofree char *ascii = g_hostname_to_ascii (name);
  RelaisText text;

  if (ascii == NULL || has_bad_edges (domain))
    return FALSE;
  text = (RelaisText) { ascii, strlen (ascii) };

  return address->length + text.length <= MAX_ADDRESS && is_domain (text) && write_domain (text, address);
}

static RelaisReason
judge (RelaisText     text,
       RelaisAddress *address)
{
  const char *at = memchr (text.data, '@', text.length);
  RelaisText local, domain;

  if (at == NULL)
    return RELAIS_REASON_NO_AT;

  local = (RelaisText) { text.data, at - text.data };
  domain = (RelaisText) { at + 1, text.data + text.length - (at + 1) };
  if (memchr (domain.data, '@', domain.length) != NULL)
    return RELAIS_REASON_SEVERAL_AT;
  if (has_blank (text) || !is_ascii (local))
    return RELAIS_REASON_BAD_CHARACTERS;
  if (text.length > MAX_ADDRESS)
    return RELAIS_REASON_ADDRESS_TOO_LONG;
  if (!is_local_part (local))
    return RELAIS_REASON_BAD_LOCAL_PART;

  memcpy (address->text, local.data, local.length);
  address->text[local.length] = '@';
  address->length = local.length + 1;
  if (is_domain (domain))
    write_domain (domain, address);
  else if (is_ascii (domain) || !write_international_domain (domain, address))
    return RELAIS_REASON_BAD_DOMAIN;

  return RELAIS_REASON_NONE;
}

/* Whether what stands before <address> is another one: two people in one cell.
 * Mail programs write the same one there when they know no name. */
static gboolean
names_another (RelaisText before,
               RelaisText inside)
{
  before = relais_text_trim (before);
  if (memchr (before.data, '@', before.length) == NULL)
    return FALSE;
  if (before.length >= 2 && (before.data[0] == '"' || before.data[0] == '\'') && before.data[before.length - 1] == before.data[0])
    before = relais_text_trim ((RelaisText) { before.data + 1, before.length - 2 });

  return before.length != inside.length || g_ascii_strncasecmp (before.data, inside.data, inside.length) != 0;
}

/* Name <address>, <address> */
static RelaisText
unwrap_brackets (RelaisText text)
{
  const char *open;
  RelaisText inside;

  if (text.length <= 2 || text.data[text.length - 1] != '>')
    return text;
  open = g_strrstr_len (text.data, text.length, "<");
  if (open == NULL)
    return text;
  inside = relais_text_trim ((RelaisText) { open + 1, text.data + text.length - 1 - (open + 1) });

  return names_another ((RelaisText) { text.data, open - text.data }, inside) ? text : inside;
}

static RelaisText
unwrap (RelaisText text)
{
  static const char mailto[] = "mailto:";

  text = unwrap_brackets (text);
  if (text.length > strlen (mailto) && g_ascii_strncasecmp (text.data, mailto, strlen (mailto)) == 0)
    text = relais_text_trim ((RelaisText) { text.data + strlen (mailto), text.length - strlen (mailto) });

  return text;
}

static gboolean
has_other_than_ascii_blanks (RelaisText written,
                             RelaisText trimmed)
{
  RelaisText before = { written.data, trimmed.data - written.data };
  RelaisText after = { trimmed.data + trimmed.length, written.data + written.length - (trimmed.data + trimmed.length) };

  return !is_ascii (before) || !is_ascii (after);
}

static RelaisReason
read_odd (RelaisText     written,
          RelaisAddress *address)
{
  RelaisText trimmed = relais_text_trim (written);
  RelaisText text = unwrap (trimmed);
  g_autoptr (GString) cleaned = NULL;

  address->length = 0;
  address->text[0] = '\0';
  address->cleaned = text.length != trimmed.length || has_other_than_ascii_blanks (written, trimmed);
  if (text.length == 0)
    return RELAIS_REASON_EMPTY_ADDRESS;

  /* Control characters and invisible marks can stand anywhere; an address that has them is rare. */
  if (!is_printable_ascii (text))
    {
      cleaned = g_string_new (NULL);
      if (relais_text_clean (text, cleaned))
        address->cleaned = TRUE;
      text = (RelaisText) { cleaned->str, cleaned->len };
    }

  return judge (text, address);
}

/* Most addresses in one pass: @written is an address as it is, in ASCII.
 *
 * Returns: whether it was; else nothing is known of it */
static gboolean
read_plain (RelaisText     written,
            RelaisAddress *address)
{
  const char *data = written.data;
  gsize length = written.length, at = 0, label;
  guint n_labels = 0;
  char before = '.';

  if (length > MAX_ADDRESS)
    return FALSE;
  for (; at < length && (classes[(guchar) data[at]] & IN_LOCAL) != 0; at++)
    {
      if (data[at] == '.' && before == '.')
        return FALSE;
      address->text[at] = before = data[at];
    }
  if (at == length || data[at] != '@' || before == '.' || at > MAX_LOCAL_PART)
    return FALSE;
  address->text[at++] = '@';

  for (label = at; ; label = at + 1, at++)
    {
      guchar letters = LETTER;

      for (; at < length && (classes[(guchar) data[at]] & IN_LABEL) != 0; at++)
        {
          letters &= classes[(guchar) data[at]];
          address->text[at] = g_ascii_tolower (data[at]);
        }
      if (at == label || at - label > MAX_LABEL || data[label] == '-' || data[at - 1] == '-')
        return FALSE;
      n_labels++;
      if (at == length)
        {
          address->text[at] = '\0';
          address->length = at;
          return n_labels > 1 && letters != 0 && at - label >= 2;
        }
      if (data[at] != '.')
        return FALSE;
      address->text[at] = '.';
    }
}

/**
 * relais_address_read:
 * @written: a cell, as it stands in the file
 * @address: (out): the address as it is sent, when the reason is none
 *
 * Takes away what spreadsheets and address books put around an address, and
 * checks its syntax. Whether it exists is not asked.
 *
 * Returns: RELAIS_REASON_NONE, or why it is no address
 */
RelaisReason
relais_address_read (RelaisText     written,
                     RelaisAddress *address)
{
  address->cleaned = FALSE;

  return read_plain (written, address) ? RELAIS_REASON_NONE : read_odd (written, address);
}

/* Returns: the new length: a domain in other letters is one with its ASCII form */
static gsize
fold_domain (char  folded[RELAIS_ADDRESS_SIZE],
             gsize length)
{
  char *domain = strrchr (folded, '@');
  g_autofree char *ascii = NULL;

  if (domain == NULL || g_str_is_ascii (++domain) || !g_utf8_validate (domain, -1, NULL))
    return length;
  ascii = g_hostname_to_ascii (domain);
  if (ascii == NULL || (domain - folded) + strlen (ascii) >= RELAIS_ADDRESS_SIZE)
    return length;
  strcpy (domain, ascii);

  return (domain - folded) + strlen (domain);
}

/**
 * relais_address_fold:
 * @text: an address, as it is sent or as someone wrote it
 * @length: in bytes; what is beyond the longest address is left out
 * @folded: (out): the form by which addresses are compared, zero-terminated: in lower
 *   case, the domain as the network knows it
 *
 * Returns: the length of @folded in bytes
 */
gsize
relais_address_fold (const char *text,
                     gsize       length,
                     char        folded[RELAIS_ADDRESS_SIZE])
{
  gsize n = MIN (length, RELAIS_ADDRESS_SIZE - 1);

  for (gsize i = 0; i < n; i++)
    folded[i] = g_ascii_isupper (text[i]) ? text[i] - 'A' + 'a' : text[i];
  folded[n] = '\0';

  return fold_domain (folded, n);
}
