/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-delivery.h"

G_BEGIN_DECLS

/**
 * RelaisAnswered:
 * @owner: who asked
 * @export: of which it was asked
 * @options: (not nullable): of the run that was asked about, with the answer
 *
 * Goes on with the run. It is not called when the person cancels.
 */
typedef void (* RelaisAnswered) (gpointer                owner,
                                 RelaisExport           *export,
                                 const RelaisRunOptions *options);

char       *relais_describe_repeats_question (guint                   n);
void        relais_ask_about_repeats         (GtkWindow              *parent,
                                              RelaisExport           *export,
                                              guint                   n,
                                              const RelaisRunOptions *options,
                                              RelaisAnswered          answered,
                                              gpointer                owner);
void        relais_ask_about_leavers         (GtkWindow              *parent,
                                              RelaisExport           *export,
                                              const RelaisRunOptions *options,
                                              RelaisAnswered          answered,
                                              gpointer                owner);

G_END_DECLS
