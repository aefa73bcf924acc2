/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cell.h"

#include "checks.h"

#include "relais-error.h"
#include "relais-practice-content.h"

#include <stdlib.h>
#include <string.h>

#define TIME_LIMIT      150 /* seconds, for all the runs of one cell: there are sanitizers, and busy machines */
#define MOST_RUNS       4
#define MOST_COMPLAINTS 6   /* the first ones say enough */
#define IMPORTS         4   /* in a second: fewer than a run has */
#define MORE_IMPORTS    60
#define SHORT           1.5
#define LONG            40

/*
 * relais_matrix_cell_complain:
 * @format: what is wrong
 */
void
relais_matrix_cell_complain (RelaisMatrixCell *self,
                             const char       *format,
                             ...)
{
  va_list arguments;

  if (self->complaints->len >= MOST_COMPLAINTS)
    return;
  va_start (arguments, format);
  g_ptr_array_add (self->complaints, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* The account */

static char *
write_aim (RelaisMatrixCell *self)
{
  const char *name = relais_asked_name (self->moment->what);
  guint nth = self->moment->nth;

  switch (self->fault->reach)
    {
    case RELAIS_REACH_ONCE:
      return g_strdup_printf ("%s:%u", name, nth);
    case RELAIS_REACH_THRICE:
      return g_strdup_printf ("%s:%u-%u", name, nth, nth + 2);
    case RELAIS_REACH_LASTING:
    case RELAIS_REACH_ACCOUNT:
    default:
      return g_strdup_printf ("%s:%u++", name, nth);
    }
}

static void
misbehave (RelaisMatrixCell *self,
           const char       *fault)
{
  g_auto (GStrv) parts = g_strsplit (fault[0] == '*' ? fault + 1 : fault, "=", 2);
  const char *value = g_strcmp0 (parts[1], "ELSEWHERE") == 0 ? self->witness->address : parts[1];
  g_autofree char *aim = write_aim (self);
  g_autofree char *name = fault[0] == '*' ? g_strconcat (aim, "/", parts[0], NULL) : g_strdup (parts[0]);
  g_autoptr (GError) error = NULL;

  relais_practice_add_fault (self->run.practice, name, value, &error);
  g_assert_no_error (error);
}

static void
go_away_cb (gpointer user_data)
{
  soup_server_disconnect (SOUP_SERVER (user_data));
}

/* From the moment on the account is another one, or none. */
static void
moment_cb (SoupServerMessage *message,
           RelaisAsked        what,
           guint              nth,
           gpointer           user_data)
{
  RelaisMatrixCell *self = user_data;

  if (what != self->moment->what || nth != self->moment->nth || self->has_struck)
    return;
  self->has_struck = TRUE;
  if (self->tls != NULL)
    relais_matrix_tls_set_wrong (self->tls, self->witness, TRUE);
  else
    g_idle_add_once (go_away_cb, self->run.practice->server);
  /* Connections that are kept break too. */
  relais_practice_add_fault (self->run.practice, "reset-early", NULL, NULL);
  relais_practice_break (message);
}

static void
put_faults_on (RelaisMatrixCell *self)
{
  g_auto (GStrv) faults = g_strsplit (self->fault->faults, " ", -1);

  if ((self->fault->flags & (RELAIS_MATRIX_TLS | RELAIS_MATRIX_GONE)) != 0)
    {
      self->witness->hook = moment_cb;
      self->witness->hook_data = self;
      return;
    }

  for (guint i = 0; faults[i] != NULL; i++)
    misbehave (self, faults[i]);
}

/* Whether the moment came. */
static gboolean
has_come (RelaisMatrixCell *self)
{
  gboolean is_aimed = self->witness->hook != NULL;

  if (self->has_struck)
    return TRUE;
  for (guint i = 0; i < RELAIS_N_FAULTS; i++)
    {
      const RelaisSwitch *at = &self->run.practice->account.faults.at[i];

      if (at->set && at->aimed != NULL && at->aim.since != 0)
        return TRUE;
      is_aimed = is_aimed || (at->set && at->aimed != NULL);
    }

  return !is_aimed;
}

static guint
choose_limit (RelaisMatrixCell *self)
{
  return (self->fault->flags & RELAIS_MATRIX_UNPACED) != 0 ? MORE_IMPORTS : IMPORTS;
}

/* Somebody leaves while the first import waits to be carried out. */
static void
add_leaver (RelaisStore *store)
{
  relais_content_add_person (store, "leaver@example.com", 2, 1);
  relais_store_execute (store,
                        "CREATE TEMP TRIGGER leave AFTER INSERT ON main.imports WHEN NEW.number = 1 BEGIN"
                        " INSERT INTO memberships SELECT 1, id, 2, 0, unixepoch (), unixepoch (), NULL, NULL FROM contacts"
                        " WHERE email = 'leaver@example.com'; END", "");
}

/* The account notes by itself whom it is sent. Who is in it has been there for a while. */
static void
prepare_account (RelaisMatrixCell *self)
{
  RelaisPracticeAccount *account = &self->run.practice->account;

  account->is_kept = TRUE;
  relais_store_execute (account->store, "CREATE TEMP TABLE queued (email TEXT COLLATE NOCASE)", "");
  relais_store_execute (account->store, "CREATE INDEX temp.queued_emails ON queued (email)", "");
  relais_store_execute (account->store,
                        "CREATE TEMP TRIGGER note AFTER INSERT ON main.imports BEGIN"
                        " INSERT INTO queued SELECT json_extract (value, '$.email') FROM json_each (NEW.body, '$.contacts'); END", "");
  if ((self->fault->flags & RELAIS_MATRIX_LEAVER) != 0)
    add_leaver (account->store);
  relais_store_execute (account->store, "UPDATE contacts SET created = created - 3600, updated = updated - 3600", "");
  relais_limits_set (&account->limits, (self->fault->flags & RELAIS_MATRIX_CROWDED) != 0 ? 1 : choose_limit (self), 1);
  account->import_delay = 20 * 1000;
  relais_matrix_witness_watch (self->witness, self->run.practice->server);
}

/* The export */

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
define (RelaisMatrixCell *self)
{
  RelaisRunFixture *run = &self->run;
  const char *verify = (self->fault->flags & RELAIS_MATRIX_LIES) != 0 ? "all" : self->moment->verify;
  g_autofree char *json = NULL;
  g_autoptr (RelaisExportDefinition) definition = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisExport) export = NULL;
  g_autoptr (GError) error = NULL;

  relais_run_fixture_define (run, NULL);
  json = g_strdup_printf ("{\"name\":\"Export\",\"connection\":\"Account\",\"list\":\"1\",\"segments\":[{\"file\":\"%s\"}],"
                          "\"matching\":{\"email\":\"EMail\",\"first_name\":\"FirstName\",\"fields\":{\"1\":\"Tier\",\"4\":\"City\"}},"
                          "\"verify\":\"%s\"}",
                          run->segment, verify);
  definition = relais_export_definition_from_json (json, -1, "/", &error);
  g_assert_no_error (error);
  relais_workspace_save_export_async (run->workspace, run->export, definition, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  export = relais_workspace_save_export_finish (run->workspace, result, &error);
  g_assert_no_error (error);
}

/* Only where nothing but time ends it: on a busy machine what is to pass may take its time. */
static gboolean
loses_patience (const RelaisMatrixSwitch *fault)
{
  switch (fault->code)
    {
    case RELAIS_ERROR_UNAVAILABLE:
    case RELAIS_ERROR_CUT:
    case RELAIS_ERROR_UNREACHABLE:
      return TRUE;
    default:
      return fault->end == RELAIS_END_EITHER || (fault->end == RELAIS_END_STOPPED && fault->code < 0);
    }
}

static gboolean
never_ends (const RelaisMatrixSwitch *fault)
{
  return fault->end == RELAIS_END_UNKNOWN || fault->end == RELAIS_END_EITHER;
}

static void
set_times (RelaisMatrixCell *self,
           double            patience,
           double            import_deadline)
{
  self->run.times = (RelaisRunTimes) {
    .first_pause = 0.02, .longest_pause = 0.2, .patience = patience,
    .first_look = 0.05, .longest_look = 0.3, .import_deadline = import_deadline, .grace = 0.3, .most_questions = 3,
    /* What lies lets itself be read back. */
    .first_recheck = 0.01, .freshness = 60, .verify_patience = (self->fault->flags & RELAIS_MATRIX_LIES) != 0 ? LONG : patience,
  };
  relais_delivery_set_times (self->run.delivery, &self->run.times);
}

static void
set_up (RelaisMatrixCell *self)
{
  RelaisRunFixture *run = &self->run;
  g_autofree char *text = NULL;

  relais_run_fixture_set_up_practice (run, NULL);
  set_times (self, loses_patience (self->fault) ? SHORT : LONG, never_ends (self->fault) ? SHORT : LONG);
  soup_session_set_timeout (run->session, 2);
  run->limit_requests = choose_limit (self);
  run->limit_seconds = 1;
  prepare_account (self);
  self->rows = relais_matrix_segment_new (self->moment->n_people, (self->fault->flags & RELAIS_MATRIX_LEAVER) != 0);
  text = relais_matrix_segment_text (self->rows);
  relais_run_fixture_write (run, text);
  if ((self->fault->flags & RELAIS_MATRIX_TLS) != 0)
    self->tls = relais_matrix_tls_new (run, self->fault->faults);
  define (self);
  if (self->tls != NULL)
    relais_matrix_tls_connect (self->tls);
  put_faults_on (self);
}

/* Runs */

static gboolean
run_once (RelaisMatrixCell *self)
{
  relais_run_fixture_start (&self->run);
  relais_run_fixture_wait (&self->run);
  self->n_runs++;
  if (self->run.run == NULL)
    {
      relais_matrix_cell_complain (self, "run %u did not come about: %s", self->n_runs, self->run.error->message);
      return FALSE;
    }
  relais_matrix_check_states (self);
  relais_matrix_check_holdings (self);

  return TRUE;
}

static void
listen_again (RelaisMatrixCell *self)
{
  const char *port = strrchr (relais_practice_get_address (self->run.practice), ':') + 1;
  g_autoptr (GError) error = NULL;

  soup_server_listen_local (self->run.practice->server, atoi (port), SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
}

static void
mend (RelaisMatrixCell *self)
{
  RelaisPracticeAccount *account = &self->run.practice->account;

  set_times (self, LONG, LONG);
  relais_faults_clear (&account->faults);
  self->witness->hook = NULL;
  if (self->tls != NULL)
    relais_matrix_tls_set_wrong (self->tls, self->witness, FALSE);
  if ((self->fault->flags & RELAIS_MATRIX_GONE) != 0)
    listen_again (self);
  relais_limits_set (&account->limits, choose_limit (self), 1);
}

static gint64
count_queued (RelaisMatrixCell *self)
{
  return relais_store_number (self->run.practice->account.store, "SELECT count (*) FROM queued WHERE email NOT LIKE 'o''hara%'", "");
}

/* Once all is well again, everybody arrives; and whoever has arrived is not sent once more. */
static void
go_on (RelaisMatrixCell *self)
{
  gboolean had_all = relais_matrix_all_arrived (self) && (self->fault->flags & (RELAIS_MATRIX_LIES | RELAIS_MATRIX_UNGUARDED)) == 0;
  gint64 n_before = count_queued (self);

  mend (self);
  do
    if (!run_once (self))
      return;
  while (!relais_matrix_all_arrived (self) && self->n_runs < MOST_RUNS);

  if (!relais_matrix_all_arrived (self))
    relais_matrix_cell_complain (self, "%u runs later not everybody has arrived", self->n_runs);
  if (had_all && count_queued (self) != n_before)
    relais_matrix_cell_complain (self, "%" G_GINT64_FORMAT " people were sent again who had arrived", count_queued (self) - n_before);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("after %u s the cell has not come to its end", TIME_LIMIT);

  return G_SOURCE_REMOVE;
}

/*
 * relais_matrix_cell_try:
 * @fault: what the account does wrong
 * @moment: when
 *
 * Returns: (transfer full) (element-type utf8): what is wrong with the program; nothing when all is well
 */
GPtrArray *
relais_matrix_cell_try (const RelaisMatrixSwitch *fault,
                        const RelaisMatrixMoment *moment)
{
  RelaisMatrixCell self = { .fault = fault, .moment = moment };
  guint late = g_timeout_add_seconds (TIME_LIMIT, late_cb, NULL);

  self.complaints = g_ptr_array_new_with_free_func (g_free);
  self.fates = g_array_new (FALSE, TRUE, sizeof (RelaisMatrixFate));
  self.witness = relais_matrix_witness_new ();
  set_up (&self);

  if (run_once (&self))
    {
      if (!has_come (&self))
        relais_matrix_cell_complain (&self, "the moment did not come");
      relais_matrix_check_end (&self);
      relais_matrix_check_repeats (&self);
      go_on (&self);
    }
  relais_matrix_check_limits (&self);
  relais_matrix_check_secrets (&self);

  relais_run_fixture_tear_down (&self.run, NULL);
  relais_matrix_witness_free (self.witness);
  g_clear_pointer (&self.tls, relais_matrix_tls_free);
  g_ptr_array_unref (self.rows);
  g_array_unref (self.fates);
  g_source_remove (late);

  return self.complaints;
}
