/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-group.h"

#include "relais-format.h"
#include "relais-segment-file-row.h"

#include <glib/gi18n-lib.h>

struct _RelaisSegmentGroup
{
  AdwPreferencesGroup parent_instance;

  GPtrArray            *rows;     /* (owned) (element-type RelaisSegmentFileRow): not owned; in their order */
  GtkFileChooserNative *chooser;  /* (owned) (nullable): while it is open */
  gboolean              left_out; /* of the files that were added last, one is elsewhere */

  GtkWidget *choose_button;
  GtkLabel  *note;
};

G_DEFINE_FINAL_TYPE (RelaisSegmentGroup, relais_segment_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  DESCRIBED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_note (RelaisSegmentGroup *self,
          const char         *sentence)
{
  gtk_label_set_label (self->note, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), sentence != NULL);
}

/* So many are refused before the first of them leaves; it is better known before. */
static void
update_note (RelaisSegmentGroup *self)
{
  g_autofree char *found = NULL;
  g_autofree char *most = relais_format_count (RELAIS_MAX_PROFILES);
  g_autofree char *sentence = NULL;
  guint64 n_rows = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n_rows += relais_segment_file_row_get_n_rows (g_ptr_array_index (self->rows, i));
  found = relais_format_count (n_rows);
  /* Translators: both %s are numbers in figures. */
  sentence = g_strdup_printf (_("These segments hold %s rows, and one export takes %s profiles at the most. Split them over several exports."),
                              found, most);
  set_note (self, n_rows > RELAIS_MAX_PROFILES ? sentence : self->left_out ? _("Choose a file on this computer.") : NULL);
}

static void
described_cb (RelaisSegmentGroup *self)
{
  update_note (self);
  g_signal_emit (self, signals[DESCRIBED], 0);
}

/* Who took one out with the keyboard goes on from where others can be added. */
static void
removed_cb (RelaisSegmentGroup   *self,
            RelaisSegmentFileRow *row)
{
  g_ptr_array_remove (self->rows, row);
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (row));
  gtk_widget_grab_focus (self->choose_button);
  described_cb (self);
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           gpointer         user_data)
{
  RelaisSegmentGroup *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) model = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
      g_autoslist (GFile) files = NULL;

      for (guint i = g_list_model_get_n_items (model); i > 0; i--)
        files = g_slist_prepend (files, g_list_model_get_item (model, i - 1));
      relais_segment_group_add_files (self, files);
    }
  g_clear_object (&self->chooser);
}

static void
add_filters (GtkFileChooser *chooser)
{
  static const char * const endings[] = { "csv", "tsv", "txt", "gz" };
  g_autoptr (GtkFileFilter) segments = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (segments, _("Segments (CSV, TSV, text)"));
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    gtk_file_filter_add_suffix (segments, endings[i]);
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, segments);
  gtk_file_chooser_add_filter (chooser, all);
}

static void
choose_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  RelaisSegmentGroup *self = RELAIS_SEGMENT_GROUP (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Segment"), window, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  add_filters (GTK_FILE_CHOOSER (self->chooser));
  if (self->rows->len > 0)
    {
      g_autoptr (GFile) file = g_file_new_for_path (relais_segment_file_row_get_path (g_ptr_array_index (self->rows, self->rows->len - 1)));

      gtk_file_chooser_set_file (GTK_FILE_CHOOSER (self->chooser), file, NULL);
    }
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
relais_segment_group_dispose (GObject *object)
{
  g_clear_object (&RELAIS_SEGMENT_GROUP (object)->chooser);
  G_OBJECT_CLASS (relais_segment_group_parent_class)->dispose (object);
}

static void
relais_segment_group_finalize (GObject *object)
{
  g_ptr_array_unref (RELAIS_SEGMENT_GROUP (object)->rows);
  G_OBJECT_CLASS (relais_segment_group_parent_class)->finalize (object);
}

static void
relais_segment_group_class_init (RelaisSegmentGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_segment_group_dispose;
  object_class->finalize = relais_segment_group_finalize;
  signals[DESCRIBED] = g_signal_new ("described", RELAIS_TYPE_SEGMENT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-segment-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, choose_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, note);
  gtk_widget_class_install_action (widget_class, "segment.choose", NULL, choose_action);
}

static void
relais_segment_group_init (RelaisSegmentGroup *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A file that is there already is not read twice over, but anew. */
static RelaisSegmentFileRow *
find_row (RelaisSegmentGroup *self,
          const char         *path)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (relais_segment_file_row_get_path (g_ptr_array_index (self->rows, i)), path))
      return g_ptr_array_index (self->rows, i);

  return NULL;
}

