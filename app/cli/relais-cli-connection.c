/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "relais-account-status.h"
#include "relais-host.h"

/* What "connection add" needs on its way. */
typedef struct
{
  RelaisConnectionRecord *record;                       /* (owned) */
  RelaisKey              *key;                          /* (owned) (nullable) */
  RelaisClient           *client;                       /* (owned) (nullable) */
  char                   *status;                       /* (owned) (nullable): how the account stands */
  char                    typed[RELAIS_CLI_MAX_TYPED];  /* wiped */
  gsize                   length;
} Adding;

static void
free_adding (gpointer data)
{
  Adding *adding = data;

  explicit_bzero (adding->typed, sizeof adding->typed);
  g_clear_pointer (&adding->key, relais_key_unref);
  g_clear_object (&adding->client);
  g_free (adding->status);
  relais_connection_record_free (adding->record);
  g_free (adding);
}

/* An account that is told to be suspended, or the like, may answer all the same. */
static void
print_status (RelaisCommand *self,
              const char    *status)
{
  g_autofree char *warning = relais_account_status_warn (status);
  g_autofree char *plain = relais_plain (warning);

  if (warning != NULL)
    relais_command_print (self, "%s\n", plain);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisConnection) connection = NULL;
  Adding *adding = self->state;

  connection = relais_workspace_save_connection_finish (RELAIS_WORKSPACE (object), result, &error);
  if (!connection)
    {
      relais_command_fail (self, error);
      return;
    }
  {
    g_autofree char *name = relais_plain (relais_connection_get_name (connection));
    g_autofree char *user = relais_plain (adding->record->user);

    /* Translators: the first %s is the connection's name, the second the service's user. */
    relais_command_print (self, _("“%s” is connected, as %s.\n"), name, user);
    print_status (self, adding->status);
  }
}

/* Whatever keeps an account from answering stands in the way of its connection. */
static void
fail_check (RelaisCommand *self,
            const GError  *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    relais_command_fail (self, error);
  else
    relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY, error->message);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisAccount) account = relais_client_get_account_finish (RELAIS_CLIENT (object), result, &error);
  Adding *adding = self->state;

  if (!account)
    {
      fail_check (self, error);
      return;
    }

  adding->record->account = g_strdup (account->account_name);
  adding->record->user = g_strdup (account->user_name);
  adding->status = g_strdup (account->status);
  adding->record->check = RELAIS_CHECK_CONNECTED;
  adding->record->checked_at = g_get_real_time ();
  relais_workspace_save_connection_async (self->workspace, adding->record, adding->key, self->cancellable,
                                          saved_cb, relais_command_ref (self));
}

static void
check_key (RelaisCommand *self)
{
  Adding *adding = self->state;
  g_autoptr (GError) error = NULL;

  adding->client = relais_workspace_make_client (self->workspace, adding->record, adding->key, &error);
  if (adding->client)
    relais_client_get_account_async (adding->client, self->cancellable, checked_cb, relais_command_ref (self));
  else
    relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY, error->message);
}

static void read_key (RelaisCommand *self,
                      GInputStream  *input);

static void
key_read_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  Adding *adding = self->state;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      relais_command_fail (self, error);
      return;
    }
  if (n > 0)
    {
      adding->length += n;
      if (!memchr (adding->typed, '\n', adding->length) && adding->length < RELAIS_CLI_MAX_TYPED)
        {
          read_key (self, G_INPUT_STREAM (object));
          return;
        }
    }
  adding->key = relais_cli_take_key (adding->typed, adding->length);
  explicit_bzero (adding->typed, sizeof adding->typed);
  if (adding->key != NULL)
    check_key (self);
  else
    relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY,
                           _("No API key was read. Give the key alone, on one line, on standard input."));
}

static void
read_key (RelaisCommand *self,
          GInputStream  *input)
{
  Adding *adding = self->state;

  g_input_stream_read_async (input, adding->typed + adding->length, RELAIS_CLI_MAX_TYPED - adding->length,
                             G_PRIORITY_DEFAULT, self->cancellable, key_read_cb, relais_command_ref (self));
}

static gboolean
set_usage_error (GError     **error,
                 const char  *sentence)
{
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, sentence);

  return FALSE;
}

/* A practice account is no host of ActiveCampaign's, and the other way round: which of the
 * two is meant is said by --practice. */
static char *
read_real_host (const char  *typed,
                GError     **error)
{
  g_autofree char *practice = relais_host_read_practice (typed, NULL);
  gboolean reduced = FALSE;

  if (practice == NULL)
    return relais_host_read (typed, &reduced, error);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
               /* Translators: %s is host and port. */
               _("“%s” is the address of a practice account on this computer. If that is what you mean, add --practice."), practice);

  return NULL;
}

