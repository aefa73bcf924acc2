/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *relais_account_status_warn (const char *status);

G_END_DECLS
