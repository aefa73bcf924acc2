/* SPDX-License-Identifier: GPL-3.0-or-later */

/* People whom Relais took off the list come back when they are in the segment again; nobody who opted out ever does. */

#include "relais-error.h"
#include "relais-leaving-fixture.h"
#include "relais-practice-contact.h"
#include "relais-practice-server-private.h"
#include "relais-profile-table.h"

#include <string.h>

#define NO_RIGHT "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to do this.\"}]}"

/* The account's word on the one request that puts somebody back, and what happens to a person in between */
typedef struct
{
  RelaisRunFixture run;
  GQueue           words;      /* for the next of them; "done" after that */
  guint            n_posts;
  const char      *meanwhile;  /* (nullable): SQL, carried out when somebody is looked up on their own */
  guint            nth_look;   /* the look-up it is for */
  guint            n_looks;
  const char      *excluded;   /* (nullable): SQL, carried out when the guard has read the exclusions and before anything else of them is known */
  const char      *forbidden;  /* (nullable): what goes wrong from then on: a fault, with the value that follows */
  const char      *how;        /* (nullable) */
  guint            n_readings; /* questions about exclusions */
  const char      *slow_reading; /* (nullable): how long each of them but the first takes, in milliseconds */
  gboolean         cancel;     /* the run, when somebody is to be put back */
  gboolean         lose;       /* the next import, and interrupt the run */
  guint            n_late;     /* look-ups whose answer is late; what happens meanwhile happens before it comes */
} Fixture;

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/* The account */

static RelaisPracticeAccount *
get_account (Fixture *self)
{
  return &self->run.practice->account;
}

static void
change (Fixture    *self,
        const char *sql)
{
  g_auto (GStrv) statements = g_strsplit (sql, ";", -1);

  for (guint i = 0; statements[i] != NULL; i++)
    relais_store_execute (get_account (self)->store, g_intern_string (statements[i]), "");
}

static gint64
get_number (Fixture    *self,
            const char *sql)
{
  return relais_store_number (get_account (self)->store, g_intern_string (sql), "");
}

static gint64
get_id (Fixture *self,
        guint    person)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM contacts WHERE email = 'person%u@example.com'", person);

  return get_number (self, sql);
}

/* Returns: how a person is on a list, -1 for not at all */
static gint64
get_status (Fixture *self,
            guint    person,
            guint    list_id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT coalesce ((SELECT status FROM memberships WHERE contact = %" G_GINT64_FORMAT " AND list = %u), -1)",
                                          get_id (self, person), list_id);

  return get_number (self, sql);
}

static void
answer (SoupServerMessage *message,
        guint              status,
        const char        *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
}

static guint64
find_after (const char *text,
            const char *key)
{
  const char *at = strstr (text, key);

  g_assert_nonnull (at);

  return g_ascii_strtoull (at + strlen (key), NULL, 10);
}

/* What is done to somebody who is named by their number, and how the account answers then. */
static void
resubscribe_cb (SoupServer        *server,
                SoupServerMessage *message,
                const char        *path,
                GHashTable        *query,
                gpointer           user_data)
{
  Fixture *self = user_data;
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *word = g_queue_pop_head (&self->words);
  const char *then = word != NULL ? word : "done";
  guint64 contact = find_after (body, "\"contact\":"), list = find_after (body, "\"list\":");
  g_autofree char *good = g_strdup_printf ("{\"contacts\":[],\"contactList\":{\"contact\":%" G_GUINT64_FORMAT ",\"list\":%" G_GUINT64_FORMAT
                                           ",\"status\":1}}", contact, list);

  self->n_posts++;
  g_assert_nonnull (strstr (body, "\"status\":1"));
  if (self->cancel)
    g_cancellable_cancel (self->run.cancellable);
  if (g_str_has_prefix (then, "done"))
    relais_contact_set_membership (get_account (self), (gint64) contact, (gint64) list, 1, 4);
  then += strlen (then) > 5 && g_str_has_prefix (then, "done-") ? 5 : 0;
  if (g_str_equal (then, "done"))
    answer (message, 200, good);
  else if (g_str_equal (then, "reset"))
    relais_practice_break (message);
  else if (g_str_equal (then, "no-right"))
    answer (message, 403, NO_RIGHT);
  else if (g_str_equal (then, "other"))
    answer (message, 200, "{\"contactList\":{\"contact\":1,\"list\":1,\"status\":2}}");
  else
    answer (message, (guint) atoi (then), g_str_equal (then, "404") || g_str_equal (then, "422") ? "{\"message\":\"no\"}" : "");
}

static void
exclude (Fixture *self)
{
  if (self->excluded != NULL)
    change (self, g_steal_pointer (&self->excluded));
  if (self->forbidden != NULL)
    relais_run_fixture_misbehave (&self->run, g_steal_pointer (&self->forbidden), self->how);
}

/* The answer is on its way, and says what was so. */
static void
answered_cb (gpointer user_data)
{
  Fixture *self = user_data;

  relais_practice_add_fault (self->run.practice, "slow", "off", NULL);
  if (self->meanwhile != NULL)
    change (self, self->meanwhile);
}

static void
read_exclusions (Fixture *self)
{
  if (++self->n_readings == 2)
    exclude (self);
  if (self->n_readings >= 2 && self->slow_reading != NULL)
    relais_practice_add_fault (self->run.practice, "slow", self->slow_reading, NULL);
}

