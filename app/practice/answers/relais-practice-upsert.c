/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

#include <string.h>

/* Writing a contact: what is new goes over what is there. */

/* Field values are a JSON object {"7":"Gold"}. */
static GHashTable *
read_fields (const char *stored)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (RelaisTree) tree = stored != NULL && *stored != '\0' ? relais_tree_parse (stored, strlen (stored)) : NULL;
  const RelaisNode *root = tree != NULL ? relais_tree_root (tree) : NULL;
  const RelaisNode *at = root != NULL ? root + 1 : NULL;

  for (guint i = 0; root != NULL && i < root->count; i++, at += 1 + at[1].span)
    g_hash_table_insert (values, g_strndup (at->text, at->length), relais_node_to_text (at + 1));

  return values;
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 difference = g_ascii_strtoll (a, NULL, 10) - g_ascii_strtoll (b, NULL, 10);

  return difference < 0 ? -1 : difference > 0;
}

/* An empty value is no value. */
static char *
write_fields (GHashTable *values)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (values), compare_ids);
  g_autoptr (GString) json = g_string_new ("{");

  for (GList *at = names; at != NULL; at = at->next)
    {
      const char *value = g_hash_table_lookup (values, at->data);

      if (value != NULL && *value != '\0')
        relais_write_string (json, at->data, value);
    }
  if (json->len == 1)
    return g_strdup ("");
  g_string_append_c (json, '}');

  return g_string_free (g_steal_pointer (&json), FALSE);
}

static gboolean
is_field (RelaisPracticeAccount *account,
          gint64                 id)
{
  return id > 0 && relais_store_number (account->store, "SELECT 1 FROM fields WHERE id = ?", "i", id) != 0;
}

/* A field that the account does not have is ignored, as the service does. */
static char *
merge_fields (RelaisPracticeAccount *account,
              const char            *stored,
              const RelaisUpsert    *upsert)
{
  const RelaisNode *fields = upsert->fields;
  const RelaisNode *item = fields != NULL ? fields + 1 : NULL;
  g_autoptr (GHashTable) values = NULL;

  if (fields == NULL || fields->type != RELAIS_NODE_ARRAY || fields->count == 0)
    return g_strdup (stored != NULL ? stored : "");
  values = read_fields (stored);
  for (guint i = 0; i < fields->count; i++, item += item->span)
    {
      gint64 id = (gint64) relais_node_to_id (relais_node_member (item, upsert->field_key));
      g_autofree char *text = relais_node_to_text (relais_node_member (item, "value"));

      if (text != NULL && (*text != '\0' || !upsert->keeps_empty) && is_field (account, id))
        g_hash_table_insert (values, g_strdup_printf ("%" G_GINT64_FORMAT, id), g_steal_pointer (&text));
    }

  return write_fields (values);
}

static gint64
find_tag (RelaisPracticeAccount *account,
          const char            *name)
{
  gint64 id = relais_store_number (account->store, "SELECT id FROM tags WHERE tag = ?", "s", name);

  if (id == 0)
    id = relais_store_execute (account->store, "INSERT INTO tags VALUES (NULL, ?, 'contact', '', ?, 0)", "si", name, relais_faults_now (&account->faults));

  return id;
}

static char *
merge_tags (RelaisPracticeAccount *account,
            const char            *stored,
            const RelaisNode      *tags)
{
  g_autoptr (GString) merged = g_string_new (stored != NULL && *stored != '\0' ? stored : ",");
  const RelaisNode *item = tags != NULL ? tags + 1 : NULL;

  for (guint i = 0; tags != NULL && tags->type == RELAIS_NODE_ARRAY && i < tags->count; i++, item += item->span)
    {
      g_autofree char *mark = NULL;
      gint64 tag;

      if (item->type != RELAIS_NODE_STRING || item->length == 0)
        continue;
      tag = find_tag (account, item->text);
      mark = g_strdup_printf (",%" G_GINT64_FORMAT ",", tag);
      if (strstr (merged->str, mark) != NULL)
        continue;
      g_string_append (merged, mark + 1);
      relais_store_execute (account->store, "UPDATE tags SET people = people + 1 WHERE id = ?", "i", tag);
    }
  if (merged->len == 1)
    g_string_truncate (merged, 0);

  return g_string_free (g_steal_pointer (&merged), FALSE);
}

