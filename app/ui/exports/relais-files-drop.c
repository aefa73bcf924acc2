/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-files-drop.h"

static gboolean
dropped_cb (GtkDropTarget *target,
            const GValue  *value,
            double         x,
            double         y,
            gpointer       user_data)
{
  RelaisFilesDropped dropped = user_data;
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  return files != NULL && dropped (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target)), files);
}

/**
 * relais_files_drop_take:
 * @widget: on which files can be dropped from now on
 * @dropped: takes them
 */
void
relais_files_drop_take (GtkWidget          *widget,
                        RelaisFilesDropped  dropped)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (dropped_cb), (gpointer) dropped);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}
