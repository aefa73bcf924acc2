/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-call.h"

G_BEGIN_DECLS

typedef enum
{
  RELAIS_ENDING_WELL,
  RELAIS_ENDING_FAILED,
  RELAIS_ENDING_INTERRUPTED,
  RELAIS_ENDING_NEVER,
} RelaisEnding;

void     relais_imports_queue       (RelaisPracticeAccount *account,
                                     const char            *id,
                                     RelaisTree            *tree,
                                     RelaisEnding           ending);
gboolean relais_imports_is_address  (RelaisPracticeAccount *account,
                                     const char            *email);
gboolean relais_imports_is_excluded (RelaisPracticeAccount *account,
                                     const RelaisNode      *contact);
gboolean relais_imports_is_left_out (RelaisPracticeAccount *account,
                                     const RelaisNode      *contact);

G_END_DECLS
