/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-moment-private.h"

#include <string.h>

#define NONE RELAIS_REASON_NONE
#define BAD RELAIS_REASON_BAD_DATE
#define UNCLEAR RELAIS_REASON_UNCLEAR_DATE
#define FREE RELAIS_DATE_ORDER_UNCHOSEN
#define DAY RELAIS_DATE_ORDER_DAY_FIRST
#define MONTH RELAIS_DATE_ORDER_MONTH_FIRST

static const struct
{
  const char      *text;
  RelaisDateOrder  order;
  RelaisReason     reason;
  RelaisMoment     moment;
} rows[] = {
  /* dates */
  { "2020-03-04", FREE, NONE, { 2020, 3, 4 } },
  { "2020-03-04", DAY, NONE, { 2020, 3, 4 } },
  { "2020/3/4", MONTH, NONE, { 2020, 3, 4 } },
  { "20201225", FREE, NONE, { 2020, 12, 25 } },
  { "04/03/2020", DAY, NONE, { 2020, 3, 4 } },
  { "04/03/2020", MONTH, NONE, { 2020, 4, 3 } },
  { "04/03/2020", FREE, UNCLEAR },
  { "04/04/2020", FREE, NONE, { 2020, 4, 4 } },
  { "25/12/2020", FREE, NONE, { 2020, 12, 25 } },
  { "12/25/2020", FREE, NONE, { 2020, 12, 25 } },
  { "25/12/2020", MONTH, BAD },
  { "12/25/2020", DAY, BAD },
  { "31/04/2020", FREE, BAD },
  { "29.02.2020", FREE, NONE, { 2020, 2, 29 } },
  { "29.02.1900", FREE, BAD },
  { "29.02.2000", FREE, NONE, { 2000, 2, 29 } },
  { "04/03/20", DAY, UNCLEAR },
  { "4-3/2020", DAY, BAD },
  { "0999-01-01", FREE, BAD },
  { "1000-01-01", FREE, NONE, { 1000, 1, 1 } },
  { "9999-12-31", FREE, NONE, { 9999, 12, 31 } },
  { "10000-01-01", FREE, BAD },
  /* names of months */
  { "5 mai 2020", FREE, NONE, { 2020, 5, 5 } },
  { "1er janvier 2021", FREE, NONE, { 2021, 1, 1 } },
  { "1 f\303\251vrier 2021", FREE, NONE, { 2021, 2, 1 } },
  { "1 FE\314\201VRIER 2021", FREE, NONE, { 2021, 2, 1 } },
  { "15 ao\303\273t 2021", FREE, NONE, { 2021, 8, 15 } },
  { "15 ao\303\273t 21", FREE, UNCLEAR },
  { "May 5th, 2020", FREE, NONE, { 2020, 5, 5 } },
  { "Sept. 3, 2020", FREE, NONE, { 2020, 9, 3 } },
  { "3-Dec-2020", FREE, NONE, { 2020, 12, 3 } },
  { "31 juin 2020", FREE, BAD },
  { "5 mei 2020", FREE, BAD },
  { "mai 2020", FREE, BAD },
  { "mai juin 2020", FREE, BAD },
  /* times */
  { "2020-03-04 18:30", FREE, NONE, { 2020, 3, 4, 18, 30 } },
  { "2020-03-04T18:30:05", FREE, NONE, { 2020, 3, 4, 18, 30, 5 } },
  { "2020-03-04T18:30:05.123456", FREE, NONE, { 2020, 3, 4, 18, 30, 5 } },
  { "04/03/2020 18h30", DAY, NONE, { 2020, 3, 4, 18, 30 } },
  { "2020-03-04 12:00 AM", FREE, NONE, { 2020, 3, 4, 0, 0 } },
  { "2020-03-04 12:00 PM", FREE, NONE, { 2020, 3, 4, 12, 0 } },
  { "2020-03-04 1:05:09 pm", FREE, NONE, { 2020, 3, 4, 13, 5, 9 } },
  { "2020-03-04 13:00 pm", FREE, BAD },
  { "2020-03-04 0:00 am", FREE, BAD },
  { "2020-03-04 24:00", FREE, BAD },
  { "2020-03-04 23:60", FREE, BAD },
  { "2020-03-04 23:59:60", FREE, BAD },
  { "2020-03-04 18", FREE, BAD },
  { "2020-03-04 18:3", FREE, BAD },
  { "2020-03-04 x", FREE, BAD },
  { "04/03/2020 18:30", FREE, UNCLEAR },
  { "04/03/2020 99:30", FREE, BAD },
  /* offsets */
  { "2020-03-04T18:30:05Z", FREE, NONE, { 2020, 3, 4, 18, 30, 5, TRUE, 0 } },
  { "2020-03-04T18:30:05+02:00", FREE, NONE, { 2020, 3, 4, 18, 30, 5, TRUE, 120 } },
  { "2020-03-04T18:30:05-0530", FREE, NONE, { 2020, 3, 4, 18, 30, 5, TRUE, -330 } },
  { "2020-03-04 18:30 +1", FREE, NONE, { 2020, 3, 4, 18, 30, 0, TRUE, 60 } },
  { "2020-03-04 18:30 UTC", FREE, NONE, { 2020, 3, 4, 18, 30, 0, TRUE, 0 } },
  { "2020-03-04 18:30 GMT+1", FREE, NONE, { 2020, 3, 4, 18, 30, 0, TRUE, 60 } },
  { "2020-03-04 18:30 +15:00", FREE, BAD },
  { "2020-03-04 18:30 +1:5", FREE, BAD },
  { "2020-03-04 18:30 +12345", FREE, BAD },
  { "2020-03-04 18:30 CET", FREE, BAD },
  { "2020-03-04 18:30 Z2", FREE, BAD },
  /* no dates */
  { "43831", FREE, BAD },
  { "0000-00-00", FREE, BAD },
  { "-2020-03-04", FREE, BAD },
  { "2020-03", FREE, BAD },
  { "2020-03-04-05", FREE, BAD },
  { "99999999999999999999-01-01", FREE, BAD },
  { "\331\242\331\240\331\242\331\240-03-04", FREE, BAD },
  { "today", FREE, BAD },
  { "\360\237\230\200", FREE, BAD },
};

