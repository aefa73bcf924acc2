/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-dialog.h"

#include "relais-combo.h"
#include "relais-destination-group.h"
#include "relais-error.h"
#include "relais-files-drop.h"
#include "relais-matching-group.h"
#include "relais-phone.h"
#include "relais-scroll.h"
#include "relais-segment-group.h"

#include <glib/gi18n-lib.h>

struct _RelaisExportDialog
{
  AdwWindow parent_instance;

  RelaisWorkspace        *workspace;   /* (owned) */
  RelaisExport           *export;      /* (owned) (nullable): the one that is edited */
  RelaisExportDefinition *definition;  /* (owned): as it was, or empty */

  gboolean                view_only;   /* the person's role allows to look at it */

  GtkWidget              *close_button;
  GtkWidget              *save_button;
  GtkWidget              *name_group;
  GtkWidget              *options_group;
  GtkWidget              *note_group;
  GtkLabel               *note;
  AdwEntryRow            *name_row;
  RelaisDestinationGroup *destination_group;
  RelaisSegmentGroup     *segment_group;
  RelaisMatchingGroup    *matching_group;
  AdwEntryRow            *country_row;
  AdwEntryRow            *tags_row;
  AdwComboRow            *empty_values_row;
  AdwComboRow            *leavers_row;
  GtkSpinButton          *leavers_share;
  GtkSpinButton          *leavers_number;
  AdwComboRow            *verify_row;
  GtkSwitch              *automations_switch;
};

G_DEFINE_FINAL_TYPE (RelaisExportDialog, relais_export_dialog, ADW_TYPE_WINDOW)

/* In the order of the drop-downs */
static const RelaisLeavers leavers_choices[] = { RELAIS_LEAVERS_KEEP, RELAIS_LEAVERS_REMOVE };
static const RelaisVerify verify_choices[] = { RELAIS_VERIFY_OFF, RELAIS_VERIFY_SAMPLE, RELAIS_VERIFY_ALL };

static void
set_note (RelaisExportDialog *self,
          const char         *sentence)
{
  gtk_label_set_label (self->note, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->note_group, sentence != NULL);
}

static void
described_cb (RelaisExportDialog *self)
{
  RelaisSegmentDescription *description = relais_segment_group_get_description (self->segment_group);

  if (description != NULL)
    relais_matching_group_set_description (self->matching_group, description);
}

static void
fields_changed_cb (RelaisExportDialog *self)
{
  relais_matching_group_set_fields (self->matching_group, relais_destination_group_get_fields (self->destination_group));
}

static gboolean
dropped_cb (GtkWidget *widget,
            GSList    *files)
{
  return relais_export_dialog_add_files (RELAIS_EXPORT_DIALOG (widget), files);
}

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
mark (GtkWidget *row)
{
  gtk_widget_add_css_class (row, "error");
  gtk_widget_grab_focus (row);
}

static gboolean
put_name (RelaisExportDialog      *self,
          RelaisExportDefinition  *definition,
          GError                 **error)
{
  g_free (definition->name);
  definition->name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
  if (*definition->name != '\0')
    return TRUE;

  mark (GTK_WIDGET (self->name_row));
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION, _("The export needs a display name."));

  return FALSE;
}

static void
put_leavers (RelaisExportDialog     *self,
             RelaisExportDefinition *definition)
{
  definition->leavers = leavers_choices[MIN (adw_combo_row_get_selected (self->leavers_row), G_N_ELEMENTS (leavers_choices) - 1)];
  /* What was written and not left yet */
  gtk_spin_button_update (self->leavers_share);
  gtk_spin_button_update (self->leavers_number);
  definition->leavers_share = (guint) gtk_spin_button_get_value_as_int (self->leavers_share);
  definition->leavers_number = (guint) gtk_spin_button_get_value_as_int (self->leavers_number);
}

static gboolean
put_options (RelaisExportDialog      *self,
             RelaisExportDefinition  *definition,
             GError                 **error)
{
  g_autofree char *country = g_ascii_strup (gtk_editable_get_text (GTK_EDITABLE (self->country_row)), -1);

  g_strfreev (definition->tags);
  definition->tags = collect_tags (self);
  g_clear_pointer (&definition->phone_country, g_free);
  if (*g_strstrip (country) != '\0')
    definition->phone_country = g_strdup (country);
  definition->empty_values = adw_combo_row_get_selected (self->empty_values_row) == 1 ? RELAIS_EMPTY_VALUES_CLEAR : RELAIS_EMPTY_VALUES_KEEP;
  put_leavers (self, definition);
  definition->verify = verify_choices[MIN (adw_combo_row_get_selected (self->verify_row), G_N_ELEMENTS (verify_choices) - 1)];
  definition->automations = gtk_switch_get_active (self->automations_switch);
  if (definition->phone_country == NULL || relais_phone_knows_country (definition->phone_country))
    return TRUE;

  mark (GTK_WIDGET (self->country_row));
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                       _("Enter a country of two letters for the telephone numbers, such as FR or GB, or leave it empty."));

  return FALSE;
}

