/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-definition-place-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "relais-error.h"
#include "relais-export-definition.h"

#define MAX_SHOWN 60

const RelaisWord relais_empty_values_words[] = {
  { "keep", RELAIS_EMPTY_VALUES_KEEP }, { "clear", RELAIS_EMPTY_VALUES_CLEAR }, { NULL }
};
const RelaisWord relais_leavers_words[] = {
  { "keep", RELAIS_LEAVERS_KEEP }, { "remove", RELAIS_LEAVERS_REMOVE }, { NULL }
};
const RelaisWord relais_verify_words[] = {
  { "off", RELAIS_VERIFY_OFF }, { "sample", RELAIS_VERIFY_SAMPLE }, { "all", RELAIS_VERIFY_ALL }, { NULL }
};
const RelaisWord relais_date_order_words[] = {
  { "auto", RELAIS_DATE_ORDER_UNCHOSEN }, { "day-first", RELAIS_DATE_ORDER_DAY_FIRST },
  { "month-first", RELAIS_DATE_ORDER_MONTH_FIRST }, { NULL }
};

/* Returns the word that stands for @value. */
const char *
relais_word_find (const RelaisWord *words,
                  int               value)
{
  for (guint i = 0; words[i].word != NULL; i++)
    if (words[i].value == value)
      return words[i].word;

  g_return_val_if_reached (words[0].word);
}

static char *
name_key (const RelaisPlace *place,
          const char        *key)
{
  return g_strconcat (place->path, key, NULL);
}

/* What was found at @key, as JSON, not longer than a line. */
static char *
show_value (const RelaisPlace *place,
            const char        *key)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *written = NULL;
  g_autofree char *text = NULL;

  json_generator_set_root (generator, json_object_get_member (place->object, key));
  written = json_generator_to_data (generator, NULL);
  /* Half a surrogate in the JSON is no character. */
  text = g_utf8_make_valid (written, -1);
  if (g_utf8_strlen (text, -1) > MAX_SHOWN)
    {
      g_autofree char *head = g_utf8_substring (text, 0, MAX_SHOWN);

      return g_strconcat (head, "…", NULL);
    }

  return g_steal_pointer (&text);
}

/* @sentence is translated and names the key, then what was found. Returns FALSE. */
gboolean
relais_place_refuse_value (const RelaisPlace  *place,
                           const char         *key,
                           const char         *sentence,
                           GError            **error)
{
  g_autofree char *name = name_key (place, key);
  g_autofree char *found = show_value (place, key);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, sentence, name, found);
#pragma GCC diagnostic pop

  return FALSE;
}

/* Sets the error for a key that is required and absent. Returns FALSE. */
gboolean
relais_place_refuse_missing (const RelaisPlace  *place,
                             const char         *key,
                             GError            **error)
{
  g_autofree char *name = name_key (place, key);

  /* Translators: %s is the name of a key in the JSON file that defines an export. */
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("The definition lacks “%s”, which is required."), name);

  return FALSE;
}

/* Refuses the first key that is not among @known. */
gboolean
relais_place_check_keys (const RelaisPlace   *place,
                         const char * const  *known,
                         GError             **error)
{
  g_autoptr (GList) keys = json_object_get_members (place->object);

  for (GList *at = keys; at != NULL; at = at->next)
    if (!g_strv_contains (known, at->data))
      {
        g_autofree char *name = name_key (place, at->data);
        g_autofree char *expected = g_strjoinv (", ", (char **) known);

        g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                     /* Translators: the first %s is a key in the JSON file that defines an export, the second one a list of keys. */
                     _("The definition has an unknown key “%s”. Known there are: %s."), name, expected);
        return FALSE;
      }

  return TRUE;
}

/* Whether @key is missing or null. */
gboolean
relais_place_is_absent (const RelaisPlace *place,
                        const char        *key)
{
  return !json_object_has_member (place->object, key) || json_object_get_null_member (place->object, key);
}

/* Whether the value of @key, which is there, is one of @type. */
gboolean
relais_place_has_type (const RelaisPlace *place,
                       const char        *key,
                       GType              type)
{
  JsonNode *node = json_object_get_member (place->object, key);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* A text that is not empty. @text stays as it is when the key is absent. */
gboolean
relais_place_read_text (const RelaisPlace  *place,
                        const char         *key,
                        gboolean            required,
                        char              **text,
                        GError            **error)
{
  const char *value;

  if (relais_place_is_absent (place, key))
    return required ? relais_place_refuse_missing (place, key, error) : TRUE;

  value = relais_place_has_type (place, key, G_TYPE_STRING) ? json_object_get_string_member (place->object, key) : NULL;
  if (value == NULL || *value == '\0' || !g_utf8_validate (value, -1, NULL))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, key, _("In the definition, “%s” is %s; a text in quotes that is not empty is expected."), error);
  g_free (*text);
  *text = g_strdup (value);

  return TRUE;
}

