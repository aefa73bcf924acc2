/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-moment-private.h"

#include <string.h>

/* Dates before and after these are a program's word for "none". */
#define FIRST_YEAR 1000
#define LAST_YEAR 9999

/* Names of months in English and French and what they are shortened to, without accents. */
static const struct
{
  const char *name;
  guint       month;
} months[] = {
  { "january", 1 }, { "jan", 1 }, { "janvier", 1 }, { "janv", 1 },
  { "february", 2 }, { "feb", 2 }, { "fevrier", 2 }, { "fevr", 2 }, { "fev", 2 },
  { "march", 3 }, { "mar", 3 }, { "mars", 3 },
  { "april", 4 }, { "apr", 4 }, { "avril", 4 }, { "avr", 4 },
  { "may", 5 }, { "mai", 5 },
  { "june", 6 }, { "jun", 6 }, { "juin", 6 },
  { "july", 7 }, { "jul", 7 }, { "juillet", 7 }, { "juil", 7 },
  { "august", 8 }, { "aug", 8 }, { "aout", 8 },
  { "september", 9 }, { "sep", 9 }, { "sept", 9 }, { "septembre", 9 },
  { "october", 10 }, { "oct", 10 }, { "octobre", 10 },
  { "november", 11 }, { "nov", 11 }, { "novembre", 11 },
  { "december", 12 }, { "dec", 12 }, { "decembre", 12 },
};

/* One piece of a written date. */
typedef struct
{
  guint value;
  guint digits; /* 0 = the name of a month */
} Piece;

static gboolean
is_valid (guint year,
          guint month,
          guint day)
{
  return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 &&
         day <= g_date_get_days_in_month (month, year);
}

static gboolean
skip_blanks (const char **at)
{
  const char *from = *at;

  while (**at == ' ' || g_str_has_prefix (*at, "\302\240") || g_str_has_prefix (*at, "\342\200\257"))
    *at = g_utf8_next_char (*at);

  return *at > from;
}

static gboolean
read_digits (const char **at,
             guint        most,
             guint       *value,
             guint       *digits)
{
  *value = 0;
  for (*digits = 0; *digits < most && g_ascii_isdigit (**at); (*at)++, (*digits)++)
    *value = *value * 10 + (guint) (**at - '0');

  return *digits > 0 && !g_ascii_isdigit (**at);
}

