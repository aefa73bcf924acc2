/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-reason.h"
#include "relais-text.h"

G_BEGIN_DECLS

#define RELAIS_PHONE_SIZE 64

gboolean     relais_phone_knows_country (const char *country);
RelaisReason relais_phone_read          (RelaisText  written,
                                         const char *country,
                                         char        phone[RELAIS_PHONE_SIZE],
                                         gsize      *length);

G_END_DECLS
