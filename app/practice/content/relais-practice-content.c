/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-content.h"

/* What a fresh practice account holds. Nobody in it exists.
 *
 * list 1 "Newsletter", 2 "Customers", 3 "Text messages" (SMS), 4 without a name,
 * as one of the lists in the service's own sample;
 * marie.retiree@example.com unsubscribed from 1, paul.desinscrit@example.com from 1 and 2,
 * opted-out@example.com from 1, unconfirmed@example.com waits on 1,
 * bounced@example.com bounced on 1; camille.active@example.com is on 1 and 2;
 * excluded: excluded@example.com (exact), noreply@ (begin), @blocked.example (end); from text
 * messages alone: not-by-text@example.com; from list 2 alone: not-a-customer@example.com. */

typedef struct
{
  const char *email;
  gint64      list;
  int         status;
} Person;

static const Person people[] = {
  { "camille.active@example.com", 1, 1 }, { "camille.active@example.com", 2, 1 },
  { "marie.retiree@example.com", 1, 2 }, { "paul.desinscrit@example.com", 1, 2 },
  { "paul.desinscrit@example.com", 2, 2 }, { "opted-out@example.com", 1, 2 },
  { "unconfirmed@example.com", 1, 0 }, { "bounced@example.com", 1, 3 },
};

typedef struct
{
  const char *title;
  const char *type;
  const char *perstag;
  const char *options;  /* separated by | */
} Field;

static const Field fields[] = {
  { "Loyalty tier", "dropdown", "LOYALTY_TIER", "Bronze|Silver|Gold|Platinum" },
  { "Birth date", "date", "BIRTH_DATE", "" },
  { "Last purchase", "datetime", "LAST_PURCHASE", "" },
  { "City", "text", "CITY", "" },
  { "Points", "number", "POINTS", "" },
  { "Interests", "listbox", "INTERESTS", "Cooking|Garden|Music|Sport|Travel" },
};

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
add_list (RelaisStore *store,
          const char  *name,
          const char  *stringid,
          const char  *channel)
{
  relais_store_execute (store, "INSERT INTO lists (name, stringid, channel, url, reminder, created)"
                        " VALUES (?, ?, ?, 'https://www.example.com', 'You signed up for our news.', ?)", "sssi", name, stringid, channel, now ());
}

static void
add_field (RelaisStore *store,
           const Field *field)
{
  gint64 id = relais_store_execute (store, "INSERT INTO fields (title, type, perstag, descript, created, updated, position)"
                                    " VALUES (?1, ?2, ?3, '', ?4, ?4, (SELECT count (*) + 1 FROM fields))", "sssi",
                                    field->title, field->type, field->perstag, now ());
  g_auto (GStrv) options = g_strsplit (field->options, "|", -1);

  relais_store_execute (store, "INSERT INTO relations VALUES (NULL, ?, 0, ?)", "ii", id, now ());
  for (gint64 i = 0; options[i] != NULL; i++)
    relais_store_execute (store, "INSERT INTO options VALUES (NULL, ?1, ?2, ?3, ?3, 0, ?4)", "iisi",
                          id, i + 1, options[i], now ());
}

static void
add_exclusion (RelaisStore *store,
               const char  *phrase,
               const char  *type,
               const char  *channel,
               const char  *lists)
{
  relais_store_execute (store, "INSERT INTO exclusions VALUES (NULL, ?, ?, ?, ?)", "ssss", phrase, type, channel, lists);
}

static char *
make_random (guint digits)
{
  GString *text = g_string_new (NULL);

  while (text->len < digits)
    {
      g_autofree char *uuid = g_uuid_string_random ();

      for (const char *at = uuid; *at != '\0' && text->len < digits; at++)
        if (*at != '-' && at - uuid != 14 && at - uuid != 19)  /* version and variant are not random */
          g_string_append_c (text, *at);
    }

  return g_string_free (text, FALSE);
}

static void
remember (RelaisStore *store,
          const char  *name,
          const char  *value)
{
  relais_store_execute (store, "INSERT OR REPLACE INTO account VALUES (?, ?)", "ss", name, value);
}

