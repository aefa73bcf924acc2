/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-combo.h"

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/**
 * relais_combo_show_whole:
 * @row: a row whose choices are short texts, of a #GtkStringList
 *
 * What is chosen is shown whole, and the title and its explanation wrap more: by itself the row cuts what is chosen first,
 * and where text is large and the window narrow little of it is left. What there is to choose from looks as everywhere.
 */
void
relais_combo_show_whole (AdwComboRow *row)
{
  g_autoptr (GtkListItemFactory) whole = gtk_signal_list_item_factory_new ();

  g_signal_connect (whole, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (whole, "bind", G_CALLBACK (bind_cb), NULL);
  adw_combo_row_set_list_factory (row, adw_combo_row_get_factory (row));
  adw_combo_row_set_factory (row, whole);
}
