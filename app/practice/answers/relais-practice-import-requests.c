/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-imports.h"

#include <string.h>

/* Imports asked for and asked about, after developers.activecampaign.com/reference/bulk-import-contacts,
 * /reference/bulk-import-status-info and -status-list, and what integrations report of real accounts.
 *
 * One contact that is refused refuses the whole request; an accepted one is queued and done later.
 * The texts for a request that is too large or empty are ours: none is documented. */

#define MAX_CONTACTS 250
#define MAX_BYTES    399999
#define SILENCE      G_USEC_PER_SEC
#define DAYS         7

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

/* The documentation writes failure Reasons, real accounts write it in one word. */
static void
refuse_payload (RelaisCall *call,
                const char *reasons)
{
  refuse (call,
          call->account->faults.at[RELAIS_FAULT_SUCCESS_CAPITAL].on
          ? "JSON payload did not pass validation. Please fix failure Reasons and retry. The import was not queued for processing."
          : "JSON payload did not pass validation. Please fix failureReasons and retry. The import was not queued for processing.",
          reasons);
}

static void
refuse_rate (RelaisCall *call,
             gboolean    single)
{
  if (call->account->faults.at[RELAIS_FAULT_IMPORTS_429].on)
    {
      relais_call_throttle (call, 429, relais_limits_wait (&call->account->limits, single ? RELAIS_LIMIT_SINGLES : RELAIS_LIMIT_IMPORTS));
      return;
    }
  call->account->n_throttled++;
  refuse (call, "Rate limit exceeded.",
          single ? "[\"Up to 20 imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute.\"]"
                 : "[\"Up to 100 imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute.\"]");
}

static gboolean
is_wrong (RelaisPracticeAccount *account,
          const char            *email)
{
  if (account->faults.at[RELAIS_FAULT_BAD_ADDRESSES_FAIL].on)
    return FALSE;
  if (account->faults.at[RELAIS_FAULT_BAD_ADDRESSES_REFUSE].on)
    return !relais_imports_is_address (account, email);

  return strchr (email, '@') == NULL;
}

static const char *
find_flaw (RelaisPracticeAccount *account,
           const RelaisNode      *contact)
{
  const char *email = relais_node_member_text (contact, "email");
  const RelaisSwitch *refused = &account->faults.at[RELAIS_FAULT_REFUSE];

  if (email == NULL || *email == '\0')
    return "Field 'email' not found";
  /* As it is written in the only sample. */
  if (is_wrong (account, email) || (refused->on && strstr (email, refused->text) != NULL))
    return "Field‘ email’ incorrect format";

  return NULL;
}

/* Returns: (nullable) (transfer full): JSON of what is wrong with which contacts */
static char *
collect_flaws (RelaisPracticeAccount *account,
               const RelaisNode      *contacts)
{
  const RelaisNode *contact = contacts + 1;
  g_autoptr (GString) reasons = g_string_new ("[");

  for (guint i = 0; i < contacts->count; i++, contact += contact->span)
    {
      const char *flaw = find_flaw (account, contact);

      if (flaw == NULL)
        continue;
      relais_write_raw (reasons, "{");
      relais_write_number (reasons, "contact", i + !account->faults.at[RELAIS_FAULT_REASONS_FROM_ZERO].on);
      relais_write_string (reasons, "failureReason", flaw);
      g_string_append_c (reasons, '}');
    }
  if (reasons->len == 1)
    return NULL;
  g_string_append_c (reasons, ']');

  return g_string_free (g_steal_pointer (&reasons), FALSE);
}

static guint
count_excluded (RelaisPracticeAccount *account,
                const RelaisNode      *contacts)
{
  const RelaisNode *contact = contacts + 1;
  guint n = 0;

  for (guint i = 0; i < contacts->count; i++, contact += contact->span)
    n += relais_imports_is_excluded (account, contact);

  return n;
}

/* Those whom the account leaves out without saying so */
static guint
count_left_out (RelaisPracticeAccount *account,
                const RelaisNode      *contacts)
{
  const RelaisNode *contact = contacts + 1;
  guint n = 0;

  for (guint i = 0; i < contacts->count; i++, contact += contact->span)
    n += relais_imports_is_left_out (account, contact);

  return n;
}

static RelaisEnding
choose_ending (RelaisPracticeAccount *account)
{
  if (relais_faults_strike (&account->faults, RELAIS_FAULT_IMPORT_NEVER_ENDS))
    return RELAIS_ENDING_NEVER;
  if (relais_faults_strike (&account->faults, RELAIS_FAULT_IMPORT_FAILED))
    return RELAIS_ENDING_FAILED;
  if (relais_faults_strike (&account->faults, RELAIS_FAULT_IMPORT_INTERRUPTED))
    return RELAIS_ENDING_INTERRUPTED;

  return RELAIS_ENDING_WELL;
}

