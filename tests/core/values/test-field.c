/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-field.h"

static const struct
{
  const char      *name;
  RelaisFieldType  type;
} types[] = {
  { "text", RELAIS_FIELD_TEXT },
  { "textarea", RELAIS_FIELD_TEXT },
  { "hidden", RELAIS_FIELD_TEXT },
  { "date", RELAIS_FIELD_DATE },
  { "datetime", RELAIS_FIELD_DATETIME },
  { "number", RELAIS_FIELD_NUMBER },
  { "currency", RELAIS_FIELD_TEXT },
  { "dropdown", RELAIS_FIELD_CHOICE },
  { "radio", RELAIS_FIELD_CHOICE },
  { "listbox", RELAIS_FIELD_CHOICES },
  { "checkbox", RELAIS_FIELD_CHOICES },
  /* not known: sent as written */
  { "", RELAIS_FIELD_TEXT },
  { NULL, RELAIS_FIELD_TEXT },
  { "Date", RELAIS_FIELD_TEXT },
  { "date ", RELAIS_FIELD_TEXT },
  { "something new", RELAIS_FIELD_TEXT },
};

static void
test_types_are_known_by_name (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (RelaisField) field = relais_field_new (i, "Title", types[i].name);

      g_assert_cmpint (relais_field_type_from_name (types[i].name), ==, types[i].type);
      g_assert_cmpint (field->type, ==, types[i].type);
      g_assert_cmpstr (field->type_name, ==, types[i].name != NULL ? types[i].name : "");
    }
}

static void
test_a_copy_is_whole_and_its_own (void)
{
  static const char * const options[] = { "Or", "", "Caf\303\251 | ||", NULL };
  RelaisField *field = relais_field_new (G_MAXUINT32, "Fid\303\251lit\303\251", "radio");
  g_autoptr (RelaisField) copy = NULL;
  g_autoptr (RelaisField) bare = NULL;

  field->options = g_strdupv ((char **) options);
  copy = relais_field_copy (field);
  g_clear_pointer (&field->options, g_strfreev);
  bare = relais_field_copy (field);
  relais_field_free (field);
  relais_field_free (NULL);

  g_assert_cmpuint (copy->id, ==, G_MAXUINT32);
  g_assert_cmpstr (copy->title, ==, "Fid\303\251lit\303\251");
  g_assert_cmpint (copy->type, ==, RELAIS_FIELD_CHOICE);
  g_assert_cmpstr (copy->type_name, ==, "radio");
  g_assert_cmpstrv (copy->options, options);
  g_assert_null (bare->options);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field/types-are-known-by-name", test_types_are_known_by_name);
  g_test_add_func ("/field/a-copy-is-whole-and-its-own", test_a_copy_is_whole_and_its_own);

  return g_test_run ();
}
