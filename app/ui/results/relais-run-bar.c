/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run-bar.h"

/* One row in a million is seen. */
#define LEAST_HEIGHT 4

/* Between two parts */
#define GAP 1

/* No bar is wider; where there are few, they stand apart. */
#define MOST_WIDTH 32

struct _RelaisRunBar
{
  GtkButton parent_instance;

  guint64 parts[RELAIS_N_RUN_PARTS];
  guint64 scale;  /* rows of the tallest bar */
};

G_DEFINE_FINAL_TYPE (RelaisRunBar, relais_run_bar, GTK_TYPE_BUTTON)

static void
relais_run_bar_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = LEAST_HEIGHT;
  *natural = MOST_WIDTH;
}

static void
relais_run_bar_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (widget);
  float bottom = (float) gtk_widget_get_height (widget);
  float heights[RELAIS_N_RUN_PARTS];

  relais_run_bar_get_heights (RELAIS_RUN_BAR (widget), bottom, heights);
  for (guint part = 0; part < RELAIS_N_RUN_PARTS; part++)
    {
      graphene_rect_t area = GRAPHENE_RECT_INIT (0, bottom - heights[part], (float) width, heights[part] - GAP);

      if (heights[part] > 0)
        relais_run_part_draw (part, widget, snapshot, &area);
      bottom -= heights[part];
    }
}

static void
relais_run_bar_class_init (RelaisRunBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = relais_run_bar_measure;
  widget_class->snapshot = relais_run_bar_snapshot;
}

static void
relais_run_bar_init (RelaisRunBar *self)
{
  /* A button's own asks its child, and there is none. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "run-bar");
}

/**
 * relais_run_bar_get_heights:
 * @self: a bar
 * @height: of the tallest bar
 * @heights: (out): of its parts, from the bottom up; together no more than @height
 *
 * Of what there is anything, something is seen.
 */
void
relais_run_bar_get_heights (RelaisRunBar *self,
                            float         height,
                            float         heights[RELAIS_N_RUN_PARTS])
{
  float sum = 0;

  for (guint part = 0; part < RELAIS_N_RUN_PARTS; part++)
    {
      heights[part] = self->parts[part] > 0 ? MAX (LEAST_HEIGHT, height * (float) self->parts[part] / (float) self->scale) : 0;
      sum += heights[part];
    }
  for (guint part = 0; sum > height && part < RELAIS_N_RUN_PARTS; part++)
    heights[part] *= height / sum;
}

/**
 * relais_run_bar_new:
 * @parts: how many rows each part stands for
 * @scale: rows of the tallest bar
 * @description: all that the bar shows
 *
 * Returns: (transfer floating): a bar
 */
GtkWidget *
relais_run_bar_new (const guint64  parts[RELAIS_N_RUN_PARTS],
                    guint64        scale,
                    const char    *description)
{
  RelaisRunBar *self = g_object_new (RELAIS_TYPE_RUN_BAR, "tooltip-text", description, NULL);

  for (guint part = 0; part < RELAIS_N_RUN_PARTS; part++)
    self->parts[part] = parts[part];
  self->scale = MAX (scale, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);

  return GTK_WIDGET (self);
}
