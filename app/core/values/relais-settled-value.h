/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-field.h"
#include "relais-text.h"

G_BEGIN_DECLS

/* A value in the one form that does not change however the account writes it. */
void relais_settled_value_append (GString         *into,
                                  RelaisFieldType  type,
                                  RelaisText       value);
void relais_settled_phone_append (GString         *into,
                                  RelaisText       phone);

G_END_DECLS
