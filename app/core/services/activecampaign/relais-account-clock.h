/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RelaisAccountClock:
 *
 * What time it is for an account, as far as its answers tell. Moments that the account states of people can be compared with
 * nothing else: the clock of this computer may be wrong, and may be set at any time.
 *
 * A moment of this computer is one of relais_steady_time().
 */
typedef struct _RelaisAccountClock RelaisAccountClock;

RelaisAccountClock *relais_account_clock_new       (void);
void                relais_account_clock_free      (RelaisAccountClock       *self);
void                relais_account_clock_learn     (RelaisAccountClock       *self,
                                                    SoupMessageHeaders       *headers,
                                                    gint64                    sent_at,
                                                    gint64                    received_at);
gboolean            relais_account_clock_tell      (const RelaisAccountClock *self,
                                                    gint64                    moment,
                                                    gint64                   *earliest,
                                                    gint64                   *latest);
gboolean            relais_account_clock_tell_lead (const RelaisAccountClock *self,
                                                    gint64                   *least,
                                                    gint64                   *most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisAccountClock, relais_account_clock_free)

G_END_DECLS
