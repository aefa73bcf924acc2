/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-returning.h"

#include "relais-profile.h"
#include "relais-profile-table.h"

#include <string.h>

struct _RelaisReturning
{
  RelaisHashKey key;
  guint32       list_id;
  GHashTable   *people;     /* (owned) (element-type profile RelaisReturner) */
  GHashTable   *elsewhere;  /* (owned) (element-type profile GArray): RelaisLeft of other lists; their texts belong to @removals */
  GPtrArray    *removals;   /* (owned) */
  guint64       n_counted;
};

/* A profile is a hash. */
static guint
hash_profile (gconstpointer profile)
{
  return *(const guint32 *) profile;
}

static gboolean
equal_profiles (gconstpointer a,
                gconstpointer b)
{
  return relais_profile_compare (a, b) == 0;
}

/* Those of whom it is known how Relais left them */
static gboolean
is_own (const RelaisRemoval *removal)
{
  return removal->left_as != NULL && (removal->state == RELAIS_REMOVAL_DONE || removal->state == RELAIS_REMOVAL_RETURNING);
}

static void
add_person (RelaisReturning *self,
            RelaisRemoval   *removal)
{
  RelaisReturner *returner = g_new0 (RelaisReturner, 1);

  returner->removal = removal;
  returner->asked_before = removal->own && removal->state == RELAIS_REMOVAL_RETURNING;
  g_hash_table_insert (self->people, returner->removal->profile, returner);
}

static void
add_elsewhere (RelaisReturning *self,
               RelaisRemoval   *removal)
{
  RelaisLeft left = { removal->list_id, removal->left_as };
  GArray *all = g_hash_table_lookup (self->elsewhere, removal->profile);

  if (all == NULL)
    {
      all = g_array_new (FALSE, FALSE, sizeof left);
      g_hash_table_insert (self->elsewhere, removal->profile, all);
    }
  g_array_append_val (all, left);
}

/**
 * relais_returning_new:
 * @removals: (element-type RelaisRemoval): from all lists of a connection, used by nobody else from now on
 * @list_id: the list that is sent to
 * @key: of the connection's fingerprints
 *
 * Returns: (transfer full): those of them who may be put back on the list as far as the journal knows
 */
RelaisReturning *
relais_returning_new (GPtrArray           *removals,
                      guint32              list_id,
                      const RelaisHashKey *key)
{
  RelaisReturning *self = g_atomic_rc_box_new0 (RelaisReturning);

  self->key = *key;
  self->list_id = list_id;
  self->removals = g_ptr_array_ref (removals);
  self->people = g_hash_table_new_full (hash_profile, equal_profiles, NULL, g_free);
  self->elsewhere = g_hash_table_new_full (hash_profile, equal_profiles, NULL, (GDestroyNotify) g_array_unref);
  for (guint i = 0; i < removals->len; i++)
    {
      RelaisRemoval *removal = g_ptr_array_index (removals, i);

      if (is_own (removal) && removal->list_id == list_id)
        add_person (self, removal);
      else if (is_own (removal))
        add_elsewhere (self, removal);
    }

  return self;
}

typedef struct
{
  GPtrArray     *removals;  /* (owned) */
  guint32        list_id;
  RelaisHashKey  key;
} Ordering;

static void
ordering_free (gpointer data)
{
  Ordering *ordering = data;

  g_ptr_array_unref (ordering->removals);
  explicit_bzero (&ordering->key, sizeof ordering->key);
  g_free (ordering);
}

static void
order_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  const Ordering *ordering = task_data;

  g_task_return_pointer (task, relais_returning_new (ordering->removals, ordering->list_id, &ordering->key),
                         (GDestroyNotify) relais_returning_unref);
}

/**
 * relais_returning_order_async:
 * @removals: (element-type RelaisRemoval): as for relais_returning_new()
 * @list_id: the list that is sent to
 * @key: of the connection's fingerprints
 * @callback: called when they are in order
 * @user_data: for @callback
 *
 * Does as relais_returning_new() in a thread: there may be a million of them.
 */