/* Between the guard's question and the one about a single person, or between two of those */
static void
request_read_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  Fixture *self = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  if (self->lose && g_str_has_suffix (g_uri_get_path (soup_server_message_get_uri (message)), "/bulk_import"))
    {
      relais_delivery_interrupt (self->run.delivery);
      relais_practice_add_fault (self->run.practice, "html-500", "@1", NULL);
    }
  if (g_str_has_suffix (g_uri_get_path (soup_server_message_get_uri (message)), "/lists/exclusions"))
    read_exclusions (self);
  else if (self->slow_reading != NULL)
    relais_practice_add_fault (self->run.practice, "slow", "off", NULL);
  if (query == NULL || !g_str_has_prefix (query, "email=") || strstr (query, "fieldValues") != NULL)
    return;
  exclude (self);
  if (++self->n_looks <= self->n_late)
    {
      relais_practice_add_fault (self->run.practice, "slow", "200", NULL);
      g_timeout_add_once (100, answered_cb, self);
    }
  else if (self->n_looks == MAX (1, self->nth_look) && self->meanwhile != NULL)
    change (self, self->meanwhile);
}

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  relais_run_fixture_set_up_practice (&self->run, NULL);
  relais_leaving_take_time (&self->run);
  g_queue_init (&self->words);
  soup_server_add_handler (self->run.practice->server, "/api/3/contactLists", resubscribe_cb, self, NULL);
  g_signal_connect (self->run.practice->server, "request-read", G_CALLBACK (request_read_cb), self);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  g_queue_clear_full (&self->words, g_free);
  relais_run_fixture_tear_down (&self->run, NULL);
}

static void
say (Fixture    *self,
     const char *words)
{
  g_auto (GStrv) split = g_strsplit (words, " ", -1);

  for (guint i = 0; split[i] != NULL; i++)
    g_queue_push_tail (&self->words, g_strdup (split[i]));
}

/* The journal */

static const char *
get_connection_id (Fixture *self)
{
  return relais_connection_get_id (relais_export_get_connection (self->run.export));
}

static RelaisClient *
open_client (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelaisClient *client;

  relais_workspace_open_client_async (self->run.workspace, relais_export_get_connection (self->run.export), NULL, keep_result_cb, &result);
  client = relais_workspace_open_client_finish (self->run.workspace, wait_for (&result), &error);
  g_assert_no_error (error);

  return client;
}

static void
hash_person (Fixture      *self,
             RelaisClient *client,
             guint         person,
             guint32       profile[3])
{
  g_autofree char *email = g_strdup_printf ("person%u@example.com", person);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelaisHashKey key;

  relais_workspace_get_hash_key_async (self->run.workspace, relais_export_get_connection (self->run.export), client, NULL, keep_result_cb, &result);
  g_assert_true (relais_workspace_get_hash_key_finish (self->run.workspace, wait_for (&result), &key, &error));
  g_assert_no_error (error);
  relais_profile_hash (&key, email, strlen (email), profile);
}

/* Returns: (transfer full): how a person is on lists, as whoever takes them off writes it down */
static char *
settle_person (RelaisClient *client,
               guint         person)
{
  g_autofree char *email = g_strdup_printf ("person%u@example.com", person);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisContactPage) page = NULL;
  g_autoptr (GError) error = NULL;

  relais_client_find_contact_async (client, email, 1, NULL, keep_result_cb, &result);
  page = relais_client_list_contacts_finish (client, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->contacts->len, ==, 1);

  return relais_memberships_settle (((RelaisRemoteContact *) page->contacts->pdata[0])->memberships);
}

static void
put_removal (Fixture            *self,
             guint               person,
             guint               list_id,
             RelaisRemovalState  state)
{
  g_autoptr (RelaisClient) client = open_client (self);
  g_autofree char *left_as = settle_person (client, person);
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelaisFingerprint fingerprint;
  guint32 profile[3];

  hash_person (self, client, person, profile);
  fingerprint = relais_fingerprint_of (profile, state == RELAIS_REMOVAL_RETURNING ? RELAIS_CONTENT_UNKNOWN : 0);
  g_ptr_array_add (removals, relais_removal_new (list_id, profile, state, left_as));
  relais_journal_put_removals_async (relais_workspace_get_journal (self->run.workspace), relais_run_get_id (self->run.run), &(RelaisLead) { RELAIS_LEAD_KNOWN }, get_connection_id (self),
                                     removals, NULL, NULL, &fingerprint, 1, NULL, keep_result_cb, &result);
  relais_journal_write_finish (relais_workspace_get_journal (self->run.workspace), wait_for (&result), &error);
  g_assert_no_error (error);
  self->n_looks = 0;
}

/* Takes somebody off a list, some time ago, as Relais does. */
static void
take_off (Fixture *self,
          guint    person,
          guint    list_id)
{
  relais_contact_set_membership (get_account (self), get_id (self, person), list_id, 2, 0);
  change (self, "UPDATE memberships SET since = since - 1000, updated = updated - 100 WHERE updated > unixepoch () - 90");
  put_removal (self, person, list_id, RELAIS_REMOVAL_DONE);
}

/* Returns: the state of the one removal from list 1, -1 when there is none */
static int
get_state (Fixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->run.workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) removals = NULL;
  g_autoptr (GError) error = NULL;

  relais_journal_read_removals_async (journal, get_connection_id (self), 1, NULL, NULL, keep_result_cb, &result);
  removals = relais_journal_read_removals_finish (journal, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (removals->len, <=, 1);

  return removals->len == 1 ? (int) ((RelaisRemoval *) removals->pdata[0])->state : -1;
}

/* Four people are delivered. They are on list 2 as well. */
static void
deliver (Fixture *self,
         guint    n_people)
{
  relais_run_fixture_write_people (&self->run, n_people);
  relais_run_fixture_define (&self->run, NULL);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  change (self, "INSERT INTO memberships SELECT 2, id, 1, 0, 1000, 1000, NULL, NULL FROM contacts WHERE email LIKE 'person%'");
}

static guint64
get_put_back (Fixture *self)
{
  return relais_run_get_record (self->run.run)->leavers.put_back;
}

