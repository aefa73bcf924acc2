/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-about.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

static void
add_connections (GString         *text,
                 RelaisWorkspace *workspace)
{
  GListModel *connections = relais_workspace_get_connections (workspace);

  g_string_append_printf (text, "Connections: %u\n", g_list_model_get_n_items (connections));
  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);
      const RelaisConnectionRecord *record = relais_connection_get_record (connection);

      g_string_append_printf (text, "- %s, check %d\n", relais_connection_is_practice (connection) ? "practice" : "ActiveCampaign", record->check);
    }
}

static void
add_exports (GString         *text,
             RelaisWorkspace *workspace)
{
  GListModel *exports = relais_workspace_get_exports (workspace);

  g_string_append_printf (text, "Exports: %u\n", g_list_model_get_n_items (exports));
  for (guint i = 0; i < g_list_model_get_n_items (exports); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (exports, i);
      RelaisRun *run = relais_export_get_last_run (export);

      g_string_append_printf (text, "- status %d", relais_export_get_status (export));
      if (run != NULL)
        g_string_append_printf (text, ", %" G_GUINT64_FORMAT " rows, error %d", relais_run_get_record (run)->counts.read,
                                relais_run_get_record (run)->error_code);
      g_string_append_c (text, '\n');
    }
}

/**
 * relais_about_describe:
 * @workspace: (nullable): what the person has
 *
 * What helps whoever looks into a problem. There is no name, address, host or key
 * in it: it may be put where everyone can read it.
 *
 * Returns: (transfer full): plain text, in English
 */
char *
relais_about_describe (RelaisWorkspace *workspace)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Relais %s (%s)\n", RELAIS_VERSION, RELAIS_PROFILE);
  g_string_append_printf (text, "GTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u, libsoup %u.%u.%u\n",
                          gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
                          glib_major_version, glib_minor_version, glib_micro_version,
                          soup_get_major_version (), soup_get_minor_version (), soup_get_micro_version ());
  g_string_append_printf (text, "Language: %s\n", g_get_language_names ()[0]);
  if (workspace != NULL)
    {
      add_connections (text, workspace);
      add_exports (text, workspace);
    }

  return g_string_free (text, FALSE);
}

/**
 * relais_about_new:
 * @parent: (nullable): over which it stands
 * @workspace: (nullable): what the person has
 *
 * Returns: (transfer none): a window that tells what Relais is
 */
GtkWidget *
relais_about_new (GtkWindow       *parent,
                  RelaisWorkspace *workspace)
{
  g_autofree char *details = relais_about_describe (workspace);

  return g_object_new (ADW_TYPE_ABOUT_WINDOW,
                       "transient-for", parent,
                       "modal", TRUE,
                       "destroy-with-parent", TRUE,
                       "application-name", "Relais",
                       "application-icon", RELAIS_APPLICATION_ID,
                       "version", RELAIS_VERSION,
                       "comments", _("Send segments to ActiveCampaign"),
                       "license-type", GTK_LICENSE_GPL_3_0,
                       "debug-info", details,
                       "debug-info-filename", "relais-debug.txt",
                       /* Translators: put your own names here, one a line. */
                       "translator-credits", _("translator-credits"),
                       NULL);
}
