/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-reason.h"

G_BEGIN_DECLS

RelaisReason relais_number_write (const char *text,
                                  char        decimal,
                                  GString    *into);

G_END_DECLS
