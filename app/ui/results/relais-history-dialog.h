/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-export.h"
#include "relais-journal.h"
#include "relais-send-corrected.h"

G_BEGIN_DECLS

/* Every run of an export, as bars and as a list. */
#define RELAIS_TYPE_HISTORY_DIALOG (relais_history_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisHistoryDialog, relais_history_dialog, RELAIS, HISTORY_DIALOG, AdwWindow)

GtkWidget *relais_history_dialog_new (GtkWindow     *parent,
                                      RelaisJournal *journal,
                                      RelaisExport  *export);
void       relais_history_dialog_let_correct (RelaisHistoryDialog *self,
                                      RelaisSendCorrected  send,
                                      gpointer             owner);

G_END_DECLS
