/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-settled-value.h"

#include <string.h>

/* Spellings of one value, or not */
typedef struct
{
  RelaisFieldType  type;
  const char      *one;
  const char      *other;
  gboolean         same;
} Pair;

static const Pair pairs[] = {
  { RELAIS_FIELD_TEXT, "Le Mans", "Le Mans", TRUE },
  { RELAIS_FIELD_TEXT, "Le Mans", " Le Mans \n", TRUE },
  { RELAIS_FIELD_TEXT, "a\r\nb\rc", "a\nb\nc", TRUE },
  { RELAIS_FIELD_TEXT, "a\n\nb", "a\nb", FALSE },
  { RELAIS_FIELD_TEXT, "Le  Mans", "Le Mans", FALSE },
  { RELAIS_FIELD_TEXT, "Zoé", "Zoe", FALSE },
  { RELAIS_FIELD_TEXT, "zoé", "Zoé", FALSE },
  { RELAIS_FIELD_TEXT, "", " ", TRUE },
  { RELAIS_FIELD_TEXT, "", "x", FALSE },
  { RELAIS_FIELD_TEXT, "12.50", "12.5", FALSE },

  { RELAIS_FIELD_DATE, "2001-02-03", "2001-02-03T00:00:00-05:00", TRUE },
  { RELAIS_FIELD_DATE, "2001-02-03", "2001-02-03 00:00:00", TRUE },
  { RELAIS_FIELD_DATE, "2001-02-03", "2001-02-04", FALSE },
  { RELAIS_FIELD_DATE, "2001-02-03", "2001-03-02", FALSE },
  { RELAIS_FIELD_DATE, "2001-02-03", "", FALSE },
  { RELAIS_FIELD_DATE, "2001-02-03", "0000-00-00", FALSE },

  { RELAIS_FIELD_DATETIME, "2026-01-02T03:04:05+02:00", "2026-01-01T20:04:05-05:00", TRUE },
  { RELAIS_FIELD_DATETIME, "2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z", TRUE },
  { RELAIS_FIELD_DATETIME, "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+01:00", FALSE },
  { RELAIS_FIELD_DATETIME, "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:06+02:00", FALSE },
  { RELAIS_FIELD_DATETIME, "2026-01-02T03:04:05+02:00", "soon", FALSE },

  { RELAIS_FIELD_NUMBER, "12.50", "12.5", TRUE },
  { RELAIS_FIELD_NUMBER, "012", "12.00", TRUE },
  { RELAIS_FIELD_NUMBER, "100", "1", FALSE },
  { RELAIS_FIELD_NUMBER, "100", "100.", TRUE },
  { RELAIS_FIELD_NUMBER, ".5", "0.50", TRUE },
  { RELAIS_FIELD_NUMBER, "-0.5", "-.5", TRUE },
  { RELAIS_FIELD_NUMBER, "-0.5", "0.5", FALSE },
  { RELAIS_FIELD_NUMBER, "-0", "0.0", TRUE },
  { RELAIS_FIELD_NUMBER, "+7", "7", TRUE },
  { RELAIS_FIELD_NUMBER, "1.2.3", "1.2.3", TRUE },
  { RELAIS_FIELD_NUMBER, "1.2.3", "1.2.30", FALSE },
  { RELAIS_FIELD_NUMBER, "123456789012345678901", "123456789012345678901.0", TRUE },
  { RELAIS_FIELD_NUMBER, "123456789012345678901", "123456789012345678902", FALSE },

  { RELAIS_FIELD_CHOICE, "Gold", "||Gold||", TRUE },
  { RELAIS_FIELD_CHOICE, "Gold", "||Silver||", FALSE },
  { RELAIS_FIELD_CHOICES, "||a||b||", "||b||a||", TRUE },
  { RELAIS_FIELD_CHOICES, "||a||", "a", TRUE },
  { RELAIS_FIELD_CHOICES, "||a||b||", "||a||", FALSE },
  { RELAIS_FIELD_CHOICES, "||a b||", "||a||b||", FALSE },
  { RELAIS_FIELD_CHOICES, "", "||||", TRUE },
};

static char *
settle (RelaisFieldType  type,
        const char      *text)
{
  GString *into = g_string_new ("before:");

  relais_settled_value_append (into, type, (RelaisText) { text, strlen (text) });
  g_assert_true (g_str_has_prefix (into->str, "before:"));

  return g_string_free (into, FALSE);
}

static void
test_spellings_of_one_value_are_one (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *one = settle (pairs[i].type, pairs[i].one);
      g_autofree char *other = settle (pairs[i].type, pairs[i].other);

      g_test_message ("%s %s", pairs[i].one, pairs[i].other);
      g_assert_cmpint (g_str_equal (one, other), ==, pairs[i].same);
    }
}

static void
test_what_is_settled_stays_so (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *once = settle (pairs[i].type, pairs[i].one);
      g_autofree char *twice = settle (pairs[i].type == RELAIS_FIELD_DATETIME ? RELAIS_FIELD_TEXT : pairs[i].type, once + strlen ("before:"));

      g_assert_cmpstr (twice, ==, once);
    }
}

static void
assert_phones (const char *one,
               const char *other,
               gboolean    same)
{
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);

  relais_settled_phone_append (a, (RelaisText) { one, strlen (one) });
  relais_settled_phone_append (b, (RelaisText) { other, strlen (other) });
  g_assert_cmpint (g_string_equal (a, b), ==, same);
}

static void
test_phones_are_the_same_however_they_are_grouped (void)
{
  assert_phones ("+33 1 23 45 67 89", "+33123456789", TRUE);
  assert_phones ("(01) 23-45.67/89", "0123456789", TRUE);
  assert_phones ("0123456789", "+33123456789", FALSE);
  assert_phones ("01 ext 5", "01EXT5", TRUE);
  assert_phones ("", " ", TRUE);
  assert_phones ("01", "", FALSE);
}

static void
test_nothing_is_nothing (void)
{
  g_autoptr (GString) into = g_string_new (NULL);

  for (guint type = RELAIS_FIELD_TEXT; type <= RELAIS_FIELD_CHOICES; type++)
    relais_settled_value_append (into, type, (RelaisText) { NULL, 0 });
  relais_settled_phone_append (into, (RelaisText) { NULL, 0 });
  g_assert_cmpstr (into->str, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settled-value/spellings-of-one-value-are-one", test_spellings_of_one_value_are_one);
  g_test_add_func ("/settled-value/what-is-settled-stays-so", test_what_is_settled_stays_so);
  g_test_add_func ("/settled-value/phones-are-the-same-however-they-are-grouped", test_phones_are_the_same_however_they_are_grouped);
  g_test_add_func ("/settled-value/nothing-is-nothing", test_nothing_is_nothing);

  return g_test_run ();
}
