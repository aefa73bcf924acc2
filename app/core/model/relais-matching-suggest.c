/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-matching.h"

#include <string.h>

#include "relais-header-words-private.h"
#include "relais-matching-words-private.h"

/* How the suggestion works: the words of a header give a name score for each
 * target, from relais-matching-words.c; what its values look like adds to it or takes
 * from it; the best column of at least ENOUGH is suggested. A word of
 * other matters takes a column out altogether, whatever its values are. */

#define ENOUGH       40
#define NEVER        (-1000)
#define RESEMBLES    40
/* What values are worth for the email column. */
#define ARE_ADDRESSES   60
#define ARE_NOT         (-60)
/* What the values of a column look like. */
typedef struct
{
  guint n;
  guint n_addresses;
  guint n_telephones;
  guint n_flags;    /* yes, non, 1, … */
  guint n_figures;  /* nothing but digits and signs */
  guint n_phrases;  /* more than one word */
} Values;

typedef struct
{
  GStrv    words;     /* (owned): all of them */
  GStrv    core;      /* (owned): without blind and side words */
  int      side;      /* what side words and figures add up to */
  gboolean second;    /* side words make it the second of its kind */
  gboolean company;   /* side words make it a company's */
  gboolean other;     /* about something else */
  gboolean twice;     /* another column has the same name */
  gboolean used;
  Values   values;
} Column;

static void
clear_column (Column *column)
{
  g_strfreev (column->words);
  g_strfreev (column->core);
}

/* Values */

static gboolean
looks_like_address (const char *value)
{
  const char *at = strchr (value, '@');
  const char *blank = strpbrk (value, " \t");

  if (at == NULL || at == value || strchr (at + 1, '@') != NULL || strchr (at, '.') == NULL)
    return FALSE;

  /* Zoé <zoe@example.com> */
  return blank == NULL || (strchr (value, '<') != NULL && strchr (value, '>') > at);
}

static gboolean
looks_like_flag (const char *value)
{
  static const char * const flags[] = {
    "0", "1", "yes", "no", "y", "n", "true", "false", "oui", "non", "o", "vrai", "faux", "x", "on", "off", "subscribed",
    "unsubscribed", "not subscribed", "opt-in", "opt-out", "allow", "do not allow", "abonné", "désabonné", "autoriser", NULL
  };
  g_autofree char *folded = g_utf8_strdown (value, -1);

  return g_strv_contains (flags, folded);
}

/* Six digits or more, and nothing but what is written around them. */
static gboolean
looks_like_telephone (const char *value)
{
  guint digits = 0;

  for (const char *at = value; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_ascii_isdigit (*at))
        digits++;
      else if (c >= 0x80 ? !g_unichar_isspace (c) : strchr (" +-./()'xXeE,", (char) c) == NULL)
        return FALSE;
    }

  return digits >= 6;
}

static gboolean
looks_like_figures (const char *value)
{
  return strpbrk (value, "0123456789") != NULL && strspn (value, "0123456789 +-./:,()") == strlen (value);
}

static void
study_values (Values             *values,
              const char * const *samples)
{
  for (guint i = 0; samples != NULL && samples[i] != NULL; i++)
    {
      g_autofree char *value = g_strstrip (g_strdup (samples[i]));

      if (*value == '\0')
        continue;
      values->n++;
      values->n_addresses += looks_like_address (value);
      values->n_flags += looks_like_flag (value);
      values->n_telephones += looks_like_telephone (value);
      values->n_figures += looks_like_figures (value);
      values->n_phrases += strchr (value, ' ') != NULL;
    }
}

/* Names */

static void
sort_words (Column *column)
{
  g_autoptr (GStrvBuilder) core = g_strv_builder_new ();

  for (guint i = 0; column->words[i] != NULL; i++)
    {
      const char *word = column->words[i];
      int side;

      if (relais_matching_word_is_side (word, &side))
        {
          column->side += side;
          column->second |= side <= RELAIS_SIDE_SECOND;
          column->company |= side == RELAIS_SIDE_COMPANY;
        }
      else if (!relais_matching_word_is_blind (word))
        g_strv_builder_add (core, word);
    }
  column->core = g_strv_builder_end (core);
}

