/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisKey:
 *
 * A secret on its way: reference-counted, in memory that is locked and left out of
 * cores, wiped when the last reference goes. It is no GObject and has no property,
 * so that no inspector and no log can show it.
 */
typedef struct _RelaisKey RelaisKey;

RelaisKey  *relais_key_new_take (char       *text);
RelaisKey  *relais_key_new_copy (const char *text,
                                 gssize      length);
RelaisKey  *relais_key_ref      (RelaisKey  *key);
void        relais_key_unref    (RelaisKey  *key);
const char *relais_key_peek     (RelaisKey  *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisKey, relais_key_unref)

G_END_DECLS
