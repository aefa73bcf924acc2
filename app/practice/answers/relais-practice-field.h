/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-call.h"

G_BEGIN_DECLS

/* relais-practice-field-options.c */
void relais_field_write_options   (RelaisCall *call,
                                   const char *fields);
void relais_field_write_relations (RelaisCall *call,
                                   const char *fields);

G_END_DECLS
