/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often the reverse of @reversed, which so does not count itself, stands in what this
 * process may write to. */
guint relais_test_memory_count (const char *reversed);

G_END_DECLS
