/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-decoder.h"
#include "relais-encoding.h"

#include <string.h>

/* Decodes @data in pieces of @piece bytes. */
static GString *
decode (const char   *encoding,
        const guchar *data,
        gsize         length,
        gsize         piece,
        guint        *n_bad)
{
  g_autoptr (RelaisDecoder) decoder = relais_decoder_new (encoding);
  g_autoptr (GArray) bad = g_array_new (FALSE, FALSE, sizeof (gsize));
  GString *text = g_string_new (NULL);
  gsize at = 0, given = 0;
  gboolean is_end;

  g_assert_nonnull (decoder);
  do
    {
      g_autofree guchar *exact = NULL;

      given = MIN (length, given + piece);
      is_end = given == length;
      exact = g_memdup2 (data + at, given - at);
      at += relais_decoder_write (decoder, exact, given - at, is_end, text, bad);
    }
  while (!is_end);
  g_assert_cmpuint (at, ==, length);
  for (guint i = 0; i < bad->len; i++)
    g_assert_cmpmem (text->str + g_array_index (bad, gsize, i), 3, "\ufffd", 3);
  *n_bad = bad->len;

  return text;
}

static void
assert_decodes (const char   *encoding,
                const guchar *data,
                gsize         length,
                const char   *text,
                gsize         text_length,
                guint         n_bad)
{
  static const gsize pieces[] = { 1, 2, 3, 5, 7, 8, 9, 1000, G_MAXINT };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      guint n = 0;
      GString *decoded = decode (encoding, data, length, pieces[i], &n);

      g_assert_cmpmem (decoded->str, decoded->len, text, text_length);
      g_assert_cmpuint (n, ==, n_bad);
      g_string_free (decoded, TRUE);
    }
}

static void
test_every_byte_of_windows_1252 (void)
{
  for (guint c = 0; c < 256; c++)
    for (guint before = 0; before < 10; before++)
      {
        guchar data[16];
        gsize n_written;
        g_autofree char *text = NULL;
        g_autoptr (GString) expected = g_string_new (NULL);

        memset (data, 'x', sizeof data);
        data[before] = c;
        text = g_convert ((const char *) &data[before], 1, "UTF-8", "windows-1252", NULL, &n_written, NULL);
        g_string_append_len (expected, (const char *) data, before);
        if (text != NULL)
          g_string_append_len (expected, text, n_written);
        else
          g_string_append (expected, "\ufffd");
        g_string_append_len (expected, (const char *) data + before + 1, 12 - before - 1);
        assert_decodes ("windows-1252", data, 12, expected->str, expected->len, text == NULL);
      }
}

/* Every character there is, with more and with less ASCII between them. */
static void
test_every_character_of_utf_16 (void)
{
  static const char * const encodings[] = { "UTF-16LE", "UTF-16BE", "UTF-8", "UTF-32LE" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gunichar c = 0; c < 0x110000; c += c < 0x11000 ? 1 : 0x101)
    if (c < 0xd800 || c > 0xdfff)
      {
        g_string_append_unichar (text, c);
        for (guint i = 0; i < c % 11; i++)
          g_string_append_c (text, 'a' + i);
      }
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      gsize length;
      g_autofree char *data = g_convert (text->str, text->len, encodings[i], "UTF-8", NULL, &length, NULL);

      g_assert_nonnull (data);
      assert_decodes (encodings[i], (const guchar *) data, length, text->str, text->len, 0);
    }
}

