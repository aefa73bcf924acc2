/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run-swatch.h"

#define SIZE 14

/* Of the stripes; they slant, so one is seen in the smallest part */
#define STRIPE 3

struct _RelaisRunSwatch
{
  GtkWidget parent_instance;

  int part;
};

G_DEFINE_FINAL_TYPE (RelaisRunSwatch, relais_run_swatch, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_PART,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The style knows a colour for every appearance, and one more for each in high contrast. */
static GdkRGBA
find_color (GtkWidget  *widget,
            const char *name)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA color;

  if (name == NULL || !gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, &color);

  return color;
}

static void
draw_stripes (GtkSnapshot           *snapshot,
              const graphene_rect_t *area,
              const GdkRGBA         *color)
{
  const GdkRGBA faint = { color->red, color->green, color->blue, color->alpha * 0.2f };
  const GskColorStop stops[] = { { 0, *color }, { 0.5, *color }, { 0.5, faint }, { 1, faint } };
  const graphene_point_t start = area->origin;
  const graphene_point_t end = { start.x + STRIPE, start.y + STRIPE };

  gtk_snapshot_append_repeating_linear_gradient (snapshot, area, &start, &end, stops, G_N_ELEMENTS (stops));
}

/**
 * relais_run_part_draw:
 * @part: what is drawn
 * @widget: for which; its style gives the colours
 * @snapshot: on which
 * @area: where
 *
 * The parts differ in what fills them too: one is full, one hollow, one striped. So nobody needs to tell colours.
 */
void
relais_run_part_draw (RelaisRunPart          part,
                      GtkWidget             *widget,
                      GtkSnapshot           *snapshot,
                      const graphene_rect_t *area)
{
  static const char * const names[RELAIS_N_RUN_PARTS] = { "accent_color", NULL, "error_color" };
  GdkRGBA color = find_color (widget, names[part]);
  const GdkRGBA faint = { color.red, color.green, color.blue, color.alpha * 0.1f };
  const float widths[] = { 1, 1, 1, 1 };
  const GdkRGBA colors[] = { color, color, color, color };
  GskRoundedRect outline;

  if (part == RELAIS_RUN_DELIVERED)
    gtk_snapshot_append_color (snapshot, &color, area);
  else if (part == RELAIS_RUN_UNCHANGED)
    gtk_snapshot_append_color (snapshot, &faint, area);
  else
    draw_stripes (snapshot, area, &color);
  gsk_rounded_rect_init_from_rect (&outline, area, 0);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

static void
relais_run_swatch_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  relais_run_part_draw (RELAIS_RUN_SWATCH (widget)->part, widget, snapshot, &area);
}

static void
relais_run_swatch_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
relais_run_swatch_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PART:
      g_value_set_int (value, RELAIS_RUN_SWATCH (object)->part);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_run_swatch_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_PART:
      RELAIS_RUN_SWATCH (object)->part = g_value_get_int (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relais_run_swatch_class_init (RelaisRunSwatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = relais_run_swatch_get_property;
  object_class->set_property = relais_run_swatch_set_property;
  widget_class->measure = relais_run_swatch_measure;
  widget_class->snapshot = relais_run_swatch_snapshot;
  properties[PROP_PART] = g_param_spec_int ("part", NULL, NULL, 0, RELAIS_N_RUN_PARTS - 1, 0,
                                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
relais_run_swatch_init (RelaisRunSwatch *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}
