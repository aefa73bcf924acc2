/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-group.h"

#include <glib/gi18n-lib.h>

struct _RelaisSegmentGroup
{
  AdwPreferencesGroup parent_instance;

  char                     *path;         /* (owned) (nullable): until a file is chosen */
  RelaisSegmentFormat      *format;       /* (owned): what is asked for; the drop-downs change it */
  RelaisSegmentDescription *description;  /* (owned) (nullable): of the file as it is read now */
  GCancellable             *cancellable;  /* (owned): reading the file */
  GtkFileChooserNative     *chooser;      /* (owned) (nullable): while it is open */
  gboolean                  filling;      /* selections change because they are filled in */

  AdwActionRow   *file_row;
  AdwExpanderRow *format_row;
  AdwComboRow    *encoding_row;
  AdwComboRow    *delimiter_row;
  AdwComboRow    *header_row;
  GtkLabel       *note;
};

G_DEFINE_FINAL_TYPE (RelaisSegmentGroup, relais_segment_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  DESCRIBED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The rows of the drop-downs that correct what a file was taken to be. */
static const char * const encodings[] = { NULL, "UTF-8", "windows-1252", "UTF-16LE" };
static const char delimiters[] = { 0, ';', ',', '\t', '|' };

static void
set_note (RelaisSegmentGroup *self,
          const char         *sentence)
{
  gtk_label_set_label (self->note, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), sentence != NULL);
}

static char *
describe_format (const RelaisSegmentDescription *description)
{
  char delimiter = description->format->delimiter;
  guint n = g_strv_length (description->columns);

  /* Translators: %u counts columns; the first %s is an encoding such as UTF-8, the second the sign between cells. */
  return g_strdup_printf (ngettext ("%u column, %s, separated by “%s”", "%u columns, %s, separated by “%s”", n),
                          n, description->format->encoding, delimiter == '\t' ? _("tab") : (char[]) { delimiter, '\0' });
}

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (RelaisSegmentGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisSegmentDescription) description = relais_segment_describe_finish (result, &error);
  g_autofree char *found = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_note (self, error != NULL ? error->message : NULL);
  g_clear_pointer (&self->description, relais_segment_description_unref);
  if (description == NULL)
    {
      adw_expander_row_set_subtitle (self->format_row, "");
      return;
    }
  self->description = g_steal_pointer (&description);
  found = describe_format (self->description);
  adw_expander_row_set_subtitle (self->format_row, found);
  g_signal_emit (self, signals[DESCRIBED], 0);
}

/* The last change wins: what was asked before is given up. */
static void
describe (RelaisSegmentGroup *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  relais_segment_describe_async (file, self->format, self->cancellable, described_cb, g_object_ref (self));
}

static void
format_changed_cb (RelaisSegmentGroup *self)
{
  guint encoding = adw_combo_row_get_selected (self->encoding_row);
  guint delimiter = adw_combo_row_get_selected (self->delimiter_row);
  GtkStringList *names = GTK_STRING_LIST (adw_combo_row_get_model (self->encoding_row));

  if (self->filling)
    return;
  g_free (self->format->encoding);
  self->format->encoding = g_strdup (encoding < G_N_ELEMENTS (encodings) ? encodings[encoding] : gtk_string_list_get_string (names, encoding));
  self->format->delimiter = delimiter < G_N_ELEMENTS (delimiters) ? delimiters[delimiter] : 0;
  self->format->header = MIN (adw_combo_row_get_selected (self->header_row), RELAIS_HEADER_NO);
  if (self->path != NULL)
    describe (self);
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           gpointer         user_data)
{
  RelaisSegmentGroup *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      relais_segment_group_set_file (self, file);
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
  add_filters (GTK_FILE_CHOOSER (self->chooser));
  if (self->path != NULL)
    {
      g_autoptr (GFile) file = g_file_new_for_path (self->path);

      gtk_file_chooser_set_file (GTK_FILE_CHOOSER (self->chooser), file, NULL);
    }
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
relais_segment_group_dispose (GObject *object)
{
  RelaisSegmentGroup *self = RELAIS_SEGMENT_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (relais_segment_group_parent_class)->dispose (object);
}

static void
relais_segment_group_finalize (GObject *object)
{
  RelaisSegmentGroup *self = RELAIS_SEGMENT_GROUP (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->description, relais_segment_description_unref);
  relais_segment_format_free (self->format);
  g_free (self->path);
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
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, file_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, format_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, delimiter_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, header_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentGroup, note);
  gtk_widget_class_bind_template_callback (widget_class, format_changed_cb);
  gtk_widget_class_install_action (widget_class, "segment.choose", NULL, choose_action);
}

