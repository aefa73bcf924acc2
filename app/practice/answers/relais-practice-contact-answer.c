/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-contact.h"

/* A contact as the service tells of it. Members, their order and their types are those of
 * answers recorded from real accounts; they differ a little with what was asked. */

static const char *const links[] = {
  "bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists", "contactLogs", "contactTags", "contactDeals",
  "deals", "fieldValues", "geoIps", "notes", "organization", "plusAppend", "trackingLogs", "scoreValues", "accountContacts",
  "automationEntryCounts", NULL
};

static void
write_membership_ids (RelaisCall *call,
                      gint64      contact)
{
  relais_contact_write_pair_ids (call, "contactLists",
    "SELECT list FROM memberships WHERE contact = ?1 AND list IN (SELECT id FROM lists) ORDER BY list", contact);
}

static void
write_value_ids (RelaisCall *call,
                 gint64      contact)
{
  relais_contact_write_pair_ids (call, "fieldValues",
    "SELECT CAST (key AS INTEGER) FROM contacts, json_each (nullif (fields, '')) WHERE contacts.id = ?1", contact);
}

static void
write_names (RelaisCall   *call,
             sqlite3_stmt *row)
{
  relais_write_string (call->answer, "email", relais_store_text (row, 1));
  relais_write_string (call->answer, "phone", relais_store_text (row, 4));
  relais_write_string (call->answer, "firstName", relais_store_text (row, 2));
  relais_write_string (call->answer, "lastName", relais_store_text (row, 3));
}

static void
write_created (RelaisCall   *call,
               sqlite3_stmt *row,
               const char   *hash)
{
  gint64 id = sqlite3_column_int64 (row, 0);
  const char *fields = relais_store_text (row, 5);

  write_names (call, row);
  relais_write_member (call->answer, "email_empty", "false");
  relais_call_date (call, "cdate", sqlite3_column_int64 (row, 7));
  relais_call_date (call, "udate", sqlite3_column_int64 (row, 8));
  relais_write_string (call->answer, "orgid", "");
  relais_write_string (call->answer, "orgname", "");
  relais_call_links (call, "contacts", id, links);
  relais_write_string (call->answer, "hash", hash);
  if (fields != NULL && *fields != '\0')
    write_value_ids (call, id);
  relais_call_id (call, "id", id);
  relais_write_string (call->answer, "organization", "");
}

static void
write_scalars (RelaisCall   *call,
               sqlite3_stmt *row,
               const char   *hash)
{
  static const char *const before[] = { "socialdata_lastcheck", NULL, "email_local", "", "email_domain", "", "sentcnt", "0",
                                        "rating_tstamp", NULL, "gravatar", "0", "deleted", "0", "anonymized", "0", "adate", NULL, NULL };
  static const char *const after[] = { "created_by", NULL, "updated_by", NULL, "mpp_tracking", "0", "last_click_date", NULL, "last_open_date", NULL,
                                       "last_mpp_open_date", NULL, "best_send_hour", NULL, "sms_consent", "0", NULL };
  const char *organization = relais_store_text (row, 9);
  gint64 created = sqlite3_column_int64 (row, 7), updated = sqlite3_column_int64 (row, 8);
  gboolean has_bounced = sqlite3_column_int64 (row, 6) != 0;

  relais_call_date (call, "cdate", created);
  write_names (call, row);
  relais_write_string (call->answer, "orgid", "0");
  relais_write_string (call->answer, "orgname", organization != NULL ? organization : "");
  relais_write_string (call->answer, "segmentio_id", "");
  relais_write_string (call->answer, "bounced_hard", has_bounced ? "1" : "0");
  relais_write_string (call->answer, "bounced_soft", "0");
  if (has_bounced)
    relais_call_timestamp (call, "bounced_date", updated);
  else
    relais_write_string (call->answer, "bounced_date", NULL);
  relais_write_string (call->answer, "ip", "0");
  relais_write_string (call->answer, "ua", NULL);
  relais_write_string (call->answer, "hash", hash);
  relais_write_texts (call->answer, before);
  relais_call_date (call, "udate", updated);
  relais_write_raw (call->answer, "\"edate\":null,\"deleted_at\":null");
  relais_call_timestamp (call, "created_utc_timestamp", created);
  relais_call_timestamp (call, "updated_utc_timestamp", updated);
  relais_call_timestamp (call, "created_timestamp", created);
  relais_call_timestamp (call, "updated_timestamp", updated);
  relais_write_texts (call->answer, after);
  relais_write_member (call->answer, "email_empty", "false");
}

