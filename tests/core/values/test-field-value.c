/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-field-value.h"

#include <string.h>

/* Written by hand. The time zone is Europe/Paris, see main(). */
typedef struct
{
  const char      *written;
  const char      *sent;     /* NULL = refused */
  RelaisReason     reason;
  RelaisDateOrder  order;
  char             decimal;
} Row;

#define UNCLEAR_DATE RELAIS_REASON_UNCLEAR_DATE
#define BAD_DATE RELAIS_REASON_BAD_DATE
#define BAD_NUMBER RELAIS_REASON_BAD_NUMBER
#define NOT_AN_OPTION RELAIS_REASON_NOT_AN_OPTION
#define DAY_FIRST RELAIS_DATE_ORDER_DAY_FIRST
#define MONTH_FIRST RELAIS_DATE_ORDER_MONTH_FIRST

static const Row texts[] = {
  { "", "" },
  { "  ", "" },
  { "Or", "Or" },
  { " Or\302\240", "Or" },
  { "a\nb", "a b" },
  { "||a||b||", "||a||b||" },
  { "1,234", "1,234" },
  { "日本", "日本" },
};

static const Row dates[] = {
  { "", "" },
  { "  \302\240", "" },
  /* year first */
  { "2020-03-04", "2020-03-04" },
  { " 2020-03-04 ", "2020-03-04" },
  { "2020-3-4", "2020-03-04" },
  { "2020/03/04", "2020-03-04" },
  { "2020.03.04", "2020-03-04" },
  { "2020 03 04", "2020-03-04" },
  { "1986-05-08", "1986-05-08" },
  { "2020-02-29", "2020-02-29" },
  { "2021-02-29", NULL, BAD_DATE },
  { "2020-13-04", NULL, BAD_DATE },
  { "2020-04-31", NULL, BAD_DATE },
  { "2020-00-10", NULL, BAD_DATE },
  { "2020-10-00", NULL, BAD_DATE },
  { "0000-00-00", NULL, BAD_DATE },
  { "0001-01-01", NULL, BAD_DATE },
  { "0001-01-01T00:00:00", NULL, BAD_DATE },
  { "2020-03-04", "2020-03-04", RELAIS_REASON_NONE, MONTH_FIRST },
  { "2020-25-12", NULL, BAD_DATE, DAY_FIRST },
  { "20201225", "2020-12-25" },
  { "19860508", "1986-05-08" },
  { "20012002", NULL, BAD_DATE },
  { "20101112", NULL, UNCLEAR_DATE },
  { "20201301", NULL, BAD_DATE },
  /* times after a date */
  { "2020-03-04T10:30:00Z", "2020-03-04" },
  { "2020-03-04T23:30:00-05:00", "2020-03-04" },
  { "2020-03-04 10:30", "2020-03-04" },
  { "2020-03-04 10:30:15", "2020-03-04" },
  { "2020-03-04 10:30:15.123", "2020-03-04" },
  { "2020-03-04T00:00:00.0000000Z", "2020-03-04" },
  { "25/12/2020 00:00", "2020-12-25" },
  { "25/12/2020 00:00:00", "2020-12-25" },
  { "12/25/2020 12:00:00 AM", "2020-12-25" },
  { "25/12/2020 10h30", "2020-12-25" },
  { "2020-03-04 25:00", NULL, BAD_DATE },
  { "2020-03-04 10:60", NULL, BAD_DATE },
  { "2020-03-04 matin", NULL, BAD_DATE },
  { "2020-03-04x", NULL, BAD_DATE },
  { "2020-03-04-05", NULL, BAD_DATE },
  /* one reading only */
  { "25/12/2020", "2020-12-25" },
  { "12/25/2020", "2020-12-25" },
  { "5/5/2020", "2020-05-05" },
  { "05/05/2020", "2020-05-05" },
  { "13/1/1999", "1999-01-13" },
  { "1/13/1999", "1999-01-13" },
  { "25.12.2020", "2020-12-25" },
  { "25-12-2020", "2020-12-25" },
  { "25 12 2020", "2020-12-25" },
  { "29/02/2020", "2020-02-29" },
  { "29/02/2021", NULL, BAD_DATE },
  { "31/04/2020", NULL, BAD_DATE },
  { "32/01/2020", NULL, BAD_DATE },
  { "13/13/2020", NULL, BAD_DATE },
  { "0/5/2020", NULL, BAD_DATE },
  /* two readings */
  { "03/04/2020", NULL, UNCLEAR_DATE },
  { "5/8/1986", NULL, UNCLEAR_DATE },
  { "03.04.2020", NULL, UNCLEAR_DATE },
  { "03-04-2020", NULL, UNCLEAR_DATE },
  { "03/04/2020 10:00", NULL, UNCLEAR_DATE },
  { "03/04/2020", "2020-04-03", RELAIS_REASON_NONE, DAY_FIRST },
  { "03/04/2020", "2020-03-04", RELAIS_REASON_NONE, MONTH_FIRST },
  { "5/8/1986", "1986-05-08", RELAIS_REASON_NONE, MONTH_FIRST },
  { "5/8/1986", "1986-08-05", RELAIS_REASON_NONE, DAY_FIRST },
  { "25/12/2020", "2020-12-25", RELAIS_REASON_NONE, DAY_FIRST },
  { "25/12/2020", NULL, BAD_DATE, MONTH_FIRST },
  { "12/25/2020", NULL, BAD_DATE, DAY_FIRST },
  /* a century would be guessed */
  { "25/12/20", NULL, UNCLEAR_DATE },
  { "25/12/85", NULL, UNCLEAR_DATE },
  { "25/12/85", NULL, UNCLEAR_DATE, DAY_FIRST },
  { "5 mai 85", NULL, UNCLEAR_DATE },
  { "85-12-25", NULL, UNCLEAR_DATE },
  /* names of months */
  { "5 mai 2020", "2020-05-05" },
  { "1er janvier 2021", "2021-01-01" },
  { "14 juil. 1989", "1989-07-14" },
  { "3 févr. 2020", "2020-02-03" },
  { "3 fe\314\201vrier 2020", "2020-02-03" },
  { "15 août 2020", "2020-08-15" },
  { "15 AOUT 2020", "2020-08-15" },
  { "25 décembre 2020 10:00", "2020-12-25" },
  { "May 5, 2020", "2020-05-05" },
  { "May 5th, 2020", "2020-05-05" },
  { "December 25 2020", "2020-12-25" },
  { "5-May-2020", "2020-05-05" },
  { "05/Mar/2020", "2020-03-05" },
  { "31 juin 2020", NULL, BAD_DATE },
  { "5 mais 2020", NULL, BAD_DATE },
  { "mai 2020", NULL, BAD_DATE },
  /* what is none */
  { "43831", NULL, BAD_DATE },
  { "2020", NULL, BAD_DATE },
  { "03/2020", NULL, BAD_DATE },
  { "25/12/", NULL, BAD_DATE },
  { "25/12", NULL, BAD_DATE },
  { "/12/2020", NULL, BAD_DATE },
  { "25/12-2020", NULL, BAD_DATE },
  { "25/12/202", NULL, BAD_DATE },
  { "25/12/20200", NULL, BAD_DATE },
  { "aujourd’hui", NULL, BAD_DATE },
  { "N/A", NULL, BAD_DATE },
  { "-", NULL, BAD_DATE },
  { "99999999999999999999", NULL, BAD_DATE },
  { "-2020-03-04", NULL, BAD_DATE },
};

