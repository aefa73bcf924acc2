/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean relais_account_is_same (const char *host,
                                 const char *other);

G_END_DECLS
