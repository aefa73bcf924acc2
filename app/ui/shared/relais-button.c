/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-button.h"

/**
 * relais_button_let_wrap:
 * @button: with a label
 *
 * Lets a long label take a second line in a narrow window, or with large text. A
 * button of GTK 4.8 would keep the window as wide as its label.
 */
void
relais_button_let_wrap (GtkButton *button)
{
  GtkWidget *label = gtk_button_get_child (button);

  g_return_if_fail (GTK_IS_LABEL (label));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
}
