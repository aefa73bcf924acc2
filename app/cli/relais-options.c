/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Options of commands. GOption is not used because what it says is in the
 * language of GLib's own translations, which need not be installed. */

#include "relais-options-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "relais-error.h"

/* Options stand this wide in help, and their summaries beside them. */
#define OPTION_WIDTH 32

static const RelaisOption *
find_option (const RelaisOption *options,
             const char         *word,
             gsize               length)
{
  for (const RelaisOption *option = options; option->name != NULL; option++)
    if (strlen (option->name) == length && strncmp (option->name, word, length) == 0)
      return option;

  return NULL;
}

static gboolean
refuse (const char  *sentence,
        const char  *word,
        GError     **error)
{
  g_autofree char *shown = g_utf8_make_valid (word, -1);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, sentence, shown);
#pragma GCC diagnostic pop

  return FALSE;
}

/* What is kept is kept in UTF-8. */
static char *
read_text (const char  *word,
           const char  *value,
           GError     **error)
{
  char *text = g_utf8_validate (value, -1, NULL) ? g_strdup (value) : g_locale_to_utf8 (value, -1, NULL, NULL, NULL);

  if (text == NULL)
    /* Translators: %s is an option of a command, such as --name. */
    refuse (_("What stands after “%s” is not text in the encoding of this terminal."), word, error);

  return text;
}

static gboolean
take_value (const RelaisOption  *option,
            const char          *word,
            const char          *value,
            gpointer             into,
            GError             **error)
{
  gpointer place = (char *) into + option->offset;
  char *text = option->kind == RELAIS_OPTION_FILE ? g_strdup (value) : read_text (word, value, error);

  if (text == NULL)
    return FALSE;
  if (option->kind == RELAIS_OPTION_TEXTS)
    {
      GStrv *texts = place;
      guint n = *texts != NULL ? g_strv_length (*texts) : 0;

      *texts = g_renew (char *, *texts, n + 2);
      (*texts)[n] = text;
      (*texts)[n + 1] = NULL;
    }
  else
    {
      g_free (*(char **) place);
      *(char **) place = text;
    }

  return TRUE;
}

/* Reads the option at *@words, and moves on when its value is the word after it. */
static gboolean
take_option (const RelaisOption   *options,
             const char * const  **words,
             gpointer              into,
             GError              **error)
{
  const char *word = **words;
  const char *name = word + 2;
  gsize length = strcspn (name, "=");
  gboolean has_value = name[length] == '=';
  const RelaisOption *option = g_str_has_prefix (word, "--") ? find_option (options, name, length) : NULL;

  if (option == NULL)
    /* Translators: %s is what was typed, such as --jason. */
    return refuse (_("There is no option “%s” here. Add --help to see those there are."), word, error);
  if (option->kind == RELAIS_OPTION_FLAG)
    {
      if (has_value)
        /* Translators: %s is what was typed, such as --json=yes. */
        return refuse (_("“%s” is more than this option takes: it stands alone."), word, error);
      *(gboolean *) ((char *) into + option->offset) = TRUE;
      return TRUE;
    }
  if (has_value)
    return take_value (option, word, name + length + 1, into, error);
  if ((*words)[1] == NULL)
    /* Translators: %s is an option of a command, such as --name. */
    return refuse (_("The option “%s” needs a value after it."), word, error);
  ++*words;

  return take_value (option, word, **words, into, error);
}

/**
 * relais_options_read:
 * @options: (array zero-terminated=1): that there are
 * @words: (array zero-terminated=1): what was typed after the command
 * @into: struct whose members @options name
 * @arguments: (out) (transfer full): the words that are no options
 * @wants_help: (out): whether --help is among them
 * @error: RELAIS_ERROR_DEFINITION, with a sentence that names the option
 *
 * Reads options, which may stand before, between and after the arguments; what
 * follows "--" is an argument, and so is a dash alone.
 *
 * Returns: whether the words were understood
 */
gboolean
relais_options_read (const RelaisOption  *options,
                     const char * const  *words,
                     gpointer             into,
                     GStrv               *arguments,
                     gboolean            *wants_help,
                     GError             **error)
{
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  gboolean only_arguments = FALSE;

  *wants_help = FALSE;
  for (; *words != NULL; words++)
    {
      if (only_arguments || **words != '-' || strcmp (*words, "-") == 0)
        g_strv_builder_add (rest, *words);
      else if (strcmp (*words, "--") == 0)
        only_arguments = TRUE;
      else if (strcmp (*words, "--help") == 0 || strcmp (*words, "-h") == 0)
        *wants_help = TRUE;
      else if (!take_option (options, &words, into, error))
        return FALSE;
    }
  *arguments = g_strv_builder_end (rest);

  return TRUE;
}

static void
describe (GString    *text,
          const char *option,
          const char *summary)
{
  long gap = OPTION_WIDTH - g_utf8_strlen (option, -1);

  /* What is too wide gets a line of its own. */
  if (gap < 2)
    g_string_append_printf (text, "  %s\n%*s%s\n", option, OPTION_WIDTH + 2, "", summary);
  else
    g_string_append_printf (text, "  %s%*s%s\n", option, (int) gap, "", summary);
}

/**
 * relais_options_describe:
 * @options: (array zero-terminated=1): that there are
 * @text: what the lines are added to
 *
 * Adds a line for each option, --help the last.
 */
void
relais_options_describe (const RelaisOption *options,
                         GString            *text)
{
  for (const RelaisOption *option = options; option->name != NULL; option++)
    {
      g_autofree char *shown = option->value != NULL ? g_strdup_printf ("--%s %s", option->name, _(option->value))
                                                     : g_strconcat ("--", option->name, NULL);

      describe (text, shown, _(option->summary));
    }
  describe (text, "-h, --help", _("Show this help"));
}
