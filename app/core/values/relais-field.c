/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-field.h"

/**
 * relais_field_type_from_name:
 * @type_name: (nullable): the service's word (API.md section 9)
 *
 * Returns: how values of that type are written; text for words that are not known
 */
RelaisFieldType
relais_field_type_from_name (const char *type_name)
{
  static const struct
  {
    const char      *name;
    RelaisFieldType  type;
  } types[] = {
    { "date", RELAIS_FIELD_DATE },
    { "datetime", RELAIS_FIELD_DATETIME },
    { "number", RELAIS_FIELD_NUMBER },
    { "dropdown", RELAIS_FIELD_CHOICE },
    { "radio", RELAIS_FIELD_CHOICE },
    { "listbox", RELAIS_FIELD_CHOICES },
    { "checkbox", RELAIS_FIELD_CHOICES },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].name, type_name) == 0)
      return types[i].type;

  return RELAIS_FIELD_TEXT;
}

/**
 * relais_field_new:
 * @id: the service's number
 * @title: what the person reads
 * @type_name: (nullable): the service's word for the type
 *
 * Returns: (transfer full): a field without options
 */
RelaisField *
relais_field_new (guint32     id,
                  const char *title,
                  const char *type_name)
{
  RelaisField *field = g_new0 (RelaisField, 1);

  field->id = id;
  field->title = g_strdup (title);
  field->type = relais_field_type_from_name (type_name);
  field->type_name = g_strdup (type_name != NULL ? type_name : "");

  return field;
}

/**
 * relais_field_copy:
 * @field: what to copy
 *
 * Returns: (transfer full):
 */
RelaisField *
relais_field_copy (const RelaisField *field)
{
  RelaisField *copy = relais_field_new (field->id, field->title, field->type_name);

  copy->options = g_strdupv (field->options);

  return copy;
}

/**
 * relais_field_free:
 * @field: (transfer full) (nullable):
 */
void
relais_field_free (RelaisField *field)
{
  if (field == NULL)
    return;

  g_free (field->title);
  g_free (field->type_name);
  g_strfreev (field->options);
  g_free (field);
}
