/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisKeyringWatch:
 *
 * Looks now and then whether the keyring's service is still there while a call
 * of it has no answer.
 */
typedef struct _RelaisKeyringWatch RelaisKeyringWatch;

/**
 * RelaisKeyringWatchFunc:
 * @is_gone: whether the service has left the bus meanwhile; otherwise it is there and does not answer
 * @user_data: as given
 *
 * Called when the service is not well, once in each interval. May free the watch.
 */
typedef void (* RelaisKeyringWatchFunc) (gboolean is_gone,
                                         gpointer user_data);

RelaisKeyringWatch *relais_keyring_watch_new  (guint                   patience,
                                               RelaisKeyringWatchFunc  func,
                                               gpointer                user_data);
void                relais_keyring_watch_free (RelaisKeyringWatch     *watch);

G_END_DECLS