static const Row datetimes[] = {
  { "", "" },
  { "2020-05-19T02:45:00-05:00", "2020-05-19T02:45:00-05:00" },
  { "2020-05-19T02:45:00Z", "2020-05-19T02:45:00+00:00" },
  { "2020-05-19t02:45:00z", "2020-05-19T02:45:00+00:00" },
  { "2020-05-19 02:45:00 UTC", "2020-05-19T02:45:00+00:00" },
  { "2020-05-19 02:45:00 +0200", "2020-05-19T02:45:00+02:00" },
  { "2020-05-19 02:45:00+02", "2020-05-19T02:45:00+02:00" },
  { "2020-05-19T02:45:00.1234567+05:30", "2020-05-19T02:45:00+05:30" },
  { "2020-05-19T02:45:00 GMT+2", "2020-05-19T02:45:00+02:00" },
  { "2020-05-19T02:45:00-00:30", "2020-05-19T02:45:00-00:30" },
  /* local: summer and winter of Paris */
  { "2020-05-19T02:45:00", "2020-05-19T02:45:00+02:00" },
  { "2020-01-19 02:45", "2020-01-19T02:45:00+01:00" },
  { "2020-01-19", "2020-01-19T00:00:00+01:00" },
  { "25/12/2020 18:30", "2020-12-25T18:30:00+01:00" },
  { "25/12/2020, 18:30", "2020-12-25T18:30:00+01:00" },
  { "12/25/2020 6:30 PM", "2020-12-25T18:30:00+01:00" },
  { "12/25/2020 12:15 AM", "2020-12-25T00:15:00+01:00" },
  { "12/25/2020 12:15 pm", "2020-12-25T12:15:00+01:00" },
  { "03/04/2020 10:00", NULL, UNCLEAR_DATE },
  { "03/04/2020 10:00", "2020-04-03T10:00:00+02:00", RELAIS_REASON_NONE, DAY_FIRST },
  { "2020-05-19T24:00:00", NULL, BAD_DATE },
  { "2020-05-19T02:45:60", NULL, BAD_DATE },
  { "2020-05-19T2:4:5", NULL, BAD_DATE },
  { "2020-05-19T02:45:00+25:00", NULL, BAD_DATE },
  { "2020-05-19T02:45:00+02:0", NULL, BAD_DATE },
  { "2020-05-19T02:45:00 CEST", NULL, BAD_DATE },
  { "12/25/2020 13:15 PM", NULL, BAD_DATE },
  { "2020-05-19T", NULL, BAD_DATE },
  { "18:30", NULL, BAD_DATE },
};

