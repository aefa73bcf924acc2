/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object of the definition that is being read. */
typedef struct
{
  JsonObject *object; /* (unowned) */
  const char *path;   /* what goes before the names of its keys, "" at the top */
} RelaisPlace;

/* Words that stand for values in the JSON. */
typedef struct
{
  const char *word;
  int         value;
} RelaisWord;

extern const RelaisWord relais_empty_values_words[];
extern const RelaisWord relais_leavers_words[];
extern const RelaisWord relais_verify_words[];
extern const RelaisWord relais_date_order_words[];

const char *relais_word_find            (const RelaisWord    *words,
                                         int                  value);
gboolean    relais_place_refuse_value   (const RelaisPlace   *place,
                                         const char          *key,
                                         const char          *sentence,
                                         GError             **error);
gboolean    relais_place_refuse_missing (const RelaisPlace   *place,
                                         const char          *key,
                                         GError             **error);
gboolean    relais_place_check_keys     (const RelaisPlace   *place,
                                         const char * const  *known,
                                         GError             **error);
gboolean    relais_place_is_absent      (const RelaisPlace   *place,
                                         const char          *key);
gboolean    relais_place_has_type       (const RelaisPlace   *place,
                                         const char          *key,
                                         GType                type);
gboolean    relais_place_read_text      (const RelaisPlace   *place,
                                         const char          *key,
                                         gboolean             required,
                                         char               **text,
                                         GError             **error);
gboolean    relais_place_read_boolean   (const RelaisPlace   *place,
                                         const char          *key,
                                         gboolean            *value,
                                         GError             **error);
gboolean    relais_place_read_number    (const RelaisPlace   *place,
                                         const char          *key,
                                         guint                most,
                                         guint               *value,
                                         GError             **error);
gboolean    relais_place_read_word      (const RelaisPlace   *place,
                                         const char          *key,
                                         const RelaisWord    *words,
                                         int                 *value,
                                         GError             **error);
gboolean    relais_place_read_sign      (const RelaisPlace   *place,
                                         const char          *key,
                                         const RelaisWord    *words,
                                         char                *sign,
                                         gboolean            *understood,
                                         GError             **error);
gboolean    relais_place_get_object     (const RelaisPlace   *place,
                                         const char          *key,
                                         JsonObject         **object,
                                         GError             **error);
gboolean    relais_place_get_array      (const RelaisPlace   *place,
                                         const char          *key,
                                         JsonArray          **array,
                                         GError             **error);

G_END_DECLS
