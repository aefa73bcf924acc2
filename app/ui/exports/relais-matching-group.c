/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-matching-group.h"

#include "relais-column.h"
#include "relais-matching-row.h"

#include <glib/gi18n-lib.h>

struct _RelaisMatchingGroup
{
  AdwPreferencesGroup parent_instance;

  RelaisMatching           *matching;     /* (owned): as it stands in the rows, and what has no row yet */
  gboolean                  is_kept;      /* it was chosen by a person, not suggested */
  RelaisSegmentDescription *description;  /* (owned) (nullable): until the file was read */
  GPtrArray                *fields;       /* (owned) (nullable) (element-type RelaisField): until the account told */
  GPtrArray                *field_rows;   /* (owned) (element-type RelaisMatchingRow): not owned; as in @fields */
  GListStore               *columns;      /* (owned) (element-type RelaisColumn): "not matched" first */
  gboolean                  filling;      /* selections change because they are filled in */

  RelaisMatchingRow *email_row;
  RelaisMatchingRow *first_name_row;
  RelaisMatchingRow *last_name_row;
  RelaisMatchingRow *phone_row;
  GtkLabel          *note;
};

G_DEFINE_FINAL_TYPE (RelaisMatchingGroup, relais_matching_group, ADW_TYPE_PREFERENCES_GROUP)

static gboolean
has_column (RelaisMatchingGroup *self,
            const char          *column)
{
  return column != NULL && self->description != NULL && g_strv_contains ((const char * const *) self->description->columns, column);
}

static const RelaisFieldMatch *
find_match (const RelaisMatching *matching,
            guint32               field_id)
{
  for (guint i = 0; i < matching->fields->len; i++)
    {
      const RelaisFieldMatch *match = g_ptr_array_index (matching->fields, i);

      if (match->field_id == field_id)
        return match;
    }

  return NULL;
}

/* What is wrong shows at once, and not only when it is saved. A column that the
 * file has no longer is told too, although its row can only show that there is none. */
static void
update_note (RelaisMatchingGroup *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good = relais_matching_check (self->matching, (const char * const *) self->description->columns, &error);

  gtk_label_set_label (self->note, good ? "" : error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->note), !good);
}

static void
show_matching (RelaisMatchingGroup *self)
{
  const RelaisMatching *matching = self->matching;

  self->filling = TRUE;
  relais_matching_row_set_column (self->email_row, matching->email);
  relais_matching_row_set_column (self->first_name_row, matching->first_name);
  relais_matching_row_set_column (self->last_name_row, matching->last_name);
  relais_matching_row_set_column (self->phone_row, matching->phone);
  for (guint i = 0; i < self->field_rows->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (self->fields, i);
      const RelaisFieldMatch *match = find_match (matching, field->id);

      relais_matching_row_set_column (g_ptr_array_index (self->field_rows, i), match != NULL ? match->column : NULL);
    }
  self->filling = FALSE;
}

/* Fields that the account has not told yet keep their columns, and a field whose
 * column stays keeps how its values are written. */
static void
read_rows (RelaisMatchingGroup *self)
{
  RelaisMatching *matching;

  if (self->description == NULL)
    return;
  matching = relais_matching_new ();

  matching->email = g_strdup (relais_matching_row_get_column (self->email_row));
  matching->first_name = g_strdup (relais_matching_row_get_column (self->first_name_row));
  matching->last_name = g_strdup (relais_matching_row_get_column (self->last_name_row));
  matching->phone = g_strdup (relais_matching_row_get_column (self->phone_row));
  for (guint i = 0; i < self->field_rows->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (self->fields, i);
      const char *column = relais_matching_row_get_column (g_ptr_array_index (self->field_rows, i));
      const RelaisFieldMatch *before = find_match (self->matching, field->id);
      gboolean same = before != NULL && g_strcmp0 (before->column, column) == 0;

      if (column != NULL)
        relais_matching_add_field (matching, field->id, column, same ? before->style : (RelaisValueStyle) { 0 });
    }
  if (self->fields == NULL)
    for (guint i = 0; i < self->matching->fields->len; i++)
      {
        const RelaisFieldMatch *match = g_ptr_array_index (self->matching->fields, i);

        relais_matching_add_field (matching, match->field_id, match->column, match->style);
      }
  relais_matching_free (self->matching);
  self->matching = matching;
}

static void
column_chosen_cb (RelaisMatchingGroup *self)
{
  if (self->filling || self->description == NULL)
    return;
  self->is_kept = TRUE;
  read_rows (self);
  update_note (self);
}

/* What was chosen before is kept where its columns are there; else names and values suggest. */
static void
suggest (RelaisMatchingGroup *self)
{
  if (self->description == NULL)
    return;
  if (!self->is_kept || !has_column (self, self->matching->email))
    {
      relais_matching_free (self->matching);
      self->matching = relais_matching_suggest ((const char * const *) self->description->columns, self->description->samples, self->fields);
      self->is_kept = FALSE;
    }
  show_matching (self);
  update_note (self);
}

