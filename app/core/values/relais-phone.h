/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-reason.h"
#include "relais-text.h"

G_BEGIN_DECLS

/* Longer than any telephone, so that one with remarks beside it is kept whole. */
#define RELAIS_PHONE_SIZE 256

gboolean     relais_phone_knows_country (const char *country);
RelaisReason relais_phone_read          (RelaisText  written,
                                         const char *country,
                                         char        phone[RELAIS_PHONE_SIZE],
                                         gsize      *length);

G_END_DECLS