static void
write_accepted (RelaisCall *call,
                const char *id,
                guint       n_queued,
                guint       n_excluded)
{
  RelaisFaults *faults = &call->account->faults;
  gint64 partial = faults->at[RELAIS_FAULT_PARTIAL_SUCCESS].on ? faults->at[RELAIS_FAULT_PARTIAL_SUCCESS].number : 5;

  relais_write_raw (call->answer, "{");
  /* With someone excluded, success is 5 in the service's own sample, whatever that means. */
  relais_write_number (call->answer, faults->at[RELAIS_FAULT_SUCCESS_CAPITAL].on ? "Success" : "success", n_excluded > 0 ? partial : 1);
  relais_write_number (call->answer, "queued_contacts", n_queued);
  if (!relais_faults_strike (faults, RELAIS_FAULT_NO_BATCH_ID))
    relais_write_string (call->answer, "batchId", id);
  relais_write_string (call->answer, "message", "Contact import queued");
  g_string_append_c (call->answer, '}');
}

static void
accept (RelaisCall       *call,
        const RelaisNode *contacts)
{
  RelaisPracticeAccount *account = call->account;
  SoupMessageBody *body = soup_server_message_get_request_body (call->message);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *kept = account->is_kept ? g_strndup (body->data, body->length) : NULL;
  RelaisEnding ending = choose_ending (account);
  guint n_excluded = count_excluded (account, contacts);
  gboolean is_odd = relais_faults_strike (&account->faults, RELAIS_FAULT_IMPORT_UNKNOWN_STATE);

  account->n_imports++;
  relais_store_execute (account->store,
    "INSERT INTO imports (id, submitted, state, ending, contacts, body, success, failure) VALUES (?, ?, ?, ?, ?, ?, '[]', '[]')", "sisiis",
    id, g_get_real_time (), is_odd ? "pondering" : "active", (gint64) ending, (gint64) contacts->count, kept);
  write_accepted (call, id, contacts->count - n_excluded - count_left_out (account, contacts), n_excluded);
  call->root = NULL;
  relais_imports_queue (account, id, g_steal_pointer (&call->body), ending);
}

/* Returns: (nullable): what is wrong with the request as a whole */
static const char *
find_fault (RelaisCall       *call,
            const RelaisNode *contacts)
{
  if (soup_server_message_get_request_body (call->message)->length > MAX_BYTES)
    return "[\"Payload must be less than 400K bytes\"]";
  if (call->root == NULL)
    return "[\"Invalid or unparsable json\"]";
  if (contacts == NULL || contacts->type != RELAIS_NODE_ARRAY || contacts->count == 0)
    return "[\"Field 'contacts' not found\"]";
  if (contacts->count > MAX_CONTACTS)
    return "[\"Up to 250 contacts may be imported per request\"]";

  return NULL;
}

static gboolean
lacks_room (RelaisPracticeAccount *account,
            const RelaisNode      *contacts)
{
  const RelaisSwitch *limit = &account->faults.at[RELAIS_FAULT_CONTACT_LIMIT];

  return limit->on && account->faults.at[RELAIS_FAULT_LIMIT_REFUSES].on && account->n_active + contacts->count > limit->number;
}

static void
submit (RelaisCall *call)
{
  RelaisPracticeAccount *account = call->account;
  const RelaisNode *contacts = relais_node_member (call->root, "contacts");
  const char *fault = find_fault (call, contacts);
  g_autofree char *flaws = NULL;
  gboolean single;

  if (fault != NULL)
    {
      refuse_payload (call, fault);
      return;
    }
  single = contacts->count == 1;
  if (relais_faults_strike (&account->faults, RELAIS_FAULT_THROTTLE_400) ||
      !relais_limits_take (&account->limits, single ? RELAIS_LIMIT_SINGLES : RELAIS_LIMIT_IMPORTS))
    {
      refuse_rate (call, single);
      return;
    }
  flaws = collect_flaws (account, contacts);
  if (flaws != NULL)
    refuse_payload (call, flaws);
  else if (relais_faults_strike (&account->faults, RELAIS_FAULT_REFUSE_WHOLE))
    refuse_payload (call, "[\"Invalid or unparsable json\"]");
  else if (lacks_room (account, contacts))
    refuse (call, "Contact limit exceeded.", "[\"The account has no room for these contacts.\"]");
  else
    accept (call, contacts);
}

/* Asking */

