/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-dialog.h"

#include "relais-phone.h"
#include "relais-segment-description.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _RelaisExportDialog
{
  AdwWindow parent_instance;

  RelaisWorkspace          *workspace;      /* (owned) */
  RelaisExport             *export;         /* (owned) (nullable): the one that is edited */
  RelaisExportDefinition   *definition;     /* (owned): as it was, or empty */
  GCancellable             *account_work;   /* (owned): questions to the account */
  GCancellable             *file_work;      /* (owned): reading the file */
  char                     *path;           /* (owned) (nullable): of the segment */
  RelaisSegmentDescription *description;    /* (owned) (nullable) */
  GPtrArray                *lists;          /* (owned) (element-type RelaisList): e-mail lists, as in the drop-down */
  GPtrArray                *fields;         /* (owned) (element-type RelaisField) */
  GPtrArray                *field_rows;     /* (owned) (element-type AdwComboRow): not owned; as in @fields */
  GtkStringList            *columns;        /* (owned): "not matched" first */
  GtkFileChooserNative     *chooser;        /* (owned) (nullable) */
  gboolean                  filling;        /* selections change because they are filled in */

  AdwComboRow         *connection_row;
  AdwEntryRow         *name_row;
  GtkDropDown         *list_button;
  AdwEntryRow         *list_id_row;
  GtkLabel            *account_note;
  AdwActionRow        *file_row;
  GtkLabel            *file_note;
  AdwComboRow         *encoding_row;
  AdwComboRow         *delimiter_row;
  AdwComboRow         *header_row;
  AdwComboRow         *email_row;
  AdwComboRow         *first_name_row;
  AdwComboRow         *last_name_row;
  AdwComboRow         *phone_row;
  AdwPreferencesGroup *matching_group;
  AdwEntryRow         *country_row;
  AdwEntryRow         *tags_row;
  GtkSwitch           *automations_switch;
  GtkLabel            *note;
};

G_DEFINE_FINAL_TYPE (RelaisExportDialog, relais_export_dialog, ADW_TYPE_WINDOW)

/* The rows of the drop-downs that correct what a file was taken to be. */
static const char * const encodings[] = { NULL, "UTF-8", "windows-1252", "UTF-16LE" };
static const char delimiters[] = { 0, ';', ',', '\t', '|' };

static void
set_note (GtkLabel   *label,
          const char *sentence)
{
  gtk_label_set_label (label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (label), sentence != NULL);
}

/* Matching: a column in each drop-down, with a sample of what stands in it */

static const char *
get_column (RelaisExportDialog *self,
            AdwComboRow        *row)
{
  guint selected = adw_combo_row_get_selected (row);

  return selected == 0 || selected == GTK_INVALID_LIST_POSITION ? NULL : gtk_string_list_get_string (self->columns, selected);
}

static void
select_column (RelaisExportDialog *self,
               AdwComboRow        *row,
               const char         *column)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->columns));

  for (guint i = 1; i < n; i++)
    if (g_strcmp0 (gtk_string_list_get_string (self->columns, i), column) == 0)
      {
        adw_combo_row_set_selected (row, i);
        return;
      }
  adw_combo_row_set_selected (row, 0);
}

static void
show_sample (RelaisExportDialog *self,
             AdwComboRow        *row)
{
  guint selected = adw_combo_row_get_selected (row);
  const char *sample = NULL;

  if (self->description != NULL && selected > 0 && selected <= self->description->samples->len)
    sample = ((char **) g_ptr_array_index (self->description->samples, selected - 1))[0];
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), sample != NULL ? sample : "");
}

static void
column_chosen_cb (AdwComboRow *row,
                  GParamSpec  *pspec,
                  gpointer     user_data)
{
  show_sample (RELAIS_EXPORT_DIALOG (user_data), row);
}

static RelaisMatching *
collect_matching (RelaisExportDialog *self)
{
  RelaisMatching *matching = relais_matching_new ();

  matching->email = g_strdup (get_column (self, self->email_row));
  matching->first_name = g_strdup (get_column (self, self->first_name_row));
  matching->last_name = g_strdup (get_column (self, self->last_name_row));
  matching->phone = g_strdup (get_column (self, self->phone_row));
  for (guint i = 0; i < self->field_rows->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (self->fields, i);
      const char *column = get_column (self, g_ptr_array_index (self->field_rows, i));

      if (column != NULL)
        relais_matching_add_field (matching, field->id, column, (RelaisValueStyle) { 0 });
    }

  return matching;
}

