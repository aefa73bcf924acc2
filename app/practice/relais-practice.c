/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-server-private.h"

#include <glib/gi18n-lib.h>

#include "relais-error.h"
#include "relais-practice-content.h"

#define DEFAULT_DELAY (3 * G_USEC_PER_SEC)
#define QUICK_DELAY   (G_USEC_PER_SEC / 5)

G_DEFINE_FINAL_TYPE (RelaisPractice, relais_practice, G_TYPE_OBJECT)

static void
relais_practice_finalize (GObject *object)
{
  RelaisPractice *self = RELAIS_PRACTICE (object);

  relais_practice_stop (self);
  relais_faults_clear (&self->account.faults);
  relais_limits_clear (&self->account.limits);
  g_free (self->account.pages.filter);
  g_free (self->state_path);
  g_free (self->key);
  g_free (self->account_id);
  g_free (self->address);
  G_OBJECT_CLASS (relais_practice_parent_class)->finalize (object);
}

static void
relais_practice_class_init (RelaisPracticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_practice_finalize;
}

static void
relais_practice_init (RelaisPractice *self)
{
  relais_limits_init (&self->account.limits);
  g_queue_init (&self->account.imports);
  self->account.import_delay = DEFAULT_DELAY;
}

/**
 * relais_practice_new:
 * @key: (nullable): the key it accepts, which is not kept; %NULL for the one it made before, or a new one
 * @state_path: (nullable): the file that keeps its state; %NULL for memory
 *
 * Returns: (transfer full): an account that has not started
 */
RelaisPractice *
relais_practice_new (const char *key,
                     const char *state_path)
{
  RelaisPractice *self = g_object_new (RELAIS_TYPE_PRACTICE, NULL);

  self->key = g_strdup (key);
  self->state_path = g_strdup (state_path);

  return self;
}

/**
 * relais_practice_set_limits:
 * @self: an account
 * @requests: imports in @seconds; 0 or G_MAXUINT: no limit at all
 * @seconds: the window
 */
void
relais_practice_set_limits (RelaisPractice *self,
                            guint           requests,
                            guint           seconds)
{
  relais_limits_set (&self->account.limits, requests, seconds);
  /* Who wants an hour in a minute does not want to wait for imports either. */
  if (self->account.limits.unlimited || requests / seconds > 2)
    self->account.import_delay = QUICK_DELAY;
}

/**
 * relais_practice_add_fault:
 * @self: an account
 * @name: of a fault, see relais_practice_describe_fault()
 * @value: (nullable): what stands after its equals sign
 * @error: RELAIS_ERROR_DEFINITION when there is no such fault
 *
 * Returns: whether it misbehaves so from now on
 */
gboolean
relais_practice_add_fault (RelaisPractice  *self,
                           const char      *name,
                           const char      *value,
                           GError         **error)
{
  RelaisPracticeAccount *account = &self->account;

  if (!relais_faults_set (&account->faults, name, value, error))
    return FALSE;
  if (account->faults.at[RELAIS_FAULT_IMPORT_DELAY].set)
    account->import_delay = account->faults.at[RELAIS_FAULT_IMPORT_DELAY].number * 1000;
  if (account->faults.at[RELAIS_FAULT_LISTS].set && account->store != NULL)
    relais_content_add_lists (account->store, (guint) account->faults.at[RELAIS_FAULT_LISTS].number);

  return TRUE;
}

/**
 * relais_practice_describe_fault:
 * @index: from 0
 * @value: (out) (transfer none): what may stand after the name
 * @description: (out) (transfer none): a sentence in the person's language
 *
 * Returns: (transfer none) (nullable): its name; %NULL after the last
 */
const char *
relais_practice_describe_fault (guint        index,
                                const char **value,
                                const char **description)
{
  if (index >= RELAIS_N_FAULTS)
    return NULL;
  *description = relais_faults_describe (index, value);

  return relais_faults_name (index);
}

static gboolean
listen (RelaisPractice  *self,
        guint            port,
        GError         **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  GSList *uris;
  g_autoptr (GError) cause = NULL;

  self->server = soup_server_new ("server-header", "cloudflare", NULL);
  relais_practice_add_server (self);
  relais_practice_add_control (self);
  if (!soup_server_listen (self->server, address, 0, &cause))
    {
      g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY,
                   /* Translators: %u is a port number. */
                   _("The practice account cannot use port %u: another program has it. Choose another port, or none."), port);
      return FALSE;
    }
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return TRUE;
}

/**
 * relais_practice_start:
 * @self: an account
 * @port: to listen on, 0 for any that is free
 * @error: RELAIS_ERROR_BUSY when port or state file are in use, RELAIS_ERROR_FILE
 *
 * Returns: whether it answers from now on
 */
gboolean
relais_practice_start (RelaisPractice  *self,
                       guint            port,
                       GError         **error)
{
  RelaisPracticeAccount *account = &self->account;
  g_autofree char *given = g_steal_pointer (&self->key);

  account->store = relais_store_open (self->state_path, error);
  account->is_kept = self->state_path != NULL;
  if (account->store == NULL)
    {
      self->key = g_steal_pointer (&given);
      return FALSE;
    }
  self->key = relais_content_key (account->store, given);
  g_free (self->account_id);
  self->account_id = relais_content_account_id (account->store);
  if (account->faults.at[RELAIS_FAULT_LISTS].set)
    relais_content_add_lists (account->store, (guint) account->faults.at[RELAIS_FAULT_LISTS].number);
  account->n_active = relais_store_number (account->store, "SELECT count (DISTINCT contact) FROM memberships WHERE status = 1", "");
  if (listen (self, port, error))
    {
      relais_practice_resume_imports (account);
      return TRUE;
    }
  relais_practice_stop (self);

  return FALSE;
}

/**
 * relais_practice_stop:
 * @self: an account
 */
void
relais_practice_stop (RelaisPractice *self)
{
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->address, g_free);
  relais_practice_stop_imports (&self->account);
  g_clear_pointer (&self->account.store, relais_store_close);
}

/**
 * relais_practice_get_address:
 * @self: an account that has started
 *
 * Returns: (transfer none) (nullable): host:port
 */
const char *
relais_practice_get_address (RelaisPractice *self)
{
  return self->address;
}

/**
 * relais_practice_get_key:
 * @self: an account that has started
 *
 * Returns: (transfer none) (nullable): the key it accepts
 */
const char *
relais_practice_get_key (RelaisPractice *self)
{
  return self->key;
}

/**
 * relais_practice_get_account_id:
 * @self: an account that has started
 *
 * Returns: (transfer none) (nullable): 32 hexadecimal digits; another account has others
 */
const char *
relais_practice_get_account_id (RelaisPractice *self)
{
  return self->account_id;
}
