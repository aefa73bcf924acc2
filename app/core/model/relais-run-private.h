/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run.h"

G_BEGIN_DECLS

void relais_run_add_sample    (RelaisRun *self,
                               gint64     now,
                               guint64    done);
void relais_run_set_elsewhere (RelaisRun *self,
                               gboolean   elsewhere);

G_END_DECLS
