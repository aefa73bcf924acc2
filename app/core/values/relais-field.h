/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* API.md section 9: the types of custom fields. */
typedef enum
{
  RELAIS_FIELD_TEXT,        /* text, textarea, hidden, "" and whatever is unknown */
  RELAIS_FIELD_DATE,        /* YYYY-MM-DD */
  RELAIS_FIELD_DATETIME,    /* ISO 8601 with offset */
  RELAIS_FIELD_NUMBER,
  RELAIS_FIELD_CHOICE,      /* dropdown, radio: one of the options */
  RELAIS_FIELD_CHOICES,     /* listbox, checkbox: ||a||b|| */
} RelaisFieldType;

/**
 * RelaisField:
 * @id: the service's number
 * @title: (owned): what the person reads
 * @type: how values are written
 * @type_name: (owned): the service's own word for it
 * @options: (owned) (nullable) (array zero-terminated=1): the values of a choice
 *
 * A custom field of the account.
 */
typedef struct
{
  guint32          id;
  char            *title;
  RelaisFieldType  type;
  char            *type_name;
  char           **options;
} RelaisField;

RelaisFieldType  relais_field_type_from_name (const char        *type_name);
RelaisField     *relais_field_new            (guint32            id,
                                              const char        *title,
                                              const char        *type_name);
RelaisField     *relais_field_copy           (const RelaisField *field);
void             relais_field_free           (RelaisField       *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisField, relais_field_free)

G_END_DECLS
