/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GString *relais_test_listen          (gpointer    object);
GString *relais_test_listen_model    (GListModel *model);
void     relais_test_assert_notified (GString    *told,
                                      const char *expected);
void     relais_test_assert_changed  (GString    *told,
                                      const char *expected);

G_END_DECLS
