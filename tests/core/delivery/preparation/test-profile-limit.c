/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-profile-limit.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char          *path;
  RelaisSegment *segment;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("relais-limit.XXXXXX", &self->path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  self->segment = relais_segment_new (self->path);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  relais_segment_free (self->segment);
  g_remove (self->path);
  g_free (self->path);
}

static void
assert_bound (Fixture    *self,
              const char *text,
              gssize      length,
              guint64     bound)
{
  g_assert_true (g_file_set_contents (self->path, text, length, NULL));
  g_assert_cmpuint (relais_profile_limit_bound (self->segment, NULL), ==, bound);
}

static void
test_every_line_but_the_names_is_a_row (Fixture       *self,
                                        gconstpointer  user_data)
{
  assert_bound (self, "EMail,Name\na@example.com,A\nb@example.com,B\n", -1, 2);
  assert_bound (self, "EMail,Name\r\na@example.com,A\r\nb@example.com,B\r\n", -1, 2);
  assert_bound (self, "EMail,Name\ra@example.com,A\rb@example.com,B\r", -1, 2);
  assert_bound (self, "EMail,Name\n", -1, 0);
}

static void
test_a_last_line_without_an_end_is_a_row (Fixture       *self,
                                          gconstpointer  user_data)
{
  assert_bound (self, "EMail,Name\na@example.com,A\nb@example.com,B", -1, 2);
  assert_bound (self, "EMail,Name\r\na@example.com,A\r\nb@example.com,B", -1, 2);
  assert_bound (self, "EMail,Name\ra@example.com,A\rb@example.com,B", -1, 2);
  assert_bound (self, "EMail,Name", -1, 0);
}

static void
test_without_names_the_first_line_is_a_row (Fixture       *self,
                                            gconstpointer  user_data)
{
  assert_bound (self, "a@example.com,A\nb@example.com,B\n", -1, 2);

  self->segment->format->header = RELAIS_HEADER_NO;
  assert_bound (self, "EMail,Name\nb@example.com,B\n", -1, 2);
}

/* Nobody takes the two halves of a line end for two, wherever the file is cut to be read. */
static void
test_a_line_end_is_one_wherever_it_lies (Fixture       *self,
                                         gconstpointer  user_data)
{
  static const struct { const char *end; guint64 n; } ends[] = { { "\r\n", 1 }, { "\r", 1 }, { "\n", 1 }, { "\r\r", 2 }, { "\n\r", 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    for (gsize before = 262140; before <= 262146; before++)
      {
        g_autoptr (GString) text = g_string_new ("a@example.com,");

        while (text->len < before)
          g_string_append_c (text, 'A');
        g_string_append_printf (text, "%sb@example.com,B", ends[i].end);
        assert_bound (self, text->str, text->len, ends[i].n + 1);
      }
}

static void
test_what_is_packed_takes_a_closer_look (Fixture       *self,
                                         gconstpointer  user_data)
{
  static const char text[] = "EMail,Name\na@example.com,A\n";
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  char packed[256];
  gsize n_read, n_written;

  g_assert_cmpint (g_converter_convert (packer, text, strlen (text), packed, sizeof packed, G_CONVERTER_INPUT_AT_END,
                                        &n_read, &n_written, NULL), ==, G_CONVERTER_FINISHED);
  assert_bound (self, packed, n_written, G_MAXUINT64);
}

/* Every line of a full million counts for what it is, so nobody has to split it into rows. */
static void
test_a_full_million_is_known_by_its_lines (Fixture       *self,
                                           gconstpointer  user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\r\n");

  for (guint i = 0; i < RELAIS_MAX_PROFILES; i++)
    g_string_append_printf (text, "%x@a.fr,A\r\n", i);
  assert_bound (self, text->str, text->len, RELAIS_MAX_PROFILES);
}

#define ADD(name, test) \
  g_test_add ("/profile-limit/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("every-line-but-the-names-is-a-row", test_every_line_but_the_names_is_a_row);
  ADD ("a-last-line-without-an-end-is-a-row", test_a_last_line_without_an_end_is_a_row);
  ADD ("without-names-the-first-line-is-a-row", test_without_names_the_first_line_is_a_row);
  ADD ("a-line-end-is-one-wherever-it-lies", test_a_line_end_is_one_wherever_it_lies);
  ADD ("what-is-packed-takes-a-closer-look", test_what_is_packed_takes_a_closer_look);
  ADD ("a-full-million-is-known-by-its-lines", test_a_full_million_is_known_by_its_lines);

  return g_test_run ();
}