/* Received, given an id, being done: as far as it is by its age. */
static void
write_state (RelaisCall *call,
             const char *state,
             gint64      age)
{
  const RelaisSwitch *silence = &call->account->faults.at[RELAIS_FAULT_INFO_FALSE];
  const RelaisSwitch *given = &call->account->faults.at[RELAIS_FAULT_INFO_STATUS];
  gint64 delay = call->account->import_delay;
  gint64 silent = silence->on ? silence->number * 1000 : MIN (SILENCE, delay / 2);

  if (relais_faults_strike (&call->account->faults, RELAIS_FAULT_INFO_WITHOUT_STATUS))
    return;
  if (given->on)
    relais_write_string (call->answer, "status", given->text);
  else if (age < silent)
    relais_write_member (call->answer, "status", "false");
  else if (strcmp (state, "active") == 0 && age < delay * 5 / 8)
    relais_write_string (call->answer, "status", "waiting");
  else if (strcmp (state, "active") == 0 && age < delay * 3 / 4)
    relais_write_string (call->answer, "status", "claimed");
  else
    relais_write_string (call->answer, "status", state);
}

/* What PHP makes of a list with gaps */
static void
write_numbered (RelaisCall *call,
                const char *name,
                const char *list)
{
  g_autoptr (RelaisTree) tree = relais_tree_parse (list, strlen (list));
  const RelaisNode *item = relais_tree_root (tree) + 1;

  relais_write_member (call->answer, name, "{");
  for (guint i = 0; i < relais_tree_root (tree)->count; i++, item += item->span)
    {
      g_autofree char *number = g_strdup_printf ("%u", 2 * i + 1);

      relais_write_string (call->answer, number, item->text);
    }
  g_string_append_c (call->answer, '}');
}

static void
write_info (RelaisCall   *call,
            sqlite3_stmt *row)
{
  const char *state = relais_store_text (row, 0);
  gboolean ended_badly = strcmp (state, "failed") == 0 || strcmp (state, "interrupted") == 0;

  relais_write_raw (call->answer, "{");
  write_state (call, state, g_get_real_time () - sqlite3_column_int64 (row, 3));
  if (!ended_badly || !call->account->faults.at[RELAIS_FAULT_ENDS_WITHOUT_RESULTS].on)
    {
      relais_write_member (call->answer, "success", relais_store_text (row, 1));
      if (call->account->faults.at[RELAIS_FAULT_FAILURES_NUMBERED].on)
        write_numbered (call, "failure", relais_store_text (row, 2));
      else
        relais_write_member (call->answer, "failure", relais_store_text (row, 2));
    }
  g_string_append_c (call->answer, '}');
}

static void
tell_info (RelaisCall *call)
{
  const char *id = relais_call_query (call, "batchId");
  sqlite3_stmt *row;

  if (id == NULL || *id == '\0')
    {
      refuse (call, "'batchId' is a required field.", NULL);
      return;
    }
  if (relais_faults_strike (&call->account->faults, RELAIS_FAULT_INFO_400))
    {
      refuse (call, "Invalid batchId.", NULL);
      return;
    }
  row = relais_store_query (call->account->store, "SELECT state, success, failure, submitted FROM imports WHERE id = ?", "s", id);
  if (relais_faults_strike (&call->account->faults, RELAIS_FAULT_INFO_FORGETS) || sqlite3_step (row) != SQLITE_ROW)
    relais_call_missing (call, "BulkImport", id);
  else
    write_info (call, row);
  sqlite3_reset (row);
}

static void
write_days (RelaisCall *call,
            const char *name,
            const char *sql)
{
  gint64 since = g_get_real_time () - DAYS * G_TIME_SPAN_DAY;
  sqlite3_stmt *row = relais_store_query (call->account->store, sql, "i", since);

  relais_write_member (call->answer, name, "[");
  while (sqlite3_step (row) == SQLITE_ROW)
    {
      relais_write_raw (call->answer, "{");
      relais_write_string (call->answer, "forDate", relais_store_text (row, 0));
      relais_call_id (call, "batches", sqlite3_column_int64 (row, 1));
      relais_call_id (call, "contacts", sqlite3_column_int64 (row, 2));
      g_string_append_c (call->answer, '}');
    }
  sqlite3_reset (row);
  g_string_append_c (call->answer, ']');
}

static void
tell_days (RelaisCall *call)
{
  relais_write_raw (call->answer, "{");
  write_days (call, "outstanding",
              "SELECT date (submitted / 1000000, 'unixepoch', 'localtime') AS day, count (*), sum (contacts) FROM imports"
              " WHERE ended = 0 AND ?1 > 0 GROUP BY day ORDER BY day");
  write_days (call, "recentlyCompleted",
              "SELECT date (ended / 1000000, 'unixepoch', 'localtime') AS day, count (*), sum (contacts) FROM imports"
              " WHERE ended > ?1 GROUP BY day ORDER BY day");
  g_string_append_c (call->answer, '}');
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
  static const RelaisRoute routes[] = {
    { "POST", "import/bulk_import", submit }, { "GET", "import/info", tell_info }, { "GET", "import/bulk_import", tell_days },
  };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
