/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-file-row.h"

#include "relais-format.h"
#include "relais-segment-count.h"

#include <glib/gi18n-lib.h>

struct _RelaisSegmentFileRow
{
  AdwExpanderRow parent_instance;

  char                     *path;         /* (owned) */
  RelaisSegmentFormat      *format;       /* (owned): what is asked for; the drop-downs change it */
  RelaisSegmentDescription *description;  /* (owned) (nullable): of the file as it is read now */
  guint64                   n_rows;       /* 0 until they are counted */
  GCancellable             *cancellable;  /* (owned): reading the file */
  gboolean                  filling;      /* selections change because they are filled in */

  AdwComboRow *encoding_row;
  AdwComboRow *delimiter_row;
  AdwComboRow *header_row;
};

G_DEFINE_FINAL_TYPE (RelaisSegmentFileRow, relais_segment_file_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  DESCRIBED,
  COUNTED,
  REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The rows of the drop-downs that correct what a file was taken to be. */
static const char * const encodings[] = { NULL, "UTF-8", "windows-1252", "UTF-16LE" };
static const char delimiters[] = { 0, ';', ',', '\t', '|' };

/* What is wrong with it stands where its size would. */
static void
set_problem (RelaisSegmentFileRow *self,
             const char           *sentence)
{
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), sentence);
  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
}

static void
show_description (RelaisSegmentFileRow *self)
{
  const RelaisSegmentDescription *description = self->description;
  char delimiter = description->format->delimiter;
  guint n = g_strv_length (description->columns);
  g_autofree char *size = self->n_rows > 0 ? relais_format_count_into (ngettext ("%s row", "%s rows", self->n_rows), self->n_rows)
                                           : g_format_size (description->size);
  /* Translators: %u counts columns; the first %s is an encoding such as UTF-8, the second the sign between cells. */
  g_autofree char *format = g_strdup_printf (ngettext ("%u column, %s, separated by “%s”", "%u columns, %s, separated by “%s”", n),
                                             n, description->format->encoding, delimiter == '\t' ? _("tab") : (char[]) { delimiter, '\0' });
  g_autofree char *text = g_strdup_printf ("%s · %s", size, format);

  gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelaisSegmentFileRow) self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 n_rows;

  if (!relais_segment_count_finish (result, &n_rows, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_problem (self, error->message);
      return;
    }
  self->n_rows = n_rows;
  show_description (self);
  g_signal_emit (self, signals[COUNTED], 0);
}

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (RelaisSegmentFileRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisSegmentDescription) description = relais_segment_describe_finish (result, &error);
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->description, relais_segment_description_unref);
  self->description = g_steal_pointer (&description);
  self->n_rows = 0;
  if (self->description == NULL)
    set_problem (self, error->message);
  else
    {
      show_description (self);
      relais_segment_count_async (file, self->format, self->cancellable, counted_cb, g_object_ref (self));
    }
  g_signal_emit (self, signals[DESCRIBED], 0);
}

static void
format_changed_cb (RelaisSegmentFileRow *self)
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
  relais_segment_file_row_read (self);
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  g_signal_emit (widget, signals[REMOVED], 0);
}

static void
relais_segment_file_row_dispose (GObject *object)
{
  g_cancellable_cancel (RELAIS_SEGMENT_FILE_ROW (object)->cancellable);
  G_OBJECT_CLASS (relais_segment_file_row_parent_class)->dispose (object);
}

static void
relais_segment_file_row_finalize (GObject *object)
{
  RelaisSegmentFileRow *self = RELAIS_SEGMENT_FILE_ROW (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->description, relais_segment_description_unref);
  relais_segment_format_free (self->format);
  g_free (self->path);
  G_OBJECT_CLASS (relais_segment_file_row_parent_class)->finalize (object);
}

