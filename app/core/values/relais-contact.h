/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-text.h"

G_BEGIN_DECLS

/**
 * RelaisFieldText:
 * @id: of the account's custom field
 * @value: as the field's type wants it
 */
typedef struct
{
  guint32    id;
  RelaisText value;
} RelaisFieldText;

/**
 * RelaisContact:
 * @email: never empty
 * @fields: (array length=n_fields) (transfer none):
 *
 * One contact ready to be sent, all of it text that belongs to someone else.
 * An empty text is absent from the payload, unless the export says that empty
 * values clear.
 */
typedef struct
{
  RelaisText             email;
  RelaisText             first_name;
  RelaisText             last_name;
  RelaisText             phone;
  const RelaisFieldText *fields;
  gsize                  n_fields;
} RelaisContact;

G_END_DECLS