static const char *
get_message (Fixture *self)
{
  return relais_run_fixture_get_told (&self->run);
}

/* Coming back */

static void
test_who_is_in_the_segment_again_is_put_back (Fixture       *self,
                                              gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);

  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
  g_assert_cmpint (get_status (self, 2, 1), ==, 1);
  g_assert_cmpuint (get_put_back (self), ==, 1);
  g_assert_cmpuint (self->n_posts, ==, 1);
  g_assert_cmpint (get_state (self), ==, -1);
  g_assert_null (get_message (self));

  /* They are as everybody else. */
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=4");
  g_assert_cmpuint (get_put_back (self), ==, 0);
  relais_contact_leave (get_account (self), get_id (self, 2), 1, NULL);
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 1);
}

static void
test_who_is_not_in_the_segment_stays_off (Fixture       *self,
                                          gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 4, 1);
  relais_run_fixture_write_people (&self->run, 3);
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=3 delivered=3");
  /* Nor is whoever is in it and cannot be sent. */
  relais_run_fixture_write (&self->run, "EMail,FirstName\nperson1@example.com,A\nperson4@example,B\n");
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (&self->run, "read=2 delivered=1 invalid=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);
}

static void
test_people_of_many_batches_come_back (Fixture       *self,
                                       gconstpointer  user_data)
{
  static const guint people[] = { 1, 2, 250, 251, 252, 600, 700 };

  deliver (self, 700);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    take_off (self, people[i], 1);
  relais_contact_leave (get_account (self), get_id (self, 252), 1, NULL);
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=700 delivered=699 barred=1");
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    g_assert_cmpint (get_status (self, people[i], 1), ==, people[i] == 252 ? 2 : 1);
  g_assert_cmpuint (get_put_back (self), ==, 6);
  g_assert_cmpuint (self->n_posts, ==, 6);
}

static void
test_another_list_left_through_relais_does_not_count (Fixture       *self,
                                                      gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  take_off (self, 2, 2);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
  g_assert_cmpint (get_status (self, 2, 1), ==, 1);
  g_assert_cmpint (get_status (self, 2, 2), ==, 2);
}

/* Staying away */

typedef struct
{
  const char *name;
  const char *sql;
  const char *later;   /* (nullable): what makes the person look as they did before */
} Change;

#define OF_PERSON "contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')"

static const Change changes[] = {
  { "same list", "UPDATE memberships SET updated = updated + 50 WHERE list = 1 AND " OF_PERSON, NULL },
  { "same list, for a reason", "UPDATE memberships SET reason = 'Too many' WHERE list = 1 AND " OF_PERSON,
    "UPDATE memberships SET reason = NULL WHERE list = 1 AND " OF_PERSON },
  { "joined and left", "UPDATE memberships SET since = since + 50 WHERE list = 1 AND " OF_PERSON, NULL },
  { "another list", "UPDATE memberships SET status = 2, updated = unixepoch () WHERE list = 2 AND " OF_PERSON,
    "UPDATE memberships SET status = 1 WHERE list = 2 AND " OF_PERSON },
  { "another list, for a reason", "UPDATE memberships SET status = 2, reason = 'x' WHERE list = 2 AND " OF_PERSON,
    "UPDATE memberships SET status = 1, reason = NULL WHERE list = 2 AND " OF_PERSON },
  { "a list never known", "INSERT INTO memberships SELECT 4, id, 2, 0, 5, 6, NULL, NULL FROM contacts WHERE email = 'person2@example.com'",
    "DELETE FROM memberships WHERE list = 4" },
  { "not confirmed elsewhere", "UPDATE memberships SET status = 0 WHERE list = 2 AND " OF_PERSON,
    "UPDATE memberships SET status = 1 WHERE list = 2 AND " OF_PERSON },
  { "bounced elsewhere", "UPDATE memberships SET status = 3 WHERE list = 2 AND " OF_PERSON,
    "UPDATE memberships SET status = 1 WHERE list = 2 AND " OF_PERSON },
};

static void
test_who_opted_out_stays_away (Fixture       *self,
                               gconstpointer  user_data)
{
  const Change *opted_out = user_data;
  g_autoptr (GPtrArray) rejections = NULL;

  deliver (self, 4);
  take_off (self, 2, 1);
  change (self, opted_out->sql);
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  rejections = relais_run_fixture_rejections (&self->run);
  g_assert_cmpint (((RelaisRejection *) rejections->pdata[0])->reason, ==, RELAIS_REASON_UNSUBSCRIBED);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, -1);

  /* For good, whatever they come to be like on other lists. */
  if (opted_out->later != NULL)
    change (self, opted_out->later);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
}

/* The guard found them as they were left, and then they opt out. */
static void
test_who_opts_out_meanwhile_stays_away (Fixture       *self,
                                        gconstpointer  user_data)
{
  const Change *opted_out = user_data;

  deliver (self, 4);
  take_off (self, 2, 1);
  self->meanwhile = opted_out->sql;
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, -1);
}

/* A batch of nobody else does not leave. */
static void
test_the_only_one_of_a_batch_opts_out_meanwhile (Fixture       *self,
                                                 gconstpointer  user_data)
{
  guint n_imports;

  deliver (self, 4);
  take_off (self, 2, 1);
  n_imports = get_account (self)->n_imports;
  self->meanwhile = changes[0].sql;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (get_account (self)->n_imports, ==, n_imports);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
}

