/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bulk importer, after developers.activecampaign.com/reference/bulk-import-contacts
 * and /reference/bulk-import-status-info, and what integrations report of real accounts.
 *
 * One bad contact refuses a whole request (400, positions counted from 1). An accepted
 * one is queued and done later. Whether someone who left the list is refused whole or only
 * not subscribed is not documented: here the row is refused whole. What is
 * told of a batch as its success are contacts created and updated.
 * The texts for a request that is too large are ours: none is documented. */

#include "relais-practice-private.h"

#include <string.h>

#define MAX_CONTACTS 250
#define MAX_BYTES    399999

typedef enum
{
  ENDS_WELL,
  ENDS_FAILED,
  ENDS_INTERRUPTED,
  ENDS_NEVER,
} Ending;

typedef struct
{
  char       *id;           /* (owned) */
  RelaisTree *tree;         /* (owned) */
  gint64      submitted;    /* monotonic */
  gint64      due;
  Ending      ending;
  gboolean    odd_state;
} Import;

static void
free_import (Import *import)
{
  g_free (import->id);
  relais_tree_free (import->tree);
  g_free (import);
}

/* Carrying out */

static gboolean
is_excluded (RelaisPractice *self,
             const char     *email)
{
  return relais_store_number (self->store,
    "SELECT 1 FROM exclusions WHERE (type = 'exact' AND phrase = ?1 COLLATE NOCASE)"
    " OR (type = 'begin' AND lower (substr (?1, 1, length (phrase))) = lower (phrase))"
    " OR (type = 'end' AND lower (substr (?1, -length (phrase))) = lower (phrase)) LIMIT 1", "s", email) != 0;
}

/* What an import takes for an address; more is checked there than at submission. */
static gboolean
is_address (const char *email)
{
  const char *at = strchr (email, '@');
  const char *dot = at != NULL ? strrchr (at, '.') : NULL;

  return at != NULL && at > email && dot != NULL && strlen (dot + 1) >= 2 && strpbrk (email, "\"(),:;<>[\\] '") == NULL &&
         strchr (at + 1, '@') == NULL;
}

static gboolean
may_subscribe (RelaisPractice   *self,
               const RelaisNode *contact,
               const char       *email)
{
  const RelaisNode *subscribe = relais_node_member (contact, "subscribe");
  const RelaisNode *item = subscribe != NULL ? subscribe + 1 : NULL;

  if (relais_store_number (self->store, "SELECT bounced FROM contacts WHERE email = ?", "s", email) != 0)
    return FALSE;
  for (guint i = 0; subscribe != NULL && subscribe->type == RELAIS_NODE_ARRAY && i < subscribe->count; i++, item += item->span)
    if (relais_store_number (self->store,
          "SELECT 1 FROM memberships JOIN contacts ON contact = id WHERE email = ? AND list = ? AND status IN (2, 3)", "si",
          email, (gint64) relais_node_to_id (relais_node_member (item, "listid"))) != 0)
      return FALSE;

  return TRUE;
}

static void
set_lists (RelaisPractice   *self,
           gint64            id,
           const RelaisNode *lists,
           int               status)
{
  const RelaisNode *item = lists != NULL ? lists + 1 : NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; lists != NULL && lists->type == RELAIS_NODE_ARRAY && i < lists->count; i++, item += item->span)
    {
      gint64 list = (gint64) relais_node_to_id (relais_node_member (item, "listid"));

      if (list > 0)
        relais_store_execute (self->store,
          "INSERT INTO memberships VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (list, contact) DO UPDATE SET status = ?3, updated = ?4",
          "iiii", list, id, (gint64) status, now);
    }
}

static gboolean
has_room (RelaisPractice *self,
          const char     *email)
{
  return !self->faults.on[RELAIS_FAULT_CONTACT_LIMIT] ||
         self->n_active < self->faults.number[RELAIS_FAULT_CONTACT_LIMIT] ||
         relais_store_number (self->store, "SELECT 1 FROM contacts WHERE email = ?", "s", email) != 0;
}

