/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RelaisFilesDropped:
 * @widget: on which they were dropped
 * @files: (element-type GFile) (not nullable): one or several
 *
 * Returns: whether they were taken
 */
typedef gboolean (* RelaisFilesDropped) (GtkWidget *widget,
                                         GSList    *files);

void relais_files_drop_take (GtkWidget          *widget,
                             RelaisFilesDropped  dropped);

G_END_DECLS
