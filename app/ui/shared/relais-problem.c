/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-problem.h"

#include <glib/gi18n-lib.h>

/**
 * relais_problem_tell:
 * @widget: what the person was busy with
 * @heading: what there is to know
 * @sentences: all of it
 */
void
relais_problem_tell (GtkWidget  *widget,
                     const char *heading,
                     const char *sentences)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog;

  if (root == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, sentences);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * relais_problem_show:
 * @widget: what the person was busy with
 * @heading: what did not work
 * @error: why; nothing is shown for what was cancelled
 *
 * A toast has room for a few words and goes by itself. Why something did not work,
 * and what can be done, is read to its end.
 */
void
relais_problem_show (GtkWidget    *widget,
                     const char   *heading,
                     const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    relais_problem_tell (widget, heading, error->message);
}
