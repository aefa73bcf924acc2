/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-hash.h"

#include <string.h>

/* Expected output of the reference implementation for the key 00 01 … 0f and
 * the messages "", 00, 00 01, … (SipHash-2-4, 128 bits). */
static void
test_agrees_with_the_reference (void)
{
  static const guint8 expected[][16] = {
    { 0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93 },
    { 0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45 },
    { 0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3, 0x8b, 0xde, 0xf6, 0x0a, 0xff, 0xe4 },
  };
  RelaisHashKey key;
  guint8 message[64];

  for (guint i = 0; i < sizeof key.bytes; i++)
    key.bytes[i] = i;
  for (guint i = 0; i < sizeof message; i++)
    message[i] = i;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      RelaisHash hash = relais_hash (&key, message, i);
      guint64 words[2] = { GUINT64_TO_LE (hash.low), GUINT64_TO_LE (hash.high) };

      g_assert_cmpmem (words, sizeof words, expected[i], sizeof expected[i]);
    }
}

static void
test_depends_on_key_and_content (void)
{
  RelaisHashKey a, b;
  RelaisHash one, other;

  g_assert_true (relais_hash_key_random (&a));
  g_assert_true (relais_hash_key_random (&b));
  g_assert_cmpint (memcmp (&a, &b, sizeof a), !=, 0);

  one = relais_hash (&a, "zoe@example.com", 15);
  other = relais_hash (&b, "zoe@example.com", 15);
  g_assert_true (one.low != other.low && one.high != other.high);
  other = relais_hash (&a, "zoe@example.con", 15);
  g_assert_true (one.low != other.low && one.high != other.high);
  other = relais_hash (&a, "zoe@example.com", 15);
  g_assert_true (one.low == other.low && one.high == other.high);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hash/agrees-with-the-reference", test_agrees_with_the_reference);
  g_test_add_func ("/hash/depends-on-key-and-content", test_depends_on_key_and_content);

  return g_test_run ();
}
