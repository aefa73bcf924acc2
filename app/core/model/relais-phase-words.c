/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run is busy with, in the words of window and terminal. */

#include "relais-phase-words.h"

#include <glib/gi18n-lib.h>

/**
 * relais_phase_describe:
 * @phase: of a run
 *
 * Returns: (transfer none): what it is busy with, to stand before how far it is; empty when it has ended
 */
const char *
relais_phase_describe (RelaisPhase phase)
{
  switch (phase)
    {
    case RELAIS_PHASE_WAITING_FOR_TURN: return _("Waiting for another run");
    case RELAIS_PHASE_PREPARING: return _("Preparing");
    case RELAIS_PHASE_GUARDING: return _("Asking who may not be mailed");
    case RELAIS_PHASE_SENDING: return _("Sending");
    case RELAIS_PHASE_CONFIRMING: return _("Confirming");
    case RELAIS_PHASE_TAKING_OFF: return _("Taking people off the list");
    case RELAIS_PHASE_VERIFYING: return _("Verifying");
    case RELAIS_PHASE_ENDED:
    default: return "";
    }
}