static const Row numbers[] = {
  { "", "" },
  { "0", "0" },
  { "42", "42" },
  { " 42 ", "42" },
  { "007", "7" },
  { "000", "0" },
  { "-5", "-5" },
  { "+5", "5" },
  { "\342\210\2225", "-5" },
  { "-0", "0" },
  { "-0,00", "0.00" },
  { "1,5", "1.5" },
  { "1.5", "1.5" },
  { "12,50", "12.50" },
  { "0,125", "0.125" },
  { "0.125", "0.125" },
  { ",5", "0.5" },
  { ".5", "0.5" },
  { ",125", "0.125" },
  { "5.", "5" },
  { "5,", "5" },
  { "1,2345", "1.2345" },
  { "1234,567", "1234.567" },
  { "1234.5", "1234.5" },
  { "1 234,56", "1234.56" },
  { "1\302\240234,56", "1234.56" },
  { "1\342\200\257234,56", "1234.56" },
  { "1 234", "1234" },
  { "1 234 567", "1234567" },
  { "1 234,567", "1234.567" },
  { "1,234.56", "1234.56" },
  { "1.234,56", "1234.56" },
  { "1,234,567", "1234567" },
  { "1.234.567", "1234567" },
  { "1,234,567.89", "1234567.89" },
  { "1.234.567,89", "1234567.89" },
  { "1'234.56", "1234.56" },
  { "1’234’567.5", "1234567.5" },
  { "12,50 €", "12.50" },
  { "€12.50", "12.50" },
  { "$1,234.56", "1234.56" },
  { "- 5", "-5" },
  { "12345678901234567890123", "12345678901234567890123" },
  /* two readings */
  { "1,234", NULL, BAD_NUMBER },
  { "1.234", NULL, BAD_NUMBER },
  { "12,345", NULL, BAD_NUMBER },
  { "123.456", NULL, BAD_NUMBER },
  { "-1,234", NULL, BAD_NUMBER },
  { "1,234", "1.234", RELAIS_REASON_NONE, 0, ',' },
  { "1,234", "1234", RELAIS_REASON_NONE, 0, '.' },
  { "1.234", "1.234", RELAIS_REASON_NONE, 0, '.' },
  { "1.234", "1234", RELAIS_REASON_NONE, 0, ',' },
  { "12,345", "12345", RELAIS_REASON_NONE, 0, '.' },
  { "1,5", NULL, BAD_NUMBER, 0, '.' },
  { "1.5", NULL, BAD_NUMBER, 0, ',' },
  { "1.234,56", "1234.56", RELAIS_REASON_NONE, 0, ',' },
  { "1.234,56", NULL, BAD_NUMBER, 0, '.' },
  { "1,234,567", "1234567", RELAIS_REASON_NONE, 0, '.' },
  { "1,234,567", NULL, BAD_NUMBER, 0, ',' },
  { "42", "42", RELAIS_REASON_NONE, 0, ',' },
  /* no group begins with a zero: the other sign than the chosen one is meant */
  { "0,125", NULL, BAD_NUMBER, 0, '.' },
  { "0.125", NULL, BAD_NUMBER, 0, ',' },
  { "012.500", NULL, BAD_NUMBER, 0, ',' },
  { "0 125", NULL, BAD_NUMBER },
  /* what is none */
  { "abc", NULL, BAD_NUMBER },
  { "12a", NULL, BAD_NUMBER },
  { "1.5E+10", NULL, BAD_NUMBER },
  { "1,23,4", NULL, BAD_NUMBER },
  { "1,2,3", NULL, BAD_NUMBER },
  { "1.2.3", NULL, BAD_NUMBER },
  { "1,234.567.8", NULL, BAD_NUMBER },
  { "1.234,567,8", NULL, BAD_NUMBER },
  { "12 34", NULL, BAD_NUMBER },
  { "1 2345", NULL, BAD_NUMBER },
  { "1234 567", NULL, BAD_NUMBER },
  { "1234,567.8", NULL, BAD_NUMBER },
  { "1,5 6", NULL, BAD_NUMBER },
  { "--5", NULL, BAD_NUMBER },
  { "5-", NULL, BAD_NUMBER },
  { "5-3", NULL, BAD_NUMBER },
  { "(5)", NULL, BAD_NUMBER },
  { ",", NULL, BAD_NUMBER },
  { ".", NULL, BAD_NUMBER },
  { "-", NULL, BAD_NUMBER },
  { "€", NULL, BAD_NUMBER },
  { "1€5", NULL, BAD_NUMBER },
  { "€1€", NULL, BAD_NUMBER },
  { "50 %", NULL, BAD_NUMBER },
  { "N/A", NULL, BAD_NUMBER },
  { ",,5", NULL, BAD_NUMBER },
  { "1,,5", NULL, BAD_NUMBER },
};

