/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisWorkLock:
 *
 * Only one Relais process of a person sends at a time, because the pace and the
 * journal's runs are kept by one. The lock is a file beside the journal that the system
 * frees when the process ends, however it ends.
 */
#define RELAIS_TYPE_WORK_LOCK (relais_work_lock_get_type ())
G_DECLARE_FINAL_TYPE (RelaisWorkLock, relais_work_lock, RELAIS, WORK_LOCK, GObject)

RelaisWorkLock *relais_work_lock_new      (const char      *path);
gboolean        relais_work_lock_open     (RelaisWorkLock  *self);
gboolean        relais_work_lock_take     (RelaisWorkLock  *self,
                                           GError         **error);
void            relais_work_lock_release  (RelaisWorkLock  *self);
gboolean        relais_work_lock_is_taken_elsewhere (RelaisWorkLock *self);

G_END_DECLS
