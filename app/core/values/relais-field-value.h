/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-field.h"
#include "relais-reason.h"
#include "relais-text.h"

G_BEGIN_DECLS

/* In which order a column writes its dates. */
typedef enum
{
  RELAIS_DATE_ORDER_UNCHOSEN,  /* only what can be read one way is taken */
  RELAIS_DATE_ORDER_DAY_FIRST,
  RELAIS_DATE_ORDER_MONTH_FIRST,
} RelaisDateOrder;

/**
 * RelaisValueStyle:
 * @date_order: chosen for the column
 * @decimal: chosen decimal sign, '.' or ',', or 0 when not chosen
 */
typedef struct
{
  RelaisDateOrder date_order;
  char            decimal;
} RelaisValueStyle;

RelaisReason relais_field_value_write (const RelaisField      *field,
                                       const RelaisValueStyle *style,
                                       RelaisText              written,
                                       GString                *into);

G_END_DECLS
