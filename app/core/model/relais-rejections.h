/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-row.h"

G_BEGIN_DECLS

char *relais_rejection_explain (const RelaisRejection *rejection);

G_END_DECLS
