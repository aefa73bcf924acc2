/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memberships that an answer tells beside contacts (developers.activecampaign.com/reference/retrieve-a-contacts-list-memberships):
 * numbers as strings or as numbers, and what is not there as null, "", 0 or "0". */

#include "relais-memberships-private.h"

#include "relais-json-private.h"

#include <string.h>

struct _RelaisMemberships
{
  GHashTable *by_contact;  /* (owned) (element-type guint64 GPtrArray) */
  gboolean    whole;       /* of each it is certain whose it is */
};

/* What an import does has no reason, and belongs to no form or campaign. */
static gboolean
is_named (JsonObject *item,
          const char *name)
{
  g_autofree char *value = relais_json_dup_value (item, name);

  return value != NULL && strspn (value, "0. ") < strlen (value) && strcmp (value, "false") != 0;
}

static RelaisMembership *
read_membership (JsonObject *item)
{
  static const char * const reasons[] = { "unsubreason", "campaign", "message", "unsubscribeAutomation", "ip4Unsub" };
  RelaisMembership *membership = g_new0 (RelaisMembership, 1);
  guint64 list = relais_json_get_id (item, "list");

  /* One beyond what a list's number can be is none that is known. */
  membership->list_id = list <= G_MAXUINT32 ? (guint32) list : 0;
  membership->status = relais_json_get_status (item, "status");
  membership->since = relais_json_dup_value (item, "sdate");
  membership->changed = relais_json_dup_value (item, "udate");
  membership->by_form = is_named (item, "form");
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    membership->tells_why |= is_named (item, reasons[i]);

  return membership;
}

static void
take_item (RelaisMemberships *memberships,
           JsonNode          *node)
{
  JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  guint64 id = item != NULL ? relais_json_get_id (item, "contact") : 0;
  GPtrArray *of_contact;

  if (id == 0)
    {
      memberships->whole = FALSE;
      return;
    }
  of_contact = g_hash_table_lookup (memberships->by_contact, &id);
  if (of_contact == NULL)
    {
      of_contact = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_membership_free);
      g_hash_table_insert (memberships->by_contact, g_memdup2 (&id, sizeof id), of_contact);
    }
  g_ptr_array_add (of_contact, read_membership (item));
}

/**
 * relais_memberships_read:
 * @answer: of the service
 *
 * Returns: (transfer full) (nullable): the memberships that it tells; %NULL when it does not
 */
RelaisMemberships *
relais_memberships_read (JsonObject *answer)
{
  JsonArray *array = relais_json_get_array (answer, "contactLists");
  RelaisMemberships *memberships;

  if (array == NULL)
    return NULL;

  memberships = g_new0 (RelaisMemberships, 1);
  memberships->by_contact = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  memberships->whole = TRUE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    take_item (memberships, json_array_get_element (array, i));

  return memberships;
}

/**
 * relais_memberships_free:
 * @memberships: (transfer full) (nullable):
 */
void
relais_memberships_free (RelaisMemberships *memberships)
{
  if (memberships == NULL)
    return;

  g_hash_table_unref (memberships->by_contact);
  g_free (memberships);
}

/**
 * relais_memberships_find_status:
 * @memberships: (nullable): of an answer
 * @contact_id: of a contact
 * @list_id: of a list
 *
 * Returns: a #RelaisListStatus, -1 when it is not told
 */
int
relais_memberships_find_status (RelaisMemberships *memberships,
                                guint64            contact_id,
                                guint32            list_id)
{
  GPtrArray *of_contact = memberships != NULL ? g_hash_table_lookup (memberships->by_contact, &contact_id) : NULL;

  return of_contact != NULL ? relais_memberships_status (of_contact, list_id) : -1;
}

/**
 * relais_memberships_ref_of:
 * @memberships: (nullable): of an answer
 * @contact_id: of a contact that is in it
 *
 * Returns: (transfer full) (nullable) (element-type RelaisMembership): how the contact is on all lists; %NULL when
 *   that is not told, or of some memberships not whose they are
 */
GPtrArray *
relais_memberships_ref_of (RelaisMemberships *memberships,
                           guint64            contact_id)
{
  GPtrArray *of_contact;

  if (memberships == NULL || !memberships->whole)
    return NULL;
  of_contact = g_hash_table_lookup (memberships->by_contact, &contact_id);

  return of_contact != NULL ? g_ptr_array_ref (of_contact) : g_ptr_array_new ();
}
