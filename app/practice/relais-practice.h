/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisPractice:
 *
 * The stand-in account: an HTTP server on loopback that answers as
 * ActiveCampaign does; what its answers rest on is written down where they are made.
 * It runs on the thread-default main context of the thread that starts it.
 */
#define RELAIS_TYPE_PRACTICE (relais_practice_get_type ())
G_DECLARE_FINAL_TYPE (RelaisPractice, relais_practice, RELAIS, PRACTICE, GObject)

RelaisPractice *relais_practice_new             (const char          *key,
                                                 const char          *state_path);
void            relais_practice_set_limits      (RelaisPractice      *self,
                                                 guint                requests,
                                                 guint                seconds);
gboolean        relais_practice_add_fault       (RelaisPractice      *self,
                                                 const char          *name,
                                                 const char          *value,
                                                 GError             **error);
const char     *relais_practice_describe_fault  (guint                index,
                                                 const char         **value,
                                                 const char         **description);
gboolean        relais_practice_start           (RelaisPractice      *self,
                                                 guint                port,
                                                 GError             **error);
void            relais_practice_stop            (RelaisPractice      *self);
const char     *relais_practice_get_address     (RelaisPractice      *self);
const char     *relais_practice_get_key         (RelaisPractice      *self);
const char     *relais_practice_get_account_id  (RelaisPractice      *self);

G_END_DECLS