/* The words as they stand come first: "L Name" without its blind L is no longer a last name. */
static int
score_name (const Column *column,
            RelaisTarget        target)
{
  int whole = relais_matching_words_score (target, (const char * const *) column->words, FALSE);
  int core;

  if (whole > 0)
    return whole;
  core = relais_matching_words_score (target, (const char * const *) column->core, TRUE);

  return core > 0 ? core + column->side : 0;
}

static int
score_email_name (const Column *column)
{
  static const char * const kernels[] = { "email", "mail", "courriel", "mel" };
  int score = score_name (column, RELAIS_TARGET_EMAIL);

  if (score != 0)
    return score;
  for (guint i = 0; i < G_N_ELEMENTS (kernels); i++)
    if (g_strv_contains ((const char * const *) column->core, kernels[i]))
      return RESEMBLES + MIN (column->side, 0);

  return 0;
}

static int
score_phone_name (const Column *column)
{
  int best = 0;

  for (guint i = 0; column->core[i] != NULL; i++)
    {
      int score;

      if (relais_matching_word_is_phone (column->core[i], &score))
        best = MAX (best, score);
      else if (!relais_matching_word_is_number (column->core[i]))
        return 0;
    }

  /* A word like "fixe" tells more than the "téléphone" beside it. */
  for (guint i = 0; column->core[i] != NULL && best == 90; i++)
    if (strcmp (column->core[i], "fixe") == 0 || strcmp (column->core[i], "landline") == 0)
      best = 75;

  return best > 0 ? best + column->side : 0;
}

/* Scores */

static int
score_email (const Column *column)
{
  const Values *values = &column->values;
  int score = score_email_name (column);

  if (values->n == 0)
    return score;
  if (2 * values->n_addresses >= values->n)
    return score + ARE_ADDRESSES;
  /* One bad address proves nothing; yes and no do. */
  if (values->n_addresses == 0 && (values->n >= 3 || values->n_flags == values->n))
    return NEVER;

  return score + ARE_NOT / 2;
}

static int
score_person_name (const Column *column,
                   RelaisTarget        target)
{
  const Values *values = &column->values;

  if (values->n > 0 && 2 * (values->n_addresses + values->n_flags + values->n_figures) > values->n)
    return NEVER;
  if (column->second || column->company)
    return NEVER;

  return score_name (column, target);
}

static int
score_phone (const Column *column)
{
  const Values *values = &column->values;
  int score = score_phone_name (column);

  /* Only values whose name says so: digits alone may be customer numbers. */
  if (values->n > 0 && values->n_flags == values->n)
    return NEVER;
  if (values->n >= 3 && 3 * values->n_telephones < values->n)
    return score + ARE_NOT;

  return score;
}

static int
score (const Column *column,
       RelaisTarget        target)
{
  if (column->used || column->other || column->twice)
    return NEVER;

  switch (target)
    {
    case RELAIS_TARGET_EMAIL:
      return score_email (column);
    case RELAIS_TARGET_FIRST_NAME:
    case RELAIS_TARGET_LAST_NAME:
      return score_person_name (column, target);
    case RELAIS_TARGET_PHONE:
      return score_phone (column);
    case RELAIS_N_TARGETS:
    default:
      g_return_val_if_reached (NEVER);
    }
}

static Column *
find_best (GArray *columns,
           RelaisTarget  target)
{
  Column *best = NULL;
  int best_score = ENOUGH - 1;

  for (guint i = 0; i < columns->len; i++)
    {
      Column *column = &g_array_index (columns, Column, i);
      int its_score = score (column, target);

      if (its_score > best_score)
        {
          best = column;
          best_score = its_score;
        }
    }

  return best;
}

