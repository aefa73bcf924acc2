/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _RelaisScriptedAccount RelaisScriptedAccount;

/* Called when an import ("import"), a question about one ("info"), one about a contact ("sync") or anything else
 * ("other") has been read and not yet answered. */
typedef void (* RelaisScriptedHook) (RelaisScriptedAccount *account,
                                     const char            *what,
                                     guint                  nth,
                                     gpointer               user_data);

/**
 * RelaisScriptedAccount:
 * @bodies: (element-type GBytes): of the imports that were read, in order
 * @accepted: (element-type GBytes): of those that were queued, answered or not
 * @people: how often each address was queued
 * @failing: addresses that end in an import's failure
 * @silent: addresses that an import's result does not mention
 * @left_out: addresses that are not queued and not mentioned
 * @always_queued: how many contacts every import is said to queue, 0 = as many as it did
 * @unfit: addresses that are refused on their own, with a reason
 * @synced: (element-type utf8): addresses that were asked about on their own, in order
 * @created_only: whether an import's success names contacts only the first time
 * @unsubscribed: addresses that have left the list
 * @bounced: addresses that have bounced
 * @active: addresses that are on the list
 * @exclusions: (element-type utf8): JSON objects
 * @same_page: whether every page of people is the first one
 * @any_status: whether everybody on the list is named, whatever status is asked for
 * @no_sideload: whether pages do not tell of contacts how they are on the list
 * @no_bounds: whether id_less is not heeded
 * @contacts_answer: (nullable): every page of people
 * @settings: (nullable): what the account says of itself; without it, it knows no such question
 * @every_settings: (nullable): the word for every such question
 * @every_exclusions: (nullable): the word for every question about exclusions
 * @written: (element-type utf8): every request that is no GET: its method, path, and body, in lines
 * @refused_text: (nullable): imports that contain this text are refused whole
 * @hook: (nullable): called before each answer
 *
 * An account that does what the test says, word by word: "accept", "completed",
 * and what goes wrong. What nothing is said about goes well. It runs on
 * the test's own main context.
 */
struct _RelaisScriptedAccount
{
  SoupServer         *server;
  guint               port;
  char               *address;
  GQueue              imports;        /* words for the next ones */
  GQueue              infos;
  const char         *every_import;   /* (nullable): the word for all others */
  const char         *every_info;
  const char         *every_sync;
  const char         *every_other;
  GPtrArray          *bodies;
  GPtrArray          *accepted;
  GPtrArray          *targets;        /* path and query of every request */
  GHashTable         *people;
  GHashTable         *failing;
  GHashTable         *silent;
  GHashTable         *left_out;
  guint               always_queued;
  GHashTable         *unfit;
  GPtrArray          *synced;
  GHashTable         *unsubscribed;
  GHashTable         *bounced;
  GHashTable         *active;
  GPtrArray          *ids;            /* (element-type utf8): who has which number: the first has 1 */
  GHashTable         *numbered;       /* (element-type utf8): whoever has a number */
  GPtrArray          *exclusions;
  GPtrArray          *written;
  gboolean            created_only;
  gboolean            same_page;
  gboolean            any_status;
  gboolean            no_sideload;
  gboolean            no_bounds;
  const char         *contacts_answer;
  const char         *settings;
  const char         *every_settings;
  const char         *every_exclusions;
  const char         *refused_text;
  guint               n_imports;
  guint               n_infos;
  guint               n_others;
  GPtrArray          *batches;        /* (element-type GStrv): addresses of each import queued */
  GPtrArray          *hanging;        /* messages that get no answer */
  GStringChunk       *texts;          /* (owned): addresses in the tables above */
  RelaisScriptedHook  hook;
  gpointer            hook_data;
};

RelaisScriptedAccount *relais_scripted_account_new       (void);
void                   relais_scripted_account_free      (RelaisScriptedAccount *self);
void                   relais_scripted_account_imports   (RelaisScriptedAccount *self,
                                                          const char            *words);
void                   relais_scripted_account_infos     (RelaisScriptedAccount *self,
                                                          const char            *words);
void                   relais_scripted_account_let_go    (RelaisScriptedAccount *self);
void                   relais_scripted_account_go_away   (RelaisScriptedAccount *self);
void                   relais_scripted_account_come_back (RelaisScriptedAccount *self);
void                   relais_scripted_account_put_people (RelaisScriptedAccount *self,
                                                          GHashTable            *into,
                                                          guint                  first,
                                                          guint                  last);
guint                  relais_scripted_account_times     (RelaisScriptedAccount *self,
                                                          const char            *email);
guint                  relais_scripted_account_repeated  (RelaisScriptedAccount *self);
char                 **relais_scripted_emails            (const char            *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisScriptedAccount, relais_scripted_account_free)

G_END_DECLS
