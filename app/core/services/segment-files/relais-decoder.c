/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-decoder.h"

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
  GIConv iconv;   /* (owned): of DECODE_ICONV */
  guint  unit;    /* of DECODE_ICONV: bytes that are left out when they are no text */
};

/* Windows-1252 where it is not Latin-1: 0x80 to 0x9f. Zero: undefined. */
static const guint16 windows_1252[32] = {
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
  0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

static gboolean
is_name (const char *encoding)
{
  /* iconv would take "" for the locale's encoding and obey //IGNORE. */
  for (const char *at = encoding; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_.:+()", *at) == NULL)
      return FALSE;

  return *encoding != '\0';
}

/* UTF-7 keeps bits of a letter back, and where it is wrong what follows depends on where
 * the pieces end. No spreadsheet writes it, and browsers refuse it too. */
static gboolean
is_refused (const char *encoding)
{
  g_autofree char *upper = g_ascii_strup (encoding, -1);

  return strstr (upper, "UTF-7") != NULL || strstr (upper, "UTF7") != NULL;
}

static guint
measure_unit (const char *encoding)
{
  g_autofree char *upper = g_ascii_strup (encoding, -1);

  if (strstr (upper, "UTF-32") != NULL || strstr (upper, "UTF32") != NULL || strstr (upper, "UCS-4") != NULL)
    return 4;
  if (strstr (upper, "UTF-16") != NULL || strstr (upper, "UTF16") != NULL || strstr (upper, "UCS-2") != NULL)
    return 2;

  return 1;
}

static RelaisDecoder *
make_decoder (Kind   kind,
              GIConv iconv,
              guint  unit)
{
  RelaisDecoder *decoder = g_new0 (RelaisDecoder, 1);

  decoder->kind = kind;
  decoder->iconv = iconv;
  decoder->unit = unit;

  return decoder;
}

/**
 * relais_decoder_new:
 * @encoding: IANA name
 *
 * What is called Latin-1 is Windows-1252 in practice, and the other way round
 * nothing is lost (encoding.spec.whatwg.org, "names and labels").
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
    { "UTF-8", DECODE_UTF8 },                { "utf8", DECODE_UTF8 },
    { "US-ASCII", DECODE_UTF8 },             { "windows-1252", DECODE_WINDOWS_1252 },
    { "cp1252", DECODE_WINDOWS_1252 },       { "ISO-8859-1", DECODE_WINDOWS_1252 },
    { "ISO_8859-1", DECODE_WINDOWS_1252 },   { "latin1", DECODE_WINDOWS_1252 },
    { "UTF-16LE", DECODE_UTF16_LE },         { "UTF-16BE", DECODE_UTF16_BE },
  };
  GIConv iconv;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].name, encoding) == 0)
      return make_decoder (known[i].kind, NULL, 1);

  if (!is_name (encoding) || is_refused (encoding))
    return NULL;
  iconv = g_iconv_open ("UTF-8", encoding);

  return iconv != (GIConv) -1 ? make_decoder (DECODE_ICONV, iconv, measure_unit (encoding)) : NULL;
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

static void
note_bad (GArray *bad,
          gsize   where)
{
  g_array_append_val (bad, where);
}

static gsize
write_utf8 (const guchar *data,
            gsize         length,
            gboolean      is_end,
            GString      *into,
            GArray       *bad)
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
      note_bad (bad, into->len);
      g_string_append (into, REPLACEMENT);
      at++;
    }

  return at;
}

static inline char *
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
  if (c < 0x10000)
    {
      *to++ = 0xe0 | (c >> 12);
      *to++ = 0x80 | ((c >> 6) & 0x3f);
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
                    GArray       *bad)
{
  char *to = begin_append (into, length * 3);

  for (gsize at = 0; at < length; at++)
    {
      gsize n = relais_ascii_length (data + at, length - at);
      gunichar c;

      memcpy (to, data + at, n);
      to += n;
      at += n;
      if (at == length)
        break;
      c = data[at] >= 0xa0 ? data[at] : windows_1252[data[at] - 0x80];
      if (c == 0)
        note_bad (bad, to - into->str);
      to = put_character (to, c != 0 ? c : 0xfffd);
    }
  g_string_truncate (into, to - into->str);

  return length;
}

static inline gunichar
get_unit (const guchar *data,
          guint         high)
{
  return (data[high] << 8) | data[1 - high];
}

/* Writes what is ASCII, four characters at a time.
 *
 * Returns: how many bytes of @data that was */
static inline gsize
write_wide_ascii (const guchar  *data,
                  gsize          length,
                  guint          high,
                  char         **to)
{
  gsize at = 0;

  for (; length - at >= 8; at += 8)
    {
      guint64 word;
      guint32 packed;

      memcpy (&word, data + at, sizeof word);
      word = high == 1 ? GUINT64_FROM_LE (word) : GUINT64_FROM_LE (word) >> 8 | GUINT64_FROM_LE (word) << 56;
      if ((word & G_GUINT64_CONSTANT (0xff80ff80ff80ff80)) != 0)
        break;
      word = (word | word >> 8) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
      packed = GUINT32_TO_LE ((guint32) (word | word >> 16));
      memcpy (*to, &packed, sizeof packed);
      *to += 4;
    }

  return at;
}

static gsize
write_utf16 (const guchar *data,
             gsize         length,
             guint         high,
             gboolean      is_end,
             GString      *into,
             GArray       *bad)
{
  char *to = begin_append (into, length / 2 * 3 + 6);
  gsize at = 0;

  while ((at += write_wide_ascii (data + at, length - at, high, &to)) + 2 <= length)
    {
      gunichar c = get_unit (data + at, high);

      if ((c & 0xfc00) == 0xd800)
        {
          gunichar low = 0;

          if (at + 4 > length && !is_end)
            break;
          if (at + 4 <= length)
            low = get_unit (data + at + 2, high);
          if ((low & 0xfc00) == 0xdc00)
            {
              c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
              at += 2;
            }
        }
      if ((c & 0xfffff800) == 0xd800)
        {
          c = 0xfffd;
          note_bad (bad, to - into->str);
        }
      to = put_character (to, c);
      at += 2;
    }
  if (is_end && at < length)
    {
      note_bad (bad, to - into->str);
      to = put_character (to, 0xfffd);
      at = length;
    }
  g_string_truncate (into, to - into->str);

  return at;
}

static gsize
write_iconv (RelaisDecoder *decoder,
             const guchar  *data,
             gsize          length,
             gboolean       is_end,
             GString       *into,
             GArray        *bad)
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
      gsize skipped;

      g_string_truncate (into, to - into->str);
      if (status != (gsize) -1 || failure == E2BIG)
        continue;
      if (failure == EINVAL && !is_end)
        break;
      note_bad (bad, into->len);
      g_string_append (into, REPLACEMENT);
      skipped = MIN (left, decoder->unit);
      from += skipped;
      left -= skipped;
    }
  if (is_end)
    {
      /* Some encodings hold a letter back until they have seen whether an accent follows. */
      gsize room = 64;
      char *to = begin_append (into, room);

      g_iconv (decoder->iconv, NULL, NULL, &to, &room);
      g_string_truncate (into, to - into->str);
    }

  return length - left;
}

/**
 * relais_decoder_write:
 * @decoder: a decoder
 * @data: (array length=length): bytes that follow what was written before
 * @length: how many
 * @is_end: whether nothing follows
 * @into: UTF-8 is appended here
 * @bad: (element-type gsize): where in @into there is a U+FFFD for what was no text is appended here
 *
 * Returns: how many bytes were used; the rest is to be given again with what follows
 */
gsize
relais_decoder_write (RelaisDecoder *decoder,
                      const guchar  *data,
                      gsize          length,
                      gboolean       is_end,
                      GString       *into,
                      GArray        *bad)
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
