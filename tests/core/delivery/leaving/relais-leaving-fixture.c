/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-leaving-fixture.h"

#include "relais-journal-leavers.h"
#include "relais-practice-server-private.h"
#include "relais-run-words.h"

#include <string.h>

/* An import of which it is certain to the second that it was done after it had left */
#define LONG_ENOUGH (2 * G_USEC_PER_SEC)

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
request_read_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  RelaisRunFixture *self = user_data;
  gint64 *import_delay = &self->practice->account.import_delay;
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));

  if (!g_str_has_suffix (g_uri_get_path (soup_server_message_get_uri (message)), "/bulk_import"))
    return;
  if (*import_delay == LONG_ENOUGH)
    *import_delay = 1000;
  if (*import_delay <= 1000 && g_strstr_len (g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body), "\"unsubscribe\"") != NULL)
    *import_delay = LONG_ENOUGH;
}

/* Imports that take people off take so long that it can be certain of them that it was these, unless a test wants another time. */
void
relais_leaving_take_time (RelaisRunFixture *self)
{
  if (self->practice != NULL && g_signal_handler_find (self->practice->server, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, request_read_cb, NULL) == 0)
    g_signal_connect (self->practice->server, "request-read", G_CALLBACK (request_read_cb), self);
}

void
relais_leaving_execute (RelaisRunFixture *self,
                        const char       *sql)
{
  relais_store_execute (self->practice->account.store, sql, "");
}

gint64
relais_leaving_number (RelaisRunFixture *self,
                       const char       *sql)
{
  return relais_store_number (self->practice->account.store, sql, "");
}

/* How many people of the segments are on a list in this way: the account has others */
guint
relais_leaving_count_status (RelaisRunFixture *self,
                             guint             list_id,
                             guint             status)
{
  return (guint) relais_store_number (self->practice->account.store, "SELECT count (*) FROM memberships JOIN contacts ON contacts.id = contact"
                                      " WHERE list = ? AND status = ? AND email LIKE 'person%@example.com'", "ii",
                                      (gint64) list_id, (gint64) status);
}

/* How somebody is on list 1 */
int
relais_leaving_status (RelaisRunFixture *self,
                       const char       *email)
{
  return (int) relais_store_number (self->practice->account.store,
    "SELECT coalesce ((SELECT status FROM memberships JOIN contacts ON contacts.id = contact WHERE list = 1 AND email = ?), -1)", "s", email);
}

/* Somebody leaves list 1 by themselves. */
void
relais_leaving_opt_out (RelaisRunFixture *self,
                        const char       *email,
                        const char       *reason)
{
  relais_store_execute (self->practice->account.store,
    "UPDATE memberships SET status = 2, updated = unixepoch (), reason = ?2 WHERE list = 1 AND contact = (SELECT id FROM contacts WHERE email = ?1)", "ss", email, reason);
}

/* The segment has person5@example.com to person9@example.com, if these are @first and @last. */
void
relais_leaving_write_range (RelaisRunFixture *self,
                            guint             first,
                            guint             last)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");

  for (guint i = first; i <= last; i++)
    g_string_append_printf (text, "person%u@example.com,Name%u\n", i, i);
  relais_run_fixture_write (self, text->str);
}

/* An export that takes leavers off, and is not braked */
void
relais_leaving_define (RelaisRunFixture *self,
                       const char       *options)
{
  g_autofree char *all = g_strconcat (",\"leavers\":\"remove\",\"verify\":\"off\"", options != NULL ? options : ",\"leavers_brake\":{\"share\":100}", NULL);

  relais_leaving_take_time (self);
  relais_run_fixture_define (self, all);
}

/* These people are put on the list by the export. */
void
relais_leaving_deliver (RelaisRunFixture *self,
                        guint             first,
                        guint             last)
{
  relais_leaving_write_range (self, first, last);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
}

/* What happens during a run */
typedef struct
{
  RelaisRunFixture *self;
  RelaisSurprise    surprise;
  guint64           n_imports;  /* before it */
  guint             source;
} Meanwhile;

static gboolean
surprise_when_queued_cb (gpointer user_data)
{
  Meanwhile *meanwhile = user_data;

  if (meanwhile->self->practice->account.n_imports == meanwhile->n_imports)
    return G_SOURCE_CONTINUE;
  meanwhile->source = 0;
  meanwhile->surprise (meanwhile->self);

  return G_SOURCE_REMOVE;
}