/* @value stays as it is when the key is absent. */
gboolean
relais_place_read_boolean (const RelaisPlace  *place,
                           const char         *key,
                           gboolean           *value,
                           GError            **error)
{
  if (relais_place_is_absent (place, key))
    return TRUE;
  if (!relais_place_has_type (place, key, G_TYPE_BOOLEAN))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. Do not translate true and false. */
    return relais_place_refuse_value (place, key, _("In the definition, “%s” is %s; true or false is expected, without quotes."), error);
  *value = json_object_get_boolean_member (place->object, key);

  return TRUE;
}

/* A whole number from 0 to @most. @value stays as it is when the key is absent. */
gboolean
relais_place_read_number (const RelaisPlace  *place,
                          const char         *key,
                          guint               most,
                          guint              *value,
                          GError            **error)
{
  g_autofree char *name = NULL;
  g_autofree char *found = NULL;
  gint64 number;

  if (relais_place_is_absent (place, key))
    return TRUE;
  number = relais_place_has_type (place, key, G_TYPE_INT64) ? json_object_get_int_member (place->object, key) : -1;
  if (number >= 0 && number <= most)
    {
      *value = (guint) number;
      return TRUE;
    }

  name = name_key (place, key);
  found = show_value (place, key);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: a key in the JSON file that defines an export, what stands there, and the largest number that may. */
               _("In the definition, “%s” is %s; a whole number from 0 to %u is expected, without quotes."), name, found, most);

  return FALSE;
}

/* One of @words. @value stays as it is when the key is absent. */
gboolean
relais_place_read_word (const RelaisPlace  *place,
                        const char         *key,
                        const RelaisWord   *words,
                        int                *value,
                        GError            **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);

  if (!relais_place_read_text (place, key, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  for (guint i = 0; words[i].word != NULL; i++)
    {
      if (strcmp (words[i].word, text) == 0)
        {
          *value = words[i].value;
          return TRUE;
        }
      g_string_append_printf (expected, "%s%s", i > 0 ? ", " : "", words[i].word);
    }

  name = name_key (place, key);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: a key in the JSON file that defines an export, what stands there, and the list of words that may. */
               _("In the definition, “%s” is “%s”; one of these is expected: %s."), name, text, expected->str);

  return FALSE;
}

/* An object that is required; it belongs to @place. */
gboolean
relais_place_get_object (const RelaisPlace  *place,
                         const char         *key,
                         JsonObject        **object,
                         GError            **error)
{
  JsonNode *node;

  if (relais_place_is_absent (place, key))
    return relais_place_refuse_missing (place, key, error);
  node = json_object_get_member (place->object, key);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, key, _("In the definition, “%s” is %s; an object in braces is expected."), error);
  *object = json_node_get_object (node);

  return TRUE;
}

/* %NULL in @array for an absent key. */
gboolean
relais_place_get_array (const RelaisPlace  *place,
                        const char         *key,
                        JsonArray         **array,
                        GError            **error)
{
  JsonNode *node;

  *array = NULL;
  if (relais_place_is_absent (place, key))
    return TRUE;
  node = json_object_get_member (place->object, key);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    /* Translators: the first %s is a key in the JSON file that defines an export, the second one what stands there. */
    return relais_place_refuse_value (place, key, _("In the definition, “%s” is %s; a list in square brackets is expected."), error);
  *array = json_node_get_array (node);

  return TRUE;
}

/* A key whose value is one ASCII sign, or one of @words that stand for one. Clears
 * @understood, and returns TRUE, for any other text: the caller knows what to say. */
gboolean
relais_place_read_sign (const RelaisPlace  *place,
                        const char         *key,
                        const RelaisWord   *words,
                        char               *sign,
                        gboolean           *understood,
                        GError            **error)
{
  g_autofree char *text = NULL;

  *understood = TRUE;
  if (!relais_place_read_text (place, key, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  for (guint i = 0; words[i].word != NULL; i++)
    if (strcmp (words[i].word, text) == 0)
      {
        *sign = (char) words[i].value;
        return TRUE;
      }
  *understood = text[1] == '\0' && (g_ascii_ispunct (text[0]) || text[0] == '\t');
  if (*understood)
    *sign = text[0];

  return TRUE;
}
