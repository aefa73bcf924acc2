/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-workspace.h"

G_BEGIN_DECLS

/* A practice account with an export of the sample segment, ready to run. */
void     relais_practice_setup_async  (RelaisWorkspace      *workspace,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean relais_practice_setup_finish (RelaisWorkspace      *workspace,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
