/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-profile-table.h"

#include <string.h>

/* Open addressing with linear probing. A slot is found from the hash's first
 * 32 bits by multiplication, so that the capacity can be any number: the table is
 * as large as the segment asks for, not as the next power of two. */

#define SMALLEST_CAPACITY 1024
#define MAX_LOAD_PERCENT  70

/* @row is 0 for a profile that is known from an earlier run only. */
typedef struct
{
  guint32 profile[3];
  guint32 row;
} Slot;

G_STATIC_ASSERT (sizeof (Slot) == 16);

struct _RelaisProfileTable
{
  Slot      *slots;       /* (owned) (array length=capacity) */
  guint64   *confirmed;   /* (owned) (nullable) (array length=capacity): content words, 0 = nothing */
  gsize      capacity;
  gsize      size;
};

static inline gsize
get_home (const RelaisProfileTable *table,
          const guint32             profile[3])
{
  return ((guint64) profile[0] * table->capacity) >> 32;
}

static inline gboolean
is_free (const Slot *slot)
{
  return (slot->profile[0] | slot->profile[1] | slot->profile[2]) == 0;
}

static inline gsize
find_slot (const RelaisProfileTable *table,
           const guint32             profile[3])
{
  gsize at = get_home (table, profile);

  while (!is_free (&table->slots[at]) && memcmp (table->slots[at].profile, profile, sizeof table->slots[at].profile) != 0)
    if (++at == table->capacity)
      at = 0;

  return at;
}

static void
set_capacity (RelaisProfileTable *table,
              gsize               capacity)
{
  g_autofree Slot *old = table->slots;
  g_autofree guint64 *old_confirmed = table->confirmed;
  gsize old_capacity = table->capacity;

  /* Zeroed pages come from the system untouched: what is not used costs nothing. */
  table->slots = g_new0 (Slot, capacity);
  table->confirmed = old_confirmed != NULL ? g_new0 (guint64, capacity) : NULL;
  table->capacity = capacity;

  for (gsize i = 0; i < old_capacity; i++)
    {
      gsize at;

      if (is_free (&old[i]))
        continue;
      at = find_slot (table, old[i].profile);
      table->slots[at] = old[i];
      if (old_confirmed != NULL)
        table->confirmed[at] = old_confirmed[i];
    }
}

static gsize
claim_slot (RelaisProfileTable *table,
            const guint32       profile[3])
{
  gsize at = find_slot (table, profile);

  if (!is_free (&table->slots[at]))
    return at;

  /* A profile that is known needs no room, and growing holds the table twice. */
  if ((table->size + 1) * 100 > table->capacity * MAX_LOAD_PERCENT)
    {
      set_capacity (table, table->capacity + table->capacity / 2);
      at = find_slot (table, profile);
    }
  memcpy (table->slots[at].profile, profile, sizeof table->slots[at].profile);
  table->size++;

  return at;
}

/* 96 bits that are all zero mark a free slot; no profile has them. */
static inline void
avoid_zero (guint32 profile[3])
{
  if ((profile[0] | profile[1] | profile[2]) == 0)
    profile[2] = 1;
}

/**
 * relais_profile_table_new:
 *
 * Returns: (transfer full): an empty table
 */
RelaisProfileTable *
relais_profile_table_new (void)
{
  RelaisProfileTable *table = g_new0 (RelaisProfileTable, 1);

  set_capacity (table, SMALLEST_CAPACITY);

  return table;
}

/**
 * relais_profile_table_free:
 * @table: (transfer full) (nullable):
 */
void
relais_profile_table_free (RelaisProfileTable *table)
{
  if (table == NULL)
    return;

  g_free (table->slots);
  g_free (table->confirmed);
  g_free (table);
}

/**
 * relais_profile_table_expect:
 * @table: a table
 * @n_profiles: how many profiles there will probably be in all
 *
 * Makes room at once, which spares growing step by step.
 */
void
relais_profile_table_expect (RelaisProfileTable *table,
                             gsize               n_profiles)
{
  gsize capacity = n_profiles * 100 / MAX_LOAD_PERCENT + 1;

  if (capacity > table->capacity)
    set_capacity (table, capacity);
}