void
relais_returning_order_async (GPtrArray           *removals,
                              guint32              list_id,
                              const RelaisHashKey *key,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Ordering *ordering = g_new0 (Ordering, 1);

  ordering->removals = g_ptr_array_ref (removals);
  ordering->list_id = list_id;
  ordering->key = *key;
  g_task_set_source_tag (task, relais_returning_order_async);
  g_task_set_task_data (task, ordering, ordering_free);
  g_task_run_in_thread (task, order_thread);
}

/**
 * relais_returning_order_finish:
 * @result: of relais_returning_order_async()
 *
 * Returns: (transfer full): as relais_returning_new()
 */
RelaisReturning *
relais_returning_order_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * relais_returning_ref:
 * @self: people who may come back
 *
 * Returns: (transfer full): @self
 */
RelaisReturning *
relais_returning_ref (RelaisReturning *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_returning (gpointer data)
{
  RelaisReturning *self = data;

  g_hash_table_unref (self->people);
  g_hash_table_unref (self->elsewhere);
  g_ptr_array_unref (self->removals);
  explicit_bzero (&self->key, sizeof self->key);
}

/**
 * relais_returning_unref:
 * @self: (transfer full): people who may come back
 */
void
relais_returning_unref (RelaisReturning *self)
{
  g_atomic_rc_box_release_full (self, clear_returning);
}

/**
 * relais_returning_is_empty:
 * @self: people who may come back
 *
 * Returns: whether there is nobody
 */
gboolean
relais_returning_is_empty (RelaisReturning *self)
{
  return g_hash_table_size (self->people) == 0;
}

static void
hash_address (RelaisReturning           *self,
              const RelaisRemoteContact *contact,
              guint32                    profile[3])
{
  relais_profile_hash (&self->key, contact->email, strlen (contact->email), profile);
}

/**
 * relais_returning_is_of:
 * @self: people who may come back
 * @returner: one of them
 * @contact: of the account
 *
 * Returns: whether they are the same person: by the address, and once it is known by the service's number too
 */
gboolean
relais_returning_is_of (RelaisReturning           *self,
                        const RelaisReturner      *returner,
                        const RelaisRemoteContact *contact)
{
  gsize length = strlen (contact->email);
  guint32 profile[3];

  if (length == 0 || length >= RELAIS_ADDRESS_SIZE)
    return FALSE;
  hash_address (self, contact, profile);

  return equal_profiles (profile, returner->removal->profile) && (returner->contact_id == 0 || returner->contact_id == contact->id);
}

/**
 * relais_returning_fits:
 * @self: people who may come back
 * @returner: one of them
 * @contact: the same person, as the account tells of them now
 *
 * Returns: whether they are off the list, and all that is not active of them is exactly as Relais left it, here and on
 *   other lists: so that nobody but Relais has ended anything since
 */
gboolean
relais_returning_fits (RelaisReturning           *self,
                       const RelaisReturner      *returner,
                       const RelaisRemoteContact *contact)
{
  g_autofree char *now = contact->memberships != NULL ? relais_memberships_settle (contact->memberships) : NULL;
  const GArray *others = g_hash_table_lookup (self->elsewhere, returner->removal->profile);

  return now != NULL && relais_memberships_status (contact->memberships, self->list_id) == RELAIS_LIST_STATUS_UNSUBSCRIBED &&
         !relais_memberships_tell_why (contact->memberships, self->list_id) &&
         relais_left_as_still_holds (returner->removal->left_as, self->list_id, now,
                                     others != NULL ? (const RelaisLeft *) others->data : NULL, others != NULL ? others->len : 0);
}

/* Whether it is certain how somebody is on every list */
static gboolean
is_told (const RelaisRemoteContact *contact)
{
  g_autofree char *now = contact->memberships != NULL ? relais_memberships_settle (contact->memberships) : NULL;

  return now != NULL;
}

/**
 * relais_returning_take:
 * @self: people who may come back
 * @contact: whom the account names among those who left the list
 *
 * Returns: whether this is one of them, exactly as Relais left them; everybody else is barred
 */
gboolean
relais_returning_take (RelaisReturning           *self,
                       const RelaisRemoteContact *contact)
{
  gsize length = strlen (contact->email);
  RelaisReturner *returner;
  guint32 profile[3];

  if (length == 0 || length >= RELAIS_ADDRESS_SIZE)
    return FALSE;
  hash_address (self, contact, profile);
  returner = relais_returning_find (self, profile);
  if (returner == NULL)
    return FALSE;
  /* Named once more, and otherwise: that is nobody of whom anything is certain. */
  if (returner->contact_id != 0 && returner->contact_id != contact->id)
    returner->standing = RELAIS_RETURNER_UNTOLD;
  else if (returner->standing != RELAIS_RETURNER_CHANGED && is_told (contact))
    returner->standing = relais_returning_fits (self, returner, contact) ? RELAIS_RETURNER_AS_LEFT : RELAIS_RETURNER_CHANGED;
  else if (returner->standing != RELAIS_RETURNER_CHANGED)
    returner->standing = RELAIS_RETURNER_UNTOLD;
  returner->contact_id = contact->id;

  return returner->standing == RELAIS_RETURNER_AS_LEFT;
}

/**
 * relais_returning_has_untold:
 * @self: people who may come back
 *
 * Returns: whether the account named somebody among those who left the list, and did not say how they are on it
 */
gboolean
relais_returning_has_untold (RelaisReturning *self)
{
  GHashTableIter iter;
  gpointer returner;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &returner))
    if (((RelaisReturner *) returner)->standing == RELAIS_RETURNER_UNTOLD)
      return TRUE;

  return FALSE;
}

