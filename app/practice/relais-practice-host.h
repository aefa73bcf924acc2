/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "relais-key.h"

G_BEGIN_DECLS

/**
 * RelaisPracticeHost:
 *
 * The built-in practice account: started when it is first needed, in a
 * thread of its own, so that it never holds up the window.
 */
#define RELAIS_TYPE_PRACTICE_HOST (relais_practice_host_get_type ())
G_DECLARE_FINAL_TYPE (RelaisPracticeHost, relais_practice_host, RELAIS, PRACTICE_HOST, GObject)

RelaisPracticeHost *relais_practice_host_new     (const char  *state_path);
gboolean            relais_practice_host_provide (char       **address,
                                                  RelaisKey  **key,
                                                  char       **fingerprint_key,
                                                  gpointer     host,
                                                  GError     **error);

G_END_DECLS