static void
write_ids (RelaisCall        *call,
           sqlite3_stmt      *row,
           RelaisContactForm  form)
{
  gint64 id = sqlite3_column_int64 (row, 0);
  const char *fields = relais_store_text (row, 5);

  if (form == RELAIS_CONTACT_LISTED || form == RELAIS_CONTACT_SIDELOADED)
    relais_write_raw (call->answer, "\"scoreValues\":[],\"accountContacts\":[]");
  if (form == RELAIS_CONTACT_WHOLE)
    relais_write_raw (call->answer, "\"contactAutomations\":[]");
  if (form == RELAIS_CONTACT_WHOLE || form == RELAIS_CONTACT_SIDELOADED)
    write_membership_ids (call, id);
  if (form == RELAIS_CONTACT_WHOLE || (form == RELAIS_CONTACT_UPDATED && fields != NULL && *fields != '\0'))
    write_value_ids (call, id);
  if (form == RELAIS_CONTACT_WHOLE)
    relais_write_raw (call->answer, "\"geoIps\":[],\"deals\":[],\"accountContacts\":[]");
}

/**
 * relais_contact_write:
 * @call: a request
 * @row: a contact's RELAIS_CONTACT_COLUMNS
 * @form: what for
 */
void
relais_contact_write (RelaisCall        *call,
                      sqlite3_stmt      *row,
                      RelaisContactForm  form)
{
  gint64 id = sqlite3_column_int64 (row, 0);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_MD5, relais_store_text (row, 1), -1);

  relais_write_raw (call->answer, "{");
  if (form == RELAIS_CONTACT_CREATED)
    write_created (call, row, hash);
  else
    {
      write_scalars (call, row, hash);
      write_ids (call, row, form);
      relais_call_links (call, "contacts", id, links);
      relais_call_id (call, "id", id);
      relais_write_string (call->answer, "organization", NULL);
    }
  g_string_append_c (call->answer, '}');
}

static void
write_found (RelaisCall        *call,
             gint64             contact,
             RelaisContactForm  form)
{
  sqlite3_stmt *row = relais_store_query (call->account->store, "SELECT " RELAIS_CONTACT_COLUMNS " FROM contacts WHERE id = ?", "i", contact);

  if (sqlite3_step (row) == SQLITE_ROW)
    relais_contact_write (call, row, form);
  sqlite3_reset (row);
}

/**
 * relais_contact_write_one:
 * @call: a request whose answer is in an object
 * @contact: the id of one that is there
 * @form: what for
 */
void
relais_contact_write_one (RelaisCall        *call,
                          gint64             contact,
                          RelaisContactForm  form)
{
  relais_write_key (call->answer, "contact");
  write_found (call, contact, form);
}

/**
 * relais_contact_write_aside:
 * @call: a request whose answer begins
 * @contact: the id of the one it is about
 *
 * Begins the answer's object with the contact.
 */
void
relais_contact_write_aside (RelaisCall *call,
                            gint64      contact)
{
  relais_write_raw (call->answer, "{");
  relais_write_member (call->answer, "contacts", "[");
  write_found (call, contact, RELAIS_CONTACT_ASIDE);
  g_string_append_c (call->answer, ']');
}