static void
apply_matching (RelaisExportDialog   *self,
                const RelaisMatching *matching)
{
  select_column (self, self->email_row, matching->email);
  select_column (self, self->first_name_row, matching->first_name);
  select_column (self, self->last_name_row, matching->last_name);
  select_column (self, self->phone_row, matching->phone);
  for (guint i = 0; i < self->field_rows->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (self->fields, i);
      const char *column = NULL;

      for (guint j = 0; j < matching->fields->len; j++)
        {
          const RelaisFieldMatch *match = g_ptr_array_index (matching->fields, j);

          if (match->field_id == field->id)
            column = match->column;
        }
      select_column (self, g_ptr_array_index (self->field_rows, i), column);
    }
}

/* What was chosen before is kept where its columns are still there; else the names and values suggest. */
static void
suggest_matching (RelaisExportDialog *self)
{
  const char * const *columns = (const char * const *) self->description->columns;
  g_autoptr (RelaisMatching) suggested = NULL;

  if (self->definition->matching->email != NULL && g_strv_contains (columns, self->definition->matching->email))
    {
      apply_matching (self, self->definition->matching);
      return;
    }
  suggested = relais_matching_suggest (columns, self->description->samples, self->fields);
  apply_matching (self, suggested);
}

static void
show_columns (RelaisExportDialog *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->columns));

  gtk_string_list_splice (self->columns, 1, n - 1, (const char * const *) self->description->columns);
  suggest_matching (self);
}

static void
make_field_rows (RelaisExportDialog *self)
{
  for (guint i = 0; i < self->field_rows->len; i++)
    adw_preferences_group_remove (self->matching_group, g_ptr_array_index (self->field_rows, i));
  g_ptr_array_set_size (self->field_rows, 0);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (self->fields, i);
      GtkWidget *row = adw_combo_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field->title);
      adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (self->columns));
      g_signal_connect_object (row, "notify::selected", G_CALLBACK (column_chosen_cb), self, 0);
      adw_preferences_group_add (self->matching_group, row);
      g_ptr_array_add (self->field_rows, row);
    }
}

/* The file */

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (RelaisExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  RelaisSegmentDescription *description = relais_segment_describe_finish (result, &error);
  g_autofree char *found = NULL;

  if (description == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_note (self->file_note, error->message);
      return;
    }
  g_clear_pointer (&self->description, relais_segment_description_unref);
  self->description = description;
  /* Translators: %u counts columns; the first %s is an encoding such as UTF-8, the second the sign between cells. */
  found = g_strdup_printf (ngettext ("%u column, %s, separated by “%s”", "%u columns, %s, separated by “%s”", g_strv_length (description->columns)),
                           g_strv_length (description->columns), description->format->encoding,
                           description->format->delimiter == '\t' ? _("tab") : (char[]) { description->format->delimiter, '\0' });
  set_note (self->file_note, found);
  show_columns (self);
}

static RelaisSegmentFormat *
collect_format (RelaisExportDialog *self)
{
  RelaisSegmentFormat *format = relais_segment_format_new ();

  format->encoding = g_strdup (encodings[MIN (adw_combo_row_get_selected (self->encoding_row), G_N_ELEMENTS (encodings) - 1)]);
  format->delimiter = delimiters[MIN (adw_combo_row_get_selected (self->delimiter_row), G_N_ELEMENTS (delimiters) - 1)];
  format->header = MIN (adw_combo_row_get_selected (self->header_row), RELAIS_HEADER_NO);

  return format;
}

/* The last change wins: what was asked before is given up. */
static void
describe_file (RelaisExportDialog *self)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (RelaisSegmentFormat) format = NULL;

  if (self->path == NULL || self->filling)
    return;
  file = g_file_new_for_path (self->path);
  format = collect_format (self);
  g_cancellable_cancel (self->file_work);
  g_object_unref (self->file_work);
  self->file_work = g_cancellable_new ();
  relais_segment_describe_async (file, format, self->file_work, described_cb, g_object_ref (self));
}