static void
test_moments (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const RelaisMoment *expected = &rows[i].moment;
      RelaisMoment moment;

      g_test_message ("%u: %s", i, rows[i].text);
      g_assert_cmpuint (relais_moment_read (rows[i].text, rows[i].order, &moment), ==, rows[i].reason);
      if (rows[i].reason != NONE)
        continue;
      g_assert_cmpuint (moment.year, ==, expected->year);
      g_assert_cmpuint (moment.month, ==, expected->month);
      g_assert_cmpuint (moment.day, ==, expected->day);
      g_assert_cmpuint (moment.hour, ==, expected->hour);
      g_assert_cmpuint (moment.minute, ==, expected->minute);
      g_assert_cmpuint (moment.second, ==, expected->second);
      g_assert_cmpint (moment.has_offset, ==, expected->has_offset);
      g_assert_cmpint (moment.offset_minutes, ==, expected->offset_minutes);
    }
}

/* Every day of four years, in each way it can be written: none is lost or moved. */
static void
test_every_day_is_itself (void)
{
  g_autoptr (GDateTime) day = g_date_time_new_utc (2019, 1, 1, 0, 0, 0);
  static const struct { const char *format; RelaisDateOrder order; } ways[] = {
    { "%Y-%m-%d", FREE }, { "%Y%m%d", MONTH }, { "%d/%m/%Y", DAY }, { "%m/%d/%Y", MONTH }, { "%d.%m.%Y", DAY },
    { "%-d %B %Y", FREE }, { "%b %-d, %Y", FREE },
  };

  for (guint n = 0; n < 4 * 365 + 1; n++)
    {
      g_autoptr (GDateTime) next = g_date_time_add_days (day, 1);

      for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
        {
          g_autofree char *text = g_date_time_format (day, ways[i].format);
          RelaisMoment moment;
          RelaisReason reason = relais_moment_read (text, ways[i].order, &moment);

          /* Eight digits that can be read from both ends are not guessed. */
          if (i == 1 && reason == UNCLEAR)
            continue;
          g_assert_cmpuint (reason, ==, NONE);
          g_assert_cmpint (moment.year, ==, g_date_time_get_year (day));
          g_assert_cmpint (moment.month, ==, g_date_time_get_month (day));
          g_assert_cmpint (moment.day, ==, g_date_time_get_day_of_month (day));
        }
      g_date_time_unref (day);
      day = g_steal_pointer (&next);
    }
}

static void
test_local_times_know_the_clocks (void)
{
  static const struct { RelaisMoment moment; int offset; } clocks[] = {
    { { 2021, 1, 15, 12, 0, 0 }, 60 },
    { { 2021, 7, 15, 12, 0, 0 }, 120 },
    { { 2021, 3, 28, 1, 59, 59 }, 60 },
    { { 2021, 3, 28, 3, 0, 0 }, 120 },
    { { 2021, 10, 31, 1, 59, 59 }, 120 },
    { { 2021, 10, 31, 2, 30, 0 }, 60 },    /* comes twice: the second one */
    { { 2021, 10, 31, 3, 0, 0 }, 60 },
    { { 9999, 12, 31, 23, 59, 59 }, 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    {
      g_test_message ("%u", i);
      g_assert_cmpint (relais_moment_get_local_offset (&clocks[i].moment), ==, clocks[i].offset);
    }
}

int
main (int    argc,
      char **argv)
{
  /* As in Paris, told by rule: no file of time zones need be installed. */
  g_setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moment/moments", test_moments);
  g_test_add_func ("/moment/every-day-is-itself", test_every_day_is_itself);
  g_test_add_func ("/moment/local-times-know-the-clocks", test_local_times_know_the_clocks);

  return g_test_run ();
}