static gboolean
read_host (const RelaisCommand     *self,
           RelaisConnectionRecord  *record,
           GError                 **error)
{
  if (self->practice && !self->host)
    return TRUE;
  if (!self->host)
    return set_usage_error (error, _("The account’s host is missing. Add it with --host."));
  record->host = self->practice ? relais_host_read_practice (self->host, error) : read_real_host (self->host, error);
  if (!record->host)
    return FALSE;
  if (self->practice || relais_host_is_known (record->host) || self->unknown_host_ok)
    return TRUE;
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_WRONG_HOST,
               /* Translators: %s is a host name. */
               _("“%s” is not an address of ActiveCampaign that Relais knows. If it is right, add --unknown-host-ok."), record->host);

  return FALSE;
}

/* Returns (transfer full) (nullable) the connection that the options describe. */
static RelaisConnectionRecord *
read_options (const RelaisCommand  *self,
              GError              **error)
{
  g_autoptr (RelaisConnectionRecord) record = relais_connection_record_new ();
  gboolean good;

  record->kind = self->practice ? RELAIS_CONNECTION_PRACTICE : RELAIS_CONNECTION_ACTIVECAMPAIGN;
  record->name = self->name ? g_strstrip (g_strdup (self->name)) : NULL;
  if (g_strcmp0 (self->access, "contributors") == 0)
    record->access = RELAIS_ACCESS_CONTRIBUTORS;
  if (!record->name || !*record->name)
    good = set_usage_error (error, _("The connection needs a display name. Add it with --name."));
  else if (self->access && !g_str_equal (self->access, "administrators") && !g_str_equal (self->access, "contributors"))
    good = set_usage_error (error, _("--access takes “administrators” or “contributors”."));
  else if (self->limits &&
           (!self->practice || !relais_cli_read_limits (self->limits, &record->limit_requests, &record->limit_seconds)))
    good = set_usage_error (error, _("--limits belongs to a practice account and takes REQUESTS/SECONDS, such as 100/60, or “none”."));
  else
    good = read_host (self, record, error);

  return good ? g_steal_pointer (&record) : NULL;
}

/* Whether relais_command_connection_add() will read a key, as far as the options tell. */
gboolean
relais_command_reads_key (RelaisCommand *self)
{
  g_autoptr (RelaisConnectionRecord) record = read_options (self, NULL);

  return self->agree && record && record->host;
}

/* relais connection add: nothing is stored before the account has answered. */
void
relais_command_connection_add (RelaisCommand *self)
{
  g_autoptr (GError) error = NULL;
  RelaisConnectionRecord *record = NULL;
  Adding *adding;

  if (!relais_command_may (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL))
    return;
  record = read_options (self, &error);
  if (!record)
    {
      relais_command_fail (self, error);
      return;
    }
  adding = self->state = g_new0 (Adding, 1);
  adding->record = record;
  self->free_state = free_adding;
  if (relais_workspace_find_connection (self->workspace, record->name))
    {
      relais_command_refuse (self, RELAIS_EXIT_USAGE, _("Another connection has this name. Choose another with --name."));
      return;
    }
  if (!self->agree)
    {
      relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY,
                             _("Data privacy and compliance: an export sends the matched columns of your customers’ profiles to ActiveCampaign, outside this computer. Make sure that you may send this data there, and that the account meets your organization’s rules on privacy."));
      relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY, _("If you agree, add --agree."));
      return;
    }
  record->consent_version = RELAIS_CONSENT_VERSION;
  record->consent_language = g_strdup (g_get_language_names ()[0]);
  record->consent_by = g_strdup (g_get_user_name ());
  record->consent_at = g_get_real_time ();

  if (!record->host)
    check_key (self);
  else
    {
      g_autoptr (GInputStream) input = g_application_command_line_get_stdin (self->command_line);

      read_key (self, input);
    }
}

static const char *
describe_check (RelaisCheck check)
{
  switch (check)
    {
    case RELAIS_CHECK_CONNECTED: return _("connected");
    case RELAIS_CHECK_KEY_REFUSED: return _("key refused");
    case RELAIS_CHECK_NOT_ALLOWED: return _("not enough rights");
    case RELAIS_CHECK_UNREACHABLE: return _("unreachable");
    case RELAIS_CHECK_CERTIFICATE: return _("certificate refused");
    case RELAIS_CHECK_WRONG_HOST: return _("not an ActiveCampaign server");
    case RELAIS_CHECK_UNPAID: return _("payment issue");
    case RELAIS_CHECK_TROUBLE: return _("trouble at the service");
    case RELAIS_CHECK_KEYRING: return _("keyring locked or missing");
    case RELAIS_CHECK_NEVER:
    default: return _("never checked");
    }
}

static const char *
id_of_check (RelaisCheck check)
{
  static const char * const ids[] = {
    "never-checked", "connected", "key-refused", "not-allowed", "unreachable", "certificate-refused",
    "wrong-host", "unpaid", "trouble", "keyring",
  };

  return (gsize) check < G_N_ELEMENTS (ids) ? ids[check] : ids[0];
}