static void
set_file (RelaisExportDialog *self,
          const char         *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_free (self->path);
  self->path = g_strdup (path);
  adw_action_row_set_subtitle (self->file_row, name);
  describe_file (self);
}

static void
file_chosen_cb (GtkNativeDialog *chooser,
                int              response,
                gpointer         user_data)
{
  RelaisExportDialog *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

      if (path != NULL)
        set_file (self, path);
      else
        set_note (self->file_note, _("Choose a file on this computer."));
    }
  g_clear_object (&self->chooser);
}

static void
choose_file_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  RelaisExportDialog *self = RELAIS_EXPORT_DIALOG (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Segment"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
dropped_cb (GtkDropTarget *target,
            const GValue  *value,
            double         x,
            double         y,
            gpointer       user_data)
{
  GFile *file = g_value_get_object (value);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path == NULL)
    return FALSE;
  set_file (RELAIS_EXPORT_DIALOG (user_data), path);

  return TRUE;
}

/* The account */

static void
select_list (RelaisExportDialog *self,
             guint32             list_id)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (((const RelaisList *) g_ptr_array_index (self->lists, i))->id == list_id)
      {
        gtk_drop_down_set_selected (self->list_button, i);
        return;
      }
}

static void
list_chosen_cb (RelaisExportDialog *self)
{
  guint selected = gtk_drop_down_get_selected (self->list_button);
  g_autofree char *id = NULL;

  if (self->filling || selected == GTK_INVALID_LIST_POSITION || selected >= self->lists->len)
    return;
  id = g_strdup_printf ("%u", ((const RelaisList *) g_ptr_array_index (self->lists, selected))->id);
  gtk_editable_set_text (GTK_EDITABLE (self->list_id_row), id);
}

static void
fields_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (RelaisExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *fields = relais_client_list_fields_finish (RELAIS_CLIENT (object), result, &error);

  if (fields == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_note (self->account_note, error->message);
      return;
    }
  g_ptr_array_unref (self->fields);
  self->fields = fields;
  make_field_rows (self);
  if (self->description != NULL)
    suggest_matching (self);
}

static void
show_lists (RelaisExportDialog *self,
            GPtrArray          *lists)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->lists, 0);
  for (guint i = 0; i < lists->len; i++)
    {
      RelaisList *list = g_ptr_array_index (lists, i);
      g_autofree char *number = g_strdup_printf (_("List %u"), list->id);

      if (!list->is_email)
        continue;
      gtk_string_list_append (names, list->name[0] != '\0' ? list->name : number);
      list = g_memdup2 (list, sizeof *list);
      list->name = g_strdup (list->name);
      g_ptr_array_add (self->lists, list);
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->list_button, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->list_button, GTK_INVALID_LIST_POSITION);
  select_list (self, self->definition->list_id);
  self->filling = FALSE;
}

static void
lists_listed_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (RelaisExportDialog) self = user_data;
  RelaisClient *client = RELAIS_CLIENT (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lists = relais_client_list_lists_finish (client, result, &error);

  if (lists == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_note (self->account_note, error->message);
      return;
    }
  set_note (self->account_note, NULL);
  show_lists (self, lists);
  relais_client_list_fields_async (client, self->account_work, fields_listed_cb, g_object_ref (self));
}

static void
client_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (RelaisExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &error);

  if (client != NULL)
    relais_client_list_lists_async (client, self->account_work, lists_listed_cb, g_object_ref (self));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_note (self->account_note, error->message);
}

static void
connection_chosen_cb (RelaisExportDialog *self)
{
  RelaisConnection *connection = adw_combo_row_get_selected_item (self->connection_row);

  if (connection == NULL || self->workspace == NULL)
    return;
  g_cancellable_cancel (self->account_work);
  g_object_unref (self->account_work);
  self->account_work = g_cancellable_new ();
  set_note (self->account_note, _("Asking the account for its lists…"));
  relais_workspace_open_client_async (self->workspace, connection, self->account_work, client_opened_cb, g_object_ref (self));
}

/* Saving */

