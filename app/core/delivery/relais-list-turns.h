/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisListTurns:
 *
 * Which runs of this process may do something with which list: any number of them send to it at a time, but nobody is taken off
 * it meanwhile. Whom another run is about to put there nobody knows before it has done so.
 */
typedef struct _RelaisListTurns RelaisListTurns;
typedef struct _RelaisListTurn RelaisListTurn;

typedef void (* RelaisListTurnCame) (gpointer user_data);

RelaisListTurns *relais_list_turns_new     (void);
void             relais_list_turns_free    (RelaisListTurns    *self);
RelaisListTurn  *relais_list_turns_take    (RelaisListTurns    *self,
                                            const char         *host,
                                            guint32             list_id,
                                            gboolean            alone,
                                            RelaisListTurnCame  came,
                                            gpointer            user_data);
gboolean         relais_list_turn_has_come (RelaisListTurn     *turn);
void             relais_list_turn_leave    (RelaisListTurn     *turn);

G_END_DECLS
