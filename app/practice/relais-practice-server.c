/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-server-private.h"

#include <string.h>

/* From a request to its answer: who may come in, how much, and to whom it goes. The forms of
 * refusals are those recorded from real accounts. */

#define LOGIN_PAGE "<html><head><title>Login</title></head><body><form action=\"/admin/login.php\"></form></body></html>"
#define ERROR_PAGE "<!DOCTYPE html><html><head><title>practice.example | error</title></head><body>error</body></html>"
#define PLACE      "relais-place"
#define LOGIN_URL  "https://www.example.com/login"

/**
 * relais_practice_has_key:
 * @self: an account
 * @message: a request
 *
 * Returns: whether it brings the account's key
 */
gboolean
relais_practice_has_key (RelaisPractice    *self,
                         SoupServerMessage *message)
{
  const char *given = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Api-Token");

  return given != NULL && strcmp (given, self->key) == 0;
}

static void
answer_empty (RelaisCall *call,
              guint       status)
{
  call->status = status;
  call->type = NULL;
}

static void
answer_html (RelaisCall *call,
             guint       status,
             const char *page)
{
  call->status = status;
  call->type = "text/html; charset=UTF-8";
  g_string_assign (call->answer, page);
}

static void
redirect (RelaisCall *call,
          guint       status)
{
  const RelaisSwitch *elsewhere = &call->account->faults.at[RELAIS_FAULT_LOGIN_AT];

  answer_empty (call, status);
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), "Location",
                                elsewhere->on ? elsewhere->text : LOGIN_URL);
}

static void
answer_json (RelaisCall *call,
             guint       status,
             const char *json)
{
  call->status = status;
  g_string_assign (call->answer, json);
}

static void
refuse_key (RelaisCall *call)
{
  const RelaisSwitch *at = call->account->faults.at;

  answer_empty (call, 403);
  if (at[RELAIS_FAULT_KEY_HTML].on)
    answer_html (call, 200, LOGIN_PAGE);
  else if (at[RELAIS_FAULT_KEY_REDIRECT].on)
    redirect (call, 302);
  else if (at[RELAIS_FAULT_KEY_401].on)
    answer_empty (call, 401);
  else if (at[RELAIS_FAULT_KEY_ERRORS].on)
    {
      call->type = "application/json";
      g_string_assign (call->answer, "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view lists.\"}]}");
    }
  else if (at[RELAIS_FAULT_KEY_PERMISSION].on)
    {
      call->type = "application/json";
      g_string_assign (call->answer, "{\"message\":\"You don't have permission to access this resource\"}");
    }
  else if (at[RELAIS_FAULT_KEY_MESSAGE].on || at[RELAIS_FAULT_KEY_TEXT].on)
    {
      call->type = at[RELAIS_FAULT_KEY_TEXT].on ? "text/plain" : "application/json";
      g_string_assign (call->answer, "{\"message\":\"Forbidden\"}");
    }
}

static gboolean
is_forbidden (RelaisCall *call)
{
  const RelaisSwitch *forbidden = &call->account->faults.at[RELAIS_FAULT_NOT_ALLOWED];
  g_autofree char *path = forbidden->on ? g_strjoinv ("/", call->parts) : NULL;

  return path != NULL && *path != '\0' && g_str_has_prefix (path, forbidden->text);
}

static gboolean
strike_html (RelaisCall *call)
{
  static const struct
  {
    RelaisFault fault;
    guint       status;
  } pages[] = {
    { RELAIS_FAULT_HTML_200, 200 }, { RELAIS_FAULT_HTML_500, 500 }, { RELAIS_FAULT_HTML_502, 502 },
    { RELAIS_FAULT_HTML_503, 503 }, { RELAIS_FAULT_HTML_504, 504 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (relais_faults_strike (&call->account->faults, pages[i].fault))
      {
        answer_html (call, pages[i].status, ERROR_PAGE);
        return TRUE;
      }

  return FALSE;
}

/* The shapes in which a request is refused that could not be carried out */
static gboolean
strike_refusal (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  if (relais_faults_strike (faults, RELAIS_FAULT_MISSING_404))
    relais_call_missing (call, "ConfigResult", "0");
  else if (relais_faults_strike (faults, RELAIS_FAULT_INVALID_422))
    relais_call_invalid (call, "The value you selected is not a valid choice.", "invalid", "/data/attributes/status");
  else if (relais_faults_strike (faults, RELAIS_FAULT_BAD_REQUEST_400))
    answer_json (call, 400, "{\"errors\":[{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"The request is malformed\"}]}");
  else if (relais_faults_strike (faults, RELAIS_FAULT_TEXT_422))
    answer_json (call, 422, "{\"errors\":\"Bulk operation failed. Request must contain an array of fieldOption objects.\"}");
  else
    return FALSE;

  return TRUE;
}

static gboolean
strike_limit (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_429))
    relais_call_throttle (call, 429, 1);
  else if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_503))
    relais_call_throttle (call, 503, 1);
  else if (relais_faults_strike (faults, RELAIS_FAULT_THROTTLE_BARE))
    {
      call->account->n_throttled++;
      answer_empty (call, 429);
    }
  else
    return FALSE;

  return TRUE;
}