static char *
choose_text (const RelaisUpsert *upsert,
             const RelaisNode   *given,
             const char         *stored)
{
  g_autofree char *text = relais_node_to_text (given);

  if (text != NULL && (*text != '\0' || !upsert->keeps_empty))
    return g_steal_pointer (&text);

  return g_strdup (stored != NULL ? stored : "");
}

/**
 * relais_contact_upsert:
 * @account: the account
 * @upsert: a contact by its address
 * @created: (out): whether it is new
 *
 * Returns: its id
 */
gint64
relais_contact_upsert (RelaisPracticeAccount *account,
                       const RelaisUpsert    *upsert,
                       gboolean              *created)
{
  sqlite3_stmt *row = relais_store_query (account->store,
    "SELECT id, first, last, phone, fields, tags, account FROM contacts WHERE email = ?", "s", upsert->email);
  gboolean exists = sqlite3_step (row) == SQLITE_ROW;
  gint64 id = exists ? sqlite3_column_int64 (row, 0) : 0;
  g_autofree char *first = choose_text (upsert, upsert->first_name, exists ? relais_store_text (row, 1) : NULL);
  g_autofree char *last = choose_text (upsert, upsert->last_name, exists ? relais_store_text (row, 2) : NULL);
  g_autofree char *phone = choose_text (upsert, upsert->phone, exists ? relais_store_text (row, 3) : NULL);
  g_autofree char *fields = merge_fields (account, exists ? relais_store_text (row, 4) : NULL, upsert);
  g_autofree char *tags = merge_tags (account, exists ? relais_store_text (row, 5) : NULL, upsert->tags);
  g_autofree char *organization = choose_text (upsert, upsert->organization, exists ? relais_store_text (row, 6) : NULL);

  sqlite3_reset (row);
  *created = !exists;
  if (!exists)
    return relais_store_execute (account->store, "INSERT INTO contacts VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, nullif (?7, ''), 0, ?8, ?8)",
                                 "sssssssi", upsert->email, first, last, phone, fields, tags, organization, relais_faults_now (&account->faults));
  relais_store_execute (account->store,
    "UPDATE contacts SET first = ?, last = ?, phone = ?, fields = ?, tags = ?, account = nullif (?, ''), updated = ? WHERE id = ?",
    "ssssssii", first, last, phone, fields, tags, organization, relais_faults_now (&account->faults), id);

  return id;
}

/**
 * relais_contact_set_field:
 * @account: the account
 * @contact: a contact's id
 * @field: a field's id
 * @value: (nullable): %NULL and the empty text take it away
 *
 * Returns: whether it had a value before
 */
gboolean
relais_contact_set_field (RelaisPracticeAccount *account,
                          gint64                 contact,
                          gint64                 field,
                          const char            *value)
{
  sqlite3_stmt *row = relais_store_query (account->store, "SELECT fields FROM contacts WHERE id = ?", "i", contact);
  g_autoptr (GHashTable) values = read_fields (sqlite3_step (row) == SQLITE_ROW ? relais_store_text (row, 0) : NULL);
  char *name = g_strdup_printf ("%" G_GINT64_FORMAT, field);
  gboolean existed = g_hash_table_contains (values, name);
  g_autofree char *fields = NULL;

  sqlite3_reset (row);
  g_hash_table_insert (values, name, g_strdup (value));
  fields = write_fields (values);
  relais_store_execute (account->store, "UPDATE contacts SET fields = ?, updated = ? WHERE id = ?", "sii", fields, relais_faults_now (&account->faults), contact);

  return existed;
}
