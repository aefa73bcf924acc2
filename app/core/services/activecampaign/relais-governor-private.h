/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-governor.h"

G_BEGIN_DECLS

void relais_governor_set_limits   (RelaisGovernor *self,
                                   guint           limit_requests,
                                   guint           limit_seconds);
void relais_governor_set_patience (RelaisGovernor *self,
                                   guint           milliseconds);

G_END_DECLS
