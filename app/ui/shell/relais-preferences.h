/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-workspace.h"

G_BEGIN_DECLS

/* What a person can choose for all exports, and which role they have. */
#define RELAIS_TYPE_PREFERENCES (relais_preferences_get_type ())
G_DECLARE_FINAL_TYPE (RelaisPreferences, relais_preferences, RELAIS, PREFERENCES, AdwPreferencesWindow)

GtkWidget *relais_preferences_new (GtkWindow       *parent,
                                   RelaisWorkspace *workspace);

G_END_DECLS