/* Nor does what was in doubt before, and nothing of it is left open. */
static void
test_a_batch_in_doubt_loses_its_only_one (Fixture       *self,
                                          gconstpointer  user_data)
{
  g_autoptr (GPtrArray) batches = NULL;
  const RelaisBatchRecord *batch;

  deliver (self, 4);
  change (self, "UPDATE memberships SET status = 1, since = unixepoch ()");
  relais_run_fixture_write (&self->run, "EMail,FirstName\nperson1@example.com,Name1\nperson2@example.com,Other\n");
  self->lose = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_INTERRUPTED);
  self->lose = FALSE;
  take_off (self, 2, 1);
  self->meanwhile = changes[0].sql;
  relais_run_fixture_reopen (&self->run);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=2 unchanged=1 barred=1");
  batches = relais_run_fixture_batches (&self->run, relais_run_get_id (self->run.run));
  g_assert_cmpuint (batches->len, ==, 1);
  batch = batches->pdata[0];
  g_assert_cmpint (batch->state, ==, RELAIS_BATCH_CONFIRMED);
  g_assert_cmpuint (batch->sendings, ==, 1);
  g_assert_cmpuint (batch->contacts, ==, 0);
  g_assert_cmpuint (self->n_posts, ==, 0);
}

static void
test_who_is_gone_or_another_is_left_out (Fixture       *self,
                                         gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  self->meanwhile = user_data;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
}

static void
test_who_bounced_or_is_excluded_stays_away (Fixture       *self,
                                            gconstpointer  user_data)
{
  const Change *barred = user_data;

  deliver (self, 4);
  take_off (self, 2, 1);
  change (self, barred->sql);
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), !=, 1);
}

static const Change bars[] = {
  { "bounced", "UPDATE memberships SET status = 3 WHERE list = 1 AND " OF_PERSON, NULL },
  { "excluded exactly", "INSERT INTO exclusions VALUES (NULL, 'Person2@example.com', 'exact', 'all', '[]')", NULL },
  { "excluded by a beginning", "INSERT INTO exclusions VALUES (NULL, 'person2', 'begin', 'all', '[]')", NULL },
  { "excluded by an end", "INSERT INTO exclusions VALUES (NULL, '2@example.com', 'end', 'all', '[]')", NULL },
};

/* The guard has asked before, and several of a batch are to be put back. */
static void
test_who_is_excluded_meanwhile_stays_away (Fixture       *self,
                                           gconstpointer  user_data)
{
  const Change *excluded = user_data;
  g_autoptr (GPtrArray) rejections = NULL;

  deliver (self, 4);
  change (self, "INSERT INTO exclusions VALUES (NULL, 'person2@elsewhere.example', 'exact', 'all', '[]')");
  take_off (self, 2, 1);
  self->excluded = excluded->sql;
  self->n_readings = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  rejections = relais_run_fixture_rejections (&self->run);
  g_assert_cmpint (((RelaisRejection *) rejections->pdata[0])->reason, ==, RELAIS_REASON_EXCLUDED);
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_null (get_message (self));

  /* They have not left by themselves. */
  change (self, "DELETE FROM exclusions WHERE phrase <> 'person2@elsewhere.example'");
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
  g_assert_cmpuint (self->n_posts, ==, 1);
}

static const Change excluded_meanwhile[] = {
  { "exactly", "INSERT INTO exclusions VALUES (NULL, 'Person2@example.com', 'exact', 'all', '[]')", NULL },
  { "by a beginning", "INSERT INTO exclusions VALUES (NULL, 'person2', 'begin', 'allEmail', '[]')", NULL },
  { "by an end", "INSERT INTO exclusions VALUES (NULL, '2@example.com', 'end', 'all', '[]')", NULL },
  { "from this list", "INSERT INTO exclusions VALUES (NULL, 'person2@example.com', 'exact', 'several', '[\"3\",\"1\"]')", NULL },
  { "by another one that is changed", "UPDATE exclusions SET phrase = 'person2@example.com' WHERE phrase = 'person2@elsewhere.example'", NULL },
  { "by one in place of another", "UPDATE exclusions SET id = id + 1, phrase = 'person2@example.com' WHERE phrase = 'person2@elsewhere.example'", NULL },
};

/* Once for all who are to be put back one after the other */
static void
test_exclusions_are_asked_for_once_more (Fixture       *self,
                                         gconstpointer  user_data)
{
  deliver (self, 700);
  for (guint person = 240; person <= 260; person++)
    take_off (self, person, 1);
  self->run.options.again = TRUE;
  self->n_readings = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=700 delivered=700");
  g_assert_cmpuint (self->n_posts, ==, 21);
  g_assert_cmpuint (self->n_readings, >=, 2);
  g_assert_cmpuint (self->n_readings, <, 6);
}

/* What was told a while ago says nothing of whom the account has excluded since it was asked. All of it is told at once here, and each
 * answer takes so long that the next person comes when that is too long ago. */
static void
test_what_is_known_of_exclusions_counts_from_when_it_was_asked (Fixture       *self,
                                                                gconstpointer  user_data)
{
  deliver (self, 4);
  for (guint person = 2; person <= 4; person++)
    take_off (self, person, 1);
  self->run.times.freshness = 0.65;
  relais_delivery_set_times (self->run.delivery, &self->run.times);
  self->forbidden = "slow";
  self->how = "400";
  self->n_readings = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 unchanged=1");
  g_assert_cmpuint (self->n_posts, ==, 3);
  g_assert_cmpuint (self->n_readings, >=, 1 + 3);
}

/* Nor is it asked without an end where the account has so many that it takes longer than that to tell them. */
static void
test_exclusions_that_take_long_to_tell_put_people_back (Fixture       *self,
                                                        gconstpointer  user_data)
{
  deliver (self, 4);
  for (guint person = 2; person <= 4; person++)
    take_off (self, person, 1);
  self->run.times.freshness = 1;
  relais_delivery_set_times (self->run.delivery, &self->run.times);
  self->slow_reading = "2000";
  self->n_readings = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (self->n_posts, ==, 3);
  g_assert_cmpuint (self->n_readings, >=, 2);
}