/* Returns (transfer full) (element-type RelaisConnection) those that the person may know of. */
static GPtrArray *
list_known (RelaisCommand *self)
{
  GListModel *model = relais_workspace_get_connections (self->workspace);
  GPtrArray *known = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (model, i);

      if (relais_workspace_check_right (self->workspace, RELAIS_ACTION_USE_CONNECTION, connection, NULL))
        g_ptr_array_add (known, g_steal_pointer (&connection));
    }

  return known;
}

static void
print_line (RelaisCommand                *self,
            const RelaisConnectionRecord *record,
            gboolean                      whole)
{
  gboolean practice = record->kind == RELAIS_CONNECTION_PRACTICE;
  g_autofree char *name = relais_plain (record->name);
  g_autofree char *host = relais_plain (record->host ? record->host : _("built-in practice account"));

  if (whole)
    relais_command_print (self, "%s · %s · %s\n", name, host, describe_check (record->check));
  else
    /* Translators: a kind of connection, beside the name of one. */
    relais_command_print (self, "%s · %s\n", name, practice ? _("practice account") : "ActiveCampaign");
}

static void
append_object (GString                      *json,
               const RelaisConnectionRecord *record,
               gboolean                      whole)
{
  g_string_append (json, json->len > 1 ? ", {\"name\": " : "{\"name\": ");
  relais_json_string (json, record->name);
  g_string_append_printf (json, ", \"kind\": \"%s\", \"host\": ",
                          record->kind == RELAIS_CONNECTION_PRACTICE ? "practice" : "activecampaign");
  relais_json_string (json, whole ? record->host : NULL);
  g_string_append_printf (json, ", \"access\": \"%s\", \"account\": ",
                          record->access == RELAIS_ACCESS_CONTRIBUTORS ? "contributors" : "administrators");
  relais_json_string (json, whole ? record->account : NULL);
  g_string_append (json, ", \"state\": ");
  relais_json_string (json, whole ? id_of_check (record->check) : NULL);
  g_string_append_c (json, '}');
}

/* relais connection list: whoever may not see their settings learns name and kind. */
void
relais_command_connection_list (RelaisCommand *self)
{
  gboolean whole = relais_workspace_check_right (self->workspace, RELAIS_ACTION_SEE_CONNECTIONS, NULL, NULL);
  g_autoptr (GPtrArray) known = list_known (self);
  g_autoptr (GString) json = g_string_new ("[");

  if (!relais_command_may (self, RELAIS_ACTION_USE_CONNECTION, NULL))
    return;
  for (guint i = 0; i < known->len; i++)
    {
      const RelaisConnectionRecord *record = relais_connection_get_record (known->pdata[i]);

      if (self->json)
        append_object (json, record, whole);
      else
        print_line (self, record, whole);
    }
  if (self->json)
    relais_command_print (self, "%s]\n", json->str);
  else if (known->len == 0 && whole)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, _("There is no connection yet. Add one in the window, or with: relais connection add"));
  else if (known->len == 0)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, _("No connection is shared with contributors yet. An administrator can share one."));
}

static void
check_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisAccount) account = relais_workspace_check_connection_finish (RELAIS_WORKSPACE (object), result, &error);

  if (!account)
    fail_check (self, error);
  else
    {
      g_autofree char *user = relais_plain (account->user_name);

      /* Translators: %s is the service's user. */
      relais_command_print (self, _("Connected, as %s.\n"), user);
      print_status (self, account->status);
    }
}

/* relais connection check NAME */
void
relais_command_connection_check (RelaisCommand *self)
{
  RelaisConnection *connection;

  if (!relais_command_may (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL))
    return;
  connection = relais_command_find_connection (self, self->arguments[0]);
  if (connection)
    relais_workspace_check_connection_async (self->workspace, connection, self->cancellable, check_cb,
                                             relais_command_ref (self));
}

static void
remove_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;

  if (relais_workspace_remove_connection_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_command_print (self, "%s\n", _("The connection and its key have been removed."));
  else
    {
      relais_command_fail (self, error);
      if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_IN_USE))
        relais_command_refuse (self, RELAIS_EXIT_IN_THE_WAY, _("An export is removed with: relais export remove NAME"));
    }
}

/* relais connection remove NAME */
void
relais_command_connection_remove (RelaisCommand *self)
{
  RelaisConnection *connection;

  if (!relais_command_may (self, RELAIS_ACTION_CHANGE_CONNECTIONS, NULL))
    return;
  connection = relais_command_find_connection (self, self->arguments[0]);
  if (connection)
    relais_workspace_remove_connection_async (self->workspace, connection, self->cancellable, remove_cb,
                                              relais_command_ref (self));
}