static void
take_column (GArray             *columns,
             const char * const *names,
             Column             *column,
             char              **into)
{
  if (column == NULL)
    return;
  column->used = TRUE;
  *into = g_strdup (names[column - &g_array_index (columns, Column, 0)]);
}

/* "Nom" holds whole names when nothing else holds the first ones. */
static gboolean
holds_whole_names (const Column *column)
{
  return column->values.n >= 3 && 10 * column->values.n_phrases >= 7 * column->values.n;
}

static GArray *
study_columns (const char * const *names,
               GPtrArray          *samples)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (Column));

  g_array_set_clear_func (columns, (GDestroyNotify) clear_column);
  for (guint i = 0; names[i] != NULL; i++)
    {
      Column column = { 0 };

      column.words = relais_header_words_split (names[i]);
      sort_words (&column);
      column.other = relais_matching_words_are_other_matter ((const char * const *) column.words);
      for (guint j = 0; names[j] != NULL; j++)
        column.twice |= j != i && strcmp (names[i], names[j]) == 0;
      if (samples != NULL && i < samples->len)
        study_values (&column.values, g_ptr_array_index (samples, i));
      g_array_append_val (columns, column);
    }

  return columns;
}

static gboolean
have_same_words (const char * const *one,
                 const char * const *other)
{
  g_autofree char *joined = g_strjoinv ("", (char **) one);
  g_autofree char *other_joined = g_strjoinv ("", (char **) other);

  return *joined != '\0' && strcmp (joined, other_joined) == 0;
}

/* A custom field takes the column that has its title for a name. */
static void
suggest_fields (RelaisMatching     *matching,
                GArray             *columns,
                const char * const *names,
                GPtrArray          *fields)
{
  static const RelaisValueStyle unchosen = { RELAIS_DATE_ORDER_UNCHOSEN, 0 };

  for (guint i = 0; i < fields->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (fields, i);
      g_auto (GStrv) title = relais_header_words_split (field->title != NULL ? field->title : "");

      for (guint j = 0; j < columns->len; j++)
        {
          Column *column = &g_array_index (columns, Column, j);

          if (column->used || column->twice ||
              !have_same_words ((const char * const *) title, (const char * const *) column->words))
            continue;
          column->used = TRUE;
          relais_matching_add_field (matching, field->id, names[j], unchosen);
          break;
        }
    }
}

/**
 * relais_matching_suggest:
 * @columns: (array zero-terminated=1): names of the segment's columns
 * @samples: (nullable) (element-type GStrv): per column, some of its values
 * @fields: (nullable) (element-type RelaisField): custom fields of the account
 *
 * Guesses which column is which, from French and English names and from what
 * the values look like. When in doubt nothing is suggested: an empty choice is
 * seen, a wrong one may not be. Of several telephones the main one wins, then a
 * mobile one. No column is suggested twice, nor one whose name another one has.
 *
 * Returns: (transfer full): the suggestion; what was not found is %NULL
 */
RelaisMatching *
relais_matching_suggest (const char * const *columns,
                         GPtrArray          *samples,
                         GPtrArray          *fields)
{
  g_autoptr (RelaisMatching) matching = relais_matching_new ();
  g_autoptr (GArray) studied = study_columns (columns, samples);
  Column *last_name;

  take_column (studied, columns, find_best (studied, RELAIS_TARGET_EMAIL), &matching->email);
  take_column (studied, columns, find_best (studied, RELAIS_TARGET_FIRST_NAME), &matching->first_name);
  last_name = find_best (studied, RELAIS_TARGET_LAST_NAME);
  if (last_name != NULL && (matching->first_name != NULL || !holds_whole_names (last_name)))
    take_column (studied, columns, last_name, &matching->last_name);
  take_column (studied, columns, find_best (studied, RELAIS_TARGET_PHONE), &matching->phone);
  if (fields != NULL)
    suggest_fields (matching, studied, columns, fields);

  return g_steal_pointer (&matching);
}