static void
test_exclusions_out_of_reach_meanwhile_put_nobody_back (Fixture       *self,
                                                        gconstpointer  user_data)
{
  const Change *trouble = user_data;

  deliver (self, 4);
  take_off (self, 2, 1);
  self->excluded = trouble->sql;
  self->forbidden = trouble->later;
  self->how = "lists/exclusions";
  self->n_readings = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_nonnull (strstr (get_message (self), "could not be read once more"));
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);
}

static const Change out_of_reach[] = {
  { "not allowed", NULL, "not-allowed" },
  { "of another kind", "INSERT INTO exclusions VALUES (NULL, 'somebody@example.com', 'exact', 'other', '[]')", NULL },
};

/* That is over in a moment. */
static void
test_an_answer_about_exclusions_that_is_lost_is_asked_for_again (Fixture       *self,
                                                                 gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  self->forbidden = user_data;
  self->how = "@1";
  self->n_readings = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
  g_assert_cmpuint (self->n_readings, ==, 3);
  g_assert_cmpuint (self->n_posts, ==, 1);
}

/* An account that does not tell */

static void
test_pages_without_memberships_put_nobody_back (Fixture       *self,
                                                gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  deliver (self, 4);
  take_off (self, 2, 1);
  self->run.options.again = TRUE;
  relais_practice_add_fault (self->run.practice, "bare-pages", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  g_assert_nonnull (strstr (get_message (self), "did not say on which lists people are"));
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);

  relais_practice_add_fault (self->run.practice, "bare-pages", "off", &error);
  g_assert_no_error (error);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=4");
  g_assert_cmpuint (get_put_back (self), ==, 1);
}

static void
deny_cb (SoupServer        *server,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           user_data)
{
  answer (message, 403, NO_RIGHT);
}

static void
deny_exclusions_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  answer (message, 403, NO_RIGHT);
}

/* Whoever is excluded, as far as nobody may tell, comes back with the exclusions only. */
static void
test_exclusions_out_of_reach_put_nobody_back (Fixture       *self,
                                              gconstpointer  user_data)
{
  RelaisRowCounts counts;

  deliver (self, 4);
  take_off (self, 2, 1);
  if (user_data != NULL)
    change (self, user_data);
  else
    soup_server_add_handler (self->run.practice->server, "/api/3/lists/exclusions", deny_exclusions_cb, self, NULL);
  self->run.options.again = TRUE;
  g_assert_true (relais_run_fixture_preview (&self->run, FALSE, &counts, NULL, NULL));
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_BARRED], ==, 1);
  g_assert_null (strstr (self->run.message, "would be put back"));
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
  g_assert_nonnull (strstr (get_message (self), "Nobody whom Relais had taken off"));
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);

  /* Where nobody comes back there is nothing to say. */
  if (user_data != NULL)
    change (self, "DELETE FROM exclusions");
  else
    soup_server_remove_handler (self->run.practice->server, "/api/3/lists/exclusions");
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=4");
  g_assert_null (get_message (self));
  g_assert_cmpuint (get_put_back (self), ==, 1);
}

static void
test_a_key_that_may_not_look_puts_nobody_back (Fixture       *self,
                                               gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  soup_server_add_handler (self->run.practice->server, "/api/3/contacts", deny_cb, self, NULL);
  relais_run_fixture_run (&self->run);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 refused=1");
  g_assert_nonnull (strstr (get_message (self), "may not look at people"));
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);

  soup_server_remove_handler (self->run.practice->server, "/api/3/contacts");
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
}

/* The request that puts back */

static const struct
{
  const char *words;
  guint       n_posts;
  gboolean    comes_back;
  guint       n_repeated;  /* requests, of which it was not known what came of the one before; one that is refused for certain is none */
} answers[] = {
  /* Carried out, and not heard of: not asked for once more */
  { "done-500", 1, TRUE },
  { "done-502", 1, TRUE },
  { "done-reset", 1, TRUE },
  { "done-other", 1, TRUE },
  /* Not carried out: asked for again, when the person is as they were left */
  { "500", 2, TRUE, 1 },
  { "429", 2, TRUE },
  { "reset", 2, TRUE, 1 },
  { "other", 2, TRUE, 1 },
  { "401", 2, TRUE },
  { "500 429 reset done-500", 4, TRUE, 2 },
  /* Refused */
  { "422", 1, FALSE },
  { "404", 1, FALSE },
  { "500 422", 2, FALSE },
  { "500 500 500 500 500 500 500 500 500", 8, FALSE, 7 },
};

static void
test_what_the_account_answers (Fixture       *self,
                               gconstpointer  user_data)
{
  gsize i = GPOINTER_TO_SIZE (user_data) - 1;

  deliver (self, 4);
  take_off (self, 2, 1);
  say (self, answers[i].words);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, answers[i].comes_back ? "read=4 delivered=1 unchanged=3" : "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, answers[i].n_posts);
  g_assert_cmpuint (get_put_back (self), ==, answers[i].comes_back);
  g_assert_cmpuint (relais_run_get_record (self->run.run)->leavers.repeated, ==, answers[i].n_repeated);
  g_assert_cmpint (get_status (self, 2, 1), ==, answers[i].comes_back ? 1 : 2);
  g_assert_cmpint (get_state (self), ==, answers[i].comes_back ? -1 : RELAIS_REMOVAL_RETURNING);
  if (answers[i].comes_back)
    return;

  /* Another day it goes well. */
  g_queue_clear_full (&self->words, g_free);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
  g_assert_cmpuint (get_put_back (self), ==, 1);
  g_assert_cmpint (get_state (self), ==, -1);
}

