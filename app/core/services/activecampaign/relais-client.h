/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "relais-account-clock.h"
#include "relais-field.h"
#include "relais-governor.h"
#include "relais-key.h"
#include "relais-membership.h"

G_BEGIN_DECLS

/**
 * RelaisClient:
 *
 * One ActiveCampaign account, seen through its REST API. All calls are
 * asynchronous, go through the account's governor, and fail in RELAIS_ERROR or
 * with G_IO_ERROR_CANCELLED. A request refused for its rate was certainly not carried
 * out, so the client waits as the service asks and sends it again itself; every
 * other failure is the caller's to judge. Redirects are never followed.
 */
#define RELAIS_TYPE_CLIENT (relais_client_get_type ())
G_DECLARE_FINAL_TYPE (RelaisClient, relais_client, RELAIS, CLIENT, GObject)

/* The account behind a key: GET users/me, and settings/account where the key may. */
typedef struct
{
  char   *user_name;           /* first and last name, or the login */
  char   *email;               /* (nullable) */
  char   *account_name;        /* (nullable): known to administrators' keys only */
  gint64  contacts_limit;      /* of the plan; -1 = not told */
  gint64  contacts_total;      /* -1 = not told */
  char   *status;              /* (nullable): see RelaisAccountSettings */
} RelaisAccount;

/**
 * RelaisAccountSettings:
 * @name: of the account
 * @status: how the account stands, in its own word, "" when it is not told. Which words there are is not documented
 * @contacts_limit: how many contacts the plan is for; -1 = not told
 * @contacts_total: how many there are that count; -1 = not told
 *
 * What an account says of itself to administrators' keys: GET settings/account, documented in words only.
 */
typedef struct
{
  char   *name;
  char   *status;
  gint64  contacts_limit;
  gint64  contacts_total;
} RelaisAccountSettings;

typedef struct
{
  guint32   id;
  char     *name;              /* may be empty */
  gboolean  is_email;          /* FALSE: an SMS list, not to be offered */
  gint64    active;            /* active subscribers; -1 = not told */
} RelaisList;

typedef struct
{
  guint32  id;
  char    *name;
} RelaisTag;

/* The answer to an import: it is queued, not done. */
typedef struct
{
  char     *batch_id;
  int       queued;             /* how many contacts: fewer than sent when some are excluded; -1 = not told */
  gboolean  repeated;           /* the connection broke and it was sent once more by itself */
} RelaisReceipt;

typedef enum
{
  RELAIS_IMPORT_PENDING,       /* false, waiting, claimed, active, and words not known */
  RELAIS_IMPORT_COMPLETED,
  RELAIS_IMPORT_FAILED,        /* failed: cannot be retried by the service */
  RELAIS_IMPORT_INTERRUPTED,
} RelaisImportState;

typedef struct
{
  RelaisImportState  state;
  guint              n_success;
  char             **failures; /* (array zero-terminated=1): addresses, without reasons */
} RelaisImportInfo;

typedef struct
{
  guint64  id;
  char    *email;               /* "" for someone known by telephone alone */
  char    *first_name;
  char    *last_name;
  char    *phone;
  int      list_status;         /* a RelaisListStatus on the list that was asked for; -1 = not told */
  GPtrArray *memberships;       /* (nullable) (element-type RelaisMembership): on all lists; NULL = not told, or not all of it */
} RelaisRemoteContact;

/**
 * RelaisContactQuery:
 * @list_id: of a list
 * @status: a RelaisListStatus on that list, or -1 for any
 * @after_id: only contacts with a higher number
 * @before_id: only contacts with a lower number, 0 for all
 * @with_status: whether the answer tells of each contact how it is on the list
 * @last: only the one with the highest number
 */
typedef struct
{
  guint32  list_id;
  int      status;
  guint64  after_id;
  guint64  before_id;
  gboolean with_status;
  gboolean last;
} RelaisContactQuery;

/* Up to 100 contacts, by number */
typedef struct
{
  GPtrArray *contacts;          /* (element-type RelaisRemoteContact): empty after the last */
  gint64     total;             /* how many the query has in all; -1 = not told */
} RelaisContactPage;

typedef enum
{
  RELAIS_EXCLUSION_EXACT,
  RELAIS_EXCLUSION_BEGIN,
  RELAIS_EXCLUSION_END,
  RELAIS_EXCLUSION_OTHER,       /* of a kind that is not documented */
} RelaisExclusionMatch;

/* Addresses that the account does not take. */
typedef struct
{
  guint64               id;     /* 0 = not told */
  char                 *phrase;
  RelaisExclusionMatch  match;
  char                 *channel;
  GArray               *lists;  /* (element-type guint64): ids */
} RelaisExclusion;

typedef struct
{
  GPtrArray *exclusions;        /* (element-type RelaisExclusion): empty after the last */
  gint64     total;             /* -1 = not told */
} RelaisExclusionPage;

