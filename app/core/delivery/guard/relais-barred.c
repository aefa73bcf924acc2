/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-barred.h"

#include "relais-profile.h"
#include "relais-profile-table.h"

#include <string.h>

typedef struct
{
  guint32 profile[3];
  guint32 reason;
} Person;

/* Beginnings or ends of addresses. They are looked up as addresses are, by their
 * hash, once for each length that there is: their number does not matter then. */
typedef struct
{
  GArray  *phrases;                        /* (owned) (element-type Person) */
  guint8   lengths[RELAIS_ADDRESS_SIZE];   /* (array length=n_lengths) */
  guint    n_lengths;
  gboolean has[RELAIS_ADDRESS_SIZE];
} Phrases;

struct _RelaisBarred
{
  RelaisHashKey key;
  GArray       *people;   /* (owned) (element-type Person): sorted once it is closed, as are the phrases */
  Phrases       begins;
  Phrases       ends;
  RelaisGaps    gaps;
};

/* By address, and then by reason: of several, the person's own wish comes first. */
static int
compare_people (gconstpointer a,
                gconstpointer b)
{
  const Person *one = a, *other = b;
  int order = relais_profile_compare (one->profile, other->profile);

  return order != 0 ? order : (one->reason > other->reason) - (one->reason < other->reason);
}

static RelaisReason
find_person (const GArray  *people,
             const guint32  profile[3])
{
  Person wanted = { .reason = 0 };
  guint at;

  memcpy (wanted.profile, profile, sizeof wanted.profile);
  if (!g_array_binary_search ((GArray *) people, &wanted, relais_profile_compare, &at))
    return RELAIS_REASON_NONE;

  return (RelaisReason) g_array_index (people, Person, at).reason;
}

static void
sort_people (GArray *people)
{
  guint n = 0;

  g_array_sort (people, compare_people);
  for (guint i = 0; i < people->len; i++)
    if (n == 0 || relais_profile_compare (&g_array_index (people, Person, n - 1), &g_array_index (people, Person, i)) != 0)
      g_array_index (people, Person, n++) = g_array_index (people, Person, i);
  g_array_set_size (people, n);
}

/**
 * relais_barred_new:
 * @key: of the connection's fingerprints
 *
 * Returns: (transfer full): nobody yet
 */
RelaisBarred *
relais_barred_new (const RelaisHashKey *key)
{
  RelaisBarred *barred = g_atomic_rc_box_new0 (RelaisBarred);

  barred->key = *key;
  barred->people = g_array_new (FALSE, FALSE, sizeof (Person));
  barred->begins.phrases = g_array_new (FALSE, FALSE, sizeof (Person));
  barred->ends.phrases = g_array_new (FALSE, FALSE, sizeof (Person));

  return barred;
}

/**
 * relais_barred_add_person:
 * @barred: who may not be mailed, not closed yet
 * @email: an address, in any case
 * @reason: why
 */
void
relais_barred_add_person (RelaisBarred *barred,
                          const char   *email,
                          RelaisReason  reason)
{
  Person person = { .reason = reason };
  gsize length = strlen (email);

  /* No row that is sent has no address, or a longer one. */
  if (length == 0 || length >= RELAIS_ADDRESS_SIZE)
    return;
  relais_profile_hash (&barred->key, email, length, person.profile);
  g_array_append_val (barred->people, person);
}

/**
 * relais_barred_add_profile:
 * @barred: who may not be mailed, not closed yet
 * @profile: see relais_profile_hash()
 * @reason: why
 */
void
relais_barred_add_profile (RelaisBarred  *barred,
                           const guint32  profile[3],
                           RelaisReason   reason)
{
  Person person = { .reason = reason };

  memcpy (person.profile, profile, sizeof person.profile);
  g_array_append_val (barred->people, person);
}

/* Exclusions */

/* What a phrase is compared with was folded as a whole: it is not folded once more for each length. */
static void
add_phrase (RelaisBarred *barred,
            Phrases      *phrases,
            const char   *folded,
            gsize         length)
{
  Person person = { .reason = RELAIS_REASON_EXCLUDED };

  if (length == 0 || length >= RELAIS_ADDRESS_SIZE)
    return;
  relais_profile_hash_folded (&barred->key, folded, length, person.profile);
  g_array_append_val (phrases->phrases, person);
  if (phrases->has[length])
    return;
  phrases->has[length] = TRUE;
  phrases->lengths[phrases->n_lengths++] = (guint8) length;
}

/* A domain in other letters is one with its ASCII form, whether its @ is part of the phrase or not. */
static void
add_end (RelaisBarred *barred,
         const char   *phrase)
{
  g_autofree char *with_at = strchr (phrase, '@') == NULL ? g_strconcat ("@", phrase, NULL) : NULL;
  char folded[RELAIS_ADDRESS_SIZE];
  gsize length = relais_address_fold (with_at != NULL ? with_at : phrase, strlen (with_at != NULL ? with_at : phrase), folded);
  gsize skipped = with_at != NULL ? 1 : 0;

  if (strlen (phrase) < RELAIS_ADDRESS_SIZE - 1)
    add_phrase (barred, &barred->ends, folded + skipped, length - skipped);
}

static gboolean
names_list (const RelaisExclusion *exclusion,
            guint32                list_id)
{
  for (guint i = 0; i < exclusion->lists->len; i++)
    if (g_array_index (exclusion->lists, guint64, i) == list_id)
      return TRUE;

  return FALSE;
}