/**
 * relais_returning_get_changed:
 * @self: people who may come back
 *
 * Returns: (transfer full) (element-type RelaisRemoval): those who have left something themselves since
 */
GPtrArray *
relais_returning_get_changed (RelaisReturning *self)
{
  GPtrArray *changed = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      const RelaisReturner *returner = data;

      if (returner->standing == RELAIS_RETURNER_CHANGED)
        g_ptr_array_add (changed, relais_removal_copy (returner->removal));
    }

  return changed;
}

/**
 * relais_returning_hold_back:
 * @self: people who may come back
 * @barred: who may not be mailed, not closed yet: whoever would be put back is among them from now on, as anybody who has
 *   unsubscribed
 *
 * Returns: whether there is anybody
 */
gboolean
relais_returning_hold_back (RelaisReturning *self,
                            RelaisBarred    *barred)
{
  gboolean any = FALSE;
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      const RelaisReturner *returner = data;

      if (returner->standing != RELAIS_RETURNER_AS_LEFT)
        continue;
      relais_barred_add_profile (barred, returner->removal->profile, RELAIS_REASON_UNSUBSCRIBED);
      any = TRUE;
    }

  return any;
}

/**
 * relais_returning_find:
 * @self: people who may come back
 * @profile: see relais_profile_hash()
 *
 * Returns: (transfer none) (nullable): the person, if it is one of them
 */
RelaisReturner *
relais_returning_find (RelaisReturning *self,
                       const guint32    profile[3])
{
  return g_hash_table_lookup (self->people, profile);
}

/**
 * relais_returning_remove:
 * @self: people who may come back
 * @profile: of one of them: it is settled what becomes of this person
 */
void
relais_returning_remove (RelaisReturning *self,
                         const guint32    profile[3])
{
  g_hash_table_remove (self->people, profile);
}

/**
 * relais_returning_clear:
 * @self: people who may come back: nobody may, because nothing is told of them
 */
void
relais_returning_clear (RelaisReturning *self)
{
  g_hash_table_remove_all (self->people);
}

/**
 * relais_returning_count:
 * @self: people who may come back
 * @profile: of a person who would be sent
 *
 * Counts them if they would be put back for it. For a preview, in its thread.
 */
void
relais_returning_count (RelaisReturning *self,
                        const guint32    profile[3])
{
  const RelaisReturner *returner = relais_returning_find (self, profile);

  self->n_counted += returner != NULL && returner->standing == RELAIS_RETURNER_AS_LEFT;
}

/**
 * relais_returning_get_n_counted:
 * @self: people who may come back
 *
 * Returns: how many would be put back
 */
guint64
relais_returning_get_n_counted (RelaisReturning *self)
{
  return self->n_counted;
}