/* A custom field's value that the account holds */
typedef struct
{
  guint64  field_id;
  char    *text;
} RelaisHeldValue;

/* What the account holds of somebody */
typedef struct
{
  guint64    id;
  char      *email;
  char      *first_name;
  char      *last_name;
  char      *phone;
  int        list_status;       /* a RelaisListStatus on the list that was asked for; -1 = not on it, or not told */
  GPtrArray *values;            /* (element-type RelaisHeldValue): those that are not empty; none when they are not told */
} RelaisHeldContact;

/* Up to 100 of them, by number */
typedef struct
{
  GPtrArray *contacts;          /* (element-type RelaisHeldContact) */
  gint64     total;             /* how many there are in all; -1 = not told */
  gboolean   tells_lists;       /* whether list_status of each is what it says */
  gboolean   tells_values;
} RelaisHeldPage;

SoupSession      *relais_client_session_new             (void);

RelaisClient     *relais_client_new                     (SoupSession          *session,
                                                         RelaisGovernor       *governor,
                                                         const char           *host,
                                                         gboolean              practice,
                                                         RelaisKey            *key);

void              relais_client_get_account_async       (RelaisClient         *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisAccount    *relais_client_get_account_finish      (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_get_settings_async      (RelaisClient         *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisAccountSettings *relais_client_get_settings_finish (RelaisClient        *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_list_lists_async        (RelaisClient         *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
GPtrArray        *relais_client_list_lists_finish       (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_list_fields_async       (RelaisClient         *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
GPtrArray        *relais_client_list_fields_finish      (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_list_tags_async         (RelaisClient         *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
GPtrArray        *relais_client_list_tags_finish        (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_import_async            (RelaisClient         *self,
                                                         GBytes               *payload,
                                                         guint                 n_contacts,
                                                         gboolean              may_repeat,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisReceipt    *relais_client_import_finish           (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         gboolean             *has_left,
                                                         GError              **error);
gint64            relais_client_import_get_sent_at      (GAsyncResult         *result);
void              relais_client_import_info_async       (RelaisClient         *self,
                                                         const char           *batch_id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisImportInfo *relais_client_import_info_finish      (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_sync_contact_async      (RelaisClient         *self,
                                                         const char           *email,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean          relais_client_sync_contact_finish     (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         guint64              *contact_id,
                                                         GError              **error);
void              relais_client_list_contacts_async     (RelaisClient         *self,
                                                         const RelaisContactQuery *query,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
void              relais_client_find_contact_async      (RelaisClient         *self,
                                                         const char           *email,
                                                         guint32               list_id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisContactPage *relais_client_list_contacts_finish   (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_get_list_status_async   (RelaisClient         *self,
                                                         guint64               contact_id,
                                                         guint32               list_id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean          relais_client_get_list_status_finish  (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         int                  *status,
                                                         GError              **error);
void              relais_client_resubscribe_async       (RelaisClient         *self,
                                                         guint64               contact_id,
                                                         guint32               list_id,
                                                         gint64                until,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean          relais_client_resubscribe_finish      (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_find_held_async         (RelaisClient         *self,
                                                         const char           *email,
                                                         guint32               list_id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
void              relais_client_get_held_async          (RelaisClient         *self,
                                                         guint64               contact_id,
                                                         guint32               list_id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
void              relais_client_list_held_async         (RelaisClient         *self,
                                                         guint32               list_id,
                                                         guint64               after_id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisHeldPage   *relais_client_held_finish             (RelaisClient         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void              relais_client_list_exclusions_async   (RelaisClient         *self,
                                                         guint                 offset,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
RelaisExclusionPage *relais_client_list_exclusions_finish (RelaisClient       *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

const char       *relais_client_get_host                (RelaisClient         *self);
RelaisGovernor   *relais_client_get_governor            (RelaisClient         *self);
const RelaisAccountClock *relais_client_get_clock       (RelaisClient         *self);

void relais_account_free        (RelaisAccount       *account);
void relais_account_settings_free (RelaisAccountSettings *settings);
void relais_list_free           (RelaisList          *list);
void relais_tag_free            (RelaisTag           *tag);
void relais_receipt_free        (RelaisReceipt       *receipt);
void relais_import_info_free    (RelaisImportInfo    *info);
void relais_remote_contact_free (RelaisRemoteContact *contact);
void relais_contact_page_free   (RelaisContactPage   *page);
void relais_held_contact_free   (RelaisHeldContact   *contact);
void relais_held_page_free      (RelaisHeldPage      *page);
void relais_exclusion_free      (RelaisExclusion     *exclusion);
void relais_exclusion_page_free (RelaisExclusionPage *page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisAccount, relais_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisAccountSettings, relais_account_settings_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisList, relais_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisReceipt, relais_receipt_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisImportInfo, relais_import_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisRemoteContact, relais_remote_contact_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisContactPage, relais_contact_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisHeldPage, relais_held_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisExclusion, relais_exclusion_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisExclusionPage, relais_exclusion_page_free)

G_END_DECLS
