/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-decoder.h"
#include "relais-encoding.h"

#include <string.h>

typedef struct
{
  const char *bytes;
  gsize       length;
  const char *text;
  gboolean    bad;
} Row;

#define BYTES(b) b, sizeof b - 1

/* Writes in pieces of @piece bytes, giving back what was not used, as a file is read. */
static char *
decode (const char  *encoding,
        const Row   *row,
        gsize        piece,
        gboolean    *bad)
{
  g_autoptr (RelaisDecoder) decoder = relais_decoder_new (encoding);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gsize));
  GString *text = g_string_new (NULL);
  gsize used;

  g_assert_nonnull (decoder);
  for (gsize at = 0; at < row->length; at += piece)
    {
      /* No zero at the end, so that reading past it is seen. */
      g_autofree guchar *exact = NULL;

      g_byte_array_append (bytes, (const guchar *) row->bytes + at, MIN (piece, row->length - at));
      exact = g_memdup2 (bytes->data, bytes->len);
      used = relais_decoder_write (decoder, exact, bytes->len, FALSE, text, places);
      g_assert_cmpuint (used, <=, bytes->len);
      g_byte_array_remove_range (bytes, 0, used);
    }
  used = relais_decoder_write (decoder, bytes->data, bytes->len, TRUE, text, places);
  g_assert_cmpuint (used, ==, bytes->len);
  for (guint i = 0; i < places->len; i++)
    g_assert_cmpmem (text->str + g_array_index (places, gsize, i), 3, "\ufffd", 3);
  *bad = places->len > 0;

  return g_string_free (text, FALSE);
}

static void
assert_decoded (const char *encoding,
                const Row  *rows,
                guint       n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    for (gsize piece = 1; piece <= rows[i].length + 1; piece++)
      {
        gboolean bad;
        g_autofree char *text = decode (encoding, &rows[i], piece, &bad);

        g_test_message ("%s, row %u, pieces of %" G_GSIZE_FORMAT, encoding, i, piece);
        g_assert_cmpstr (text, ==, rows[i].text);
        g_assert_cmpint (bad, ==, rows[i].bad);
        g_assert_true (g_utf8_validate (text, -1, NULL));
      }
}

