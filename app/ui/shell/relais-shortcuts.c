/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-shortcuts.h"

/**
 * relais_shortcuts_show:
 * @window: the window whose keys are told
 *
 * Shows what can be done with the keyboard, in a window that is there for as long as
 * it is seen. GTK would make it with the window and keep it hidden; GTK 4.8 then ends
 * the program when a screen reader, while any dialog closes, asks for a window that is
 * no longer there: the root of gtk/a11y/gtkatspiroot.c answers with the last one it
 * has, and a hidden one has no path on the bus.
 */
void
relais_shortcuts_show (GtkApplicationWindow *window)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (RELAIS_RESOURCE_PATH "/ui/shell/relais-shortcuts.ui");
  GtkShortcutsWindow *shortcuts = GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  /* Only so does it find the keys of an action. */
  gtk_application_window_set_help_overlay (window, shortcuts);
  gtk_window_set_hide_on_close (GTK_WINDOW (shortcuts), FALSE);
  gtk_window_present (GTK_WINDOW (shortcuts));
}