static void
relais_matching_group_finalize (GObject *object)
{
  RelaisMatchingGroup *self = RELAIS_MATCHING_GROUP (object);

  relais_matching_free (self->matching);
  g_clear_pointer (&self->description, relais_segment_description_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_ptr_array_unref (self->field_rows);
  g_object_unref (self->columns);
  G_OBJECT_CLASS (relais_matching_group_parent_class)->finalize (object);
}

static void
relais_matching_group_class_init (RelaisMatchingGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = relais_matching_group_finalize;
  g_type_ensure (RELAIS_TYPE_MATCHING_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/exports/relais-matching-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisMatchingGroup, email_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisMatchingGroup, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisMatchingGroup, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisMatchingGroup, phone_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisMatchingGroup, note);
  gtk_widget_class_bind_template_callback (widget_class, column_chosen_cb);
}

static void
relais_matching_group_init (RelaisMatchingGroup *self)
{
  /* Translators: no column of the file fills this field. */
  g_autoptr (RelaisColumn) nothing = relais_column_new (_("Not matched"), NULL);

  self->matching = relais_matching_new ();
  self->field_rows = g_ptr_array_new ();
  self->columns = g_list_store_new (RELAIS_TYPE_COLUMN);
  g_list_store_append (self->columns, nothing);
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->email_row), G_LIST_MODEL (self->columns));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->first_name_row), G_LIST_MODEL (self->columns));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->last_name_row), G_LIST_MODEL (self->columns));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->phone_row), G_LIST_MODEL (self->columns));
}

/**
 * relais_matching_group_set_matching:
 * @self: the group
 * @matching: what was chosen before; kept as long as its columns are there
 */
void
relais_matching_group_set_matching (RelaisMatchingGroup  *self,
                                    const RelaisMatching *matching)
{
  relais_matching_free (self->matching);
  self->matching = relais_matching_copy (matching);
  self->is_kept = matching->email != NULL;
  suggest (self);
}

static void
fill_columns (RelaisMatchingGroup *self)
{
  const RelaisSegmentDescription *description = self->description;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; description->columns[i] != NULL; i++)
    {
      char **samples = i < description->samples->len ? g_ptr_array_index (description->samples, i) : NULL;

      g_ptr_array_add (columns, relais_column_new (description->columns[i], samples != NULL ? samples[0] : NULL));
    }
  self->filling = TRUE;
  g_list_store_splice (self->columns, 1, g_list_model_get_n_items (G_LIST_MODEL (self->columns)) - 1, columns->pdata, columns->len);
  self->filling = FALSE;
}

/**
 * relais_matching_group_set_description:
 * @self: the group
 * @description: the columns of the file that was read
 */
void
relais_matching_group_set_description (RelaisMatchingGroup      *self,
                                       RelaisSegmentDescription *description)
{
  g_clear_pointer (&self->description, relais_segment_description_unref);
  self->description = relais_segment_description_ref (description);
  fill_columns (self);
  suggest (self);
}

static void
add_field_row (RelaisMatchingGroup *self,
               const RelaisField   *field)
{
  GtkWidget *row = relais_matching_row_new (field->title);

  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (self->columns));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (column_chosen_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->field_rows, row);
}

/**
 * relais_matching_group_set_fields:
 * @self: the group
 * @fields: (nullable) (element-type RelaisField): the account's custom fields, %NULL when they are not known
 */
void
relais_matching_group_set_fields (RelaisMatchingGroup *self,
                                  GPtrArray           *fields)
{
  for (guint i = 0; i < self->field_rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->field_rows, i));
  g_ptr_array_set_size (self->field_rows, 0);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  if (fields == NULL)
    return;
  self->fields = g_ptr_array_ref (fields);
  for (guint i = 0; i < fields->len; i++)
    add_field_row (self, g_ptr_array_index (fields, i));
  suggest (self);
}

/**
 * relais_matching_group_dup_matching:
 * @self: the group
 *
 * Returns: (transfer full): what was chosen, or suggested and left so
 */
RelaisMatching *
relais_matching_group_dup_matching (RelaisMatchingGroup *self)
{
  read_rows (self);

  return relais_matching_copy (self->matching);
}

/**
 * relais_matching_group_check:
 * @self: the group
 * @error: a sentence that says what is wrong with the matching
 *
 * Returns: whether it is whole, as far as the columns are known
 */
gboolean
relais_matching_group_check (RelaisMatchingGroup  *self,
                             GError              **error)
{
  read_rows (self);

  return self->description == NULL ||
         relais_matching_check (self->matching, (const char * const *) self->description->columns, error);
}
