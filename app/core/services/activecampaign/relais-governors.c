/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-governor-private.h"

struct _RelaisGovernors
{
  GObject     parent_instance;

  GHashTable *by_host;  /* (owned) (element-type utf8 RelaisGovernor) */
};

G_DEFINE_FINAL_TYPE (RelaisGovernors, relais_governors, G_TYPE_OBJECT)

static void
relais_governors_finalize (GObject *object)
{
  RelaisGovernors *self = RELAIS_GOVERNORS (object);

  g_hash_table_unref (self->by_host);

  G_OBJECT_CLASS (relais_governors_parent_class)->finalize (object);
}

static void
relais_governors_class_init (RelaisGovernorsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_governors_finalize;
}

static void
relais_governors_init (RelaisGovernors *self)
{
  self->by_host = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * relais_governors_new:
 *
 * Returns: (transfer full): governors of no host yet
 */
RelaisGovernors *
relais_governors_new (void)
{
  return g_object_new (RELAIS_TYPE_GOVERNORS, NULL);
}

/**
 * relais_governors_get:
 * @self: the governors
 * @host: of an account, as relais_host_read() returns it
 * @limit_requests: as for relais_governor_new()
 * @limit_seconds: as for relais_governor_new()
 *
 * Finds the governor of an account, or makes it. It stays for as long as
 * the program runs: what one run sent in the last minute counts for the next.
 * Other limits than before hold from now on for everyone.
 *
 * Returns: (transfer none): the governor of @host
 */
RelaisGovernor *
relais_governors_get (RelaisGovernors *self,
                      const char      *host,
                      guint            limit_requests,
                      guint            limit_seconds)
{
  g_autofree char *folded = NULL;
  RelaisGovernor *governor;

  g_return_val_if_fail (RELAIS_IS_GOVERNORS (self), NULL);
  g_return_val_if_fail (host != NULL, NULL);

  folded = g_ascii_strdown (host, -1);
  governor = g_hash_table_lookup (self->by_host, folded);
  if (governor != NULL)
    relais_governor_set_limits (governor, limit_requests, limit_seconds);
  else
    {
      governor = relais_governor_new (limit_requests, limit_seconds);
      g_hash_table_insert (self->by_host, g_steal_pointer (&folded), governor);
    }

  return governor;
}