static void
test_utf_8_stays_and_what_is_none_is_replaced (void)
{
  static const Row rows[] = {
    { BYTES (""), "", FALSE },
    { BYTES ("plain"), "plain", FALSE },
    { BYTES ("Zoé € 😀"), "Zoé € 😀", FALSE },
    { BYTES ("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf", FALSE },
    { BYTES ("Zo\xe9"), "Zo\xef\xbf\xbd", TRUE },
    { BYTES ("Zo\xe9,x"), "Zo\xef\xbf\xbd,x", TRUE },
    { BYTES ("\x80"), "\xef\xbf\xbd", TRUE },
    { BYTES ("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd", TRUE },
    { BYTES ("\xe0\x80\xaf"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", TRUE },
    { BYTES ("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", TRUE },
    { BYTES ("\xf0\x80\x80\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", TRUE },
    { BYTES ("\xf4\x90\x80\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", TRUE },
    { BYTES ("\xff\xfe"), "\xef\xbf\xbd\xef\xbf\xbd", TRUE },
    { BYTES ("long enough for words of eight é bytes, long enough"), "long enough for words of eight é bytes, long enough", FALSE },
  };

  assert_decoded ("UTF-8", rows, G_N_ELEMENTS (rows));
  assert_decoded ("utf8", rows, G_N_ELEMENTS (rows));
}

static void
test_windows_1252_is_what_iconv_says (void)
{
  for (guint byte = 1; byte < 256; byte++)
    {
      const char bytes[] = { 'a', byte, 'b', '\0' };
      g_autofree char *expected = g_convert (bytes, -1, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
      Row row = { bytes, 3, expected != NULL ? expected : "a\xef\xbf\xbd" "b", expected == NULL };

      assert_decoded ("windows-1252", &row, 1);
      assert_decoded ("CP1252", &row, 1);
    }
}

static void
test_utf_16_is_read_in_either_order (void)
{
  static const Row little[] = {
    { BYTES ("Z\0o\0\xe9\0"), "Zoé", FALSE },
    { BYTES ("\xac\x20"), "€", FALSE },
    { BYTES ("\x3d\xd8\x00\xde"), "😀", FALSE },
    { BYTES ("\x3d\xd8" "a\0"), "\xef\xbf\xbd" "a", TRUE },
    { BYTES ("\x3d\xd8\x3d\xd8\x00\xde"), "\xef\xbf\xbd😀", TRUE },
    { BYTES ("\x00\xde" "a\0"), "\xef\xbf\xbd" "a", TRUE },
    { BYTES ("a\0\x3d\xd8"), "a\xef\xbf\xbd", TRUE },
    { BYTES ("a\0b"), "a\xef\xbf\xbd", TRUE },
  };
  static const Row big[] = {
    { BYTES ("\0Z\0o\0\xe9"), "Zoé", FALSE },
    { BYTES ("\x20\xac"), "€", FALSE },
    { BYTES ("\xd8\x3d\xde\x00"), "😀", FALSE },
    { BYTES ("\xd8\x3d\0a"), "\xef\xbf\xbd" "a", TRUE },
    { BYTES ("\0a\0"), "a\xef\xbf\xbd", TRUE },
  };

  assert_decoded ("UTF-16LE", little, G_N_ELEMENTS (little));
  assert_decoded ("UTF-16BE", big, G_N_ELEMENTS (big));
}

/* ASCII is read four characters at a time: one that is none stands at each place. */
static void
test_utf_16_with_an_accent_at_each_place_is_read (void)
{
  static const char * const names[] = { "UTF-16LE", "UTF-16BE" };

  for (guint i = 0; i < 2; i++)
    for (guint place = 0; place < 12; place++)
      for (guint k = 0; k < 4; k++)
        {
          g_autoptr (GString) text = g_string_new ("abcdefghijkl");
          g_autofree char *encoded = NULL;
          Row row = { NULL, 0, NULL, FALSE };

          g_string_insert (text, place, ((const char *[]) { "é", "€", "😀", "\x7f" })[k]);
          encoded = g_convert (text->str, text->len, names[i], "UTF-8", NULL, &row.length, NULL);
          row.bytes = encoded;
          row.text = text->str;
          assert_decoded (names[i], &row, 1);
        }
}

static void
test_other_encodings_go_through_iconv (void)
{
  static const Row japanese[] = {
    { BYTES ("\x93\xfa\x96\x7b"), "日本", FALSE },
    { BYTES ("a\x93"), "a\xef\xbf\xbd", TRUE },
    { BYTES ("a\xfd" "b"), "a\xef\xbf\xbd" "b", TRUE },
  };
  static const Row latin_9[] = { { BYTES ("\xa4\xbd"), "€œ", FALSE } };
  /* An accent after its letter: the last letter waits for one. */
  static const Row vietnamese[] = { { BYTES ("Nam"), "Nam", FALSE }, { BYTES ("a\xecx"), "áx", FALSE }, { BYTES ("a"), "a", FALSE } };
  static const Row wide[] = { { BYTES ("Z\0\0\0\xe9\0\0\0"), "Zé", FALSE } };

  assert_decoded ("Shift_JIS", japanese, G_N_ELEMENTS (japanese));
  assert_decoded ("ISO-8859-15", latin_9, G_N_ELEMENTS (latin_9));
  assert_decoded ("windows-1258", vietnamese, G_N_ELEMENTS (vietnamese));
  assert_decoded ("UTF-32LE", wide, G_N_ELEMENTS (wide));
  g_assert_null (relais_decoder_new ("klingon"));
}

static void
test_marks_tell_the_encoding (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *encoding;
    gsize       mark;
  } rows[] = {
    { BYTES ("\xef\xbb\xbf" "a"), "UTF-8", 3 },
    { BYTES ("\xef\xbb"), NULL, 0 },
    { BYTES ("\xff\xfe" "a\0"), "UTF-16LE", 2 },
    { BYTES ("\xfe\xff\0a"), "UTF-16BE", 2 },
    { BYTES ("\xff\xfe\0\0"), "UTF-32LE", 4 },
    { BYTES ("\0\0\xfe\xff"), "UTF-32BE", 4 },
    { BYTES ("\xff"), NULL, 0 },
    { BYTES (""), NULL, 0 },
    { BYTES ("abcd"), NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize mark;

      g_assert_cmpstr (relais_encoding_from_mark ((const guchar *) rows[i].bytes, rows[i].length, &mark), ==, rows[i].encoding);
      g_assert_cmpuint (mark, ==, rows[i].mark);
    }
}

static void
test_zeros_tell_utf_16 (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *encoding;
  } rows[] = {
    { BYTES ("a\0,\0b\0\n\0"), "UTF-16LE" }, { BYTES ("\0a\0,\0b\0\n"), "UTF-16BE" }, { BYTES ("a,b\n"), NULL },
    { BYTES ("a\0"), NULL },                 { BYTES (""), NULL },                     { BYTES ("\0\0\0\0\0\0\0\0"), NULL },
    { BYTES ("a\0b,c,d,e,f\n"), NULL },      { BYTES ("a\0\xac\x20" "b\0c\0"), "UTF-16LE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (relais_encoding_guess_wide ((const guchar *) rows[i].bytes, rows[i].length), ==, rows[i].encoding);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoding/utf-8-stays-and-what-is-none-is-replaced", test_utf_8_stays_and_what_is_none_is_replaced);
  g_test_add_func ("/encoding/windows-1252-is-what-iconv-says", test_windows_1252_is_what_iconv_says);
  g_test_add_func ("/encoding/utf-16-is-read-in-either-order", test_utf_16_is_read_in_either_order);
  g_test_add_func ("/encoding/utf-16-with-an-accent-at-each-place-is-read", test_utf_16_with_an_accent_at_each_place_is_read);
  g_test_add_func ("/encoding/other-encodings-go-through-iconv", test_other_encodings_go_through_iconv);
  g_test_add_func ("/encoding/marks-tell-the-encoding", test_marks_tell_the_encoding);
  g_test_add_func ("/encoding/zeros-tell-utf-16", test_zeros_tell_utf_16);

  return g_test_run ();
}