/* Carried out or not, nobody heard of it; and before it is asked again the person opts out. */
static void
test_nobody_who_opts_out_is_put_back_by_trying_again (Fixture       *self,
                                                      gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  say (self, user_data);
  self->meanwhile = "UPDATE memberships SET status = 2, updated = unixepoch () WHERE list = 1 AND " OF_PERSON;
  self->nth_look = 2;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 1);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, -1);
}

static void
test_a_late_answer_puts_nobody_back (Fixture       *self,
                                     gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  self->run.times.freshness = 0.15;
  relais_delivery_set_times (self->run.delivery, &self->run.times);
  self->n_late = 1;
  self->meanwhile = user_data;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, user_data != NULL ? "read=4 unchanged=3 barred=1" : "read=4 delivered=1 unchanged=3");
  /* On a busy machine more answers than that one are late. */
  g_assert_cmpuint (self->n_looks, >=, 2);
  g_assert_cmpuint (self->n_posts, ==, user_data == NULL);
  g_assert_cmpint (get_status (self, 2, 1), ==, user_data != NULL ? 2 : 1);
  g_assert_cmpint (get_state (self), ==, -1);
}

static void
opt_out_while_connecting_cb (SoupMessage        *message,
                             GSocketClientEvent  event,
                             GIOStream          *connection,
                             gpointer            user_data)
{
  Fixture *self = user_data;

  if (event != G_SOCKET_CLIENT_CONNECTING || self->meanwhile == NULL)
    return;
  g_usleep ((gulong) (2 * self->run.times.freshness * G_USEC_PER_SEC));
  change (self, g_steal_pointer (&self->meanwhile));
}

static void
queued_cb (SoupSession *session,
           SoupMessage *message,
           gpointer     user_data)
{
  if (g_str_has_suffix (g_uri_get_path (soup_message_get_uri (message)), "/contactLists"))
    g_signal_connect (message, "network-event", G_CALLBACK (opt_out_while_connecting_cb), user_data);
}

/* How somebody was is fresh when the request is made, and not any more when there is a connection for it. */
static void
test_a_connection_that_takes_long_puts_nobody_back (Fixture       *self,
                                                    gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  self->run.times.freshness = 0.5;
  relais_delivery_set_times (self->run.delivery, &self->run.times);
  self->nth_look = G_MAXUINT;
  self->meanwhile = "UPDATE memberships SET status = 2, updated = unixepoch () WHERE list = 1 AND " OF_PERSON;
  g_signal_connect (self->run.session, "request-queued", G_CALLBACK (queued_cb), self);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  g_signal_handlers_disconnect_by_data (self->run.session, self);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_null (self->meanwhile);
  g_assert_cmpuint (self->n_looks, ==, 2);
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 2, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, -1);
}

/* Where every answer is late it is not tried for ever. */
static void
test_an_account_that_is_always_late_puts_nobody_back (Fixture       *self,
                                                      gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  self->run.times.freshness = 0.15;
  relais_delivery_set_times (self->run.delivery, &self->run.times);
  self->n_late = G_MAXUINT;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 barred=1");
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_RETURNING);
  g_assert_cmpstr (get_message (self), ==,
                   "Not everybody whom Relais had taken off the list and who is in the segment again was put back on it, because ActiveCampaign answered too slowly or not at all when it was asked about them. The next run tries it again.");
  self->n_late = 0;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
}

static void
test_a_key_without_the_right_is_not_asked_for_each (Fixture       *self,
                                                    gconstpointer  user_data)
{
  deliver (self, 4);
  take_off (self, 2, 1);
  take_off (self, 3, 1);
  take_off (self, 4, 1);
  say (self, "no-right");
  self->run.options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 barred=3");
  g_assert_cmpuint (self->n_posts, ==, 1);
  g_assert_nonnull (strstr (get_message (self), "may not subscribe people again"));
}

/* Stopped */

static void
test_a_run_that_was_canceled_goes_on (Fixture       *self,
                                      gconstpointer  user_data)
{
  gboolean done = g_str_has_prefix (user_data, "done");

  deliver (self, 4);
  take_off (self, 2, 1);
  say (self, user_data);
  self->cancel = TRUE;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_CANCELED);
  relais_run_fixture_assert_counts (&self->run, "read=4 unchanged=3 not_sent=1");
  g_assert_cmpint (get_status (self, 2, 1), ==, done ? 1 : 2);

  self->cancel = FALSE;
  g_object_unref (self->run.cancellable);
  self->run.cancellable = g_cancellable_new ();
  relais_run_fixture_reopen (&self->run);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, "read=4 delivered=1 unchanged=3");
  g_assert_cmpint (get_status (self, 2, 1), ==, 1);
  g_assert_cmpint (get_state (self), ==, -1);
  g_assert_cmpuint (self->n_posts, ==, done ? 1 : 2);
  g_assert_cmpuint (relais_run_get_record (self->run.run)->leavers.repeated, ==, done ? 0 : 1);
  g_assert_cmpuint (get_put_back (self), ==, 1);
}

/* Killed after it was written down that somebody returns, and before it was written down that they have: whether they were put
 * back, and whether they have left since, is for the account to say. */
static void
test_a_run_that_was_killed_is_made_up_for (Fixture       *self,
                                           gconstpointer  user_data)
{
  const Change *then = user_data;
  gboolean opted_out = then->later != NULL;

  deliver (self, 4);
  take_off (self, 2, 1);
  put_removal (self, 2, 1, RELAIS_REMOVAL_RETURNING);
  if (then->sql != NULL)
    change (self, then->sql);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, opted_out ? "read=4 unchanged=3 barred=1" : "read=4 delivered=1 unchanged=3");
  g_assert_cmpint (get_status (self, 2, 1), ==, opted_out ? 2 : 1);
  g_assert_cmpint (get_state (self), ==, -1);
  g_assert_cmpuint (self->n_posts, ==, then->sql == NULL);
  g_assert_cmpuint (get_put_back (self), ==, !opted_out);
}

