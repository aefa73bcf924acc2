/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-text.h"

/* Control characters and marks that nobody sees, wherever they stand. */
static gboolean
is_invisible (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200b || c == 0x200e || c == 0x200f || c == 0x2060 || c == 0xfeff;
}

/* What is taken for a blank at either end of a cell: blanks, and the marks
 * that spreadsheets and web pages leave behind. */
static gboolean
is_blank (gunichar c)
{
  switch (c)
    {
    case ' ':
    case 0x00a0: /* no-break space */
    case 0x200c: /* zero width non-joiner */
    case 0x200d: /* zero width joiner */
    case 0x2007: /* figure space */
    case 0x202f: /* narrow no-break space */
      return TRUE;

    default:
      /* Directions that begin and end: telephones put them around numbers. */
      return is_invisible (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }
}

static inline gboolean
is_ascii_blank (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/**
 * relais_text_trim:
 * @text: valid UTF-8
 *
 * Returns: @text without the blanks, control characters and invisible marks
 *   at its ends
 */
RelaisText
relais_text_trim (RelaisText text)
{
  const char *start = text.data;
  const char *end = text.data + text.length;

  while (start < end)
    {
      if (is_ascii_blank (*start))
        start++;
      else if (((guchar) *start > 0x20 && (guchar) *start < 0x7f) || !is_blank (g_utf8_get_char (start)))
        break;
      else
        start = g_utf8_next_char (start);
    }

  while (end > start)
    {
      const char *last = end - 1;

      if (is_ascii_blank (*last))
        {
          end--;
          continue;
        }
      if ((guchar) *last > 0x20 && (guchar) *last < 0x7f)
        break;
      while (last > start && ((guchar) *last & 0xc0) == 0x80)
        last--;
      if (!is_blank (g_utf8_get_char (last)))
        break;
      end = last;
    }

  return (RelaisText) { start, (gsize) (end - start) };
}

/**
 * relais_text_clean:
 * @text: valid UTF-8
 * @into: what is left of it is appended here
 *
 * Writes @text as it is sent: trimmed, without control characters and
 * invisible marks; a line break or tabulator inside becomes a space.
 *
 * Returns: whether more than the blanks at its ends had to go
 */
gboolean
relais_text_clean (RelaisText  text,
                   GString    *into)
{
  RelaisText rest = relais_text_trim (text);
  const char *end = rest.data + rest.length;
  const char *from = rest.data;
  gboolean cleaned = FALSE;

  for (const char *at = rest.data; at < end; )
    {
      gunichar c;

      if ((guchar) *at >= 0x20 && (guchar) *at < 0x7f)
        {
          at++;
          continue;
        }
      c = g_utf8_get_char (at);
      if (is_invisible (c))
        {
          g_string_append_len (into, from, at - from);
          if (c == '\n' || c == '\t' || (c == '\r' && (at + 1 == end || at[1] != '\n')))
            g_string_append_c (into, ' ');
          from = g_utf8_next_char (at);
          cleaned = TRUE;
        }
      at = g_utf8_next_char (at);
    }
  g_string_append_len (into, from, end - from);

  return cleaned;
}
