/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-question.h"

static void
focus_default (GtkWindow *dialog)
{
  GtkWidget *button = gtk_window_get_default_widget (dialog);

  if (button != NULL)
    gtk_widget_grab_focus (button);
}

/**
 * relais_question_present:
 * @dialog: with a response "cancel", which changes nothing
 *
 * Whoever presses a key without reading cancels. Where the answers stand below each other, the first of them is the one
 * that was added last, and would have the focus.
 */
void
relais_question_present (AdwMessageDialog *dialog)
{
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  /* Each way in which the answers can stand has buttons of its own, and so a default. */
  g_signal_connect (dialog, "notify::default-widget", G_CALLBACK (focus_default), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}