static RelaisExportDefinition *
collect_definition (RelaisExportDialog  *self,
                    GError             **error)
{
  g_autoptr (RelaisExportDefinition) definition = relais_export_definition_copy (self->definition);

  g_ptr_array_unref (definition->segments);
  definition->segments = relais_segment_group_dup_segments (self->segment_group);
  relais_matching_free (definition->matching);
  definition->matching = relais_matching_group_dup_matching (self->matching_group);
  if (!put_name (self, definition, error) ||
      !relais_destination_group_put (self->destination_group, definition, error) ||
      !relais_matching_group_check (self->matching_group, error) ||
      !relais_segment_group_check (self->segment_group, definition->matching, error) ||
      !put_options (self, definition, error))
    return NULL;

  return g_steal_pointer (&definition);
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
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  set_note (self, error->message);
  if (g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_NAME_TAKEN))
    mark (GTK_WIDGET (self->name_row));
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  RelaisExportDialog *self = RELAIS_EXPORT_DIALOG (widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisExportDefinition) definition = collect_definition (self, &error);

  set_note (self, error != NULL ? error->message : NULL);
  if (definition == NULL)
    return;
  gtk_widget_action_set_enabled (widget, "dialog.save", FALSE);
  relais_workspace_save_export_async (self->workspace, self->export, definition, NULL, saved_cb, g_object_ref (self));
}

/* Whether people who left are taken off, so that there is a brake to set */
static gboolean
takes_off (GObject *object,
           guint    selected)
{
  return selected < G_N_ELEMENTS (leavers_choices) && leavers_choices[selected] == RELAIS_LEAVERS_REMOVE;
}

static void
entry_changed_cb (GtkWidget *row)
{
  gtk_widget_remove_css_class (row, "error");
}

static void
relais_export_dialog_dispose (GObject *object)
{
  RelaisExportDialog *self = RELAIS_EXPORT_DIALOG (object);

  g_clear_object (&self->export);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (relais_export_dialog_parent_class)->dispose (object);
}

static void
relais_export_dialog_finalize (GObject *object)
{
  relais_export_definition_free (RELAIS_EXPORT_DIALOG (object)->definition);
  G_OBJECT_CLASS (relais_export_dialog_parent_class)->finalize (object);
}

static void
relais_export_dialog_class_init (RelaisExportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = relais_export_dialog_dispose;
  object_class->finalize = relais_export_dialog_finalize;
  g_type_ensure (RELAIS_TYPE_DESTINATION_GROUP);
  g_type_ensure (RELAIS_TYPE_SEGMENT_GROUP);
  g_type_ensure (RELAIS_TYPE_MATCHING_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, name_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, options_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, note_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, note);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, destination_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, segment_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, matching_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, country_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, tags_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, empty_values_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, leavers_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, leavers_share);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, leavers_number);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, verify_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisExportDialog, automations_switch);
  gtk_widget_class_bind_template_callback (widget_class, described_cb);
  gtk_widget_class_bind_template_callback (widget_class, fields_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, takes_off);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, save_action);
}

static void
relais_export_dialog_init (RelaisExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  relais_scroll_pass_over (GTK_WIDGET (self->leavers_share));
  relais_scroll_pass_over (GTK_WIDGET (self->leavers_number));
  relais_combo_show_whole (self->empty_values_row);
  relais_combo_show_whole (self->leavers_row);
  relais_combo_show_whole (self->verify_row);
  relais_files_drop_take (GTK_WIDGET (self), dropped_cb);
}

static void
fill_leavers (RelaisExportDialog *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (leavers_choices); i++)
    if (leavers_choices[i] == self->definition->leavers)
      adw_combo_row_set_selected (self->leavers_row, i);
  gtk_spin_button_set_value (self->leavers_share, self->definition->leavers_share);
  gtk_spin_button_set_value (self->leavers_number, self->definition->leavers_number);
}