static const Change after_kill[] = {
  { "before it was asked for", NULL, NULL },
  { "after it was carried out", "UPDATE memberships SET status = 1 WHERE list = 1 AND " OF_PERSON, NULL },
  { "and then they left", "UPDATE memberships SET updated = unixepoch () WHERE list = 1 AND " OF_PERSON, "" },
};

static void
test_a_doubt_puts_nobody_back (Fixture       *self,
                               gconstpointer  user_data)
{
  static const RelaisRemovalState states[] = { RELAIS_REMOVAL_INTENT, RELAIS_REMOVAL_DOUBT };

  deliver (self, 4);
  take_off (self, 2, 1);
  self->run.options.again = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      put_removal (self, 2, 1, states[i]);
      g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
      relais_run_fixture_assert_counts (&self->run, "read=4 delivered=3 barred=1");
    }
  g_assert_cmpuint (self->n_posts, ==, 0);
}

/* Off the list and on it again, with nothing but runs */

static void
expect (Fixture         *self,
        guint            n_people,
        const char      *counts,
        guint            n_taken_off,
        guint            n_put_back)
{
  relais_run_fixture_write_people (&self->run, n_people);
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (&self->run, counts);
  g_assert_cmpuint (relais_run_get_record (self->run.run)->leavers.taken_off, ==, n_taken_off);
  g_assert_cmpuint (get_put_back (self), ==, n_put_back);
}

static void
test_people_leave_and_come_back (Fixture       *self,
                                 gconstpointer  user_data)
{
  deliver (self, 10);
  relais_run_fixture_define (&self->run, ",\"leavers\":\"remove\"");
  for (guint i = 0; i < 2; i++)
    {
      expect (self, 9, "read=9 unchanged=9", 1, 0);
      g_assert_cmpint (get_status (self, 10, 1), ==, 2);
      g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);
      expect (self, 10, "read=10 delivered=1 unchanged=9", 0, 1);
      g_assert_cmpint (get_status (self, 10, 1), ==, 1);
      g_assert_cmpint (get_state (self), ==, -1);
    }
  /* Also when nobody is taken off any more */
  expect (self, 9, "read=9 unchanged=9", 1, 0);
  relais_run_fixture_define (&self->run, NULL);
  expect (self, 10, "read=10 delivered=1 unchanged=9", 0, 1);
  relais_run_fixture_define (&self->run, ",\"leavers\":\"remove\"");
  expect (self, 9, "read=9 unchanged=9", 1, 0);
  relais_contact_leave (get_account (self), get_id (self, 10), 1, "Too many");
  expect (self, 10, "read=10 unchanged=9 barred=1", 0, 0);
  g_assert_cmpuint (self->n_posts, ==, 3);
  g_assert_cmpint (get_status (self, 10, 1), ==, 2);
}

/* They were put back when the run was killed, and are not in the segment any more. */
static void
test_who_returns_and_leaves_is_taken_off (Fixture       *self,
                                          gconstpointer  user_data)
{
  deliver (self, 10);
  relais_run_fixture_define (&self->run, ",\"leavers\":\"remove\"");
  take_off (self, 10, 1);
  put_removal (self, 10, 1, RELAIS_REMOVAL_RETURNING);
  change (self, "UPDATE memberships SET status = 1, since = unixepoch ()");
  expect (self, 9, "read=9 unchanged=9", 1, 0);
  g_assert_cmpint (get_status (self, 10, 1), ==, 2);
  g_assert_cmpint (get_state (self), ==, RELAIS_REMOVAL_DONE);
  expect (self, 10, "read=10 delivered=1 unchanged=9", 0, 1);
}

/* Put back, and the run broke off before they were sent: they are the export's own all the same. */
static void
test_who_was_put_back_and_not_sent_is_taken_off (Fixture       *self,
                                                 gconstpointer  user_data)
{
  gboolean told = user_data == NULL;

  deliver (self, 10);
  relais_run_fixture_define (&self->run, ",\"leavers\":\"remove\"");
  expect (self, 9, "read=9 unchanged=9", 1, 0);
  relais_run_fixture_write_people (&self->run, 10);
  if (!told)
    say (self, "done-500");
  self->cancel = !told;
  self->lose = told;
  g_assert_cmpint (relais_run_fixture_run (&self->run), ==, told ? RELAIS_RUN_INTERRUPTED : RELAIS_RUN_CANCELED);
  g_assert_cmpint (get_status (self, 10, 1), ==, 1);
  g_assert_cmpint (get_state (self), ==, told ? -1 : RELAIS_REMOVAL_RETURNING);
  self->cancel = self->lose = FALSE;
  g_object_unref (self->run.cancellable);
  self->run.cancellable = g_cancellable_new ();
  expect (self, 9, "read=9 unchanged=9", 1, 0);
  g_assert_cmpint (get_status (self, 10, 1), ==, 2);
}

/* A preview */

static void
test_a_preview_puts_nobody_back (Fixture       *self,
                                 gconstpointer  user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  deliver (self, 4);
  take_off (self, 2, 1);
  g_assert_true (relais_run_fixture_preview (&self->run, FALSE, &counts, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_DELIVERED], ==, 1);
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_UNCHANGED], ==, 3);
  g_assert_cmpstr (self->run.message, ==, "1 person whom Relais took off the list earlier is in the segment again, and would be put back on it.");
  take_off (self, 3, 1);
  g_assert_true (relais_run_fixture_preview (&self->run, FALSE, &counts, NULL, &error));
  g_assert_nonnull (strstr (self->run.message, "2 people"));
  change (self, changes[0].sql);
  g_assert_true (relais_run_fixture_preview (&self->run, FALSE, &counts, NULL, &error));
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_BARRED], ==, 1);
  g_assert_nonnull (strstr (self->run.message, "1 person"));
  g_assert_cmpuint (self->n_posts, ==, 0);
  g_assert_cmpint (get_status (self, 3, 1), ==, 2);
}

