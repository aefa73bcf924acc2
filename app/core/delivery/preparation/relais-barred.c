/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service does not subscribe again those who left a list, and says so of
 * them only in passing, or not at all: whether its results name everyone who was
 * updated is not documented. So they are asked for first, and left out. */

#include "relais-barred.h"

#include "relais-error.h"
#include "relais-profile-table.h"
#include "relais-request.h"

#include <string.h>

typedef struct
{
  guint32 profile[3];
  guint32 reason;
} Person;

struct _RelaisBarred
{
  GArray *people;   /* (owned) (element-type Person): sorted */
};

static const struct
{
  RelaisListStatus status;
  RelaisReason     reason;
} passes[] = {
  { RELAIS_LIST_STATUS_UNSUBSCRIBED, RELAIS_REASON_UNSUBSCRIBED },
  { RELAIS_LIST_STATUS_BOUNCED, RELAIS_REASON_BOUNCED },
};

/* A listing under way, as the data of its task */
typedef struct
{
  guint32       list_id;
  RelaisHashKey key;
  RelaisBarred *barred;   /* (owned) */
  guint         pass;
  guint         n_pages;
  guint64       after_id;
} Listing;

static void ask (GTask *taken);

static void
free_listing (gpointer data)
{
  Listing *listing = data;

  relais_barred_unref (listing->barred);
  explicit_bzero (&listing->key, sizeof listing->key);
  g_free (listing);
}

static int
compare_people (gconstpointer a,
                gconstpointer b)
{
  return memcmp (a, b, sizeof ((Person *) NULL)->profile);
}

/* Returns: whether the page goes on where the last one ended: someone who is not told could not be left out */
static gboolean
take_page (Listing   *listing,
           GPtrArray *page)
{
  listing->n_pages++;
  for (guint i = 0; i < page->len; i++)
    {
      const RelaisRemoteContact *contact = g_ptr_array_index (page, i);
      Person person = { .reason = passes[listing->pass].reason };

      if (contact->id <= listing->after_id)
        return FALSE;
      listing->after_id = contact->id;
      if (strlen (contact->email) >= RELAIS_ADDRESS_SIZE)
        continue;
      relais_profile_hash (&listing->key, contact->email, strlen (contact->email), person.profile);
      g_array_append_val (listing->barred->people, person);
    }

  return TRUE;
}

static void
page_got_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (RelaisContactPage) page = relais_client_list_contacts_finish (RELAIS_CLIENT (object), result, &error);

  if (page == NULL)
    {
      /* A key that may look at people may do so to the end: this is not one that may not. */
      if (listing->n_pages > 0 && g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED))
        error->code = RELAIS_ERROR_INVALID;
      g_task_return_error (task, error);
      return;
    }
  if (!take_page (listing, page->contacts))
    {
      relais_client_return_not_understood (task);
      return;
    }
  if (page->contacts->len == 0)
    {
      listing->pass++;
      listing->after_id = 0;
    }
  if (listing->pass < G_N_ELEMENTS (passes))
    {
      ask (g_steal_pointer (&task));
      return;
    }
  g_array_sort (listing->barred->people, compare_people);
  g_task_return_pointer (task, relais_barred_ref (listing->barred), (GDestroyNotify) relais_barred_unref);
}

static void
ask (GTask *taken)
{
  RelaisClient *client = g_task_get_source_object (taken);
  Listing *listing = g_task_get_task_data (taken);
  RelaisContactQuery query = { .list_id = listing->list_id, .status = passes[listing->pass].status, .after_id = listing->after_id };

  relais_client_list_contacts_async (client, &query, g_task_get_cancellable (taken), page_got_cb, taken);
}

/**
 * relais_barred_list_async:
 * @client: of the account
 * @list_id: of a list
 * @key: of the connection's fingerprints
 * @cancellable: (nullable):
 * @callback: called when everyone is known
 * @user_data: for @callback
 */
void
relais_barred_list_async (RelaisClient        *client,
                          guint32              list_id,
                          const RelaisHashKey *key,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  g_task_set_source_tag (task, relais_barred_list_async);
  g_task_set_task_data (task, listing, free_listing);
  listing->list_id = list_id;
  listing->key = *key;
  listing->barred = g_atomic_rc_box_new0 (RelaisBarred);
  listing->barred->people = g_array_new (FALSE, FALSE, sizeof (Person));
  ask (task);
}

/**
 * relais_barred_list_finish:
 * @result: of relais_barred_list_async()
 * @error: RELAIS_ERROR_NOT_ALLOWED only when the key may look at nobody at all; also when not
 *   everyone could be listed
 *
 * Returns: (transfer full) (nullable): who may not be mailed
 */
RelaisBarred *
relais_barred_list_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
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
  g_array_unref (((RelaisBarred *) data)->people);
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
 * @barred: who may not be mailed
 * @profile: see relais_profile_hash()
 *
 * Returns: why this person may not, RELAIS_REASON_NONE for everyone else
 */
RelaisReason
relais_barred_find (RelaisBarred  *barred,
                    const guint32  profile[3])
{
  Person wanted = { .reason = 0 };
  guint at;

  memcpy (wanted.profile, profile, sizeof wanted.profile);
  if (!g_array_binary_search (barred->people, &wanted, compare_people, &at))
    return RELAIS_REASON_NONE;

  return (RelaisReason) g_array_index (barred->people, Person, at).reason;
}
