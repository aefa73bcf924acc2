/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A window with one label: what GTK itself costs, for comparison. */

#include <gtk/gtk.h>

static void
activate (GApplication *application,
          gpointer      user_data)
{
  GtkWidget *window = gtk_application_window_new (GTK_APPLICATION (application));

  gtk_window_set_child (GTK_WINDOW (window), gtk_label_new ("Bare"));
  gtk_window_set_default_size (GTK_WINDOW (window), 960, 680);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GtkApplication) application = gtk_application_new ("io.github.relais.Bare", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate), NULL);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
