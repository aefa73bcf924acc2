/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-faults.h"
#include "relais-practice-limits.h"
#include "relais-practice-store.h"

G_BEGIN_DECLS

/**
 * RelaisPracticeAccount:
 *
 * What there is while an account answers: its content, how it misbehaves, and what it counts.
 */
typedef struct
{
  RelaisStore  *store;          /* (owned) (nullable): while it runs */
  gboolean      is_kept;        /* whether the store outlives the process */
  RelaisFaults  faults;
  RelaisLimits  limits;
  GQueue        imports;        /* (element-type Import): waiting, the oldest first */
  GSource      *import_source;  /* (owned) (nullable) */
  gint64        import_delay;   /* microseconds */
  gint64        n_active;       /* contacts that count against the plan */
  guint64       n_requests;
  guint64       n_imports;      /* requests to import that were queued */
  guint64       n_throttled;
  guint64       n_automations;

  /* How many contacts are left after a page that was told: whoever reads on asks for them next. */
  struct
  {
    char   *filter;   /* (owned) (nullable) */
    gint64  after;
    gint64  n_left;
    int     changes;
  } pages;

  /* A date as it was written last: those of one page are often the same. */
  struct
  {
    gint64 seconds;
    char   date[32];
    char   timestamp[32];
  } last;
} RelaisPracticeAccount;

/* relais-practice-imports.c */
void relais_practice_resume_imports (RelaisPracticeAccount *account);
void relais_practice_stop_imports   (RelaisPracticeAccount *account);

G_END_DECLS