/* Returns: whether it keeps mail of a list away, as far as that is certain */
static gboolean
concerns (RelaisBarred          *barred,
          const RelaisExclusion *exclusion,
          guint32                list_id)
{
  const char *channel = exclusion->channel;

  if (strcmp (channel, "allSms") == 0)
    return FALSE;
  if (strcmp (channel, "all") == 0 || strcmp (channel, "allEmail") == 0)
    return TRUE;
  if (strcmp (channel, "several") == 0)
    return names_list (exclusion, list_id);
  /* In one of the service's own samples, with lists beside it. */
  if (strcmp (channel, "email") == 0)
    return exclusion->lists->len == 0 || names_list (exclusion, list_id);
  relais_barred_add_gaps (barred, RELAIS_GAP_SOME_EXCLUSIONS);

  return FALSE;
}

/**
 * relais_barred_add_exclusion:
 * @barred: who may not be mailed, not closed yet
 * @exclusion: of the account
 * @list_id: of the list that is sent to
 *
 * One whose meaning is not certain leaves a gap instead.
 */
void
relais_barred_add_exclusion (RelaisBarred          *barred,
                             const RelaisExclusion *exclusion,
                             guint32                list_id)
{
  char folded[RELAIS_ADDRESS_SIZE];
  gsize length = strlen (exclusion->phrase);

  if (!concerns (barred, exclusion, list_id))
    return;
  switch (exclusion->match)
    {
    case RELAIS_EXCLUSION_EXACT:
      relais_barred_add_person (barred, exclusion->phrase, RELAIS_REASON_EXCLUDED);
      break;
    case RELAIS_EXCLUSION_BEGIN:
      if (length < RELAIS_ADDRESS_SIZE)
        add_phrase (barred, &barred->begins, folded, relais_address_fold (exclusion->phrase, length, folded));
      break;
    case RELAIS_EXCLUSION_END:
      add_end (barred, exclusion->phrase);
      break;
    case RELAIS_EXCLUSION_OTHER:
    default:
      relais_barred_add_gaps (barred, RELAIS_GAP_SOME_EXCLUSIONS);
    }
}

static gboolean
has_phrase (const RelaisBarred *barred,
            const char         *folded,
            gsize               length)
{
  const Phrases *both[] = { &barred->begins, &barred->ends };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (guint at = 0; at < both[i]->n_lengths; at++)
      {
        gsize n = both[i]->lengths[at];
        guint32 profile[3];

        if (n > length)
          continue;
        relais_profile_hash_folded (&barred->key, both[i] == &barred->begins ? folded : folded + length - n, n, profile);
        if (find_person (both[i]->phrases, profile) != RELAIS_REASON_NONE)
          return TRUE;
      }

  return FALSE;
}

/**
 * relais_barred_add_gaps:
 * @barred: who may not be mailed
 * @gaps: what the account did not tell
 */
void
relais_barred_add_gaps (RelaisBarred *barred,
                        RelaisGaps    gaps)
{
  barred->gaps |= gaps;
}

/**
 * relais_barred_get_gaps:
 * @barred: who may not be mailed
 *
 * Returns: all that the account did not tell
 */
RelaisGaps
relais_barred_get_gaps (RelaisBarred *barred)
{
  return barred->gaps;
}

/**
 * relais_barred_has_gaps:
 * @barred: who may not be mailed
 * @gaps: what the account may not have told
 *
 * Returns: whether all of them are there
 */
gboolean
relais_barred_has_gaps (RelaisBarred *barred,
                        RelaisGaps    gaps)
{
  return (barred->gaps & gaps) == gaps;
}

/**
 * relais_barred_close:
 * @barred: who may not be mailed
 *
 * Nobody comes in addition. It takes a while when they are many, and may be done in any thread.
 */
void
relais_barred_close (RelaisBarred *barred)
{
  sort_people (barred->people);
  sort_people (barred->begins.phrases);
  sort_people (barred->ends.phrases);
}

/**
 * relais_barred_ref:
 * @barred: who may not be mailed
 *
 * Returns: (transfer full): @barred
 */
RelaisBarred *
relais_barred_ref (RelaisBarred *barred)
{
  return g_atomic_rc_box_acquire (barred);
}

static void
clear_barred (gpointer data)
{
  RelaisBarred *barred = data;

  g_array_unref (barred->people);
  g_array_unref (barred->begins.phrases);
  g_array_unref (barred->ends.phrases);
  explicit_bzero (&barred->key, sizeof barred->key);
}

/**
 * relais_barred_unref:
 * @barred: (transfer full): who may not be mailed
 */
void
relais_barred_unref (RelaisBarred *barred)
{
  g_atomic_rc_box_release_full (barred, clear_barred);
}

/**
 * relais_barred_find:
 * @barred: who may not be mailed, closed
 * @profile: see relais_profile_hash()
 * @folded: the address, see relais_address_fold()
 * @length: of it
 *
 * Returns: why this person may not, RELAIS_REASON_NONE for everyone else
 */
RelaisReason
relais_barred_find (RelaisBarred  *barred,
                    const guint32  profile[3],
                    const char    *folded,
                    gsize          length)
{
  RelaisReason reason = find_person (barred->people, profile);

  if (reason != RELAIS_REASON_NONE || !has_phrase (barred, folded, length))
    return reason;

  return RELAIS_REASON_EXCLUDED;
}
