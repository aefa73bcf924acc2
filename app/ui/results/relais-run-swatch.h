/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The parts of a bar, from the bottom up. */
typedef enum
{
  RELAIS_RUN_DELIVERED,
  RELAIS_RUN_UNCHANGED,
  RELAIS_RUN_REJECTED,
  RELAIS_N_RUN_PARTS,
} RelaisRunPart;

/**
 * RelaisRunSwatch:
 *
 * How one part of a bar looks, to stand before its name. Property: `part` (int, RelaisRunPart).
 */
#define RELAIS_TYPE_RUN_SWATCH (relais_run_swatch_get_type ())
G_DECLARE_FINAL_TYPE (RelaisRunSwatch, relais_run_swatch, RELAIS, RUN_SWATCH, GtkWidget)

void relais_run_part_draw (RelaisRunPart          part,
                           GtkWidget             *widget,
                           GtkSnapshot           *snapshot,
                           const graphene_rect_t *area);

G_END_DECLS
