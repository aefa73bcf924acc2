/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-leaver-record.h"

#include <string.h>

/**
 * relais_leaver_record_new:
 * @profile: what stands for the address in fingerprints
 * @email: (nullable): as the list has it; copied
 * @fate: what became of them
 *
 * Returns: (transfer full):
 */
RelaisLeaverRecord *
relais_leaver_record_new (const guint32  profile[3],
                          const char    *email,
                          RelaisFate     fate)
{
  RelaisLeaverRecord *record = g_new0 (RelaisLeaverRecord, 1);

  memcpy (record->profile, profile, sizeof record->profile);
  record->email = g_strdup (email);
  record->fate = fate;

  return record;
}

/**
 * relais_leaver_record_free:
 * @record: (transfer full) (nullable):
 */
void
relais_leaver_record_free (RelaisLeaverRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->email);
  g_free (record);
}

/**
 * relais_fate_to_state:
 * @fate: what became of somebody
 *
 * Returns: how a run counts them, for scripts; "off" for whoever was off the list without it
 */
const char *
relais_fate_to_state (RelaisFate fate)
{
  switch (fate)
    {
    case RELAIS_FATE_TAKEN_OFF:
    case RELAIS_FATE_TAKEN_OFF_FOR_GOOD:
      return "taken_off";
    case RELAIS_FATE_LEFT_THEMSELVES:
    case RELAIS_FATE_OFF_UNCLEAR:
      return "off";
    case RELAIS_FATE_IN_DOUBT:
      return "in_doubt";
    case RELAIS_FATE_REFUSED:
    case RELAIS_FATE_SHARED:
    case RELAIS_FATE_JOINED:
    case RELAIS_FATE_UNDATED:
    case RELAIS_FATE_KEPT:
    case RELAIS_FATE_UNTIMED:
    case RELAIS_FATE_ASKED:
    case RELAIS_N_FATES:
    default:
      return "kept";
    }
}

/**
 * relais_fate_to_code:
 * @fate: what became of somebody
 *
 * Returns: why, for scripts
 */
const char *
relais_fate_to_code (RelaisFate fate)
{
  static const char * const codes[RELAIS_N_FATES] = {
    [RELAIS_FATE_TAKEN_OFF] = "taken-off",
    [RELAIS_FATE_TAKEN_OFF_FOR_GOOD] = "taken-off-for-good",
    [RELAIS_FATE_LEFT_THEMSELVES] = "left-themselves",
    [RELAIS_FATE_OFF_UNCLEAR] = "off-unclear",
    [RELAIS_FATE_IN_DOUBT] = "in-doubt",
    [RELAIS_FATE_REFUSED] = "not-taken-off",
    [RELAIS_FATE_SHARED] = "another-export",
    [RELAIS_FATE_JOINED] = "joined-without-relais",
    [RELAIS_FATE_UNDATED] = "joined-unknown",
    [RELAIS_FATE_KEPT] = "kept-for-now",
    [RELAIS_FATE_UNTIMED] = "joined-untimed",
    [RELAIS_FATE_ASKED] = "kept-as-asked",
  };

  return (guint) fate < RELAIS_N_FATES ? codes[fate] : codes[RELAIS_FATE_KEPT];
}
