/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-format.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

/* Sentences can be in a language whose locale the system does not have: LANGUAGE asks
 * for sentences alone, and Debian makes only those locales that were asked for. What is
 * left then is the C locale, and nobody writes numbers and days as it does. */
static gboolean
is_nobodys (int category)
{
  const char *name = setlocale (category, NULL);

  return name == NULL || g_str_equal (name, "C") || g_str_equal (name, "POSIX") || g_str_has_prefix (name, "C.");
}

/**
 * relais_format_count:
 * @n: how many there are
 *
 * For what is counted, and not for numbers that are names, such as of a list or a row.
 *
 * Returns: (transfer full): the number, its thousands apart
 */
char *
relais_format_count (guint64 n)
{
  g_autoptr (GString) text = NULL;

  if (!is_nobodys (LC_NUMERIC))
    return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);

  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GUINT64_FORMAT, n);
  for (gssize at = (gssize) text->len - 3; at > 0; at -= 3)
    /* Translators: what stands between the thousands of a number, as in 25,000. */
    g_string_insert (text, at, C_("thousands separator", ","));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * relais_format_share:
 * @part: how many of them
 * @whole: how many there are
 *
 * Returns: (transfer full): the part in percent, in tenths where it is not even. It is rounded up, so that more than
 *   20% is never called 20%
 */
char *
relais_format_share (guint64 part,
                     guint64 whole)
{
  guint64 tenths = whole > 0 ? (part * 1000 + whole - 1) / whole : 0;
  g_autofree char *number = NULL;

  if (tenths % 10 == 0)
    number = g_strdup_printf ("%" G_GUINT64_FORMAT, tenths / 10);
  else
    number = g_strdup_printf ("%" G_GUINT64_FORMAT "%s%" G_GUINT64_FORMAT, tenths / 10,
                              /* Translators: what stands before the tenths of a number, as in 20.1. */
                              is_nobodys (LC_NUMERIC) ? C_("decimal separator", ".") : localeconv ()->decimal_point, tenths % 10);

  /* Translators: a share in percent, as in 30%; %s is the number. */
  return g_strdup_printf (_("%s%%"), number);
}

static char *
format_time (gint64      time,
             const char *format)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return g_date_time_format (local, format);
}

/**
 * relais_format_day:
 * @time: microseconds since 1970
 *
 * Returns: (transfer full): its day
 */
char *
relais_format_day (gint64 time)
{
  if (!is_nobodys (LC_TIME))
    return format_time (time, "%x");

  /* Translators: a day in numbers: %Y is the year, %m the month and %d the day, each with all its digits. */
  /* xgettext:no-c-format */
  return format_time (time, C_("day", "%Y-%m-%d"));
}

/**
 * relais_format_moment:
 * @time: microseconds since 1970
 *
 * Returns: (transfer full): its day and time of day
 */
char *
relais_format_moment (gint64 time)
{
  if (!is_nobodys (LC_TIME))
    return format_time (time, "%c");

  /* Translators: a day and a time of day in numbers: %Y is the year, %m the month, %d the day, %H the hour up to 23 and %M the minute. */
  /* xgettext:no-c-format */
  return format_time (time, C_("day and time", "%Y-%m-%d, %H:%M"));
}
