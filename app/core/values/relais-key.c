/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* MADV_DONTDUMP */
#include "relais-key.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct _RelaisKey
{
  gatomicrefcount  references;
  char            *text;  /* (owned): in pages of its own */
  gsize            size;  /* of those pages */
};

/* Pages that are neither written to a swap disk nor into a core. Where the
 * person's limit for locked memory is used up, the key is still kept. */
static char *
map_pages (gsize size)
{
  void *pages = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (pages == MAP_FAILED)
    g_error ("%s: no memory for a key", G_STRLOC);
  if (mlock (pages, size) != 0)
    g_debug ("A key could not be locked in memory");
  madvise (pages, size, MADV_DONTDUMP);

  return pages;
}

/**
 * relais_key_new_copy:
 * @text: the secret
 * @length: in bytes, -1 when zero-terminated
 *
 * Returns: (transfer full): a key whose text is in memory that does not reach a disk. The
 *   caller overwrites @text.
 */
RelaisKey *
relais_key_new_copy (const char *text,
                     gssize      length)
{
  gsize page = sysconf (_SC_PAGESIZE);
  gsize n = length < 0 ? strlen (text) : strnlen (text, length);
  RelaisKey *key = g_new0 (RelaisKey, 1);

  g_atomic_ref_count_init (&key->references);
  key->size = (n / page + 1) * page;
  key->text = map_pages (key->size);
  memcpy (key->text, text, n);

  return key;
}

/**
 * relais_key_new_take:
 * @text: (transfer full): the secret, from g_malloc(); overwritten and freed
 *
 * Returns: (transfer full): as relais_key_new_copy()
 */
RelaisKey *
relais_key_new_take (char *text)
{
  RelaisKey *key = relais_key_new_copy (text, -1);

  explicit_bzero (text, strlen (text));
  g_free (text);

  return key;
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

  explicit_bzero (key->text, key->size);
  munmap (key->text, key->size);
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
