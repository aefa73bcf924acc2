/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run-job-private.h"

G_BEGIN_DECLS

/* @error: (nullable): why it is not known */
typedef void (* RelaisExcludedAnswer) (RelaisParcel *parcel,
                                       const GError *error);

/* relais-run-returning-excluded.c */
gboolean      relais_run_returning_knows_excluded (RelaisRunJob         *job);
void          relais_run_returning_ask_excluded   (RelaisParcel         *parcel,
                                                   RelaisExcludedAnswer  answered);
RelaisReason  relais_run_returning_judge_excluded (RelaisParcel         *parcel);

G_END_DECLS