static void
test_what_is_no_text_is_replaced (void)
{
  static const struct
  {
    const char *encoding;
    const char *data;
    gsize       length;
    const char *text;
    guint       n_bad;
  } rows[] = {
    { "UTF-16LE", "a\0\0\xd8" "b\0", 6, "a\ufffdb", 1 },            /* a first half alone */
    { "UTF-16LE", "a\0\0\xdc" "b\0", 6, "a\ufffdb", 1 },            /* a second half alone */
    { "UTF-16LE", "a\0\0\xd8\0\xd8\0\xdc", 8, "a\ufffd\U00010000", 1 },
    { "UTF-16LE", "a\0\0\xd8", 4, "a\ufffd", 1 },
    { "UTF-16BE", "\0a\xd8\0\0b", 6, "a\ufffdb", 1 },
    { "UTF-16BE", "\0a\0", 3, "a\ufffd", 1 },
    { "UTF-8", "a\xff" "b", 3, "a\ufffdb", 1 },
    { "UTF-8", "a\xc3", 2, "a\ufffd", 1 },
    { "UTF-8", "a\xe2\x82", 3, "a\ufffd\ufffd", 2 },
    { "UTF-8", "\xc0\x80", 2, "\ufffd\ufffd", 2 },                  /* too long for a zero */
    { "UTF-8", "\xed\xa0\x80", 3, "\ufffd\ufffd\ufffd", 3 },        /* half a pair */
    { "UTF-8", "\xf4\x90\x80\x80", 4, "\ufffd\ufffd\ufffd\ufffd", 4 },
    { "UTF-8", "é\xe9" "é", 5, "é\ufffdé", 1 },
    { "UTF-32LE", "a\0\0\0\xff\xff\xff\xff" "b\0\0\0", 12, "a\ufffdb", 1 },
    { "ISO-8859-3", "a\xa5" "b", 3, "a\ufffdb", 1 },
    { "Shift_JIS", "a\x81", 2, "a\ufffd", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_decodes (rows[i].encoding, (const guchar *) rows[i].data, rows[i].length, rows[i].text, strlen (rows[i].text), rows[i].n_bad);
}

/* An encoding that waits for an accent behind its last letter. */
static void
test_the_last_letter_is_not_held_back (void)
{
  assert_decodes ("CP1258", (const guchar *) "Viet a", 6, "Viet a", 6, 0);
  assert_decodes ("CP1255", (const guchar *) "\xe0", 1, "א", 2, 0);
}

static void
test_unknown_encodings (void)
{
  static const char * const names[] = { "", "no-such-encoding", "UTF-8//IGNORE", "ASCII//TRANSLIT", "UTF-8 ", "../UTF-8", "UTF\n8",
                                         "UTF-7", "utf7" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (relais_decoder_new (names[i]));
}

/* Everything of up to three bytes, against GLib. */
static void
test_what_is_utf_8 (void)
{
  guint64 n_valid = 0;

  for (guint32 n = 0; n < 0x1000000; n += n < 0x10000 ? 1 : g_test_thorough () ? 1 : 7)
    {
      guchar data[3] = { n, n >> 8, n >> 16 };
      gsize length = n < 0x100 ? 1 : n < 0x10000 ? 2 : 3;
      gboolean valid;
      gsize used = relais_utf8_check (data, length, TRUE, &valid);
      gboolean has_zero = memchr (data, 0, length) != NULL;

      /* GLib takes no zeros. */
      if (has_zero)
        continue;
      g_assert_cmpint (valid, ==, g_utf8_validate_len ((const char *) data, length, NULL));
      g_assert_cmpint (used == length, ==, valid);
      n_valid += valid;
    }
  g_assert_cmpuint (n_valid, >, 100000);
}

static void
test_what_is_utf_8_in_four_bytes (void)
{
  for (guint32 n = 0; n < 0x200000; n++)
    {
      guchar data[4] = { 0xf0 | (n >> 18), 0x80 | ((n >> 12) & 0x3f), 0x80 | ((n >> 6) & 0x3f), 0x80 | (n & 0x3f) };
      gboolean valid;

      relais_utf8_check (data, 4, TRUE, &valid);
      g_assert_cmpint (valid, ==, n >= 0x10000 && n < 0x110000);
    }
}

static void
test_a_cut_character_is_neither_right_nor_wrong (void)
{
  static const guchar data[] = "aaaaaaaaaé€😀";
  gboolean valid;

  for (gsize length = 0; length <= strlen ((const char *) data); length++)
    {
      gsize used = relais_utf8_check (data, length, FALSE, &valid);
      RelaisTextEvidence evidence = relais_utf8_weigh (data, length, FALSE);

      g_assert_true (valid);
      g_assert_true (used == length || length - used < 4);
      g_assert_cmpuint (evidence.n_other, ==, 0);
      g_assert_cmpuint (evidence.n_utf8, ==, (used > 9) + (used > 11) + (used > 14));
      g_assert_cmpint (evidence.is_ascii, ==, length <= 9);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/every-byte-of-windows-1252", test_every_byte_of_windows_1252);
  g_test_add_func ("/decoder/every-character-of-utf-16", test_every_character_of_utf_16);
  g_test_add_func ("/decoder/what-is-no-text-is-replaced", test_what_is_no_text_is_replaced);
  g_test_add_func ("/decoder/the-last-letter-is-not-held-back", test_the_last_letter_is_not_held_back);
  g_test_add_func ("/decoder/unknown-encodings", test_unknown_encodings);
  g_test_add_func ("/decoder/what-is-utf-8", test_what_is_utf_8);
  g_test_add_func ("/decoder/what-is-utf-8-in-four-bytes", test_what_is_utf_8_in_four_bytes);
  g_test_add_func ("/decoder/a-cut-character-is-neither-right-nor-wrong", test_a_cut_character_is_neither_right_nor_wrong);

  return g_test_run ();
}
