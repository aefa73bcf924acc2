/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisProxyResolver:
 *
 * Which proxy to use: the one of the system, but none for plain HTTP. That is
 * only ever spoken with a practice account on this computer, and must not leave it.
 */
#define RELAIS_TYPE_PROXY_RESOLVER (relais_proxy_resolver_get_type ())
G_DECLARE_FINAL_TYPE (RelaisProxyResolver, relais_proxy_resolver, RELAIS, PROXY_RESOLVER, GObject)

GProxyResolver *relais_proxy_resolver_new (GProxyResolver *system);

G_END_DECLS
