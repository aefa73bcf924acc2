/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-records.h"

G_BEGIN_DECLS

gboolean relais_rejection_find_correctable  (const RelaisRejection  *rejection,
                                             const char            **column);
char    *relais_rejection_explain           (const RelaisRejection  *rejection);
char    *relais_rejections_explain_deletion (const RelaisRunRecord  *run);

G_END_DECLS