static gboolean
read_month_name (const char **at,
                 guint       *month)
{
  const char *end = *at;
  g_autofree char *written = NULL;
  g_autofree char *composed = NULL;
  g_autofree char *folded = NULL;

  while (g_unichar_isalpha (g_utf8_get_char (end)) || g_unichar_ismark (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  if (end == *at)
    return FALSE;
  written = g_strndup (*at, end - *at);
  composed = g_utf8_normalize (written, -1, G_NORMALIZE_ALL_COMPOSE);
  folded = g_str_to_ascii (composed != NULL ? composed : written, "C");
  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_ascii_strcasecmp (months[i].name, folded) == 0)
      {
        *month = months[i].month;
        *at = *end == '.' ? end + 1 : end;
        return TRUE;
      }

  return FALSE;
}

/* "1er janvier", "May 5th" */
static void
skip_ordinal (const char **at)
{
  static const char * const endings[] = { "er", "st", "nd", "rd", "th" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_ascii_strncasecmp (*at, endings[i], 2) == 0 && !g_ascii_isalpha ((*at)[2]))
      {
        *at += 2;
        return;
      }
}

static gboolean
read_piece (const char **at,
            Piece       *piece)
{
  if (!g_ascii_isdigit (**at))
    {
      piece->digits = 0;
      return read_month_name (at, &piece->value);
    }
  if (!read_digits (at, 8, &piece->value, &piece->digits))
    return FALSE;
  if (piece->digits <= 2)
    skip_ordinal (at);

  return TRUE;
}

/* What holds two pieces apart: a sign, a comma, blanks. Returns the sign, ' '
 * for blanks, 0 for none of them. */
static char
read_sign (const char **at)
{
  char sign = skip_blanks (at) ? ' ' : 0;

  if (strchr ("-/.,", **at) != NULL && **at != '\0')
    {
      sign = **at;
      (*at)++;
      skip_blanks (at);
    }

  return sign;
}

/* Digits of the time and of its offset, after the date. FALSE when it is no time. */
static gboolean
read_offset (const char  *at,
             RelaisMoment *moment)
{
  guint hours = 0, minutes = 0, digits;
  int sign;

  skip_blanks (&at);
  if (*at == '\0')
    return TRUE;
  if (g_ascii_strcasecmp (at, "z") == 0 || g_ascii_strcasecmp (at, "utc") == 0 || g_ascii_strcasecmp (at, "gmt") == 0)
    {
      moment->has_offset = TRUE;
      return TRUE;
    }
  if (g_ascii_strncasecmp (at, "utc", 3) == 0 || g_ascii_strncasecmp (at, "gmt", 3) == 0)
    at += 3;
  if (*at != '+' && *at != '-')
    return FALSE;
  sign = *at == '-' ? -1 : 1;
  at++;
  if (!read_digits (&at, 4, &hours, &digits))
    return FALSE;
  if (digits == 4)
    {
      minutes = hours % 100;
      hours /= 100;
    }
  else if (digits > 2)
    return FALSE;
  else if (*at == ':')
    {
      at++;
      if (!read_digits (&at, 2, &minutes, &digits) || digits != 2)
        return FALSE;
    }
  if (*at != '\0' || hours > 14 || minutes > 59)
    return FALSE;

  moment->has_offset = TRUE;
  moment->offset_minutes = sign * (int) (hours * 60 + minutes);

  return TRUE;
}

/* "2:45 PM" */
static gboolean
read_half_of_day (const char  **at,
                  RelaisMoment *moment)
{
  const char *rest = *at;
  gboolean afternoon;

  skip_blanks (&rest);
  if (g_ascii_strncasecmp (rest, "am", 2) != 0 && g_ascii_strncasecmp (rest, "pm", 2) != 0)
    return TRUE;
  afternoon = g_ascii_tolower (*rest) == 'p';
  if (moment->hour < 1 || moment->hour > 12)
    return FALSE;
  moment->hour = moment->hour % 12 + (afternoon ? 12 : 0);
  *at = rest + 2;

  return TRUE;
}

static gboolean
read_time (const char   *at,
           RelaisMoment *moment)
{
  guint digits;

  skip_blanks (&at);
  if (*at == '\0')
    return TRUE;
  if (*at == 'T' || *at == 't' || *at == ',')
    at++;
  skip_blanks (&at);
  if (!read_digits (&at, 2, &moment->hour, &digits) || (*at != ':' && *at != 'h'))
    return FALSE;
  at++;
  if (!read_digits (&at, 2, &moment->minute, &digits) || digits != 2)
    return FALSE;
  if (*at == ':')
    {
      at++;
      if (!read_digits (&at, 2, &moment->second, &digits) || digits != 2)
        return FALSE;
      /* Fractions of a second are more than the service keeps. */
      if ((*at == '.' || *at == ',') && g_ascii_isdigit (at[1]))
        for (at++; g_ascii_isdigit (*at);)
          at++;
    }
  if (!read_half_of_day (&at, moment) || moment->hour > 23 || moment->minute > 59 || moment->second > 59)
    return FALSE;

  return read_offset (at, moment);
}

static RelaisReason
take (RelaisMoment *moment,
      guint         year,
      guint         month,
      guint         day)
{
  if (!is_valid (year, month, day))
    return RELAIS_REASON_BAD_DATE;
  moment->year = year;
  moment->month = month;
  moment->day = day;

  return RELAIS_REASON_NONE;
}

/* 03/04/2020: day and month, in an order that was chosen or is the only one possible. */
static RelaisReason
order_pieces (RelaisDateOrder order,
              guint           first,
              guint           second,
              guint           year,
              RelaisMoment   *moment)
{
  gboolean day_first = is_valid (year, second, first);
  gboolean month_first = is_valid (year, first, second);

  switch (order)
    {
    case RELAIS_DATE_ORDER_DAY_FIRST:
      return take (moment, year, second, first);

    case RELAIS_DATE_ORDER_MONTH_FIRST:
      return take (moment, year, first, second);

    case RELAIS_DATE_ORDER_UNCHOSEN:
    default:
      if (day_first && month_first && first != second)
        return RELAIS_REASON_UNCLEAR_DATE;
      return day_first ? take (moment, year, second, first) : take (moment, year, first, second);
    }
}

/* 20200304: year first, unless it can be read from the other end as well. */
static RelaisReason
read_eight_digits (guint         digits,
                   RelaisMoment *moment)
{
  guint year = digits / 10000, month = digits / 100 % 100, day = digits % 100;
  guint first = digits / 1000000, second = digits / 10000 % 100, last = digits % 10000;

  if (is_valid (year, month, day) && (is_valid (last, second, first) || is_valid (last, first, second)))
    return RELAIS_REASON_UNCLEAR_DATE;

  return take (moment, year, month, day);
}

static RelaisReason
read_pieces (const Piece     *pieces,
             RelaisDateOrder  order,
             RelaisMoment    *moment)
{
  /* A month that is named: 5 mai 2020, May 5, 2020 */
  for (guint i = 0; i < 2; i++)
    if (pieces[i].digits == 0)
      {
        if (pieces[1 - i].digits == 0 || pieces[1 - i].digits > 2 || pieces[2].digits == 0)
          return RELAIS_REASON_BAD_DATE;
        if (pieces[2].digits != 4)
          return pieces[2].digits == 2 ? RELAIS_REASON_UNCLEAR_DATE : RELAIS_REASON_BAD_DATE;
        return take (moment, pieces[2].value, pieces[i].value, pieces[1 - i].value);
      }

  if (pieces[0].digits == 4 && pieces[1].digits <= 2 && pieces[2].digits >= 1 && pieces[2].digits <= 2)
    return take (moment, pieces[0].value, pieces[1].value, pieces[2].value);
  if (pieces[0].digits > 2 || pieces[1].digits > 2)
    return RELAIS_REASON_BAD_DATE;
  if (pieces[2].digits == 4)
    return order_pieces (order, pieces[0].value, pieces[1].value, pieces[2].value, moment);

  /* 03/04/20: a century would have to be guessed. */
  return pieces[2].digits == 2 ? RELAIS_REASON_UNCLEAR_DATE : RELAIS_REASON_BAD_DATE;
}

/**
 * relais_moment_read:
 * @text: a cleaned cell, not empty
 * @order: in which order the column writes day and month
 * @moment: (out caller-allocates): what was read, when the reason is none
 *
 * Reads a date with or without a time: year first, day or month first with a
 * year of four digits, or with the month's name in English or French. A date
 * that contradicts the chosen order is wrong, it is not read the other way.
 *
 * Returns: RELAIS_REASON_NONE, RELAIS_REASON_UNCLEAR_DATE for what can be read
 *   more than one way, or RELAIS_REASON_BAD_DATE
 */
RelaisReason
relais_moment_read (const char      *text,
                    RelaisDateOrder  order,
                    RelaisMoment    *moment)
{
  const char *at = text;
  Piece pieces[3];
  char sign;
  RelaisReason reason;

  memset (moment, 0, sizeof *moment);
  if (!read_piece (&at, &pieces[0]))
    return RELAIS_REASON_BAD_DATE;

  if (pieces[0].digits == 8)
    reason = read_eight_digits (pieces[0].value, moment);
  else
    {
      sign = read_sign (&at);
      if (sign == 0 || !read_piece (&at, &pieces[1]))
        return RELAIS_REASON_BAD_DATE;
      /* Figures alone are held apart by one and the same sign. */
      if (read_sign (&at) != sign && pieces[0].digits != 0 && pieces[1].digits != 0)
        return RELAIS_REASON_BAD_DATE;
      if (!read_piece (&at, &pieces[2]) || pieces[2].digits == 0)
        return RELAIS_REASON_BAD_DATE;
      reason = read_pieces (pieces, order, moment);
    }

  if (reason != RELAIS_REASON_BAD_DATE && !read_time (at, moment))
    return RELAIS_REASON_BAD_DATE;

  return reason;
}

/**
 * relais_moment_get_local_offset:
 * @moment: a local time
 *
 * Returns: the minutes by which the clocks of this computer's time zone were
 *   ahead of UTC at that time; of an hour that comes twice the second one counts, which
 *   is in standard time
 */
int
relais_moment_get_local_offset (const RelaisMoment *moment)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = g_date_time_new (zone, moment->year, moment->month, moment->day,
                                                moment->hour, moment->minute, moment->second);

  return time != NULL ? (int) (g_date_time_get_utc_offset (time) / G_TIME_SPAN_MINUTE) : 0;
}