static char **
collect_tags (RelaisExportDialog *self)
{
  g_auto (GStrv) parts = g_strsplit (gtk_editable_get_text (GTK_EDITABLE (self->tags_row)), ",", -1);
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (g_strstrip (parts[i])[0] != '\0')
      g_ptr_array_add (tags, g_strdup (parts[i]));
  g_ptr_array_add (tags, NULL);

  return (char **) g_ptr_array_steal (tags, NULL);
}

static void
take_list (RelaisExportDialog     *self,
           RelaisExportDefinition *definition)
{
  guint64 id = 0;

  g_ascii_string_to_unsigned (gtk_editable_get_text (GTK_EDITABLE (self->list_id_row)), 10, 1, G_MAXUINT32, &id, NULL);
  definition->list_id = (guint32) id;
  g_clear_pointer (&definition->list_name, g_free);
  for (guint i = 0; i < self->lists->len; i++)
    {
      const RelaisList *list = g_ptr_array_index (self->lists, i);

      if (list->id == definition->list_id)
        definition->list_name = g_strdup (list->name);
    }
}

static RelaisExportDefinition *
collect_definition (RelaisExportDialog *self)
{
  RelaisExportDefinition *definition = relais_export_definition_copy (self->definition);
  RelaisConnection *connection = adw_combo_row_get_selected_item (self->connection_row);
  g_autofree char *country = g_ascii_strup (gtk_editable_get_text (GTK_EDITABLE (self->country_row)), -1);

  g_free (definition->name);
  definition->name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
  g_free (definition->connection);
  definition->connection = connection != NULL ? g_strdup (relais_connection_get_name (connection)) : NULL;
  take_list (self, definition);
  g_ptr_array_set_size (definition->segments, 0);
  if (self->path != NULL)
    {
      RelaisSegment *segment = relais_segment_new (self->path);

      relais_segment_format_free (segment->format);
      segment->format = collect_format (self);
      g_ptr_array_add (definition->segments, segment);
    }
  relais_matching_free (definition->matching);
  definition->matching = collect_matching (self);
  g_strfreev (definition->tags);
  definition->tags = collect_tags (self);
  g_clear_pointer (&definition->phone_country, g_free);
  if (*g_strstrip (country) != '\0')
    definition->phone_country = g_strdup (country);
  definition->automations = gtk_switch_get_active (self->automations_switch);

  return definition;
}

static gboolean
check (RelaisExportDialog            *self,
       const RelaisExportDefinition  *definition,
       GError                       **error)
{
  if (definition->phone_country != NULL && !relais_phone_knows_country (definition->phone_country))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("Enter a country of two letters for the telephone numbers, such as FR or GB, or leave it empty."));
      return FALSE;
    }

  return self->description == NULL ||
         relais_matching_check (definition->matching, (const char * const *) self->description->columns, error);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (RelaisExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisExport) export = relais_workspace_save_export_finish (RELAIS_WORKSPACE (object), result, &error);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save", TRUE);
  if (export != NULL)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    set_note (self->note, error->message);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisExportDialog *self = RELAIS_EXPORT_DIALOG (widget);
  g_autoptr (RelaisExportDefinition) definition = collect_definition (self);
  g_autoptr (GError) error = NULL;

  if (!check (self, definition, &error))
    {
      set_note (self->note, error->message);
      return;
    }
  set_note (self->note, NULL);
  gtk_widget_action_set_enabled (widget, "dialog.save", FALSE);
  relais_workspace_save_export_async (self->workspace, self->export, definition, NULL, saved_cb, g_object_ref (self));
}

static void
relais_export_dialog_dispose (GObject *object)
{
  RelaisExportDialog *self = RELAIS_EXPORT_DIALOG (object);

  g_cancellable_cancel (self->account_work);
  g_cancellable_cancel (self->file_work);
  g_clear_object (&self->chooser);
  g_clear_object (&self->export);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_export_dialog_parent_class)->dispose (object);
}

static void
relais_export_dialog_finalize (GObject *object)
{
  RelaisExportDialog *self = RELAIS_EXPORT_DIALOG (object);

  g_object_unref (self->account_work);
  g_object_unref (self->file_work);
  g_object_unref (self->columns);
  g_ptr_array_unref (self->lists);
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->field_rows);
  g_clear_pointer (&self->description, relais_segment_description_unref);
  relais_export_definition_free (self->definition);
  g_free (self->path);
  G_OBJECT_CLASS (relais_export_dialog_parent_class)->finalize (object);
}

