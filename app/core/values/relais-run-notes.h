/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the account did not tell; the values are stored. */
typedef enum
{
  RELAIS_GAP_NONE = 0,
  RELAIS_GAP_PEOPLE = 1 << 0,           /* who has left the list or bounced there */
  RELAIS_GAP_EXCLUSIONS = 1 << 1,       /* whom it excludes */
  RELAIS_GAP_SOME_EXCLUSIONS = 1 << 2,  /* all of them, or of a kind that is known */
  RELAIS_GAP_RETURNING = 1 << 3,        /* how people are on lists whom Relais took off */
  RELAIS_GAP_PUTTING_BACK = 1 << 4,     /* nothing: the key may not put anybody back */
  RELAIS_GAP_HELD_BACK = 1 << 5,        /* whether it excludes people whom Relais took off */
  RELAIS_GAP_HELD_BACK_LATER = 1 << 6,  /* the same, once some of them may have been put back */
  RELAIS_GAP_NO_ANSWER = 1 << 7,        /* in time, how somebody is whom Relais took off, however often it was asked */
} RelaisGaps;

/**
 * RelaisRunNotes:
 * @repeats_asked: batches in doubt of which a person is to say whether they may be sent once more, 0 = nobody is asked
 * @repeats_own: whether these are the run's own, and not of the one before it
 * @repeats_allowed: batches in doubt of which somebody said that they may be, in all attempts together
 * @account_status: (owned) (nullable): how the account stands, in its own word, where something is wrong
 * @contacts_limit: how many contacts the account's plan is for, 0 = it had room for everybody, or that is not known
 * @contacts_total: how many it had before the run
 * @n_new: people of the segment who were not known to be in it
 * @gaps: what the account did not tell
 * @obstacle: (owned) (nullable): name of another export because of which people who left the segment stay on the list
 * @through_another: whether that one sends through another connection
 * @n_postponed: people who stay on the list because it could not be looked at
 * @unanswered: whether that is because the account did not answer, or had a fault of its own
 * @trouble: (owned) (nullable): why else it could not, in a sentence of whoever ran it
 * @n_not_taken_off: people whom the account refused to take off the list
 * @refusal: (owned) (nullable): its own text about one of them
 *
 * What a run met, besides its counts. Sentences are made of it when it is shown, in the language of whoever reads them.
 */
typedef struct
{
  guint       repeats_asked;
  gboolean    repeats_own;
  guint       repeats_allowed;
  char       *account_status;
  gint64      contacts_limit;
  gint64      contacts_total;
  guint64     n_new;
  RelaisGaps  gaps;
  char       *obstacle;
  gboolean    through_another;
  guint       n_postponed;
  gboolean    unanswered;
  char       *trouble;
  guint       n_not_taken_off;
  char       *refusal;
} RelaisRunNotes;

void  relais_run_notes_copy      (RelaisRunNotes       *into,
                                  const RelaisRunNotes *from);
void  relais_run_notes_clear     (RelaisRunNotes       *notes);
void  relais_run_notes_begin     (RelaisRunNotes       *notes);
char *relais_run_notes_to_text   (const RelaisRunNotes *notes);
void  relais_run_notes_from_text (const char           *text,
                                  RelaisRunNotes       *notes);

G_END_DECLS