/* The options are those below: two pairs of them differ in nothing but case. */
static const Row choices[] = {
  { "", "" },
  { "Gold", "Gold" },
  { " Gold ", "Gold" },
  { "gold", "Gold" },
  { "GOLD", "Gold" },
  { "été", "Été" },
  { "ÉTÉ", "Été" },
  { "e\314\201te\314\201", "Été" },
  { "Paris; France", "Paris; France" },
  { "||Gold||", "Gold" },
  { "a", "a" },
  { "A", "A" },
  { "straße", "Straße" },
  { "mixed", NULL, NOT_AN_OPTION },
  { "Golden", NULL, NOT_AN_OPTION },
  { "Gold;Argent", NULL, NOT_AN_OPTION },
  { "||Gold||Argent||", NULL, NOT_AN_OPTION },
  { "||||", NULL, NOT_AN_OPTION },
};

static const Row several[] = {
  { "", "" },
  { "Gold", "||Gold||" },
  { "gold", "||Gold||" },
  { "||Gold||", "||Gold||" },
  { "||Gold||Argent||", "||Gold||Argent||" },
  { "Gold||Argent", "||Gold||Argent||" },
  { "Gold;Argent", "||Gold||Argent||" },
  { "Gold; argent", "||Gold||Argent||" },
  { "Gold|Argent", "||Gold||Argent||" },
  { "Gold,Argent", "||Gold||Argent||" },
  { "Gold, Argent, Été", "||Gold||Argent||Été||" },
  { "Gold;", "||Gold||" },
  { ";Gold;;Argent;", "||Gold||Argent||" },
  { "Gold;GOLD", "||Gold||" },
  { "Paris; France", "||Paris; France||" },
  { "Paris; France|Gold", "||Paris; France||Gold||" },
  { "Gold,Paris; France", "||Gold||Paris; France||" },
  { ";", "" },
  { "||||", "" },
  { "Gold;Bronze", NULL, NOT_AN_OPTION },
  { "Bronze", NULL, NOT_AN_OPTION },
  { "Gold Argent", NULL, NOT_AN_OPTION },
};

