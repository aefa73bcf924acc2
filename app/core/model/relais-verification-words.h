/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-verification.h"

G_BEGIN_DECLS

char *relais_verification_explain (const RelaisVerification *verification);
char *relais_difference_explain   (const RelaisDifference   *difference);

G_END_DECLS
