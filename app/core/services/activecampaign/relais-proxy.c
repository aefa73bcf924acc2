/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-proxy-private.h"

struct _RelaisProxyResolver
{
  GObject parent_instance;

  GProxyResolver *system;  /* (owned) */
};

static void relais_proxy_resolver_iface_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelaisProxyResolver, relais_proxy_resolver, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, relais_proxy_resolver_iface_init))

/* Returns: (nullable): the answer for what must not leave this computer */
static char **
look_up_here (const char *uri)
{
  static const char * const direct[] = { "direct://", NULL };

  return g_ascii_strncasecmp (uri, "http:", 5) == 0 ? g_strdupv ((char **) direct) : NULL;
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char **proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (object), result, &error);

  if (proxies != NULL)
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

static gboolean
relais_proxy_resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static char **
relais_proxy_resolver_lookup (GProxyResolver  *resolver,
                              const char      *uri,
                              GCancellable    *cancellable,
                              GError         **error)
{
  char **here = look_up_here (uri);

  return here != NULL ? here
                      : g_proxy_resolver_lookup (RELAIS_PROXY_RESOLVER (resolver)->system, uri, cancellable, error);
}

static void
relais_proxy_resolver_lookup_async (GProxyResolver      *resolver,
                                    const char          *uri,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  char **here = look_up_here (uri);

  g_task_set_source_tag (task, relais_proxy_resolver_lookup_async);
  if (here != NULL)
    g_task_return_pointer (task, here, (GDestroyNotify) g_strfreev);
  else
    g_proxy_resolver_lookup_async (RELAIS_PROXY_RESOLVER (resolver)->system, uri, cancellable,
                                   looked_up_cb, g_steal_pointer (&task));
}

static char **
relais_proxy_resolver_lookup_finish (GProxyResolver  *resolver,
                                     GAsyncResult    *result,
                                     GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
relais_proxy_resolver_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = relais_proxy_resolver_is_supported;
  iface->lookup = relais_proxy_resolver_lookup;
  iface->lookup_async = relais_proxy_resolver_lookup_async;
  iface->lookup_finish = relais_proxy_resolver_lookup_finish;
}

static void
relais_proxy_resolver_finalize (GObject *object)
{
  g_object_unref (RELAIS_PROXY_RESOLVER (object)->system);
  G_OBJECT_CLASS (relais_proxy_resolver_parent_class)->finalize (object);
}

static void
relais_proxy_resolver_class_init (RelaisProxyResolverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_proxy_resolver_finalize;
}

static void
relais_proxy_resolver_init (RelaisProxyResolver *self)
{
}

/**
 * relais_proxy_resolver_new:
 * @system: knows the proxies of this computer
 *
 * Returns: (transfer full): the resolver for the session of the program
 */
GProxyResolver *
relais_proxy_resolver_new (GProxyResolver *system)
{
  RelaisProxyResolver *self = g_object_new (RELAIS_TYPE_PROXY_RESOLVER, NULL);

  self->system = g_object_ref (system);

  return G_PROXY_RESOLVER (self);
}
