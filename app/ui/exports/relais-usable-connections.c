/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-usable-connections.h"

static gboolean
is_usable (gpointer item,
           gpointer workspace)
{
  return relais_workspace_check_right (workspace, RELAIS_ACTION_USE_CONNECTION, item, NULL);
}

/**
 * relais_usable_connections_new:
 * @workspace: what the person has
 *
 * Returns: (transfer full): the connections that the person's role allows to use, as it is now
 */
GListModel *
relais_usable_connections_new (RelaisWorkspace *workspace)
{
  GtkCustomFilter *filter = gtk_custom_filter_new (is_usable, g_object_ref (workspace), g_object_unref);

  return G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (relais_workspace_get_connections (workspace)), GTK_FILTER (filter)));
}
