/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-header-words-private.h"

#include <string.h>

/* What headers without any mark between their words are made of, so that
 * "mobilephone" and "donotbulkemail" come apart. A header word that is itself
 * in the list, or is not wholly made of words in it, stays whole. */
static const char * const compound_words[] = {
  "accepts", "address", "adresse", "billing", "bulk", "business", "cell", "client", "consent", "contact", "courriel",
  "customer", "display", "do", "email", "emails", "family", "famille", "fax", "first", "fixe", "full", "given", "hash",
  "home", "id", "in", "last", "mail", "middle", "mobile", "mobiles", "name", "nom", "not", "no", "num", "number",
  "numero", "opt", "other", "out", "phone", "portable", "prenom", "primary", "pro", "secondary", "shipping", "sms",
  "subscriber", "tel", "telephone", "user", "work",
};

/* "EMail" is two words by its capitals, "IDClient" and "firstName" as well. */
static gboolean
starts_word (gunichar before,
             gunichar c,
             gunichar after)
{
  if (g_unichar_isdigit (c) != g_unichar_isdigit (before))
    return TRUE;
  if (!g_unichar_isupper (c))
    return FALSE;

  return g_unichar_islower (before) || (g_unichar_isupper (before) && g_unichar_islower (after));
}

static gboolean
is_compound_word (const char *text,
                  gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (compound_words); i++)
    if (strlen (compound_words[i]) == length && strncmp (compound_words[i], text, length) == 0)
      return TRUE;

  return FALSE;
}

/* Appends the known words that @text is wholly made of, the longest first; FALSE when it is not. */
static gboolean
split_compound (const char *text,
                GPtrArray  *into)
{
  guint before = into->len;

  if (*text == '\0')
    return TRUE;

  for (gsize length = strlen (text); length > 1; length--)
    {
      if (!is_compound_word (text, length))
        continue;
      g_ptr_array_add (into, g_strndup (text, length));
      if (split_compound (text + length, into))
        return TRUE;
      g_ptr_array_set_size (into, before);
    }

  return FALSE;
}

static void
add_word (GPtrArray *words,
          GString   *word)
{
  const char *last = words->len > 0 ? g_ptr_array_index (words, words->len - 1) : NULL;

  if (word->len == 0)
    return;

  /* E-mail, e mail, EMail */
  if (g_strcmp0 (last, "e") == 0 && (strcmp (word->str, "mail") == 0 || strcmp (word->str, "mails") == 0))
    {
      g_ptr_array_set_size (words, words->len - 1);
      g_string_prepend_c (word, 'e');
    }
  if (!split_compound (word->str, words))
    g_ptr_array_add (words, g_strdup (word->str));
  g_string_truncate (word, 0);
}

/* One letter in lower case, without marks; ligatures are two. */
static void
append_letter (GString  *word,
               gunichar  c)
{
  switch (c)
    {
    case 0x00e6:
    case 0x00c6:
      g_string_append (word, "ae");
      break;
    case 0x0153:
    case 0x0152:
      g_string_append (word, "oe");
      break;
    case 0x00b0: /* degree sign: "N°" */
      g_string_append_c (word, 'o');
      break;
    default:
      g_string_append_unichar (word, g_unichar_tolower (c));
    }
}

static gboolean
is_letter (gunichar c)
{
  return g_unichar_isalnum (c) || c == 0x00b0;
}

/**
 * relais_header_words_split:
 * @header: the name of a column, valid UTF-8
 *
 * Takes a header apart into words in lower case without accents: at blanks and
 * punctuation, at inner capitals, between letters and digits, and inside known
 * compounds. "E-mail", "EMail" and "e mail" are one word, email.
 *
 * Returns: (transfer full): the words
 */
GStrv
relais_header_words_split (const char *header)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GString) word = g_string_new (NULL);
  g_autofree char *plain = g_utf8_normalize (header, -1, G_NORMALIZE_ALL);
  g_autofree gunichar *letters = NULL;
  gunichar before = 0;
  long n = 0;

  g_ptr_array_set_free_func (words, g_free);
  letters = g_utf8_to_ucs4_fast (plain != NULL ? plain : "", -1, &n);
  for (long i = 0; i < n; i++)
    {
      gunichar c = letters[i];

      /* Accents are letters of their own now. */
      if (g_unichar_ismark (c))
        continue;
      if (!is_letter (c))
        {
          add_word (words, word);
          before = 0;
          continue;
        }
      if (before != 0 && starts_word (before, c, i + 1 < n ? letters[i + 1] : 0))
        add_word (words, word);
      append_letter (word, c);
      before = c;
      /* "N°de" is two words all the same. */
      if (c == 0x00b0)
        {
          add_word (words, word);
          before = 0;
        }
    }
  add_word (words, word);
  g_ptr_array_add (words, NULL);
  g_ptr_array_set_free_func (words, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

/* Whether the words of @phrase, which single blanks hold apart, stand at the
 * beginning of @words; sets @n to their number. */
static gboolean
begins_with (const char * const *words,
             const char         *phrase,
             guint              *n)
{
  for (*n = 0; *phrase != '\0'; (*n)++)
    {
      gsize length = strcspn (phrase, " ");

      if (words[*n] == NULL || strlen (words[*n]) != length || strncmp (words[*n], phrase, length) != 0)
        return FALSE;
      phrase += length + (phrase[length] == ' ');
    }

  return TRUE;
}

/**
 * relais_header_words_equal:
 * @words: (array zero-terminated=1): words of a header
 * @phrase: words held apart by single blanks
 *
 * Returns: whether @words are those of @phrase
 */
gboolean
relais_header_words_equal (const char * const *words,
                           const char         *phrase)
{
  guint n;

  return begins_with (words, phrase, &n) && words[n] == NULL;
}

/**
 * relais_header_words_contain:
 * @words: (array zero-terminated=1): words of a header
 * @phrase: words held apart by single blanks
 *
 * Returns: whether the words of @phrase stand in @words, one after the other
 */
gboolean
relais_header_words_contain (const char * const *words,
                             const char         *phrase)
{
  guint n;

  for (; *words != NULL; words++)
    if (begins_with (words, phrase, &n))
      return TRUE;

  return FALSE;
}
