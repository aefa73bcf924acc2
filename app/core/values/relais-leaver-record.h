/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What became of somebody who left the segment; the values are stored. */
typedef enum
{
  RELAIS_FATE_TAKEN_OFF,           /* is seen as off the list */
  RELAIS_FATE_TAKEN_OFF_FOR_GOOD,  /* the same, but it is not certain that only Relais did it: never put back */
  RELAIS_FATE_LEFT_THEMSELVES,     /* is off the list for a reason of their own */
  RELAIS_FATE_OFF_UNCLEAR,         /* is off the list, by Relais or by themselves: never put back */
  RELAIS_FATE_IN_DOUBT,            /* was to be taken off, and is not seen so */
  RELAIS_FATE_REFUSED,             /* stays: the service did not take them off */
  RELAIS_FATE_SHARED,              /* stays: another export has put them there too */
  RELAIS_FATE_JOINED,              /* stays: joined the list without Relais */
  RELAIS_FATE_UNDATED,             /* stays: the account does not tell when they joined it */
  RELAIS_FATE_KEPT,                /* stays for now */
  RELAIS_FATE_UNTIMED,             /* stays for now: clocks do not say whether they joined the list without Relais */
  RELAIS_FATE_ASKED,               /* stays: somebody said so */
  RELAIS_N_FATES
} RelaisFate;

/**
 * RelaisLeaverRecord:
 * @profile: what stands for the address in fingerprints
 * @email: (owned) (nullable): as the list has it; %NULL for somebody who may have been named before
 * @fate: what became of them
 *
 * Somebody who left the segment, as the report of a run names them.
 */
typedef struct
{
  guint32     profile[3];
  char       *email;
  RelaisFate  fate;
} RelaisLeaverRecord;

RelaisLeaverRecord *relais_leaver_record_new  (const guint32       profile[3],
                                               const char         *email,
                                               RelaisFate          fate);
void                relais_leaver_record_free (RelaisLeaverRecord *record);
const char         *relais_fate_to_state      (RelaisFate          fate);
const char         *relais_fate_to_code       (RelaisFate          fate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisLeaverRecord, relais_leaver_record_free)

G_END_DECLS