static const Row unknown_several[] = {
  { "Bronze", "||Bronze||" },
  { "a;b", "||a||b||" },
  { "a|b", "||a||b||" },
  { "a,b", "||a||b||" },
  { "a;b,c", "||a||b,c||" },
  { "||a||b;c||", "||a||b;c||" },
};

static guint
check_rows (RelaisField *field,
            const Row   *rows,
            gsize        n_rows)
{
  guint n_wrong = 0;

  for (gsize i = 0; i < n_rows; i++)
    {
      RelaisValueStyle style = { rows[i].order, rows[i].decimal };
      gsize n = strlen (rows[i].written);
      g_autofree char *exact = g_memdup2 (rows[i].written, n);
      g_autofree char *expected = g_strconcat ("before ", rows[i].sent, NULL);
      g_autoptr (GString) into = g_string_new ("before ");
      RelaisReason reason = relais_field_value_write (field, &style, (RelaisText) { exact, n }, into);

      if (reason == rows[i].reason && strcmp (into->str, expected) == 0)
        continue;
      g_test_message ("“%s” as %s: “%s” (%s), expected “%s” (%s)", rows[i].written, field->type_name, into->str,
                      relais_reason_to_code (reason), expected, relais_reason_to_code (rows[i].reason));
      n_wrong++;
    }

  return n_wrong;
}

#define CHECK(type_name, known_options, rows) \
  G_STMT_START { \
    g_autoptr (RelaisField) field = relais_field_new (7, "Field", type_name); \
    field->options = g_strdupv ((char **) known_options); \
    g_assert_cmpuint (check_rows (field, rows, G_N_ELEMENTS (rows)), ==, 0); \
  } G_STMT_END

static const char * const options[] = {
  "Gold", "Argent", "Été", "Paris; France", "a", "A", "Straße", "MIXED", "Mixed", NULL
};

static void
test_texts (void)
{
  CHECK ("text", NULL, texts);
  CHECK ("", NULL, texts);
}

static void
test_dates (void)
{
  CHECK ("date", NULL, dates);
}

static void
test_datetimes (void)
{
  CHECK ("datetime", NULL, datetimes);
}

static void
test_numbers (void)
{
  CHECK ("number", NULL, numbers);
}

static void
test_choices (void)
{
  CHECK ("dropdown", options, choices);
  CHECK ("radio", options, choices);
}

static void
test_several_choices (void)
{
  CHECK ("listbox", options, several);
  CHECK ("checkbox", options, several);
  CHECK ("checkbox", NULL, unknown_several);
}

static void
test_without_known_options_any_text_is_a_choice (void)
{
  static const Row rows[] = { { "Bronze", "Bronze" }, { "a;b", "a;b" }, { "||Bronze||", "Bronze" } };

  CHECK ("dropdown", NULL, rows);
}

static void
test_no_style_is_nothing_chosen (void)
{
  g_autoptr (RelaisField) field = relais_field_new (7, "Field", "date");
  g_autoptr (GString) into = g_string_new (NULL);

  g_assert_cmpuint (relais_field_value_write (field, NULL, (RelaisText) { "03/04/2020", 10 }, into), ==, UNCLEAR_DATE);
  g_assert_cmpstr (into->str, ==, "");
  g_assert_cmpuint (relais_field_value_write (field, NULL, (RelaisText) { NULL, 0 }, into), ==, RELAIS_REASON_NONE);
}

int
main (int    argc,
      char **argv)
{
  /* The rules of Paris in their POSIX form, so that no zone database is needed. */
  g_setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field-value/texts", test_texts);
  g_test_add_func ("/field-value/dates", test_dates);
  g_test_add_func ("/field-value/datetimes", test_datetimes);
  g_test_add_func ("/field-value/numbers", test_numbers);
  g_test_add_func ("/field-value/choices", test_choices);
  g_test_add_func ("/field-value/several-choices", test_several_choices);
  g_test_add_func ("/field-value/without-known-options-any-text-is-a-choice",
                   test_without_known_options_any_text_is_a_choice);
  g_test_add_func ("/field-value/no-style-is-nothing-chosen", test_no_style_is_nothing_chosen);

  return g_test_run ();
}
