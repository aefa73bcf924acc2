/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-phone.h"

#include <string.h>

#include "relais-address.h"

/* E.164: 15 digits at most, calling code included. */
#define MAX_DIGITS 15
/* Shorter than this is a service, not a subscriber. */
#define MIN_FOREIGN_DIGITS 8

/* A numbering plan. Source: the national plans notified to ITU-T under
 * E.129/E.164 ("National Numbering Plans", itu.int/oth/T0202); for France the
 * decisions of ARCEP. A national number is what follows calling code or trunk
 * prefix. */
typedef struct
{
  const char *country;  /* ISO 3166 */
  const char *calling;
  const char *trunk;    /* dialled before a national number, "" = none */
  guint8      shortest; /* of a national number, in digits */
  guint8      longest;
  const char *first;    /* digits a national number may begin with */
  gboolean    french;   /* see french_ranges */
} Plan;

#define FRENCH_PLAN "12345679", TRUE

static const Plan plans[] = {
  { "AD", "376", "", 6, 9, "3456789" },
  { "AT", "43", "0", 7, 13, "123456789" },
  { "AU", "61", "0", 9, 9, "23478" },
  { "BE", "32", "0", 8, 9, "123456789" },
  { "BG", "359", "0", 7, 9, "23456789" },
  { "BL", "590", "0", 9, 9, FRENCH_PLAN },
  { "CA", "1", "1", 10, 10, "23456789" },
  { "CH", "41", "0", 9, 9, "123456789" },
  { "CI", "225", "", 10, 10, "02" },
  { "CM", "237", "", 9, 9, "26" },
  { "CY", "357", "", 8, 8, "2579" },
  { "CZ", "420", "", 9, 9, "23456789" },
  { "DE", "49", "0", 7, 13, "123456789" },
  { "DK", "45", "", 8, 8, "23456789" },
  { "DZ", "213", "0", 8, 9, "2345679" },
  { "EE", "372", "", 7, 8, "3456789" },
  { "ES", "34", "", 9, 9, "56789" },
  { "FI", "358", "0", 6, 11, "12345679" },
  { "FR", "33", "0", 9, 9, FRENCH_PLAN },
  { "GB", "44", "0", 9, 10, "12356789" },
  { "GF", "594", "0", 9, 9, FRENCH_PLAN },
  { "GP", "590", "0", 9, 9, FRENCH_PLAN },
  { "GR", "30", "", 10, 10, "2678" },
  { "HR", "385", "0", 8, 9, "123456789" },
  { "HU", "36", "06", 8, 9, "123456789" },
  { "IE", "353", "0", 7, 9, "12456789" },
  { "IS", "354", "", 7, 9, "345678" },
  { "IT", "39", "", 6, 11, "03" },
  { "LI", "423", "", 7, 9, "236789" },
  { "LT", "370", "0", 8, 8, "3456789" },
  { "LU", "352", "", 6, 11, "2345689" },
  { "LV", "371", "", 8, 8, "25678" },
  { "MA", "212", "0", 9, 9, "5678" },
  { "MC", "377", "", 8, 9, "3456789" },
  { "MF", "590", "0", 9, 9, FRENCH_PLAN },
  { "MQ", "596", "0", 9, 9, FRENCH_PLAN },
  { "MT", "356", "", 8, 8, "2579" },
  { "NC", "687", "", 6, 6, "2345789" },
  { "NL", "31", "0", 9, 9, "123456789" },
  { "NO", "47", "", 8, 8, "23456789" },
  { "NZ", "64", "0", 8, 10, "23456789" },
  { "PF", "689", "", 8, 8, "4789" },
  { "PL", "48", "", 9, 9, "123456789" },
  { "PT", "351", "", 9, 9, "236789" },
  { "RE", "262", "0", 9, 9, FRENCH_PLAN },
  { "RO", "40", "0", 9, 9, "23789" },
  { "SE", "46", "0", 7, 10, "123456789" },
  { "SI", "386", "0", 8, 8, "123456789" },
  { "SK", "421", "0", 9, 9, "2345689" },
  { "SN", "221", "", 9, 9, "3789" },
  { "TN", "216", "", 8, 8, "23456789" },
  { "US", "1", "1", 10, 10, "23456789" },
  { "YT", "262", "0", 9, 9, FRENCH_PLAN },
};