static void
fill (RelaisExportDialog *self)
{
  const RelaisExportDefinition *definition = self->definition;
  g_autofree char *tags = g_strjoinv (", ", definition->tags);

  gtk_editable_set_text (GTK_EDITABLE (self->name_row), definition->name != NULL ? definition->name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->tags_row), tags);
  gtk_editable_set_text (GTK_EDITABLE (self->country_row), definition->phone_country != NULL ? definition->phone_country : "");
  adw_combo_row_set_selected (self->empty_values_row, definition->empty_values == RELAIS_EMPTY_VALUES_CLEAR ? 1 : 0);
  for (guint i = 0; i < G_N_ELEMENTS (verify_choices); i++)
    if (verify_choices[i] == definition->verify)
      adw_combo_row_set_selected (self->verify_row, i);
  gtk_switch_set_active (self->automations_switch, definition->automations);
  relais_matching_group_set_matching (self->matching_group, definition->matching);
  for (guint i = 0; i < definition->segments->len; i++)
    relais_segment_group_add_segment (self->segment_group, g_ptr_array_index (definition->segments, i));
}

/* Everything is there to read, and why it cannot be changed. */
static void
let_view (RelaisExportDialog *self,
          const GError       *reason)
{
  GtkWidget *groups[] = {
    self->name_group, GTK_WIDGET (self->destination_group), GTK_WIDGET (self->segment_group), GTK_WIDGET (self->matching_group),
    self->options_group,
  };

  self->view_only = TRUE;
  gtk_window_set_title (GTK_WINDOW (self), _("View Export"));
  gtk_button_set_label (GTK_BUTTON (self->close_button), _("_Close"));
  gtk_widget_set_visible (self->save_button, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    gtk_widget_set_sensitive (groups[i], FALSE);
  set_note (self, reason->message);
  gtk_widget_grab_focus (self->close_button);
}

static GtkWidget *
make_dialog (GtkWindow                    *parent,
             RelaisWorkspace              *workspace,
             RelaisExport                 *export,
             const RelaisExportDefinition *definition)
{
  RelaisExportDialog *self = g_object_new (RELAIS_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);
  RelaisConnection *connection = export != NULL ? relais_export_get_connection (export) : NULL;
  g_autoptr (GError) error = NULL;

  self->workspace = g_object_ref (workspace);
  self->export = export != NULL ? g_object_ref (export) : NULL;
  self->definition = definition != NULL ? relais_export_definition_copy (definition) : relais_export_definition_new ();
  if (definition != NULL)
    fill (self);
  fill_leavers (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  if (export != NULL)
    gtk_window_set_title (GTK_WINDOW (self), _("Edit Export"));
  if (export == NULL || relais_workspace_check_right (workspace, RELAIS_ACTION_CHANGE_EXPORTS, connection, &error))
    relais_destination_group_set_workspace (self->destination_group, workspace, self->definition);
  else
    {
      relais_destination_group_view (self->destination_group, connection, self->definition);
      let_view (self, error);
    }

  return GTK_WIDGET (self);
}

/**
 * relais_export_dialog_new:
 * @parent: (nullable): over which it stands
 * @workspace: where the export is saved
 * @export: (nullable): the one to edit, or to look at where the person's role allows no more; %NULL for a new one
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
relais_export_dialog_new (GtkWindow       *parent,
                          RelaisWorkspace *workspace,
                          RelaisExport    *export)
{
  return make_dialog (parent, workspace, export, export != NULL ? relais_export_get_definition (export) : NULL);
}

/**
 * relais_export_dialog_new_from:
 * @parent: (nullable): over which it stands
 * @workspace: where the export is saved
 * @definition: what a new export begins with; copied
 *
 * Returns: (transfer none): a dialog for a new export
 */
GtkWidget *
relais_export_dialog_new_from (GtkWindow                    *parent,
                               RelaisWorkspace              *workspace,
                               const RelaisExportDefinition *definition)
{
  return make_dialog (parent, workspace, NULL, definition);
}

/**
 * relais_export_dialog_add_files:
 * @self: the dialog
 * @files: (element-type GFile): that were dropped; each becomes a segment
 *
 * Returns: whether there is one among them that can be read
 */
gboolean
relais_export_dialog_add_files (RelaisExportDialog *self,
                                GSList             *files)
{
  if (self->view_only)
    return FALSE;

  /* Wherever they were dropped, what became of them is seen. */
  relais_scroll_to (GTK_WIDGET (self->segment_group), GTK_WIDGET (self->segment_group));

  return relais_segment_group_add_files (self->segment_group, files);
}
