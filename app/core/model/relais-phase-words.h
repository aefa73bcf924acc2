/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run.h"

G_BEGIN_DECLS

const char *relais_phase_describe (RelaisPhase phase);

G_END_DECLS