/* France and its overseas departments share one plan of ten digits, but not
 * one calling code: 0692… is dialled everywhere and is +262 from abroad.
 * Ranges that ARCEP divides among several of them further down stay unclear. */
static const struct
{
  const char *prefix;  /* of the national number */
  const char *calling; /* NULL = not clear from the prefix */
} french_ranges[] = {
  { "63998", "33" }, /* kept for fiction, within a range of Mayotte */
  { "262", "262" }, { "263", "262" }, { "269", "262" }, { "639", "262" }, { "692", "262" }, { "693", "262" },
  { "590", "590" }, { "690", "590" }, { "691", "590" },
  { "594", "594" }, { "694", "594" },
  { "596", "596" }, { "696", "596" }, { "697", "596" },
  { "709", NULL }, { "939", NULL }, { "947", NULL }, { "976", NULL },
};

/* What was written, reduced to its digits. */
typedef struct
{
  char     digits[RELAIS_PHONE_SIZE];
  guint    length;
  gboolean international; /* the digits begin with a calling code */
} Number;

static const Plan *
find_plan (const char *country)
{
  for (guint i = 0; country != NULL && i < G_N_ELEMENTS (plans); i++)
    if (g_ascii_strcasecmp (plans[i].country, country) == 0)
      return &plans[i];

  return NULL;
}

static char *
drop_blanks (const char *text)
{
  GString *rest = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_type (g_utf8_get_char (at)) != G_UNICODE_SPACE_SEPARATOR)
      g_string_append_len (rest, at, g_utf8_next_char (at) - at);

  return g_string_free (rest, FALSE);
}

/* 3,36E+10: what a spreadsheet leaves of a long number. Blanks were put in by hand, or by a form. */
static gboolean
is_scientific (const char *written)
{
  g_autofree char *text = NULL;
  const char *at, *digits;

  if (strpbrk (written, "eE") == NULL)
    return FALSE;
  text = drop_blanks (written);
  digits = at = text + (*text == '+' || *text == '-');

  while (g_ascii_isdigit (*at))
    at++;
  if (at == digits)
    return FALSE;
  if (*at == '.' || *at == ',')
    for (at++; g_ascii_isdigit (*at);)
      at++;
  if (*at != 'e' && *at != 'E')
    return FALSE;
  at++;
  if (*at == '+' || *at == '-')
    at++;
  digits = at;
  while (g_ascii_isdigit (*at))
    at++;

  return at > digits && *at == '\0';
}

/* "n/a", "see file", an email address: one who was asked for a number gave none. Whatever else
 * has a digit may be a telephone. */
static gboolean
is_no_telephone (const GString *text)
{
  RelaisAddress address;
  gboolean digits = FALSE;

  for (const char *at = text->str; *at != '\0' && !digits; at = g_utf8_next_char (at))
    digits = g_unichar_isdigit (g_utf8_get_char (at));
  if (!digits)
    return TRUE;

  return strchr (text->str, '@') != NULL && strpbrk (text->str, " <") == NULL &&
         relais_address_read ((RelaisText) { text->str, text->len }, &address) == RELAIS_REASON_NONE;
}