static void
relais_export_dialog_class_init (RelaisExportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_export_dialog_dispose;
  object_class->finalize = relais_export_dialog_finalize;
  g_type_ensure (RELAIS_TYPE_CONNECTION);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, connection_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, list_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, list_id_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, account_note);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, file_note);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, delimiter_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, header_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, email_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, phone_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, matching_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, country_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, tags_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, automations_switch);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, note);
  gtk_widget_class_bind_template_callback (widget_class, connection_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, describe_file);
  gtk_widget_class_install_action (widget_class, "dialog.choose-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
relais_export_dialog_init (RelaisExportDialog *self)
{
  const char * const nothing[] = { _("Not matched"), NULL };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  AdwComboRow **rows[] = { &self->email_row, &self->first_name_row, &self->last_name_row, &self->phone_row };

  self->account_work = g_cancellable_new ();
  self->file_work = g_cancellable_new ();
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_list_free);
  self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_field_free);
  self->field_rows = g_ptr_array_new ();
  self->columns = gtk_string_list_new (nothing);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adw_combo_row_set_model (*rows[i], G_LIST_MODEL (self->columns));
      g_signal_connect_object (*rows[i], "notify::selected", G_CALLBACK (column_chosen_cb), self, 0);
    }
  g_signal_connect (target, "drop", G_CALLBACK (dropped_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
fill_file (RelaisExportDialog *self)
{
  const RelaisSegment *segment = self->definition->segments->len > 0 ? g_ptr_array_index (self->definition->segments, 0) : NULL;

  if (segment == NULL)
    return;
  self->filling = TRUE;
  for (guint i = 1; i < G_N_ELEMENTS (encodings); i++)
    if (segment->format->encoding != NULL && g_ascii_strcasecmp (segment->format->encoding, encodings[i]) == 0)
      adw_combo_row_set_selected (self->encoding_row, i);
  for (guint i = 1; i < G_N_ELEMENTS (delimiters); i++)
    if (segment->format->delimiter == delimiters[i])
      adw_combo_row_set_selected (self->delimiter_row, i);
  adw_combo_row_set_selected (self->header_row, segment->format->header);
  self->filling = FALSE;
  set_file (self, segment->path);
}

static void
fill (RelaisExportDialog *self)
{
  const RelaisExportDefinition *definition = self->definition;
  g_autofree char *tags = g_strjoinv (", ", definition->tags);
  g_autofree char *list = g_strdup_printf ("%u", definition->list_id);

  gtk_window_set_title (GTK_WINDOW (self), _("Edit Export"));
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), definition->name != NULL ? definition->name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->list_id_row), definition->list_id > 0 ? list : "");
  gtk_editable_set_text (GTK_EDITABLE (self->tags_row), tags);
  gtk_editable_set_text (GTK_EDITABLE (self->country_row), definition->phone_country != NULL ? definition->phone_country : "");
  gtk_switch_set_active (self->automations_switch, definition->automations);
  fill_file (self);
}

static void
show_connections (RelaisExportDialog *self)
{
  GListModel *connections = relais_workspace_get_connections (self->workspace);
  RelaisConnection *chosen = self->export != NULL ? relais_export_get_connection (self->export) : NULL;

  adw_combo_row_set_model (self->connection_row, connections);
  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (RelaisConnection) connection = g_list_model_get_item (connections, i);

      if (connection == chosen)
        adw_combo_row_set_selected (self->connection_row, i);
    }
  connection_chosen_cb (self);
}

/**
 * relais_export_dialog_new:
 * @parent: over which it stands
 * @workspace: where the export is saved
 * @export: (nullable): the one to edit, %NULL for a new one
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_export_dialog_new (GtkWindow       *parent,
                          RelaisWorkspace *workspace,
                          RelaisExport    *export)
{
  RelaisExportDialog *self = g_object_new (RELAIS_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

  self->workspace = g_object_ref (workspace);
  self->export = export != NULL ? g_object_ref (export) : NULL;
  self->definition = export != NULL ? relais_export_definition_copy (relais_export_get_definition (export))
                                    : relais_export_definition_new ();
  if (export != NULL)
    fill (self);
  show_connections (self);

  return GTK_WIDGET (self);
}