static gint64
import_contact (RelaisPractice   *self,
                const RelaisNode *contact)
{
  const char *email = relais_node_member_text (contact, "email");
  RelaisUpsert upsert = {
    .email = email,
    .first_name = relais_node_member (contact, "first_name"),
    .last_name = relais_node_member (contact, "last_name"),
    .phone = relais_node_member (contact, "phone"),
    .fields = relais_node_member (contact, "fields"),
    .field_key = "id",
    .tags = relais_node_member (contact, "tags"),
  };
  gboolean created;
  gint64 id;

  if (!is_address (email) || is_excluded (self, email) || !may_subscribe (self, contact, email) || !has_room (self, email))
    return 0;

  id = relais_practice_upsert (self, &upsert, &created);
  if (created)
    self->n_active++;
  set_lists (self, id, relais_node_member (contact, "subscribe"), 1);
  set_lists (self, id, relais_node_member (contact, "unsubscribe"), 2);

  return id;
}

static void
carry_out (RelaisPractice *self,
           Import         *import)
{
  const RelaisNode *root = relais_tree_root (import->tree);
  const RelaisNode *contacts = relais_node_member (root, "contacts");
  const RelaisNode *contact = contacts + 1;
  g_autoptr (GString) success = g_string_new ("[");
  g_autoptr (GString) failure = g_string_new ("[");
  guint n = import->ending == ENDS_WELL ? contacts->count : import->ending == ENDS_INTERRUPTED ? contacts->count / 2 : 0;
  static const char * const states[] = { "completed", "failed", "interrupted", "active" };

  relais_store_execute (self->store, "BEGIN", "");
  for (guint i = 0; i < n; i++, contact += contact->span)
    {
      gint64 id = import_contact (self, contact);

      if (id == 0)
        relais_write_value (failure, relais_node_member_text (contact, "email"));
      else
        {
          char number[32];

          g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, id);
          relais_write_value (success, number);
          if (!relais_node_is_true (relais_node_member (root, "exclude_automations")))
            self->n_automations++;
        }
    }
  g_string_append_c (success, ']');
  g_string_append_c (failure, ']');
  relais_store_execute (self->store, "UPDATE imports SET state = ?, success = ?, failure = ?, ended = ? WHERE id = ?", "sssis",
                        states[import->ending], success->str, failure->str, g_get_real_time () / G_USEC_PER_SEC, import->id);
  relais_store_execute (self->store, "COMMIT", "");
}

static void schedule (RelaisPractice *self);

static gboolean
import_due_cb (gpointer user_data)
{
  RelaisPractice *self = user_data;
  Import *import = g_queue_pop_head (&self->imports);

  self->import_source = 0;
  if (import->ending != ENDS_NEVER)
    carry_out (self, import);
  free_import (import);
  schedule (self);

  return G_SOURCE_REMOVE;
}

/* One import a turn of the loop, so that answers stay quick. */
static void
schedule (RelaisPractice *self)
{
  Import *next = g_queue_peek_head (&self->imports);
  g_autoptr (GSource) source = NULL;
  gint64 wait;

  if (next == NULL || self->import_source != 0)
    return;
  wait = MAX (0, next->due - g_get_monotonic_time ());
  source = g_timeout_source_new ((wait + 999) / 1000);
  g_source_set_callback (source, import_due_cb, self, NULL);
  self->import_source = g_source_attach (source, g_main_context_get_thread_default ());
}

/**
 * relais_practice_stop_imports:
 * @self: an account that stops
 *
 * What was accepted is carried out first.
 */
void
relais_practice_stop_imports (RelaisPractice *self)
{
  Import *import;

  if (self->import_source != 0)
    g_source_destroy (g_main_context_find_source_by_id (g_main_context_get_thread_default (), self->import_source));
  self->import_source = 0;
  while ((import = g_queue_pop_head (&self->imports)) != NULL)
    {
      if (import->ending != ENDS_NEVER)
        carry_out (self, import);
      free_import (import);
    }
}

/**
 * relais_practice_count_active:
 * @self: an account that starts
 *
 * Counts the contacts that count against the plan.
 */
void
relais_practice_count_active (RelaisPractice *self)
{
  self->n_active = relais_store_number (self->store, "SELECT count (DISTINCT contact) FROM memberships WHERE status = 1", "");
}

/* Submission */

static void
refuse (RelaisCall *call,
        const char *message,
        const char *reasons)
{
  call->status = 400;
  relais_write_raw (call->answer, "{");
  relais_write_number (call->answer, "success", 0);
  relais_write_string (call->answer, "message", message);
  if (reasons != NULL)
    relais_write_member (call->answer, "failureReasons", reasons);
  g_string_append_c (call->answer, '}');
}

static void
refuse_rate (RelaisCall *call,
             gboolean    single)
{
  call->practice->n_throttled++;
  refuse (call, "Rate limit exceeded.",
          single ? "[\"Up to 20 single imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute.\"]"
                 : "[\"Up to 100 imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute.\"]");
}

