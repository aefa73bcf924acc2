/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RELAIS_HASH_KEY_SIZE 16

/**
 * RelaisHashKey:
 * @bytes: 128 secret bits
 *
 * The key of relais_hash(). Whoever knows it can tell whether an address they
 * already have is among stored hashes, so it lives where API keys live.
 */
typedef struct
{
  guint8 bytes[RELAIS_HASH_KEY_SIZE];
} RelaisHashKey;

/**
 * RelaisHash:
 * @low: 64 bits
 * @high: 64 bits
 */
typedef struct
{
  guint64 low;
  guint64 high;
} RelaisHash;

RelaisHash relais_hash            (const RelaisHashKey *key,
                                   const void          *data,
                                   gsize                length);
gboolean   relais_hash_key_random (RelaisHashKey       *key);
guint64    relais_hash_key_check  (const RelaisHashKey *key);

G_END_DECLS