static gboolean
is_separator (gunichar c)
{
  return c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')' || c == 0xb7 ||
         (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
}

/* "(0)" stands for a zero that is not dialled from abroad. */
static const char *
skip_optional_zero (const char *at)
{
  const char *end = at;

  if (*end != '(')
    return NULL;
  for (end++; *end == ' ';)
    end++;
  if (*end != '0')
    return NULL;
  for (end++; *end == ' ';)
    end++;

  return *end == ')' ? end + 1 : NULL;
}

/* Returns whether there is nothing in @text but one number. */
static gboolean
read_number (const char *text,
             Number     *number)
{
  const char *at = text;

  number->length = 0;
  number->international = FALSE;
  if (g_ascii_strncasecmp (at, "tel:", 4) == 0)
    at += 4;
  /* The mark with which a spreadsheet is told that this is text. */
  if (*at == '\'')
    at++;

  while (*at != '\0')
    {
      const char *after = NULL;
      gunichar c = g_utf8_get_char (at);

      if (number->length > 0 && (after = skip_optional_zero (at)) != NULL &&
          (number->international || g_str_has_prefix (number->digits, "00")))
        {
          at = after;
          continue;
        }
      if (c < 0x80 && g_ascii_isdigit ((char) c))
        {
          number->digits[number->length++] = (char) c;
          number->digits[number->length] = '\0';
        }
      else if (c == '+' && number->length == 0 && !number->international)
        number->international = TRUE;
      else if (!is_separator (c))
        return FALSE;
      at = g_utf8_next_char (at);
    }
  number->digits[number->length] = '\0';

  return number->length > 0;
}

static void
drop_digits (Number *number,
             guint   n)
{
  memmove (number->digits, number->digits + n, number->length + 1 - n);
  number->length -= n;
}

static gboolean
is_national (const Plan *plan,
             const char *digits)
{
  gsize length = strlen (digits);

  if (length < plan->shortest || length > plan->longest || strchr (plan->first, digits[0]) == NULL)
    return FALSE;

  /* North America: the exchange does not begin with 0 or 1 either. */
  return strcmp (plan->calling, "1") != 0 || strchr (plan->first, digits[3]) != NULL;
}

/* The calling code that goes before a national number, NULL when it is not clear. */
static const char *
find_calling_code (const Plan *plan,
                   const char *national)
{
  if (!plan->french)
    return plan->calling;

  for (guint i = 0; i < G_N_ELEMENTS (french_ranges); i++)
    if (g_str_has_prefix (national, french_ranges[i].prefix))
      return french_ranges[i].calling;

  return "33";
}

/* Takes the trunk prefix away that some write after the calling code: +33 06… */
static const char *
skip_trunk (const Plan *plan,
            const char *digits)
{
  gsize length = strlen (plan->trunk);

  if (length > 0 && !is_national (plan, digits) && g_str_has_prefix (digits, plan->trunk))
    return digits + length;

  return digits;
}

/* Digits that begin with a calling code. */
static gboolean
write_international (const char *digits,
                     char        phone[RELAIS_PHONE_SIZE])
{
  const Plan *plan = NULL;
  const char *national;

  /* No calling code is the beginning of another. */
  for (guint i = 0; i < G_N_ELEMENTS (plans) && plan == NULL; i++)
    if (g_str_has_prefix (digits, plans[i].calling))
      plan = &plans[i];

  if (plan == NULL)
    {
      gsize length = strlen (digits);

      if (digits[0] == '0' || length < MIN_FOREIGN_DIGITS || length > MAX_DIGITS)
        return FALSE;
      g_snprintf (phone, RELAIS_PHONE_SIZE, "+%s", digits);
      return TRUE;
    }

  national = skip_trunk (plan, digits + strlen (plan->calling));
  if (!is_national (plan, national) || strlen (plan->calling) + strlen (national) > MAX_DIGITS)
    return FALSE;
  if (plan->french)
    {
      const char *calling = find_calling_code (plan, national);

      /* An unclear range is clear once its calling code is written; another
       * department's code is a mistake that is not ours to correct. */
      if (calling != NULL && strcmp (calling, plan->calling) != 0)
        return FALSE;
    }
  g_snprintf (phone, RELAIS_PHONE_SIZE, "+%s%s", plan->calling, national);

  return TRUE;
}

/* Digits as they are dialled inside the country. */
static gboolean
write_national (const Plan *plan,
                const char *digits,
                char        phone[RELAIS_PHONE_SIZE])
{
  gsize trunk = strlen (plan->trunk);
  const char *national = digits;
  const char *calling;

  if (trunk > 0 && g_str_has_prefix (digits, plan->trunk))
    national = digits + trunk;
  else if (plan->shortest != plan->longest && trunk > 0)
    /* Without its trunk prefix this may be a local number, or end too early. */
    return FALSE;

  if (!is_national (plan, national) || (calling = find_calling_code (plan, national)) == NULL)
    return FALSE;
  g_snprintf (phone, RELAIS_PHONE_SIZE, "+%s%s", calling, national);

  return TRUE;
}

/* 33612345678: the + got lost. Clear where a national number has one length only. */
static gboolean
write_without_plus (const Plan *plan,
                    const char *digits,
                    char        phone[RELAIS_PHONE_SIZE])
{
  gsize calling = strlen (plan->calling);

  if (plan->shortest != plan->longest || !g_str_has_prefix (digits, plan->calling) ||
      strlen (digits) != calling + plan->longest)
    return FALSE;

  return write_international (digits, phone);
}

static gboolean
write_e164 (const Plan *plan,
            Number     *number,
            char        phone[RELAIS_PHONE_SIZE])
{
  if (!number->international && g_str_has_prefix (number->digits, "00"))
    {
      drop_digits (number, 2);
      number->international = TRUE;
    }
  else if (!number->international && strcmp (plan->calling, "1") == 0 && g_str_has_prefix (number->digits, "011"))
    {
      drop_digits (number, 3);
      number->international = TRUE;
    }

  if (number->international)
    return write_international (number->digits, phone);

  return write_national (plan, number->digits, phone) || write_without_plus (plan, number->digits, phone);
}

/* Copies what fits, in whole characters; returns whether that was all. */
static gboolean
copy_text (const GString *text,
           char           phone[RELAIS_PHONE_SIZE],
           gsize         *length)
{
  const char *end = text->str + text->len;

  while (end - text->str >= RELAIS_PHONE_SIZE)
    end = g_utf8_find_prev_char (text->str, end);
  *length = end - text->str;
  memcpy (phone, text->str, *length);
  phone[*length] = '\0';

  return *length == text->len;
}

/**
 * relais_phone_knows_country:
 * @country: (nullable): an ISO 3166 code, in either case
 *
 * Returns: whether telephones of that country can be written as E.164
 */
gboolean
relais_phone_knows_country (const char *country)
{
  return find_plan (country) != NULL;
}

/**
 * relais_phone_read:
 * @written: a cell
 * @country: (nullable): an ISO 3166 code: telephones are written as E.164, and
 *   one without a calling code belongs to that country; %NULL leaves them as written
 * @phone: (out caller-allocates): the telephone, zero-terminated; empty when there is none
 * @length: (out): its length in bytes
 *
 * Reads a telephone. "(0)", separators and a leading 00 are understood; an
 * extension, a short number, a French 08 number or two numbers in one cell have
 * no international form and are left as written. Text without a digit and
 * an email address are no telephone.
 *
 * Returns: RELAIS_REASON_NONE, RELAIS_REASON_PHONE_AS_WRITTEN when a country
 *   is given but no international form could be made (the row is sent; also when
 *   text beyond RELAIS_PHONE_SIZE had to be cut),
 *   RELAIS_REASON_PHONE_LEFT_OUT when the cell holds no telephone (the row is sent without one), or
 *   RELAIS_REASON_SCIENTIFIC_NUMBER when a spreadsheet has destroyed the digits
 */
RelaisReason
relais_phone_read (RelaisText  written,
                   const char *country,
                   char        phone[RELAIS_PHONE_SIZE],
                   gsize      *length)
{
  const Plan *plan = find_plan (country);
  g_autoptr (GString) text = g_string_sized_new (32);
  gboolean whole;
  Number number;

  phone[0] = '\0';
  *length = 0;
  relais_text_clean (written, text);
  if (text->len == 0)
    return RELAIS_REASON_NONE;
  if (is_scientific (text->str))
    return RELAIS_REASON_SCIENTIFIC_NUMBER;
  if (is_no_telephone (text))
    return RELAIS_REASON_PHONE_LEFT_OUT;

  whole = copy_text (text, phone, length);
  if (!whole)
    return RELAIS_REASON_PHONE_AS_WRITTEN;
  if (country == NULL)
    return RELAIS_REASON_NONE;
  if (plan == NULL || !read_number (phone, &number) || !write_e164 (plan, &number, phone))
    return RELAIS_REASON_PHONE_AS_WRITTEN;
  *length = strlen (phone);

  return RELAIS_REASON_NONE;
}