/* Returns: whether a fault answered before anything was done */
static gboolean
strike_before (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  if (faults->at[RELAIS_FAULT_UNPAID].on)
    answer_empty (call, 402);
  else if (relais_faults_strike (faults, RELAIS_FAULT_REDIRECT))
    redirect (call, 302);
  else if (relais_faults_strike (faults, RELAIS_FAULT_REDIRECT_308))
    redirect (call, 308);
  else if (relais_faults_strike (faults, RELAIS_FAULT_SPURIOUS_401))
    answer_empty (call, 401);
  else if (relais_faults_strike (faults, RELAIS_FAULT_SPURIOUS_403))
    answer_empty (call, 403);
  else if (is_forbidden (call))
    relais_call_forbid (call);
  else if (relais_faults_strike (faults, RELAIS_FAULT_EMPTY_200))
    answer_empty (call, 200);
  else if (relais_faults_strike (faults, RELAIS_FAULT_EMPTY_502))
    answer_empty (call, 502);
  else
    return strike_limit (call) || strike_refusal (call) || strike_html (call);

  return TRUE;
}

static void
route (RelaisCall *call)
{
  RelaisPracticeAccount *account = call->account;
  /* Exclusions are found below lists, and are none. */
  static gboolean (* const answers[]) (RelaisCall *) = {
    relais_practice_answer_imports,     relais_practice_answer_pages,      relais_practice_answer_contacts,
    relais_practice_answer_memberships, relais_practice_answer_exclusions, relais_practice_answer_lists,
    relais_practice_answer_fields,      relais_practice_answer_field_options, relais_practice_answer_field_values,
    relais_practice_answer_tags,        relais_practice_answer_users,
  };

  /* Whether imports count among the requests of a second is not documented; field notes say no. */
  if ((!relais_call_is (call, "POST", "import/bulk_import") || account->faults.at[RELAIS_FAULT_IMPORTS_COUNT].on) &&
      !relais_limits_take (&account->limits, RELAIS_LIMIT_ORDINARY))
    {
      relais_call_throttle (call, 429, 1);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (answers[i] (call))
      return;
  relais_call_not_found (call, "Not Found");
}

static void
read_body (RelaisCall *call)
{
  SoupMessageBody *body = soup_server_message_get_request_body (call->message);

  g_clear_pointer (&call->body, relais_tree_free);
  if (body != NULL && body->length > 0)
    call->body = relais_tree_parse (body->data, body->length);
  call->root = call->body != NULL ? relais_tree_root (call->body) : NULL;
}

/* Something on the way has sent the request once more: nobody hears of the first answer. */
static void
route_again (RelaisCall *call)
{
  call->status = 200;
  call->type = "application/json";
  g_string_truncate (call->answer, 0);
  read_body (call);
  route (call);
}

static void
carry_out (RelaisCall *call)
{
  if (strike_before (call))
    return;
  route (call);
  if (relais_faults_strike (&call->account->faults, RELAIS_FAULT_TWICE))
    route_again (call);
}

static const char *
get_path_below (const char *path)
{
  return g_str_has_prefix (path, "/api/3/") ? path + strlen ("/api/3/") : "";
}

static void
api_cb (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  RelaisPractice *self = user_data;
  RelaisCall call = { .account = &self->account, .message = message, .method = soup_server_message_get_method (message), .query = query,
                      .status = 200, .type = "application/json" };

  self->account.n_requests++;
  relais_faults_turn_to (&self->account.faults, *(RelaisPlace *) g_object_get_data (G_OBJECT (message), PLACE));
  if (relais_faults_strike (&self->account.faults, RELAIS_FAULT_RESET_BEFORE))
    {
      relais_practice_break (message);
      return;
    }
  if (relais_faults_strike (&self->account.faults, RELAIS_FAULT_SILENT_BEFORE))
    {
      soup_server_message_pause (message);
      return;
    }
  call.parts = g_strsplit (get_path_below (path), "/", -1);
  call.answer = g_string_new (NULL);
  read_body (&call);
  if (!relais_practice_has_key (self, message) || self->account.faults.at[RELAIS_FAULT_KEY_REVOKED].on)
    refuse_key (&call);
  else
    carry_out (&call);
  relais_practice_send (&call);
  g_clear_pointer (&call.body, relais_tree_free);
  g_string_free (call.answer, TRUE);
  g_strfreev (call.parts);
}

/* The headers have come, the body has not. Others may come before it has: its place is kept with it. */
static void
early_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  RelaisPractice *self = user_data;
  RelaisPlace place = relais_faults_count (&self->account.faults, relais_asked_of (soup_server_message_get_method (message), get_path_below (path), query));

  g_object_set_data_full (G_OBJECT (message), PLACE, g_memdup2 (&place, sizeof place), g_free);
  relais_faults_turn_to (&self->account.faults, place);
  if (relais_faults_strike (&self->account.faults, RELAIS_FAULT_RESET_EARLY))
    relais_practice_break (message);
}

/**
 * relais_practice_add_server:
 * @self: an account whose server begins
 *
 * Adds what the service has.
 */
void
relais_practice_add_server (RelaisPractice *self)
{
  soup_server_add_early_handler (self->server, "/api", early_cb, self, NULL);
  soup_server_add_handler (self->server, "/api", api_cb, self, NULL);
}
