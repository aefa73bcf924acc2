/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-export.h"
#include "relais-journal.h"
#include "relais-send-corrected.h"

G_BEGIN_DECLS

/* What became of every row of a run. */
#define RELAIS_TYPE_RESULT_DIALOG (relais_result_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RelaisResultDialog, relais_result_dialog, RELAIS, RESULT_DIALOG, AdwWindow)

GtkWidget *relais_result_dialog_new (GtkWindow             *parent,
                                     RelaisJournal         *journal,
                                     RelaisExport          *export,
                                     const RelaisRunRecord *run);
void       relais_result_dialog_let_correct (RelaisResultDialog  *self,
                                     RelaisSendCorrected    send,
                                     gpointer               owner);

G_END_DECLS