static void
relais_segment_file_row_class_init (RelaisSegmentFileRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_segment_file_row_dispose;
  object_class->finalize = relais_segment_file_row_finalize;
  signals[DESCRIBED] = g_signal_new ("described", RELAIS_TYPE_SEGMENT_FILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COUNTED] = g_signal_new ("counted", RELAIS_TYPE_SEGMENT_FILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", RELAIS_TYPE_SEGMENT_FILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-segment-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentFileRow, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentFileRow, delimiter_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisSegmentFileRow, header_row);
  gtk_widget_class_bind_template_callback (widget_class, format_changed_cb);
  gtk_widget_class_install_action (widget_class, "file.remove", NULL, remove_action);
}

static void
relais_segment_file_row_init (RelaisSegmentFileRow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An encoding that the drop-down does not offer, from a definition, gets a row of its own. */
static guint
find_encoding (RelaisSegmentFileRow *self,
               const char           *encoding)
{
  if (encoding == NULL)
    return 0;
  for (guint i = 1; i < G_N_ELEMENTS (encodings); i++)
    if (g_ascii_strcasecmp (encoding, encodings[i]) == 0)
      return i;
  gtk_string_list_append (GTK_STRING_LIST (adw_combo_row_get_model (self->encoding_row)), encoding);

  return g_list_model_get_n_items (adw_combo_row_get_model (self->encoding_row)) - 1;
}

static void
fill (RelaisSegmentFileRow *self)
{
  self->filling = TRUE;
  adw_combo_row_set_selected (self->encoding_row, find_encoding (self, self->format->encoding));
  for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
    if (self->format->delimiter == delimiters[i])
      adw_combo_row_set_selected (self->delimiter_row, i);
  adw_combo_row_set_selected (self->header_row, self->format->header);
  self->filling = FALSE;
}

/**
 * relais_segment_file_row_new:
 * @segment: the file, and how it is to be read
 *
 * Returns: (transfer floating): a row that is to be told to read its file
 */
GtkWidget *
relais_segment_file_row_new (const RelaisSegment *segment)
{
  RelaisSegmentFileRow *self = g_object_new (RELAIS_TYPE_SEGMENT_FILE_ROW, NULL);
  g_autofree char *name = g_filename_display_basename (segment->path);
  g_autofree char *whole = g_filename_display_name (segment->path);

  self->path = g_strdup (segment->path);
  self->format = relais_segment_format_copy (segment->format);
  fill (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), whole);

  return GTK_WIDGET (self);
}

/**
 * relais_segment_file_row_get_path:
 * @self: a row
 *
 * Returns: (transfer none): where its file is
 */
const char *
relais_segment_file_row_get_path (RelaisSegmentFileRow *self)
{
  return self->path;
}

/**
 * relais_segment_file_row_read:
 * @self: a row
 *
 * Describes its file and counts its rows. The last call wins: what was asked before is given up.
 */
void
relais_segment_file_row_read (RelaisSegmentFileRow *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  relais_segment_describe_async (file, self->format, self->cancellable, described_cb, g_object_ref (self));
}

/**
 * relais_segment_file_row_dup_segment:
 * @self: a row
 *
 * Returns: (transfer full): the file, and how it is to be read
 */
RelaisSegment *
relais_segment_file_row_dup_segment (RelaisSegmentFileRow *self)
{
  RelaisSegment *segment = relais_segment_new (self->path);

  relais_segment_format_free (segment->format);
  segment->format = relais_segment_format_copy (self->format);

  return segment;
}

/**
 * relais_segment_file_row_get_description:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what the file is like, %NULL until it was read
 */
RelaisSegmentDescription *
relais_segment_file_row_get_description (RelaisSegmentFileRow *self)
{
  return self->description;
}

/**
 * relais_segment_file_row_get_n_rows:
 * @self: a row
 *
 * Returns: how many rows the file has, 0 until they are counted
 */
guint64
relais_segment_file_row_get_n_rows (RelaisSegmentFileRow *self)
{
  return self->n_rows;
}