static char *
recall (RelaisStore *store,
        const char  *name)
{
  sqlite3_stmt *row = relais_store_query (store, "SELECT value FROM account WHERE name = ?", "s", name);
  char *value = sqlite3_step (row) == SQLITE_ROW ? g_strdup (relais_store_text (row, 0)) : NULL;

  sqlite3_reset (row);

  return value;
}

/**
 * relais_content_fill:
 * @store: a store that has just been opened
 *
 * Fills it when it is fresh.
 */
void
relais_content_fill (RelaisStore *store)
{
  g_autofree char *known = recall (store, "id");
  g_autofree char *id = NULL;

  if (known != NULL)
    return;

  relais_store_execute (store, "BEGIN", "");
  add_list (store, "Newsletter", "newsletter", "email");
  add_list (store, "Customers", "customers", "email");
  add_list (store, "Text messages", "text-messages", "sms");
  add_list (store, "", "list-4", "email");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    add_field (store, &fields[i]);
  relais_store_execute (store, "INSERT INTO tags VALUES (NULL, 'customer', 'contact', '', ?1, 0), (NULL, 'shop', 'contact', '', ?1, 0),"
                        " (NULL, 'vip', 'contact', '', ?1, 0)", "i", now ());
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    relais_content_add_person (store, people[i].email, people[i].list, people[i].status);
  add_exclusion (store, "excluded@example.com", "exact", "all", "[]");
  add_exclusion (store, "noreply@", "begin", "allEmail", "[]");
  add_exclusion (store, "@blocked.example", "end", "all", "[]");
  add_exclusion (store, "not-by-text@example.com", "exact", "allSms", "[]");
  add_exclusion (store, "not-a-customer@example.com", "exact", "several", "[\"2\"]");
  id = make_random (32);
  remember (store, "id", id);
  relais_store_execute (store, "COMMIT", "");
}

/**
 * relais_content_add_lists:
 * @store: an open store
 * @n_lists: how many lists there shall be; none is taken away
 */
void
relais_content_add_lists (RelaisStore *store,
                          guint        n_lists)
{
  for (gint64 i = relais_store_number (store, "SELECT COUNT(*) FROM lists", "") + 1; i <= (gint64) n_lists; i++)
    {
      g_autofree char *name = g_strdup_printf ("List %" G_GINT64_FORMAT, i);
      g_autofree char *stringid = g_strdup_printf ("list-%" G_GINT64_FORMAT, i);

      add_list (store, name, stringid, "email");
    }
}

/**
 * relais_content_add_person:
 * @store: an open store
 * @email: an address
 * @list: a list's id
 * @status: on that list: 0 unconfirmed, 1 active, 2 unsubscribed, 3 bounced
 */
void
relais_content_add_person (RelaisStore *store,
                           const char  *email,
                           gint64       list,
                           int          status)
{
  relais_store_execute (store, "INSERT INTO contacts VALUES (NULL, ?1, '', '', '', '', '', NULL, ?2, ?3, ?3)"
                        " ON CONFLICT (email) DO UPDATE SET bounced = MAX (bounced, excluded.bounced)", "sii",
                        email, (gint64) (status == 3), now ());
  relais_store_execute (store, "INSERT OR REPLACE INTO memberships SELECT ?2, id, ?3, 0, ?4, ?4, NULL, NULL FROM contacts WHERE email = ?1",
                        "siii", email, list, (gint64) status, now ());
}

/**
 * relais_content_account_id:
 * @store: an open store
 *
 * Returns: (transfer full): 32 hexadecimal digits that a fresh account has anew
 */
char *
relais_content_account_id (RelaisStore *store)
{
  return recall (store, "id");
}

/**
 * relais_content_key:
 * @store: an open store
 * @key: (nullable): the key the account shall have this time; it is not kept. %NULL for its own
 *
 * Returns: (transfer full): the key; its own is made at random when there is none
 */
char *
relais_content_key (RelaisStore *store,
                    const char  *key)
{
  char *kept = key != NULL ? g_strdup (key) : recall (store, "key");

  if (kept == NULL)
    {
      kept = make_random (72);
      remember (store, "key", kept);
    }

  return kept;
}
