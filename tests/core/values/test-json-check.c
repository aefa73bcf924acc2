/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-json-check.h"

#include <string.h>

#define DEPTH 3

static void
test_json_is_sound (void)
{
  static const char * const sound[] = {
    "{}", "{", " \t\r\n{}\n", "{[[]]}", "{[[], []], []}", "{\"a\": {\"b\": [1, -2.5e+10, true, false, null]}}", "{{}", "{]",
    "{\"[[[[\"", "{\"\\\"[[[[\"", "{\"\\\\\"", "{\"\\/\\b\\f\\n\\r\\t\\u00e9\"", "{\"\\ud83d\\uDE00\\uffff\"", "{\"é’\"",
    "{\"// '[[[[' /* */ #\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sound); i++)
    g_assert_cmpint (relais_json_check (sound[i], strlen (sound[i]), DEPTH, NULL), ==, RELAIS_JSON_SOUND);
}

static void
test_what_is_no_json_is_refused_where_it_stands (void)
{
  static const struct
  {
    const char *json;
    gsize       where;
  } unsound[] = {
    { "{'\"', [[[[", 1 },                /* a single quote that hides a double one */
    { "{/* \" */[[[[", 1 },              /* a comment that hides one */
    { "{1} // \"\n[[[[", 4 },
    { "{#\"\n[[[[", 1 },
    { "{\"\\u1\"\",[[[[", 2 },           /* an escape that is cut, and swallows the closing quote */
    { "{\"\\u12", 2 },
    { "{\"\\ud800\"\",[[[[", 2 },        /* half of a pair, which swallows it too */
    { "{\"\\udc00\\ud800\"}", 2 },
    { "{\"\\ud800\\u0041\"}", 2 },
    { "{\"\\ud800\\udc0", 2 },
    { "{\"\\x\"}", 2 },
    { "{\"\\", 2 },
    { "{\"a", 3 },                       /* never closed */
    { "{b: 1}", 1 },
    { "{NaN}", 1 },
    { "{0x12}", 2 },
    { "{é}", 1 },
    { "{} {}", 3 },                      /* more than one value */
    { "{}\"", 2 },
    { "{}}", 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (unsound); i++)
    {
      gsize where = 99;
      RelaisJsonSoundness soundness = relais_json_check (unsound[i].json, strlen (unsound[i].json), DEPTH, &where);

      g_assert_cmpint (soundness, ==, RELAIS_JSON_UNSOUND);
      g_assert_cmpuint (where, ==, unsound[i].where);
    }
  /* Within the length that is given, and no byte behind it. */
  g_assert_cmpint (relais_json_check ("{\"a\"", 3, DEPTH, NULL), ==, RELAIS_JSON_UNSOUND);
  g_assert_cmpint (relais_json_check ("{\"\\u00e9\"", 7, DEPTH, NULL), ==, RELAIS_JSON_UNSOUND);
  g_assert_cmpint (relais_json_check ("{\0}", 3, DEPTH, NULL), ==, RELAIS_JSON_UNSOUND);
}

static void
test_what_is_no_object_is_refused (void)
{
  static const char * const others[] = { "", " ", "[]", "null", "5 {}", "\"a\"", "// {}", "]{", "\357\273\277{}" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (relais_json_check (others[i], strlen (others[i]), DEPTH, NULL), ==, RELAIS_JSON_NO_OBJECT);
}

static void
test_what_is_nested_too_deep_is_refused (void)
{
  static const char * const deep[] = { "{[[[", "{{{{", "{[[[]]]}", "{\"]\", [[\"]\", [", "{[], [[[", "{\"a\":[{\"b\":[" };

  for (guint i = 0; i < G_N_ELEMENTS (deep); i++)
    g_assert_cmpint (relais_json_check (deep[i], strlen (deep[i]), DEPTH, NULL), ==, RELAIS_JSON_TOO_DEEP);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-check/json-is-sound", test_json_is_sound);
  g_test_add_func ("/json-check/what-is-no-json-is-refused-where-it-stands", test_what_is_no_json_is_refused_where_it_stands);
  g_test_add_func ("/json-check/what-is-no-object-is-refused", test_what_is_no_object_is_refused);
  g_test_add_func ("/json-check/what-is-nested-too-deep-is-refused", test_what_is_nested_too_deep_is_refused);

  return g_test_run ();
}
