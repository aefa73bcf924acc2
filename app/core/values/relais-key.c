/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-key.h"

#include <string.h>

struct _RelaisKey
{
  gatomicrefcount  references;
  char            *text;   /* (owned) */
  GDestroyNotify   wipe;
};

static void
wipe_and_free (gpointer data)
{
  char *text = data;

  explicit_bzero (text, strlen (text));
  g_free (text);
}

/**
 * relais_key_new_take:
 * @text: (transfer full): the secret
 * @wipe: (nullable): hands @text back to the memory it came from; %NULL when
 *   it came from g_malloc(): it is then overwritten before it is freed
 *
 * Returns: (transfer full):
 */
RelaisKey *
relais_key_new_take (char           *text,
                     GDestroyNotify  wipe)
{
  RelaisKey *key;

  g_return_val_if_fail (text != NULL, NULL);

  key = g_new0 (RelaisKey, 1);
  g_atomic_ref_count_init (&key->references);
  key->text = text;
  key->wipe = wipe != NULL ? wipe : wipe_and_free;

  return key;
}

/**
 * relais_key_new_copy:
 * @text: the secret
 * @length: in bytes, -1 when zero-terminated
 *
 * Returns: (transfer full):
 */
RelaisKey *
relais_key_new_copy (const char *text,
                     gssize      length)
{
  return relais_key_new_take (g_strndup (text, length < 0 ? strlen (text) : (gsize) length), NULL);
}

/**
 * relais_key_ref:
 * @key: a secret
 *
 * Returns: (transfer full): @key
 */
RelaisKey *
relais_key_ref (RelaisKey *key)
{
  g_atomic_ref_count_inc (&key->references);

  return key;
}

/**
 * relais_key_unref:
 * @key: (transfer full): a secret; wiped when this was the last reference
 */
void
relais_key_unref (RelaisKey *key)
{
  if (!g_atomic_ref_count_dec (&key->references))
    return;

  key->wipe (key->text);
  g_free (key);
}

/**
 * relais_key_peek:
 * @key: a secret
 *
 * Returns: (transfer none): its text. Do not keep, copy, log or print it.
 */
const char *
relais_key_peek (RelaisKey *key)
{
  return key->text;
}