/**
 * relais_profile_table_add_fingerprints:
 * @table: a table
 * @fingerprints: (array length=n_fingerprints): in the order they were written;
 *   a later one of the same profile counts; a content of zero forgets it
 * @n_fingerprints: how many
 */
void
relais_profile_table_add_fingerprints (RelaisProfileTable      *table,
                                       const RelaisFingerprint *fingerprints,
                                       gsize                    n_fingerprints)
{
  if (n_fingerprints == 0)
    return;

  relais_profile_table_expect (table, table->size + n_fingerprints);
  if (table->confirmed == NULL)
    table->confirmed = g_new0 (guint64, table->capacity);

  for (gsize i = 0; i < n_fingerprints; i++)
    {
      guint32 profile[3] = { fingerprints[i].profile[0], fingerprints[i].profile[1], fingerprints[i].profile[2] };
      gsize at;

      avoid_zero (profile);
      at = claim_slot (table, profile);
      memcpy (&table->confirmed[at], fingerprints[i].content, sizeof fingerprints[i].content);
    }
}

/**
 * relais_profile_table_see:
 * @table: a table
 * @profile: hash of the folded address
 * @row: the row it stands in, from 1
 * @confirmed: (out): what was last confirmed for it, zeros when nothing was
 *
 * Returns: the earlier row that has the same address, or 0 when @row is the first
 */
guint32
relais_profile_table_see (RelaisProfileTable *table,
                          const guint32       profile[3],
                          guint32             row,
                          guint32             confirmed[2])
{
  guint32 key[3] = { profile[0], profile[1], profile[2] };
  guint32 earlier;
  gsize at;

  avoid_zero (key);
  at = claim_slot (table, key);
  if (table->confirmed != NULL)
    memcpy (confirmed, &table->confirmed[at], 2 * sizeof *confirmed);
  else
    confirmed[0] = confirmed[1] = 0;

  earlier = table->slots[at].row;
  if (earlier == 0)
    table->slots[at].row = row;

  return earlier;
}

/**
 * relais_profile_table_has_row:
 * @table: a table
 * @profile: hash of a folded address
 *
 * Returns: whether a row has this address
 */
gboolean
relais_profile_table_has_row (const RelaisProfileTable *table,
                              const guint32             profile[3])
{
  guint32 key[3] = { profile[0], profile[1], profile[2] };

  avoid_zero (key);

  return table->slots[find_slot (table, key)].row != 0;
}

/**
 * relais_profile_table_get_size:
 * @table: a table
 *
 * Returns: how many profiles it knows
 */
gsize
relais_profile_table_get_size (RelaisProfileTable *table)
{
  return table->size;
}

/**
 * relais_profile_hash:
 * @key: of the connection's fingerprints
 * @email: an address, in any case
 * @length: of it, below RELAIS_ADDRESS_SIZE
 * @profile: (out caller-allocates): what stands for the person
 */
void
relais_profile_hash (const RelaisHashKey *key,
                     const char          *email,
                     gsize                length,
                     guint32              profile[3])
{
  char folded[RELAIS_ADDRESS_SIZE];

  relais_profile_hash_folded (key, folded, relais_address_fold (email, length, folded), profile);
}

/**
 * relais_profile_hash_folded:
 * @key: of the connection's fingerprints
 * @folded: an address, or a part of one, that is folded already
 * @length: of it
 * @profile: (out caller-allocates): what stands for it
 */
void
relais_profile_hash_folded (const RelaisHashKey *key,
                            const char          *folded,
                            gsize                length,
                            guint32              profile[3])
{
  RelaisHash hash = relais_hash (key, folded, length);

  profile[0] = (guint32) hash.low;
  profile[1] = (guint32) (hash.low >> 32);
  profile[2] = (guint32) hash.high;
}

/**
 * relais_profile_table_get_bytes:
 * @table: a table
 *
 * Returns: the memory that its slots take
 */
gsize
relais_profile_table_get_bytes (RelaisProfileTable *table)
{
  return table->capacity * (sizeof *table->slots + (table->confirmed != NULL ? sizeof *table->confirmed : 0));
}