/* @surprise: carried out when the run's first import is queued, which is one that takes people off when nobody is sent */
RelaisRunStatus
relais_leaving_run_surprised_when_queued (RelaisRunFixture *self,
                                          RelaisSurprise    surprise)
{
  Meanwhile meanwhile = { self, surprise, self->practice->account.n_imports };

  meanwhile.source = g_timeout_add_full (G_PRIORITY_HIGH, 1, surprise_when_queued_cb, &meanwhile, NULL);
  relais_run_fixture_run (self);
  g_assert_cmpuint (meanwhile.source, ==, 0);

  return relais_run_get_status (self->run);
}

/* Another export to the same list, with these people in its segment. Its run begins, and ends. */
RelaisRunStatus
relais_leaving_run_other (RelaisRunFixture *self,
                          const char       *name,
                          guint             first,
                          guint             last,
                          const char       *options)
{
  g_autofree char *all = g_strconcat (",\"verify\":\"off\"", options, NULL);
  g_autoptr (RelaisExport) own = g_steal_pointer (&self->export);
  g_autofree char *segment = g_steal_pointer (&self->segment);
  const char *own_name = self->export_name;
  RelaisRunStatus status;

  self->export_name = name;
  g_set_object (&self->export, relais_workspace_find_export (self->workspace, name));
  self->segment = g_strconcat (segment, ".other", NULL);
  relais_leaving_write_range (self, first, last);
  relais_run_fixture_define (self, all);
  status = relais_run_fixture_run (self);
  g_set_object (&self->export, own);
  g_free (self->segment);
  self->segment = g_steal_pointer (&segment);
  self->export_name = own_name;

  return status;
}

static char *
write_counts (const RelaisLeaversCounts *counts)
{
  return g_strdup_printf ("departed=%" G_GUINT64_FORMAT " taken_off=%" G_GUINT64_FORMAT " in_doubt=%" G_GUINT64_FORMAT " kept=%" G_GUINT64_FORMAT,
                          counts->departed, counts->taken_off, counts->in_doubt, counts->kept);
}

/* Of the last run, here and in the journal */
void
relais_leaving_assert_counts (RelaisRunFixture *self,
                              const char       *expected)
{
  g_autoptr (GPtrArray) history = relais_run_fixture_history (self);
  const RelaisRunRecord *kept = g_ptr_array_index (history, 0);
  g_autofree char *found = write_counts (&relais_run_get_record (self->run)->leavers);
  g_autofree char *written = write_counts (&kept->leavers);

  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpstr (written, ==, expected);
}

/* Of the export's list */
GPtrArray *
relais_leaving_removals (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *removals;

  relais_journal_read_removals_async (journal, relais_connection_get_id (relais_export_get_connection (self->export)), self->list_id, NULL, NULL,
                                      keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  removals = relais_journal_read_removals_finish (journal, result, &error);
  g_assert_no_error (error);

  return removals;
}

guint
relais_leaving_count_removals (RelaisRunFixture   *self,
                               RelaisRemovalState  state)
{
  g_autoptr (GPtrArray) removals = relais_leaving_removals (self);
  guint n = 0;

  for (guint i = 0; i < removals->len; i++)
    {
      const RelaisRemoval *removal = g_ptr_array_index (removals, i);

      n += removal->state == state;
      g_assert_cmpint (removal->left_as != NULL, ==, removal->state == RELAIS_REMOVAL_DONE);
    }

  return n;
}

/*
 * relais_leaving_assert_named:
 * @expected: "person1 taken-off, person2 in-doubt": whom the journal names of the last run, without their domains
 */
void
relais_leaving_assert_named (RelaisRunFixture *self,
                             const char       *expected)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) leavers = NULL;
  g_autoptr (GString) found = g_string_new (NULL);

  relais_journal_list_leavers_async (journal, relais_run_get_id (self->run), NULL, G_MAXUINT, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  leavers = relais_journal_list_leavers_finish (journal, result, NULL);
  g_assert_nonnull (leavers);
  for (guint i = 0; i < leavers->len; i++)
    {
      const RelaisLeaverRecord *leaver = g_ptr_array_index (leavers, i);

      g_string_append_printf (found, "%s%.*s %s", i > 0 ? ", " : "", (int) strcspn (leaver->email, "@"), leaver->email, relais_fate_to_code (leaver->fate));
    }
  g_assert_cmpstr (found->str, ==, expected);
}