#define ADD(name, test, data) g_test_add ("/run/returning/" name, Fixture, data, set_up, test, tear_down)

static void
add_each (const char   *name,
          const Change *all,
          guint         n,
          void       (* test) (Fixture       *self,
                               gconstpointer  user_data))
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/run/returning/%s: %s", name, all[i].name);

      g_test_add (path, Fixture, &all[i], set_up, test, tear_down);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("who is in the segment again is put back", test_who_is_in_the_segment_again_is_put_back, NULL);
  ADD ("who is not in the segment stays off", test_who_is_not_in_the_segment_stays_off, NULL);
  ADD ("people of many batches come back", test_people_of_many_batches_come_back, NULL);
  ADD ("another list left through Relais does not count", test_another_list_left_through_relais_does_not_count, NULL);
  add_each ("who opted out stays away", changes, G_N_ELEMENTS (changes), test_who_opted_out_stays_away);
  add_each ("who opts out meanwhile stays away", changes, G_N_ELEMENTS (changes), test_who_opts_out_meanwhile_stays_away);
  ADD ("the only one of a batch opts out meanwhile", test_the_only_one_of_a_batch_opts_out_meanwhile, NULL);
  ADD ("a batch in doubt loses its only one", test_a_batch_in_doubt_loses_its_only_one, NULL);
  ADD ("who is gone is left out", test_who_is_gone_or_another_is_left_out,
       "UPDATE contacts SET email = 'other@example.com' WHERE email = 'person2@example.com'");
  ADD ("who is another by now is left out", test_who_is_gone_or_another_is_left_out,
       "UPDATE memberships SET contact = 90000 WHERE " OF_PERSON "; UPDATE contacts SET id = 90000 WHERE email = 'person2@example.com'");
  add_each ("who may not be mailed stays away", bars, G_N_ELEMENTS (bars), test_who_bounced_or_is_excluded_stays_away);
  add_each ("who is excluded meanwhile stays away", excluded_meanwhile, G_N_ELEMENTS (excluded_meanwhile), test_who_is_excluded_meanwhile_stays_away);
  ADD ("exclusions are asked for once more", test_exclusions_are_asked_for_once_more, NULL);
  ADD ("what is known of exclusions counts from when it was asked", test_what_is_known_of_exclusions_counts_from_when_it_was_asked, NULL);
  ADD ("exclusions that take long to tell put people back", test_exclusions_that_take_long_to_tell_put_people_back, NULL);
  add_each ("exclusions out of reach meanwhile put nobody back", out_of_reach, G_N_ELEMENTS (out_of_reach),
            test_exclusions_out_of_reach_meanwhile_put_nobody_back);
  ADD ("an answer about exclusions that is lost: 502", test_an_answer_about_exclusions_that_is_lost_is_asked_for_again, "html-502");
  ADD ("an answer about exclusions that is lost: reset", test_an_answer_about_exclusions_that_is_lost_is_asked_for_again, "reset-after");
  ADD ("pages without memberships put nobody back", test_pages_without_memberships_put_nobody_back, NULL);
  ADD ("exclusions out of reach put nobody back", test_exclusions_out_of_reach_put_nobody_back, NULL);
  ADD ("exclusions of another kind put nobody back", test_exclusions_out_of_reach_put_nobody_back,
       "INSERT INTO exclusions VALUES (NULL, 'somebody@example.com', 'exact', 'other', '[]')");
  ADD ("a key that may not look puts nobody back", test_a_key_that_may_not_look_puts_nobody_back, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/run/returning/what the account answers: %s", answers[i].words);

      g_test_add (path, Fixture, GSIZE_TO_POINTER (i + 1), set_up, test_what_the_account_answers, tear_down);
    }
  ADD ("nobody who opts out is put back by trying again: done", test_nobody_who_opts_out_is_put_back_by_trying_again, "done-500");
  ADD ("nobody who opts out is put back by trying again: not done", test_nobody_who_opts_out_is_put_back_by_trying_again, "429");
  ADD ("a late answer puts nobody back: opted out", test_a_late_answer_puts_nobody_back, (gpointer) changes[0].sql);
  ADD ("a late answer puts nobody back: as before", test_a_late_answer_puts_nobody_back, NULL);
  ADD ("a connection that takes long puts nobody back", test_a_connection_that_takes_long_puts_nobody_back, NULL);
  ADD ("an account that is always late puts nobody back", test_an_account_that_is_always_late_puts_nobody_back, NULL);
  ADD ("a key without the right is not asked for each", test_a_key_without_the_right_is_not_asked_for_each, NULL);
  ADD ("a run that was canceled goes on: done", test_a_run_that_was_canceled_goes_on, "done-500");
  ADD ("a run that was canceled goes on: not done", test_a_run_that_was_canceled_goes_on, "500");
  add_each ("a run that was killed is made up for", after_kill, G_N_ELEMENTS (after_kill), test_a_run_that_was_killed_is_made_up_for);
  ADD ("a doubt puts nobody back", test_a_doubt_puts_nobody_back, NULL);
  ADD ("people leave and come back", test_people_leave_and_come_back, NULL);
  ADD ("who returns and leaves is taken off", test_who_returns_and_leaves_is_taken_off, NULL);
  ADD ("who was put back and not sent is taken off", test_who_was_put_back_and_not_sent_is_taken_off, NULL);
  ADD ("who was put back and not heard of is taken off", test_who_was_put_back_and_not_sent_is_taken_off, "");
  ADD ("a preview puts nobody back", test_a_preview_puts_nobody_back, NULL);

  return g_test_run ();
}
