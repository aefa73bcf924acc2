/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal-removals.h"
#include "relais-run-fixture.h"

G_BEGIN_DECLS

/* Helpers of tests about people who leave a segment, with the practice account */

void            relais_leaving_take_time     (RelaisRunFixture *self);
void            relais_leaving_execute       (RelaisRunFixture *self,
                                              const char       *sql);
gint64          relais_leaving_number        (RelaisRunFixture *self,
                                              const char       *sql);
guint           relais_leaving_count_status  (RelaisRunFixture *self,
                                              guint             list_id,
                                              guint             status);
int             relais_leaving_status        (RelaisRunFixture *self,
                                              const char       *email);
void            relais_leaving_opt_out       (RelaisRunFixture *self,
                                              const char       *email,
                                              const char       *reason);
void            relais_leaving_write_range   (RelaisRunFixture *self,
                                              guint             first,
                                              guint             last);
void            relais_leaving_define        (RelaisRunFixture *self,
                                              const char       *options);
void            relais_leaving_deliver       (RelaisRunFixture *self,
                                              guint             first,
                                              guint             last);
RelaisRunStatus relais_leaving_run_surprised_when_queued (RelaisRunFixture *self,
                                              RelaisSurprise    surprise);
RelaisRunStatus relais_leaving_run_other     (RelaisRunFixture *self,
                                              const char       *name,
                                              guint             first,
                                              guint             last,
                                              const char       *options);
void            relais_leaving_assert_counts (RelaisRunFixture *self,
                                              const char       *expected);
GPtrArray      *relais_leaving_removals      (RelaisRunFixture *self);
guint           relais_leaving_count_removals (RelaisRunFixture *self,
                                              RelaisRemovalState state);
void            relais_leaving_assert_named  (RelaisRunFixture *self,
                                              const char       *expected);

G_END_DECLS
