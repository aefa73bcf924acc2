/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-encoding.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

typedef enum
{
  DECODE_UTF8,
  DECODE_WINDOWS_1252,
  DECODE_UTF16_LE,
  DECODE_UTF16_BE,
  DECODE_ICONV,
} Kind;

struct _RelaisDecoder
{
  Kind   kind;
  GIConv iconv;   /* of DECODE_ICONV */
};

/* Windows-1252 where it is not Latin-1: 0x80 to 0x9f. Zero: undefined. */
static const guint16 windows_1252[32] = {
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
  0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

/**
 * relais_encoding_from_mark:
 * @data: (array length=length): the beginning of a file
 * @length: in bytes
 * @mark_length: (out): length of the byte-order mark
 *
 * Returns: (transfer none) (nullable): the encoding that a byte-order mark tells
 */
const char *
relais_encoding_from_mark (const guchar *data,
                           gsize         length,
                           gsize        *mark_length)
{
  static const struct
  {
    const char *mark;
    gsize       length;
    const char *encoding;
  } marks[] = {
    { "\xef\xbb\xbf", 3, "UTF-8" },
    { "\xff\xfe\0\0", 4, "UTF-32LE" },
    { "\0\0\xfe\xff", 4, "UTF-32BE" },
    { "\xff\xfe", 2, "UTF-16LE" },
    { "\xfe\xff", 2, "UTF-16BE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].length && memcmp (data, marks[i].mark, marks[i].length) == 0)
      {
        *mark_length = marks[i].length;
        return marks[i].encoding;
      }
  *mark_length = 0;

  return NULL;
}

/**
 * relais_encoding_guess_wide:
 * @data: (array length=length): the beginning of a file without a byte-order mark
 * @length: in bytes
 *
 * Text in European languages has a zero in most pairs of bytes when it is
 * UTF-16, and hardly any zero otherwise.
 *
 * Returns: (transfer none) (nullable): "UTF-16LE", "UTF-16BE", or %NULL
 */
const char *
relais_encoding_guess_wide (const guchar *data,
                            gsize         length)
{
  gsize zeros[2] = { 0, 0 };
  gsize n_pairs = MIN (length, 4096) / 2;

  for (gsize i = 0; i < n_pairs * 2; i++)
    zeros[i & 1] += data[i] == 0;
  if (n_pairs >= 2 && zeros[1] * 2 > n_pairs && zeros[0] * 10 < n_pairs)
    return "UTF-16LE";
  if (n_pairs >= 2 && zeros[0] * 2 > n_pairs && zeros[1] * 10 < n_pairs)
    return "UTF-16BE";

  return NULL;
}

static gsize
count_ascii (const guchar *data,
             gsize         length)
{
  gsize at = 0;

  for (; at + 8 <= length; at += 8)
    {
      guint64 word;

      memcpy (&word, data + at, sizeof word);
      if ((word & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
    }
  while (at < length && data[at] < 0x80)
    at++;

  return at;
}

/* Returns: length of the character at @data, 0 when it is none, G_MAXSIZE when it is cut */
static gsize
measure_character (const guchar *data,
                   gsize         length)
{
  gsize n = data[0] < 0x80 ? 1 : data[0] < 0xc2 ? 0 : data[0] < 0xe0 ? 2 : data[0] < 0xf0 ? 3 : data[0] < 0xf5 ? 4 : 0;

  for (gsize i = 1; i < n; i++)
    {
      if (i >= length)
        return G_MAXSIZE;
      if ((data[i] & 0xc0) != 0x80)
        return 0;
      if (i == 1 && ((data[0] == 0xe0 && data[1] < 0xa0) || (data[0] == 0xed && data[1] > 0x9f) ||
                     (data[0] == 0xf0 && data[1] < 0x90) || (data[0] == 0xf4 && data[1] > 0x8f)))
        return 0;
    }

  return n;
}

/**
 * relais_utf8_check:
 * @data: (array length=length): bytes
 * @length: how many
 * @is_end: whether nothing follows
 * @valid: (out): whether they are UTF-8 as far as they were looked at
 *
 * Returns: how many bytes are UTF-8; the rest is invalid, or a character whose end is still to come
 */
gsize
relais_utf8_check (const guchar *data,
                   gsize         length,
                   gboolean      is_end,
                   gboolean     *valid)
{
  gsize at = 0;

  *valid = TRUE;
  while ((at += count_ascii (data + at, length - at)) < length)
    {
      gsize n = measure_character (data + at, length - at);

      if (n == 0 || (n == G_MAXSIZE && is_end))
        *valid = FALSE;
      if (n == 0 || n == G_MAXSIZE)
        break;
      at += n;
    }

  return at;
}

/**
 * relais_decoder_new:
 * @encoding: IANA name
 *
 * Returns: (transfer full) (nullable): a decoder, %NULL when the encoding is not known
 */
RelaisDecoder *
relais_decoder_new (const char *encoding)
{
  static const struct
  {
    const char *name;
    Kind        kind;
  } known[] = {
    { "UTF-8", DECODE_UTF8 },           { "utf8", DECODE_UTF8 },
    { "US-ASCII", DECODE_UTF8 },        { "windows-1252", DECODE_WINDOWS_1252 },
    { "cp1252", DECODE_WINDOWS_1252 },  { "UTF-16LE", DECODE_UTF16_LE },
    { "UTF-16BE", DECODE_UTF16_BE },
  };
  RelaisDecoder *decoder;
  GIConv iconv;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].name, encoding) == 0)
      {
        decoder = g_new0 (RelaisDecoder, 1);
        decoder->kind = known[i].kind;
        return decoder;
      }

  iconv = g_iconv_open ("UTF-8", encoding);
  if (iconv == (GIConv) -1)
    return NULL;
  decoder = g_new0 (RelaisDecoder, 1);
  decoder->kind = DECODE_ICONV;
  decoder->iconv = iconv;

  return decoder;
}

/**
 * relais_decoder_free:
 * @decoder: (transfer full) (nullable):
 */
void
relais_decoder_free (RelaisDecoder *decoder)
{
  if (decoder == NULL)
    return;

  if (decoder->kind == DECODE_ICONV)
    g_iconv_close (decoder->iconv);
  g_free (decoder);
}

static gsize
write_utf8 (const guchar *data,
            gsize         length,
            gboolean      is_end,
            GString      *into,
            gboolean     *bad)
{
  gsize at = 0;

  while (at < length)
    {
      gboolean valid;
      gsize n = relais_utf8_check (data + at, length - at, is_end, &valid);

      g_string_append_len (into, (const char *) data + at, n);
      at += n;
      if (valid)
        break;
      g_string_append (into, REPLACEMENT);
      *bad = TRUE;
      at++;
    }

  return at;
}

static char *
put_character (char     *to,
               gunichar  c)
{
  if (c < 0x80)
    {
      *to++ = c;
      return to;
    }
  if (c < 0x800)
    {
      *to++ = 0xc0 | (c >> 6);
      *to++ = 0x80 | (c & 0x3f);
      return to;
    }

  return to + g_unichar_to_utf8 (c, to);
}

/* Makes room for @most more bytes, and says where they go. */
static char *
begin_append (GString *into,
              gsize    most)
{
  gsize length = into->len;

  g_string_set_size (into, length + most);

  return into->str + length;
}

static gsize
write_windows_1252 (const guchar *data,
                    gsize         length,
                    GString      *into,
                    gboolean     *bad)
{
  char *to = begin_append (into, length * 3);

  for (gsize at = 0; at < length; )
    {
      gsize n = count_ascii (data + at, length - at);
      gunichar c;

      memcpy (to, data + at, n);
      to += n;
      at += n;
      if (at == length)
        break;
      c = data[at] >= 0xa0 ? data[at] : windows_1252[data[at] - 0x80];
      if (c == 0)
        *bad = TRUE;
      to = put_character (to, c != 0 ? c : 0xfffd);
      at++;
    }
  g_string_truncate (into, to - into->str);

  return length;
}

/* Four characters at a time, as long as they are ASCII. */
static gsize
write_utf16_ascii (const guchar  *data,
                   gsize          length,
                   guint          high,
                   char         **to)
{
  const guint64 others = high == 1 ? G_GUINT64_CONSTANT (0xff80ff80ff80ff80) : G_GUINT64_CONSTANT (0x80ff80ff80ff80ff);
  gsize at = 0;

  for (; at + 8 <= length; at += 8)
    {
      guint64 word;

      memcpy (&word, data + at, sizeof word);
      word = GUINT64_FROM_LE (word);
      if ((word & others) != 0)
        break;
      word >>= high == 1 ? 0 : 8;
      *(*to)++ = word;
      *(*to)++ = word >> 16;
      *(*to)++ = word >> 32;
      *(*to)++ = word >> 48;
    }

  return at;
}

static gsize
write_utf16 (const guchar *data,
             gsize         length,
             guint         high,
             gboolean      is_end,
             GString      *into,
             gboolean     *bad)
{
  char *to = begin_append (into, length / 2 * 3 + 6);
  gsize at = 0;

  for (; at + 2 <= length; at += 2)
    {
      gunichar c;

      at += write_utf16_ascii (data + at, length - at, high, &to);
      if (at + 2 > length)
        break;
      c = (data[at + high] << 8) | data[at + 1 - high];
      if ((c & 0xfc00) == 0xd800)
        {
          gunichar low = 0;

          if (at + 4 > length && !is_end)
            break;
          if (at + 4 <= length)
            low = (data[at + 2 + high] << 8) | data[at + 3 - high];
          if ((low & 0xfc00) == 0xdc00)
            {
              c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
              at += 2;
            }
          else
            c = 0xd800;
        }
      if ((c & 0xfffff800) == 0xd800)
        {
          c = 0xfffd;
          *bad = TRUE;
        }
      to = put_character (to, c);
    }
  if (is_end && at < length)
    {
      to = put_character (to, 0xfffd);
      *bad = TRUE;
      at = length;
    }
  g_string_truncate (into, to - into->str);

  return at;
}

/* Some encodings write an accent after its letter: the last letter waits for one. */
static void
flush_iconv (RelaisDecoder *decoder,
             GString       *into)
{
  gsize room = 32;
  char *to = begin_append (into, room);

  g_iconv (decoder->iconv, NULL, NULL, &to, &room);
  g_string_truncate (into, to - into->str);
}

static gsize
write_iconv (RelaisDecoder *decoder,
             const guchar  *data,
             gsize          length,
             gboolean       is_end,
             GString       *into,
             gboolean      *bad)
{
  char *from = (char *) data;
  gsize left = length;

  while (left > 0)
    {
      gsize most = left * 4 + 16;
      gsize room = most;
      char *to = begin_append (into, most);
      gsize status = g_iconv (decoder->iconv, &from, &left, &to, &room);
      int failure = errno;

      g_string_truncate (into, to - into->str);
      if (status != (gsize) -1 || failure == E2BIG)
        continue;
      if (failure == EINVAL && !is_end)
        break;
      g_string_append (into, REPLACEMENT);
      *bad = TRUE;
      from++;
      left--;
    }
  if (is_end)
    flush_iconv (decoder, into);

  return length - left;
}

/**
 * relais_decoder_write:
 * @decoder: a decoder
 * @data: (array length=length): bytes that follow what was written before
 * @length: how many
 * @is_end: whether nothing follows
 * @into: UTF-8 is appended here
 * @bad: (inout): set when something was no text
 *
 * Returns: how many bytes were used; the rest is to be given again with what follows
 */
gsize
relais_decoder_write (RelaisDecoder *decoder,
                      const guchar  *data,
                      gsize          length,
                      gboolean       is_end,
                      GString       *into,
                      gboolean      *bad)
{
  switch (decoder->kind)
    {
    case DECODE_UTF8:
      return write_utf8 (data, length, is_end, into, bad);

    case DECODE_WINDOWS_1252:
      return write_windows_1252 (data, length, into, bad);

    case DECODE_UTF16_LE:
      return write_utf16 (data, length, 1, is_end, into, bad);

    case DECODE_UTF16_BE:
      return write_utf16 (data, length, 0, is_end, into, bad);

    case DECODE_ICONV:
    default:
      return write_iconv (decoder, data, length, is_end, into, bad);
    }
}
