/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Is the list still there that an export sends to? The importer takes people for
 * a list that is gone, and they are on no list then. */

#include "relais-list-check.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

static const RelaisList *
find_list (GPtrArray *lists,
           guint32    id)
{
  for (guint i = 0; i < lists->len; i++)
    {
      const RelaisList *list = g_ptr_array_index (lists, i);

      if (list->id == id)
        return list;
    }

  return NULL;
}

/**
 * relais_list_check_finish:
 * @client: that was asked for its lists
 * @result: of relais_client_list_lists_async()
 * @list_id: of the list
 * @export_name: of the export that sends to it
 * @list_name: (inout) (nullable): replaced by how the list is called, where that can be known
 * @error: RELAIS_ERROR_DEFINITION when the account has no such list, or why it cannot be asked
 *
 * Returns: whether the list is there, as far as the account's key may know
 */
gboolean
relais_list_check_finish (RelaisClient  *client,
                          GAsyncResult  *result,
                          guint32        list_id,
                          const char    *export_name,
                          char         **list_name,
                          GError       **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GPtrArray) lists = relais_client_list_lists_finish (client, result, &local_error);
  const RelaisList *list = lists != NULL ? find_list (lists, list_id) : NULL;

  if (list != NULL && list_name != NULL)
    {
      g_free (*list_name);
      *list_name = g_strdup (list->name);
    }
  /* A key that may import need not be one that may look at lists. */
  if (lists != NULL ? list != NULL : g_error_matches (local_error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED))
    return TRUE;
  if (lists != NULL)
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: %s is the name of an export. */
                 _("The list that “%s” sends to is not in the account any more. Choose another list in the export’s settings; nothing was sent."),
                 export_name);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