static const char *
find_flaw (RelaisPractice   *self,
           const RelaisNode *contact)
{
  const char *email = relais_node_member_text (contact, "email");

  if (email == NULL || *email == '\0')
    return "Field 'email' not found";
  if (strchr (email, '@') == NULL ||
      (self->faults.on[RELAIS_FAULT_REFUSE] && strstr (email, self->faults.text[RELAIS_FAULT_REFUSE]) != NULL))
    return "Field 'email' incorrect format";

  return NULL;
}

/* Returns: (nullable) (transfer full): JSON of what is wrong with which contacts */
static char *
collect_flaws (RelaisPractice   *self,
               const RelaisNode *contacts)
{
  const RelaisNode *contact = contacts + 1;
  g_autoptr (GString) reasons = g_string_new ("[");

  for (guint i = 0; i < contacts->count; i++, contact += contact->span)
    {
      const char *flaw = find_flaw (self, contact);

      if (flaw == NULL)
        continue;
      relais_write_raw (reasons, "{");
      relais_write_number (reasons, "contact", i + !self->faults.on[RELAIS_FAULT_REASONS_FROM_ZERO]);
      relais_write_string (reasons, "failureReason", flaw);
      g_string_append_c (reasons, '}');
    }
  if (reasons->len == 1)
    return NULL;
  g_string_append_c (reasons, ']');

  return g_string_free (g_steal_pointer (&reasons), FALSE);
}

static guint
count_excluded (RelaisPractice   *self,
                const RelaisNode *contacts)
{
  const RelaisNode *contact = contacts + 1;
  guint n = 0;

  for (guint i = 0; i < contacts->count; i++, contact += contact->span)
    n += is_excluded (self, relais_node_member_text (contact, "email"));

  return n;
}

static Ending
choose_ending (RelaisPractice *self)
{
  if (relais_faults_strike (&self->faults, RELAIS_FAULT_IMPORT_NEVER_ENDS))
    return ENDS_NEVER;
  if (relais_faults_strike (&self->faults, RELAIS_FAULT_IMPORT_FAILED))
    return ENDS_FAILED;
  if (relais_faults_strike (&self->faults, RELAIS_FAULT_IMPORT_INTERRUPTED))
    return ENDS_INTERRUPTED;

  return ENDS_WELL;
}

static void
accept (RelaisCall       *call,
        const RelaisNode *contacts)
{
  RelaisPractice *self = call->practice;
  Import *import = g_new0 (Import, 1);
  guint n_excluded = count_excluded (self, contacts);

  import->id = g_uuid_string_random ();
  import->submitted = g_get_monotonic_time ();
  import->due = import->submitted + self->import_delay;
  import->ending = choose_ending (self);
  import->odd_state = relais_faults_strike (&self->faults, RELAIS_FAULT_IMPORT_UNKNOWN_STATE);
  self->n_imports++;
  relais_store_execute (self->store, "INSERT INTO imports VALUES (?, ?, ?, 0, ?, ?, NULL, '[]', '[]')", "siisi", import->id,
                        (gint64) self->n_imports + g_get_real_time (), import->submitted, import->odd_state ? "pondering" : "active",
                        (gint64) contacts->count);

  relais_write_raw (call->answer, "{");
  /* With someone excluded, success is 5 in the service's own sample, whatever that means. */
  relais_write_number (call->answer, self->faults.on[RELAIS_FAULT_SUCCESS_CAPITAL] ? "Success" : "success", n_excluded > 0 ? 5 : 1);
  relais_write_number (call->answer, "queued_contacts", contacts->count - n_excluded);
  relais_write_string (call->answer, "batchId", import->id);
  relais_write_string (call->answer, "message", "Contact import queued");
  g_string_append_c (call->answer, '}');

  import->tree = g_steal_pointer (&call->body);
  g_queue_push_tail (&self->imports, import);
  schedule (self);
}