static void
relais_segment_group_init (RelaisSegmentGroup *self)
{
  self->format = relais_segment_format_new ();
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An encoding that the drop-down does not offer, from a definition, gets a row of its own. */
static guint
find_encoding (RelaisSegmentGroup *self,
               const char         *encoding)
{
  if (encoding == NULL)
    return 0;
  for (guint i = 1; i < G_N_ELEMENTS (encodings); i++)
    if (g_ascii_strcasecmp (encoding, encodings[i]) == 0)
      return i;
  gtk_string_list_append (GTK_STRING_LIST (adw_combo_row_get_model (self->encoding_row)), encoding);

  return g_list_model_get_n_items (adw_combo_row_get_model (self->encoding_row)) - 1;
}

/**
 * relais_segment_group_set_segment:
 * @self: the group
 * @segment: the file, and how it is to be read
 */
void
relais_segment_group_set_segment (RelaisSegmentGroup  *self,
                                  const RelaisSegment *segment)
{
  relais_segment_format_free (self->format);
  self->format = relais_segment_format_copy (segment->format);
  self->filling = TRUE;
  adw_combo_row_set_selected (self->encoding_row, find_encoding (self, segment->format->encoding));
  for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
    if (segment->format->delimiter == delimiters[i])
      adw_combo_row_set_selected (self->delimiter_row, i);
  adw_combo_row_set_selected (self->header_row, segment->format->header);
  self->filling = FALSE;
  relais_segment_group_set_path (self, segment->path);
}

/**
 * relais_segment_group_set_path:
 * @self: the group
 * @path: of the file that is read from now on
 */
void
relais_segment_group_set_path (RelaisSegmentGroup *self,
                               const char         *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *whole = g_filename_display_name (path);

  g_free (self->path);
  self->path = g_strdup (path);
  adw_action_row_set_subtitle (self->file_row, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->file_row), whole);
  describe (self);
}

/**
 * relais_segment_group_set_file:
 * @self: the group
 * @file: (nullable): that was chosen, or dropped
 *
 * Returns: whether it can be read from now on; else the group says why not
 */
gboolean
relais_segment_group_set_file (RelaisSegmentGroup *self,
                               GFile              *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    relais_segment_group_set_path (self, path);
  else
    set_note (self, _("Choose a file on this computer."));

  return path != NULL;
}

/**
 * relais_segment_group_dup_segment:
 * @self: the group
 *
 * Returns: (transfer full) (nullable): the segment, %NULL when no file was chosen
 */
RelaisSegment *
relais_segment_group_dup_segment (RelaisSegmentGroup *self)
{
  RelaisSegment *segment;

  if (self->path == NULL)
    return NULL;
  segment = relais_segment_new (self->path);
  relais_segment_format_free (segment->format);
  segment->format = relais_segment_format_copy (self->format);

  return segment;
}

/**
 * relais_segment_group_get_description:
 * @self: the group
 *
 * Returns: (transfer none) (nullable): what the file is like, %NULL until it was read
 */
RelaisSegmentDescription *
relais_segment_group_get_description (RelaisSegmentGroup *self)
{
  return self->description;
}
