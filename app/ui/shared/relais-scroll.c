/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-scroll.h"

/* Between what is scrolled to and the edge, in pixels */
#define MARGIN 12

typedef struct
{
  GtkWidget *first;         /* (owned) */
  gboolean   is_laid_out;   /* what had changed when it was asked for has its place */
} Scrolling;

static void
free_scrolling (gpointer data)
{
  Scrolling *scrolling = data;

  g_object_unref (scrolling->first);
  g_free (scrolling);
}

static void
scroll (GtkWidget *first,
        GtkWidget *last)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (last, GTK_TYPE_VIEWPORT);
  GtkWidget *content = viewport != NULL ? gtk_viewport_get_child (GTK_VIEWPORT (viewport)) : NULL;
  GtkAdjustment *adjustment = viewport != NULL ? gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport)) : NULL;
  graphene_rect_t above, below;
  double top, bottom;

  if (content == NULL || !gtk_widget_compute_bounds (first, content, &above) || !gtk_widget_compute_bounds (last, content, &below))
    return;
  top = above.origin.y - MARGIN;
  bottom = below.origin.y + below.size.height + MARGIN;
  if (gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) < bottom)
    gtk_adjustment_set_value (adjustment, bottom - gtk_adjustment_get_page_size (adjustment));
  if (gtk_adjustment_get_value (adjustment) > top)
    gtk_adjustment_set_value (adjustment, top);
}

static gboolean
tick_cb (GtkWidget     *last,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Scrolling *scrolling = user_data;

  if (scrolling->is_laid_out)
    {
      scroll (scrolling->first, last);
      return G_SOURCE_REMOVE;
    }
  /* Sizes are given out after this, once a frame. */
  scrolling->is_laid_out = TRUE;

  return G_SOURCE_CONTINUE;
}

/**
 * relais_scroll_to:
 * @first: what is to be seen
 * @last: the same, or what stands below it and is to be seen with it
 *
 * Scrolls the page on which they stand, in the next frame but one: what has just
 * been shown or written has its size by then.
 */
void
relais_scroll_to (GtkWidget *first,
                  GtkWidget *last)
{
  Scrolling *scrolling = g_new0 (Scrolling, 1);

  scrolling->first = g_object_ref (first);
  gtk_widget_add_tick_callback (last, tick_cb, scrolling, free_scrolling);
}

/**
 * relais_scroll_pass_over:
 * @widget: with a value that the wheel would change, such as a GtkSpinButton
 *
 * Lets the wheel scroll the page on which it stands: whoever reads on must not change a value on the way.
 */
void
relais_scroll_pass_over (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = g_list_model_get_n_items (controllers); i > 0; i--)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i - 1);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_widget_remove_controller (widget, controller);
    }
}
