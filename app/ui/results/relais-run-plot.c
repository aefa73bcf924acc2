/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-run-plot.h"

#include "relais-history-words.h"
#include "relais-run-bar.h"

#define HEIGHT 140

/* Between bars */
#define GAP 2

struct _RelaisRunPlot
{
  GtkWidget parent_instance;

  guint n_bars;
};

G_DEFINE_FINAL_TYPE (RelaisRunPlot, relais_run_plot, GTK_TYPE_WIDGET)

static void
relais_run_plot_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  *minimum = *natural = HEIGHT;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    return;
  *minimum = *natural = 0;
  for (GtkWidget *bar = gtk_widget_get_first_child (widget); bar != NULL; bar = gtk_widget_get_next_sibling (bar))
    {
      int bar_minimum, bar_natural;

      gtk_widget_measure (bar, orientation, -1, &bar_minimum, &bar_natural, NULL, NULL);
      *minimum += bar_minimum + GAP;
      *natural += bar_natural + GAP;
    }
}

/* Where reading begins is on the right in some languages. */
static void
relais_run_plot_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  RelaisRunPlot *self = RELAIS_RUN_PLOT (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double step = self->n_bars > 0 ? (double) width / self->n_bars : 0;
  guint i = 0;

  for (GtkWidget *bar = gtk_widget_get_first_child (widget); bar != NULL; bar = gtk_widget_get_next_sibling (bar), i++)
    {
      int minimum, natural, from = (int) (i * step), room = (int) ((i + 1) * step) - from - GAP;
      GtkAllocation place = { 0, 0, 0, height };

      gtk_widget_measure (bar, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
      place.width = CLAMP (room, minimum, natural);
      place.x = from + (room + GAP - place.width) / 2;
      if (mirrored)
        place.x = width - place.x - place.width;
      gtk_widget_size_allocate (bar, &place, -1);
    }
}

static gboolean
grab (GtkWidget *bar)
{
  return bar != NULL && gtk_widget_grab_focus (bar);
}

/* One stop for Tab, however many runs there are. */
static gboolean
relais_run_plot_focus (GtkWidget        *widget,
                       GtkDirectionType  direction)
{
  GtkWidget *bar = gtk_widget_get_focus_child (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (bar == NULL)
    return grab (gtk_widget_get_last_child (widget));
  if (direction != GTK_DIR_LEFT && direction != GTK_DIR_RIGHT)
    return FALSE;
  /* At the edge it stays where it is. */
  grab ((direction == GTK_DIR_LEFT) != mirrored ? gtk_widget_get_prev_sibling (bar) : gtk_widget_get_next_sibling (bar));

  return TRUE;
}

static gboolean
go_to_edge (GtkWidget *widget,
            GVariant  *arguments,
            gpointer   user_data)
{
  gboolean first = g_variant_get_boolean (arguments);

  return grab (first ? gtk_widget_get_first_child (widget) : gtk_widget_get_last_child (widget));
}

static void
remove_bars (RelaisRunPlot *self)
{
  GtkWidget *bar;

  while ((bar = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (bar);
  self->n_bars = 0;
}

static void
relais_run_plot_dispose (GObject *object)
{
  remove_bars (RELAIS_RUN_PLOT (object));
  G_OBJECT_CLASS (relais_run_plot_parent_class)->dispose (object);
}

static void
relais_run_plot_class_init (RelaisRunPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_run_plot_dispose;
  widget_class->measure = relais_run_plot_measure;
  widget_class->size_allocate = relais_run_plot_size_allocate;
  widget_class->focus = relais_run_plot_focus;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, go_to_edge, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, go_to_edge, "b", FALSE);
  gtk_widget_class_set_css_name (widget_class, "runplot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
relais_run_plot_init (RelaisRunPlot *self)
{
}

/**
 * relais_run_plot_set_runs:
 * @self: the plot
 * @runs: (element-type RelaisRunRecord): the newest first
 * @export: whose runs they are
 *
 * Shows the newest of them.
 *
 * Returns: the rows that the tallest bar stands for
 */
guint64
relais_run_plot_set_runs (RelaisRunPlot *self,
                          GPtrArray     *runs,
                          RelaisExport  *export)
{
  guint n = MIN (runs->len, RELAIS_RUN_PLOT_MOST);
  guint64 scale = 0;

  remove_bars (self);
  for (guint i = 0; i < n; i++)
    scale = MAX (scale, relais_row_counts_sum (&((const RelaisRunRecord *) g_ptr_array_index (runs, i))->counts));
  for (guint i = n; i > 0; i--)
    {
      const RelaisRunRecord *run = g_ptr_array_index (runs, i - 1);
      const guint64 parts[] = { run->counts.by_state[RELAIS_ROW_DELIVERED], run->counts.by_state[RELAIS_ROW_UNCHANGED],
                                relais_history_count_rejected (&run->counts) };
      g_autofree char *description = relais_history_describe_bar (run, export);
      GtkWidget *bar = relais_run_bar_new (parts, scale, description);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (bar), "s", run->id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (bar), "history.open");
      gtk_widget_set_parent (bar, GTK_WIDGET (self));
      self->n_bars++;
    }

  return scale;
}