static void
add_row (RelaisSegmentGroup  *self,
         const RelaisSegment *segment)
{
  GtkWidget *row = relais_segment_file_row_new (segment);

  g_signal_connect_object (row, "described", G_CALLBACK (described_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "counted", G_CALLBACK (update_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
  relais_segment_file_row_read (RELAIS_SEGMENT_FILE_ROW (row));
}

/**
 * relais_segment_group_add_segment:
 * @self: the group
 * @segment: a file that is not there yet, and how it is to be read
 */
void
relais_segment_group_add_segment (RelaisSegmentGroup  *self,
                                  const RelaisSegment *segment)
{
  add_row (self, segment);
}

/**
 * relais_segment_group_add_path:
 * @self: the group
 * @path: of a file; when it is there already, it is read anew
 */
void
relais_segment_group_add_path (RelaisSegmentGroup *self,
                               const char         *path)
{
  RelaisSegmentFileRow *there = find_row (self, path);
  g_autoptr (RelaisSegment) segment = relais_segment_new (path);

  if (there != NULL)
    relais_segment_file_row_read (there);
  else
    add_row (self, segment);
}

/**
 * relais_segment_group_add_files:
 * @self: the group
 * @files: (element-type GFile): that were chosen, or dropped
 *
 * Returns: whether there is one among them that can be read from now on; of others the group says why not
 */
gboolean
relais_segment_group_add_files (RelaisSegmentGroup *self,
                                GSList             *files)
{
  gboolean all = TRUE;
  gboolean any = FALSE;

  for (; files != NULL; files = files->next)
    {
      g_autofree char *path = g_file_get_path (files->data);

      if (path != NULL)
        relais_segment_group_add_path (self, path);
      all = all && path != NULL;
      any = any || path != NULL;
    }
  self->left_out = !all;
  update_note (self);

  return any;
}

/**
 * relais_segment_group_dup_segments:
 * @self: the group
 *
 * Returns: (transfer full) (element-type RelaisSegment): the files, and how they are to be read
 */
GPtrArray *
relais_segment_group_dup_segments (RelaisSegmentGroup *self)
{
  GPtrArray *segments = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_segment_free);

  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (segments, relais_segment_file_row_dup_segment (g_ptr_array_index (self->rows, i)));

  return segments;
}

/**
 * relais_segment_group_get_description:
 * @self: the group
 *
 * Returns: (transfer none) (nullable): what the first file is like, of which columns are chosen; %NULL until it was read
 */
RelaisSegmentDescription *
relais_segment_group_get_description (RelaisSegmentGroup *self)
{
  return self->rows->len > 0 ? relais_segment_file_row_get_description (g_ptr_array_index (self->rows, 0)) : NULL;
}

/**
 * relais_segment_group_check:
 * @self: the group
 * @matching: which columns are sent
 * @error: RELAIS_ERROR_DEFINITION, whose sentence names the file and the column
 *
 * Returns: whether every file that could be read has the columns
 */
gboolean
relais_segment_group_check (RelaisSegmentGroup    *self,
                            const RelaisMatching  *matching,
                            GError               **error)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      RelaisSegmentFileRow *row = g_ptr_array_index (self->rows, i);
      const RelaisSegmentDescription *description = relais_segment_file_row_get_description (row);
      g_autofree char *name = g_filename_display_basename (relais_segment_file_row_get_path (row));

      if (description != NULL && !relais_matching_check_file (matching, (const char * const *) description->columns, name, error))
        return FALSE;
    }

  return TRUE;
}
