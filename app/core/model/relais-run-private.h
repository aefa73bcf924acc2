/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run.h"

G_BEGIN_DECLS

gboolean relais_run_is_elsewhere  (RelaisRun *self);
void     relais_run_set_elsewhere (RelaisRun *self,
                                   gboolean   elsewhere);

G_END_DECLS
