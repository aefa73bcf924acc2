/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-hash.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* SipHash-2-4 with 128 bits of output, after Aumasson and Bernstein,
 * "SipHash: a fast short-input PRF" (2012). */

#define ROTATE(x, n) (((x) << (n)) | ((x) >> (64 - (n))))

static inline guint64
read_le64 (const guint8 *from)
{
  guint64 value;

  memcpy (&value, from, sizeof value);

  return GUINT64_FROM_LE (value);
}

static inline void
mix (guint64 v[4],
     guint   rounds)
{
  while (rounds-- > 0)
    {
      v[0] += v[1];
      v[1] = ROTATE (v[1], 13) ^ v[0];
      v[0] = ROTATE (v[0], 32);
      v[2] += v[3];
      v[3] = ROTATE (v[3], 16) ^ v[2];
      v[0] += v[3];
      v[3] = ROTATE (v[3], 21) ^ v[0];
      v[2] += v[1];
      v[1] = ROTATE (v[1], 17) ^ v[2];
      v[2] = ROTATE (v[2], 32);
    }
}

/**
 * relais_hash:
 * @key: the key
 * @data: (array length=length): what to hash
 * @length: in bytes
 *
 * Returns: the keyed hash, the same on every machine
 */
RelaisHash
relais_hash (const RelaisHashKey *key,
             const void          *data,
             gsize                length)
{
  const guint8 *at = data;
  const guint8 *end = at + (length & ~(gsize) 7);
  guint64 k0 = read_le64 (key->bytes);
  guint64 k1 = read_le64 (key->bytes + 8);
  guint64 v[4] = {
    G_GUINT64_CONSTANT (0x736f6d6570736575) ^ k0,
    G_GUINT64_CONSTANT (0x646f72616e646f6d) ^ k1 ^ 0xee,
    G_GUINT64_CONSTANT (0x6c7967656e657261) ^ k0,
    G_GUINT64_CONSTANT (0x7465646279746573) ^ k1,
  };
  guint64 last = ((guint64) length) << 56;
  RelaisHash hash;

  for (; at < end; at += 8)
    {
      guint64 word = read_le64 (at);

      v[3] ^= word;
      mix (v, 2);
      v[0] ^= word;
    }
  for (guint i = 0; i < (length & 7); i++)
    last |= ((guint64) at[i]) << (8 * i);

  v[3] ^= last;
  mix (v, 2);
  v[0] ^= last;
  v[2] ^= 0xee;
  mix (v, 4);
  hash.low = v[0] ^ v[1] ^ v[2] ^ v[3];
  v[1] ^= 0xdd;
  mix (v, 4);
  hash.high = v[0] ^ v[1] ^ v[2] ^ v[3];

  return hash;
}

/**
 * relais_hash_key_random:
 * @key: (out): filled from the system's random numbers
 *
 * Returns: whether the system had any
 */
gboolean
relais_hash_key_random (RelaisHashKey *key)
{
  ssize_t n;

  do
    n = getrandom (key->bytes, sizeof key->bytes, 0);
  while (n < 0 && errno == EINTR);

  return n == (ssize_t) sizeof key->bytes;
}

/* Hashed with a key, it tells that key from any other, and tells nothing of it. */
static const char key_check_text[] = "key of fingerprints";

/**
 * relais_hash_key_check:
 * @key: a key
 *
 * Returns: what tells @key from any other, and may be stored
 */
guint64
relais_hash_key_check (const RelaisHashKey *key)
{
  return relais_hash (key, key_check_text, sizeof key_check_text - 1).low;
}
