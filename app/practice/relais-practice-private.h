/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "relais-practice-json.h"
#include "relais-practice-store.h"
#include "relais-practice.h"

G_BEGIN_DECLS

typedef enum
{
  RELAIS_FAULT_KEY_HTML,
  RELAIS_FAULT_KEY_MESSAGE,
  RELAIS_FAULT_KEY_TEXT,
  RELAIS_FAULT_KEY_REDIRECT,
  RELAIS_FAULT_SPURIOUS_403,
  RELAIS_FAULT_UNPAID,
  RELAIS_FAULT_NOT_ALLOWED,
  RELAIS_FAULT_SETTINGS_403,
  RELAIS_FAULT_THROTTLE_429,
  RELAIS_FAULT_THROTTLE_400,
  RELAIS_FAULT_THROTTLE_503,
  RELAIS_FAULT_SUCCESS_CAPITAL,
  RELAIS_FAULT_REASONS_FROM_ZERO,
  RELAIS_FAULT_REFUSE,
  RELAIS_FAULT_HTML_200,
  RELAIS_FAULT_HTML_504,
  RELAIS_FAULT_EMPTY_502,
  RELAIS_FAULT_WRONG_JSON,
  RELAIS_FAULT_CUT_ANSWER,
  RELAIS_FAULT_RESET_BEFORE,
  RELAIS_FAULT_RESET_AFTER,
  RELAIS_FAULT_SLOW,
  RELAIS_FAULT_IMPORT_DELAY,
  RELAIS_FAULT_IMPORT_NEVER_ENDS,
  RELAIS_FAULT_IMPORT_FAILED,
  RELAIS_FAULT_IMPORT_INTERRUPTED,
  RELAIS_FAULT_IMPORT_UNKNOWN_STATE,
  RELAIS_FAULT_INFO_FALSE,
  RELAIS_FAULT_INFO_FORGETS,
  RELAIS_FAULT_IDS_AS_NUMBERS,
  RELAIS_FAULT_NO_TOTALS,
  RELAIS_FAULT_LISTS,
  RELAIS_FAULT_CONTACT_LIMIT,
  RELAIS_FAULT_IMPORTS_COUNT,
  RELAIS_N_FAULTS
} RelaisFault;

/* relais-practice-faults.c: a set of switches */
typedef struct
{
  gboolean  on[RELAIS_N_FAULTS];
  char     *text[RELAIS_N_FAULTS];    /* (owned) (nullable) */
  gint64    number[RELAIS_N_FAULTS];
  guint     counter[RELAIS_N_FAULTS];
} RelaisFaults;

void     relais_faults_clear (RelaisFaults *faults);
gboolean relais_faults_set   (RelaisFaults *faults,
                              const char   *name,
                              const char   *value,
                              GError      **error);
gboolean relais_faults_strike (RelaisFaults *faults,
                              RelaisFault   fault);

/* relais-practice-limits.c: what the account counts */
typedef struct
{
  gboolean  unlimited;
  guint     most[3];      /* ordinary, imports, imports of one contact */
  gint64    window[3];    /* microseconds */
  GArray   *times[3];     /* (owned) (element-type gint64) */
} RelaisLimits;

enum
{
  RELAIS_LIMIT_ORDINARY,
  RELAIS_LIMIT_IMPORTS,
  RELAIS_LIMIT_SINGLES,
};

void     relais_limits_init  (RelaisLimits *limits);
void     relais_limits_clear (RelaisLimits *limits);
void     relais_limits_set   (RelaisLimits *limits,
                              guint         requests,
                              guint         seconds);
gboolean relais_limits_take  (RelaisLimits *limits,
                              guint         which);
guint    relais_limits_left  (RelaisLimits *limits,
                              guint         which);

struct _RelaisPractice
{
  GObject parent_instance;

  RelaisStore  *store;         /* (owned) (nullable): while it runs */
  SoupServer   *server;        /* (owned) (nullable) */
  char         *state_path;    /* (owned) (nullable) */
  char         *key;           /* (owned) (nullable) */
  char         *account_id;    /* (owned) (nullable) */
  char         *address;       /* (owned) (nullable) */
  RelaisFaults  faults;
  RelaisLimits  limits;
  GQueue        imports;       /* (element-type Import): waiting, the oldest first */
  guint         import_source;
  gint64        import_delay;  /* microseconds */
  gint64        n_active;      /* contacts that count against the plan */
  guint64       n_requests;
  guint64       n_imports;     /* requests to import that were queued */
  guint64       n_throttled;
  guint64       n_automations;
};

/* One request and its answer. */
typedef struct
{
  RelaisPractice     *practice;
  SoupServerMessage  *message;
  const char         *method;
  char              **parts;    /* (owned): the path below /api/3, split at slashes */
  GHashTable         *query;    /* (nullable): the last value of each name */
  RelaisTree         *body;     /* (owned) (nullable) */
  const RelaisNode   *root;     /* (nullable): of the body */
  guint               status;
  GString            *answer;   /* (owned) */
  const char         *type;     /* of the answer, %NULL for none */
} RelaisCall;

gboolean    relais_call_is      (RelaisCall *call,
                                 const char *method,
                                 const char *pattern);
const char *relais_call_query   (RelaisCall *call,
                                 const char *name);
gint64      relais_call_number  (RelaisCall *call,
                                 const char *name,
                                 gint64      missing);
void        relais_call_page    (RelaisCall *call,
                                 gint64     *limit,
                                 gint64     *offset);
void        relais_call_total   (RelaisCall *call,
                                 gint64      total);
void        relais_call_id      (RelaisCall *call,
                                 const char *name,
                                 guint64     id);
void        relais_call_missing (RelaisCall *call,
                                 const char *what,
                                 const char *id);
void        relais_call_invalid (RelaisCall *call,
                                 const char *title,
                                 const char *code,
                                 const char *pointer);
char       *relais_practice_date (gint64     seconds);

/* Each answers what is its own, and says whether it was. */
gboolean    relais_practice_answer_things   (RelaisCall *call);
gboolean    relais_practice_answer_contacts (RelaisCall *call);
gboolean    relais_practice_answer_imports  (RelaisCall *call);

/* relais-practice-imports.c */
void        relais_practice_stop_imports    (RelaisPractice *self);
void        relais_practice_count_active    (RelaisPractice *self);

/* relais-practice-contacts.c: one contact written */
typedef struct
{
  const char       *email;
  const RelaisNode *first_name;  /* (nullable): a missing one is left alone */
  const RelaisNode *last_name;
  const RelaisNode *phone;
  const RelaisNode *fields;      /* (nullable): array of {id|field, value} */
  const char       *field_key;   /* "id" or "field" */
  const RelaisNode *tags;        /* (nullable): array of names */
} RelaisUpsert;

gint64      relais_practice_upsert          (RelaisPractice     *self,
                                             const RelaisUpsert *upsert,
                                             gboolean           *created);

G_END_DECLS
