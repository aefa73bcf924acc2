/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-reason.h"
#include "relais-text.h"

G_BEGIN_DECLS

/* RFC 5321: 254 bytes in all; room for the terminating zero. */
#define RELAIS_ADDRESS_SIZE 256

/**
 * RelaisAddress:
 * @text: the address as it is sent: local part as written, domain in lower
 *   case (ASCII form for an internationalized domain), zero-terminated
 * @length: of @text in bytes
 * @cleaned: whether more than surrounding ASCII blanks had to be taken away
 *   (no-break or zero-width marks, `Name <address>`, `mailto:`, control characters)
 */
typedef struct
{
  char     text[RELAIS_ADDRESS_SIZE];
  guint    length;
  gboolean cleaned;
} RelaisAddress;

RelaisReason relais_address_read (RelaisText     written,
                                  RelaisAddress *address);
gsize        relais_address_fold (const char    *text,
                                  gsize          length,
                                  char           folded[RELAIS_ADDRESS_SIZE]);

G_END_DECLS