static void
submit (RelaisCall *call)
{
  RelaisPractice *self = call->practice;
  const RelaisNode *contacts = relais_node_member (call->root, "contacts");
  g_autofree char *flaws = NULL;
  gboolean single;
  static const char invalid[] = "JSON payload did not pass validation. Please fix failure Reasons and retry. The import was not queued for processing.";

  if (soup_message_body_get_accumulate (soup_server_message_get_request_body (call->message)) &&
      soup_server_message_get_request_body (call->message)->length > MAX_BYTES)
    {
      refuse (call, invalid, "[\"Payload must be less than 400K bytes\"]");
      return;
    }
  if (call->root == NULL)
    {
      refuse (call, invalid, "[\"Invalid or unparsable json\"]");
      return;
    }
  if (contacts == NULL || contacts->type != RELAIS_NODE_ARRAY || contacts->count == 0)
    {
      refuse (call, invalid, "[\"Field 'contacts' not found\"]");
      return;
    }
  if (contacts->count > MAX_CONTACTS)
    {
      refuse (call, invalid, "[\"Up to 250 contacts may be imported per request\"]");
      return;
    }
  single = contacts->count == 1;
  if (relais_faults_strike (&self->faults, RELAIS_FAULT_THROTTLE_400) ||
      !relais_limits_take (&self->limits, single ? RELAIS_LIMIT_SINGLES : RELAIS_LIMIT_IMPORTS))
    {
      refuse_rate (call, single);
      return;
    }
  flaws = collect_flaws (self, contacts);
  if (flaws != NULL)
    refuse (call, invalid, flaws);
  else
    accept (call, contacts);
}

/* Asking */

static void
tell_state (RelaisCall   *call,
            sqlite3_stmt *row)
{
  const char *state = relais_store_text (row, 0);
  gint64 age = g_get_monotonic_time () - sqlite3_column_int64 (row, 3);
  gboolean ended = sqlite3_column_int64 (row, 4) != 0;
  gint64 silent = call->practice->faults.on[RELAIS_FAULT_INFO_FALSE]
                  ? call->practice->faults.number[RELAIS_FAULT_INFO_FALSE] * 1000 : MIN (G_USEC_PER_SEC, call->practice->import_delay / 2);

  relais_write_raw (call->answer, "{");
  if (age < silent)
    relais_write_member (call->answer, "status", "false");
  else if (!ended && strcmp (state, "active") == 0 && age < call->practice->import_delay * 3 / 4)
    relais_write_string (call->answer, "status", "waiting");
  else
    relais_write_string (call->answer, "status", state);
  relais_write_member (call->answer, "success", ended ? relais_store_text (row, 1) : "[]");
  relais_write_member (call->answer, "failure", ended ? relais_store_text (row, 2) : "[]");
  g_string_append_c (call->answer, '}');
}

static void
tell_info (RelaisCall *call)
{
  const char *id = relais_call_query (call, "batchId");
  sqlite3_stmt *row;

  if (id == NULL)
    {
      refuse (call, "'batchId' is a required field.", NULL);
      return;
    }
  row = relais_store_query (call->practice->store, "SELECT state, success, failure, submitted, ended FROM imports WHERE id = ?", "s", id);
  if (relais_faults_strike (&call->practice->faults, RELAIS_FAULT_INFO_FORGETS) || sqlite3_step (row) != SQLITE_ROW)
    relais_call_missing (call, "BulkImport", id);
  else
    tell_state (call, row);
  sqlite3_reset (row);
}

static void
tell_day (RelaisCall *call,
          const char *name,
          const char *sql)
{
  sqlite3_stmt *row = relais_store_query (call->practice->store, sql, "");

  relais_write_member (call->answer, name, "[");
  if (sqlite3_step (row) == SQLITE_ROW && sqlite3_column_int64 (row, 0) > 0)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();
      g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");

      relais_write_raw (call->answer, "{");
      relais_write_string (call->answer, "forDate", day);
      relais_write_id (call->answer, "batches", sqlite3_column_int64 (row, 0));
      relais_write_id (call->answer, "contacts", sqlite3_column_int64 (row, 1));
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

/**
 * relais_practice_answer_imports:
 * @call: a request
 *
 * Returns: whether it was about imports
 */
gboolean
relais_practice_answer_imports (RelaisCall *call)
{
  if (relais_call_is (call, "POST", "import/bulk_import"))
    submit (call);
  else if (relais_call_is (call, "GET", "import/info"))
    tell_info (call);
  else if (relais_call_is (call, "GET", "import/bulk_import"))
    {
      relais_write_raw (call->answer, "{");
      tell_day (call, "outstanding", "SELECT count (*), sum (contacts) FROM imports WHERE ended = 0");
      tell_day (call, "recentlyCompleted", "SELECT count (*), sum (contacts) FROM imports WHERE ended <> 0");
      g_string_append_c (call->answer, '}');
    }
  else
    return FALSE;

  return TRUE;
}
