/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-encoding.h"

#include <string.h>

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
 * In UTF-16 the delimiters, digits, line breaks and addresses of a table have
 * a zero for their other byte, always on the same side, whatever the language
 * of the names; other encodings have hardly any zero.
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
  if (n_pairs >= 2 && zeros[1] * 4 > n_pairs && zeros[0] * 20 < n_pairs)
    return "UTF-16LE";
  if (n_pairs >= 2 && zeros[0] * 4 > n_pairs && zeros[1] * 20 < n_pairs)
    return "UTF-16BE";

  return NULL;
}

/**
 * relais_ascii_length:
 * @data: (array length=length): bytes
 * @length: how many
 *
 * Returns: how many of them, from the first on, are ASCII
 */
gsize
relais_ascii_length (const guchar *data,
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
  while ((at += relais_ascii_length (data + at, length - at)) < length)
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
 * relais_utf8_weigh:
 * @data: (array length=length): bytes
 * @length: how many
 * @is_end: whether nothing follows; else a character that is cut at the end counts neither way
 *
 * Returns: what speaks for and against these being UTF-8
 */
RelaisTextEvidence
relais_utf8_weigh (const guchar *data,
                   gsize         length,
                   gboolean      is_end)
{
  RelaisTextEvidence evidence = { TRUE, 0, 0 };
  gsize at = 0;

  while ((at += relais_ascii_length (data + at, length - at)) < length)
    {
      gsize n = measure_character (data + at, length - at);

      evidence.is_ascii = FALSE;
      if (n == G_MAXSIZE && !is_end)
        break;
      if (n == 0 || n == G_MAXSIZE)
        {
          evidence.n_other++;
          n = 1;
        }
      else
        evidence.n_utf8++;
      at += n;
    }

  return evidence;
}
