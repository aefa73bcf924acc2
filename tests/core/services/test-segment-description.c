/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-description.h"

#include "relais-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

static RelaisSegmentDescription *
describe (GFile                      *file,
          const RelaisSegmentFormat  *asked,
          GCancellable               *cancellable,
          GError                    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_segment_describe_async (file, asked, cancellable, described_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return relais_segment_describe_finish (result, error);
}

static GFile *
save (const char *data,
      gssize      length)
{
  g_autoptr (GFileIOStream) stream = NULL;
  GFile *file = g_file_new_tmp ("segment-XXXXXX.csv", &stream, NULL);

  g_assert_true (g_file_set_contents (g_file_peek_path (file), data, length, NULL));

  return file;
}

static void
remove_file (GFile *file)
{
  g_assert_true (g_file_delete (file, NULL, NULL));
  g_object_unref (file);
}

static void
test_what_a_person_needs_to_match_columns (void)
{
  GFile *file = save ("Pr\xe9nom;Courriel;Vide\nZo\xe9;zoe@example.com;\n ;max@example.com;\nMa\xebl;;\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisSegmentDescription) description = describe (file, NULL, NULL, &error);
  RelaisSegmentDescription *same;
  char **samples;

  g_assert_no_error (error);
  g_assert_cmpstr (description->format->encoding, ==, "windows-1252");
  g_assert_cmpint (description->format->delimiter, ==, ';');
  g_assert_cmpint (description->format->quote, ==, '"');
  g_assert_cmpint (description->format->header, ==, RELAIS_HEADER_YES);
  g_assert_cmpint (description->size, ==, 68);
  g_assert_true (g_strv_equal ((const char * const *) description->columns, (const char * const []) { "Prénom", "Courriel", "Vide", NULL }));
  g_assert_cmpuint (description->samples->len, ==, 3);
  samples = g_ptr_array_index (description->samples, 0);
  g_assert_true (g_strv_equal ((const char * const *) samples, (const char * const []) { "Zoé", "Maël", NULL }));
  samples = g_ptr_array_index (description->samples, 1);
  g_assert_true (g_strv_equal ((const char * const *) samples, (const char * const []) { "zoe@example.com", "max@example.com", NULL }));
  g_assert_cmpuint (g_strv_length (g_ptr_array_index (description->samples, 2)), ==, 0);

  same = relais_segment_description_ref (description);
  g_assert_true (same == description);
  relais_segment_description_unref (same);
  remove_file (file);
}

static void
test_what_is_asked_for_is_taken (void)
{
  GFile *file = save ("a;b,c\nd;e,f\n", -1);
  RelaisSegmentFormat asked = { (char *) "ISO-8859-15", ',', RELAIS_QUOTE_NONE, RELAIS_HEADER_NO };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisSegmentDescription) description = describe (file, &asked, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (description->format->encoding, ==, "ISO-8859-15");
  g_assert_cmpint (description->format->delimiter, ==, ',');
  g_assert_cmpint (description->format->quote, ==, RELAIS_QUOTE_NONE);
  g_assert_cmpint (description->format->header, ==, RELAIS_HEADER_NO);
  g_assert_true (g_strv_equal ((const char * const *) description->columns, (const char * const []) { "1", "2", NULL }));
  remove_file (file);
}

static void
test_samples_have_an_end (void)
{
  g_autoptr (GString) text = g_string_new ("EMail,Note\n");
  g_autoptr (RelaisSegmentDescription) description = NULL;
  g_autoptr (GError) error = NULL;
  GFile *file;
  char **samples;

  for (guint i = 0; i < 2000; i++)
    {
      g_string_append_printf (text, "person%u@example.com,\"a\n", i);
      for (guint k = 0; k < 200; k++)
        g_string_append (text, "é€");
      g_string_append (text, "\"\n");
    }
  file = save (text->str, text->len);
  description = describe (file, NULL, NULL, &error);
  g_assert_no_error (error);
  samples = g_ptr_array_index (description->samples, 0);
  g_assert_cmpuint (g_strv_length (samples), ==, RELAIS_SEGMENT_SAMPLES);
  samples = g_ptr_array_index (description->samples, 1);
  g_assert_cmpuint (g_strv_length (samples), ==, RELAIS_SEGMENT_SAMPLES);
  g_assert_true (g_str_has_prefix (samples[0], "a é€é€"));
  g_assert_cmpuint (strlen (samples[0]), <=, 256);
  g_assert_true (g_utf8_validate (samples[0], -1, NULL));
  remove_file (file);
}

/* A gigabyte, most of which takes no room on the disk. */
static GFile *
save_gigabyte (const char *last)
{
  g_autoptr (GString) text = g_string_new ("EMail,Name\n");
  goffset size = 1024 * 1024 * 1024;
  GFile *file;
  FILE *stream;

  while (text->len < 2 * 1024 * 1024)
    g_string_append_printf (text, "person%" G_GSIZE_FORMAT "@example.com,Zoe\n", text->len);
  file = save (text->str, text->len);
  g_assert_cmpint (truncate (g_file_peek_path (file), size), ==, 0);
  stream = g_fopen (g_file_peek_path (file), "a");
  g_assert_nonnull (stream);
  g_assert_cmpint (fputs (last, stream), >=, 0);
  g_assert_cmpint (fclose (stream), ==, 0);

  return file;
}

static void
test_a_gigabyte_is_described_at_once (void)
{
  GFile *file = save_gigabyte ("\nzoe@example.com,Zo\xe9\n");
  gint64 best = G_MAXINT64;

  /* The best of some, because the machine may be busy. */
  for (guint i = 0; i < 5; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autoptr (RelaisSegmentDescription) description = describe (file, NULL, NULL, &error);

      best = MIN (best, g_get_monotonic_time () - start);
      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (description->columns), ==, 2);
      /* Its beginning is ASCII; its end tells what it is. */
      g_assert_cmpstr (description->format->encoding, ==, "windows-1252");
    }
  g_test_minimized_result (best / 1e6, "describing a gigabyte: %.1f ms", best / 1e3);
  /* Reading all of it takes seconds. */
  g_assert_cmpint (best, <, 500 * 1000);
  remove_file (file);
}

static void
test_the_end_is_looked_at_in_utf_8_too (void)
{
  /* So long that the tail begins within the letters. */
  g_autoptr (GString) text = g_string_new ("EMail\n");
  g_autoptr (GString) accents = g_string_new (NULL);

  while (text->len < 200 * 1024)
    g_string_append (text, "zoe@example.com\n");
  for (guint i = 0; i < 40000; i++)
    g_string_append (accents, i % 20 == 19 ? "\n" : "€");
  g_string_append (text, accents->str);
  for (guint cut = 0; cut < 3; cut++)
    {
      GFile *file = save (text->str, text->len - cut * 4);
      g_autoptr (GError) error = NULL;
      g_autoptr (RelaisSegmentDescription) description = describe (file, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (description->format->encoding, ==, "UTF-8");
      remove_file (file);
    }
}

static void
test_errors_are_told (void)
{
  g_autoptr (GFile) missing = g_file_new_for_path ("/nonexistent/segment.csv");
  GFile *empty = save ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (describe (missing, NULL, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE);
  g_clear_error (&error);
  g_assert_null (describe (empty, NULL, NULL, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT);
  remove_file (empty);
}

static void
test_describing_can_be_cancelled (void)
{
  GFile *file = save ("EMail\nzoe@example.com\n", -1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (describe (file, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove_file (file);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segment-description/what-a-person-needs-to-match-columns", test_what_a_person_needs_to_match_columns);
  g_test_add_func ("/segment-description/what-is-asked-for-is-taken", test_what_is_asked_for_is_taken);
  g_test_add_func ("/segment-description/samples-have-an-end", test_samples_have_an_end);
  g_test_add_func ("/segment-description/a-gigabyte-is-described-at-once", test_a_gigabyte_is_described_at_once);
  g_test_add_func ("/segment-description/the-end-is-looked-at-in-utf-8-too", test_the_end_is_looked_at_in_utf_8_too);
  g_test_add_func ("/segment-description/errors-are-told", test_errors_are_told);
  g_test_add_func ("/segment-description/describing-can-be-cancelled", test_describing_can_be_cancelled);

  return g_test_run ();
}
