/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-journal.h"

G_BEGIN_DECLS

/* The accountability log, and whether it is as it was written. */
#define RELAIS_TYPE_LOG_DIALOG (relais_log_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisLogDialog, relais_log_dialog, RELAIS, LOG_DIALOG, AdwWindow)

GtkWidget *relais_log_dialog_new (GtkWindow     *parent,
                                  RelaisJournal *journal);

G_END_DECLS
