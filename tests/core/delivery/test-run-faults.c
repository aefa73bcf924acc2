/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-run-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
prepare (RelaisRunFixture *self,
         guint             n_people)
{
  relais_run_fixture_write_people (self, n_people);
  relais_run_fixture_define (self, NULL);
}

static void
start_over (RelaisRunFixture *self)
{
  relais_run_fixture_tear_down (self, NULL);
  memset (self, 0, sizeof *self);
  relais_run_fixture_set_up (self, NULL);
}

static int
get_error_code (RelaisRunFixture *self)
{
  return relais_run_get_record (self->run)->error_code;
}

/* Whoever was claimed to be delivered is there, and nobody more than once unless it is told. */
static void
assert_true_to_the_account (RelaisRunFixture *self)
{
  const RelaisRunRecord *record = relais_run_get_record (self->run);

  g_assert_cmpuint (record->counts.by_state[RELAIS_ROW_DELIVERED], <=, g_hash_table_size (self->account->people));
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), <=, record->batches_repeated);
}

/* What passes */

/* Words for the first imports and questions; after them all goes well. */
typedef struct
{
  const char *imports;
  const char *infos;
  guint       repeated;   /* batches that are queued twice */
} Passing;

static const Passing passing[] = {
  { "500 500 502 504", NULL, 0 },
  { "503 503 503", NULL, 0 },
  { "reset reset", NULL, 0 },
  { "cut", NULL, 0 },
  { "unreadable", NULL, 0 },
  { "403 403", NULL, 0 },
  { "html html", NULL, 0 },
  { "limit limit limit limit", NULL, 0 },
  { "429 429 429 429", NULL, 0 },
  { "accept-unreadable", NULL, 1 },
  { "accept-cut", NULL, 1 },
  { "accept-500", NULL, 1 },
  { "accept-busy", NULL, 1 },
  { "busy busy", "busy", 0 },
  { "accept accept-reset accept accept-cut", NULL, 2 },
  { NULL, "false false false", 0 },
  { NULL, "waiting claimed active pondering", 0 },
  { NULL, "500 503 502 reset cut unreadable", 0 },
  { NULL, "403 html", 0 },
  { NULL, "429 429 429", 0 },
  { NULL, "404 404", 0 },
  { NULL, "failed", 1 },
  { NULL, "interrupted interrupted", 2 },
};

static void
test_what_passes_is_waited_out (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    {
      g_test_message ("imports: %s; infos: %s", passing[i].imports, passing[i].infos);
      start_over (self);
      prepare (self, 1000);
      if (passing[i].imports != NULL)
        relais_scripted_account_imports (self->account, passing[i].imports);
      if (passing[i].infos != NULL)
        relais_scripted_account_infos (self->account, passing[i].infos);

      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
      relais_run_fixture_assert_counts (self, "read=1000 delivered=1000");
      g_assert_cmpuint (g_hash_table_size (self->account->people), ==, 1000);
      g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, passing[i].repeated);
      g_assert_cmpuint (relais_run_get_record (self->run)->batches_accepted, ==, 4);
      assert_true_to_the_account (self);
    }
}

/* What does not pass */

typedef struct
{
  const char      *import;
  const char      *info;
  RelaisRunStatus  status;
  int              code;
} Lasting;

static const Lasting lasting[] = {
  { "402", NULL, RELAIS_RUN_FAILURE, RELAIS_ERROR_UNPAID },
  { "no-right", NULL, RELAIS_RUN_FAILURE, RELAIS_ERROR_NOT_ALLOWED },
  { "403", NULL, RELAIS_RUN_FAILURE, RELAIS_ERROR_REFUSED },
  { "html", NULL, RELAIS_RUN_FAILURE, RELAIS_ERROR_REFUSED },
  { "404", NULL, RELAIS_RUN_FAILURE, RELAIS_ERROR_NOT_FOUND },
  { "refuse", NULL, RELAIS_RUN_FAILURE, RELAIS_ERROR_INVALID },
  { "500", NULL, RELAIS_RUN_INTERRUPTED, RELAIS_ERROR_UNAVAILABLE },
  { "reset", NULL, RELAIS_RUN_INTERRUPTED, RELAIS_ERROR_CUT },
  { "unreadable", NULL, RELAIS_RUN_INTERRUPTED, RELAIS_ERROR_REPLY },
  { NULL, "402", RELAIS_RUN_FAILURE, RELAIS_ERROR_UNPAID },
  { NULL, "403", RELAIS_RUN_FAILURE, RELAIS_ERROR_REFUSED },
  { NULL, "500", RELAIS_RUN_INTERRUPTED, RELAIS_ERROR_UNAVAILABLE },
};

static void
test_what_lasts_ends_the_run (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (lasting); i++)
    {
      g_test_message ("imports: %s; infos: %s", lasting[i].import, lasting[i].info);
      start_over (self);
      /* What ends a run for good does so before it loses patience, however slow everything is. */
      self->times.patience = lasting[i].status == RELAIS_RUN_FAILURE ? 60 : 0.3;
      relais_delivery_set_times (self->delivery, &self->times);
      prepare (self, 2500);
      self->account->every_import = lasting[i].import;
      self->account->every_info = lasting[i].info;

      g_assert_cmpint (relais_run_fixture_run (self), ==, lasting[i].status);
      g_assert_cmpint (get_error_code (self), ==, lasting[i].code);
      g_assert_nonnull (relais_run_get_record (self->run)->message);
      g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 0);
      g_assert_true (relais_run_can_go_on (self->run));

      /* Once it is over, the run goes on, in another process. */
      self->account->every_import = NULL;
      self->account->every_info = NULL;
      relais_run_fixture_reopen (self);
      relais_run_fixture_run (self);
      g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED) + relais_run_fixture_count (self, RELAIS_ROW_REFUSED), ==, 2500);
      assert_true_to_the_account (self);
    }
}

static void
refuse_the_key_after_four (RelaisScriptedAccount *account,
                           const char            *what,
                           guint                  nth,
                           gpointer               user_data)
{
  if (g_str_equal (what, "import") && nth == 4)
    {
      account->every_import = "403";
      account->every_info = "403";
      account->every_other = "403";
    }
}

static void
test_the_key_is_refused_in_the_middle (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  prepare (self, 5000);
  self->account->hook = refuse_the_key_after_four;

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (get_error_code (self), ==, RELAIS_ERROR_REFUSED);
  assert_true_to_the_account (self);
  g_assert_cmpuint (g_hash_table_size (self->account->people), ==, 1000);
  /* It is not tried for ever: what was under way together, three times. On a busy machine what is refused late, or gets
   * through late, is a round more. */
  g_assert_cmpuint (self->account->n_imports, <, 200);

  self->account->hook = NULL;
  self->account->every_import = NULL;
  self->account->every_info = NULL;
  self->account->every_other = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
}

static void
accept_after_two_pauses_cb (RelaisRun  *run,
                            GParamSpec *pspec,
                            gpointer    user_data)
{
  RelaisRunFixture *self = user_data;
  g_autofree char *what_for = NULL;

  g_object_get (run, "waiting-for", &what_for, NULL);
  if (what_for == NULL && ++self->n_pauses == 2)
    self->account->every_import = NULL;
}

static void
test_refused_together_is_refused_once (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  /* Up to eight batches are under way at once; two moments' refusal of all of them ends nothing. */
  prepare (self, 5000);
  self->account->every_import = "403";
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::waiting-for", G_CALLBACK (accept_after_two_pauses_cb), self);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  g_signal_handlers_disconnect_by_data (self->run, self);
}

/* Imports without an end */

static void
test_imports_that_never_end_are_unknown (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  self->times.import_deadline = 0.2;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self, 500);
  self->account->every_info = user_data;

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=500 refused=500");
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.by_reason[RELAIS_REASON_UNKNOWN_OUTCOME], ==, 500);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 500);
  for (guint i = 0; i < rejections->len; i++)
    g_assert_cmpint (((RelaisRejection *) g_ptr_array_index (rejections, i))->reason, ==, RELAIS_REASON_UNKNOWN_OUTCOME);

  /* Nothing is remembered of them: the next run sends them. */
  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=500 delivered=500");
}

static void
test_imports_that_are_forgotten_are_unknown (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  prepare (self, 500);
  self->account->every_info = "404";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=500 refused=500");
}

static void
test_failed_imports_are_tried_once_more (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  prepare (self, 250);
  self->account->every_info = "failed";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=250 refused=250");
  g_assert_cmpuint (self->account->accepted->len, ==, 2);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 1);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_accepted, ==, 1);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpint (((RelaisRejection *) g_ptr_array_index (rejections, 0))->reason, ==, RELAIS_REASON_IMPORT_FAILED);
}

static void
test_failed_imports_with_automations_are_not (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 250);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->account->every_info = "failed";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_cmpuint (self->account->accepted->len, ==, 1);
}

static void
test_in_doubt_with_automations_stops (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  static const char * const words[] = { "accept-busy", "accept-cut" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      start_over (self);
      relais_run_fixture_write_people (self, 250);
      relais_run_fixture_define (self, ",\"automations\":true");
      relais_scripted_account_imports (self->account, words[i]);

      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
      g_assert_cmpuint (self->account->accepted->len, ==, 1);
    }

  relais_run_fixture_reopen (self);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
  g_assert_cmpuint (relais_run_get_n_in_doubt (self->live), ==, 1);
  g_assert_cmpuint (self->account->accepted->len, ==, 1);
  g_assert_cmpint (relais_run_get_status (relais_export_get_last_run (self->export)), ==, RELAIS_RUN_INTERRUPTED);

  self->options.allow_repeats = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=250 delivered=250");
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 1);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, 1);
}

static void
test_what_never_left_is_not_in_doubt (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 5000);
  relais_run_fixture_define (self, ",\"automations\":true");
  self->account->every_import = "404";
  self->times.grace = 60;
  relais_delivery_set_times (self->delivery, &self->times);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);

  /* Nothing was taken, so nothing can start anything twice, and nobody is asked. */
  self->account->every_import = NULL;
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 0);
}

static void
interrupt_at_second_import (RelaisScriptedAccount *account,
                            const char            *what,
                            guint                  nth,
                            gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "import") && nth == 2)
    relais_delivery_interrupt (self->delivery);
}

static void
test_what_waits_for_its_turn_is_not_in_doubt (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 5000);
  relais_run_fixture_define (self, ",\"automations\":true");
  /* The account asks for a pause, and the program is ended before it is over. */
  self->account->every_import = "limit";
  self->account->hook = interrupt_at_second_import;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (self->account->accepted->len, ==, 0);

  self->account->hook = NULL;
  self->account->every_import = NULL;
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, ==, 0);
}

/* Cancelled in the middle of trouble */

static void
cancel_at_second_import (RelaisScriptedAccount *account,
                         const char            *what,
                         guint                  nth,
                         gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "import") && nth == 2)
    relais_run_cancel (self->live);
}

static void
test_cancelled_in_trouble (RelaisRunFixture *self,
                           gconstpointer     user_data)
{
  static const char * const words[] = { "refuse", "500", "reset", "hang", "403", "429", "limit", "402", "accept-hang" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      start_over (self);
      prepare (self, 3000);
      self->account->hook = cancel_at_second_import;
      self->account->hook_data = self;
      self->account->every_import = words[i];
      relais_run_fixture_run (self);
      g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 0);

      self->account->hook = NULL;
      self->account->every_import = NULL;
      relais_scripted_account_let_go (self->account);
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
      relais_run_fixture_assert_counts (self, "read=3000 delivered=3000");
      assert_true_to_the_account (self);
    }
}

static void
cancel_at_third_look (RelaisScriptedAccount *account,
                      const char            *what,
                      guint                  nth,
                      gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "info") && nth == 3)
    relais_run_cancel (self->live);
}

static void
test_cancelled_while_asking (RelaisRunFixture *self,
                             gconstpointer     user_data)
{
  static const char * const words[] = { "hang", "failed", "interrupted", "active", "500", "402", "403" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      start_over (self);
      prepare (self, 3000);
      self->account->hook = cancel_at_third_look;
      self->account->hook_data = self;
      self->account->every_info = words[i];
      relais_run_fixture_run (self);
      g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 0);

      self->account->hook = NULL;
      self->account->every_info = NULL;
      relais_scripted_account_let_go (self->account);
      relais_run_fixture_run (self);
      relais_run_fixture_assert_counts (self, "read=3000 delivered=3000");
      assert_true_to_the_account (self);
    }
}

/* Waiting is shown */

typedef struct
{
  gboolean waited;
  gboolean had_words;
} Waited;

static void
waiting_changed_cb (RelaisRun  *run,
                    GParamSpec *pspec,
                    gpointer    user_data)
{
  Waited *waited = user_data;
  g_autofree char *what_for = NULL;
  gint64 until;

  g_object_get (run, "waiting-until", &until, "waiting-for", &what_for, NULL);
  if (until == 0)
    return;
  waited->waited = TRUE;
  waited->had_words = waited->had_words || what_for != NULL;
  /* Somebody does not want to wait. */
  relais_run_skip_wait (run);
}

static void
test_waiting_is_shown_and_can_be_skipped (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  Waited waited = { 0 };
  gint64 until;

  self->times.first_pause = 3600;
  self->times.longest_pause = 3600;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self, 100);
  relais_scripted_account_imports (self->account, "500");
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::waiting-for", G_CALLBACK (waiting_changed_cb), &waited);
  relais_run_fixture_wait (self);

  g_assert_true (waited.waited);
  g_assert_true (waited.had_words);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  g_object_get (self->run, "waiting-until", &until, NULL);
  g_assert_cmpint (until, ==, 0);
  g_signal_handlers_disconnect_by_data (self->run, &waited);
}

static void
come_back_cb (RelaisRun  *run,
              GParamSpec *pspec,
              gpointer    user_data)
{
  RelaisRunFixture *self = user_data;

  if (self->account->server == NULL)
    relais_scripted_account_come_back (self->account);
}

static void
go_away_at_fourth (RelaisScriptedAccount *account,
                   const char            *what,
                   guint                  nth,
                   gpointer               user_data)
{
  if (g_str_equal (what, "import") && nth == 4)
    g_idle_add_once ((GSourceOnceFunc) (void (*) (void)) relais_scripted_account_go_away, account);
}

static void
test_a_host_that_goes_away_is_waited_for (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  prepare (self, 5000);
  self->account->hook = go_away_at_fourth;
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::waiting-for", G_CALLBACK (come_back_cb), self);
  relais_run_fixture_wait (self);

  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  assert_true_to_the_account (self);
  g_signal_handlers_disconnect_by_data (self->run, self);
}

static void
test_a_host_that_is_away_at_first_is_waited_for (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 100);
  relais_run_fixture_define (self, NULL);
  relais_scripted_account_go_away (self->account);
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::waiting-for", G_CALLBACK (come_back_cb), self);
  relais_run_fixture_wait (self);

  g_assert_no_error (self->error);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=100 delivered=100");
  g_signal_handlers_disconnect_by_data (self->run, self);
}

static void
cancel_cb (RelaisRun  *run,
           GParamSpec *pspec,
           gpointer    user_data)
{
  relais_run_cancel (run);
}

static void
test_waiting_for_the_first_answer_can_be_cancelled (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  self->times.first_pause = 3600;
  self->times.longest_pause = 3600;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self, 100);
  relais_scripted_account_go_away (self->account);
  relais_run_fixture_start (self);
  g_signal_connect (self->live, "notify::waiting-for", G_CALLBACK (cancel_cb), NULL);
  relais_run_fixture_wait (self);

  g_assert_no_error (self->error);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_CANCELED);
  g_signal_handlers_disconnect_by_func (self->run, cancel_cb, NULL);
}

static void
test_a_host_that_stays_away_interrupts_the_run (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  self->times.patience = 0.1;
  relais_delivery_set_times (self->delivery, &self->times);
  prepare (self, 100);
  relais_scripted_account_go_away (self->account);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (get_error_code (self), ==, RELAIS_ERROR_UNREACHABLE);

  relais_scripted_account_come_back (self->account);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=100 delivered=100");
}

static void
test_a_refused_key_is_in_the_history (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  static const struct { const char *word; int code; } table[] = {
    { "403", RELAIS_ERROR_REFUSED }, { "html", RELAIS_ERROR_REFUSED }, { "402", RELAIS_ERROR_UNPAID },
  };

  prepare (self, 10);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      self->account->every_other = table[i].word;
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
      g_assert_cmpint (get_error_code (self), ==, table[i].code);
    }
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

static void
cancel_at_a_question (RelaisScriptedAccount *account,
                      const char            *what,
                      guint                  nth,
                      gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "other"))
    relais_run_cancel (self->live);
}

static void
test_cancelled_while_the_account_is_asked (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  static const char * const words[] = { "hang", "500", "403", "429", NULL };

  prepare (self, 10);
  self->account->hook = cancel_at_a_question;
  self->account->hook_data = self;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      self->account->every_other = words[i];
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_CANCELED);
    }
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

/* Files */

/* The only run is one that could not begin, and has read nothing. */
static void
assert_told (GPtrArray *history,
             int        code)
{
  const RelaisRunRecord *record;

  g_assert_cmpuint (history->len, ==, 1);
  record = g_ptr_array_index (history, 0);
  g_assert_cmpint (record->status, ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (record->error_code, ==, code);
  g_assert_cmpuint (record->counts.read, ==, 0);
}

static void
test_a_missing_file_begins_nothing (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  g_autoptr (GPtrArray) history = NULL;

  prepare (self, 10);
  g_remove (self->segment);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_FILE);
  g_assert_nonnull (strstr (self->error->message, "segment.csv"));
  history = relais_run_fixture_history (self);
  assert_told (history, RELAIS_ERROR_FILE);
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

static void
test_a_missing_column_sends_nothing (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  prepare (self, 10);
  relais_run_fixture_write (self, "EMail,Name\na@example.com,A\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (get_error_code (self), ==, RELAIS_ERROR_DEFINITION);
  g_assert_nonnull (strstr (relais_run_get_record (self->run)->message, "FirstName"));
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

static void
cut_the_file (RelaisScriptedAccount *account,
              const char            *what,
              guint                  nth,
              gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "import") && nth == 1)
    g_assert_cmpint (truncate (self->segment, 1000), ==, 0);
}

static void
test_a_file_cut_while_it_is_read_is_an_error (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  prepare (self, 100000);
  self->account->hook = cut_the_file;
  self->account->hook_data = self;

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_nonnull (relais_run_get_record (self->run)->message);
  assert_true_to_the_account (self);
  /* What had left is accounted for: the results were waited for. */
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, g_hash_table_size (self->account->people));

  /* The file is another one now: a new run begins, and nobody who arrived is sent again. */
  self->account->hook = NULL;
  relais_run_fixture_write_people (self, 100000);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.read, ==, 100000);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, 0);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person1@example.com"), ==, 1);
}

static void
test_a_file_that_cannot_be_read_begins_nothing (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  g_autoptr (GPtrArray) history = NULL;

  prepare (self, 10);
  g_remove (self->segment);
  g_assert_cmpint (g_mkdir (self->segment, 0700), ==, 0);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_FILE);
  history = relais_run_fixture_history (self);
  assert_told (history, RELAIS_ERROR_FILE);
  g_rmdir (self->segment);
}

/* The list */

static void
test_a_list_that_is_gone_sends_nothing (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  relais_run_fixture_write_people (self, 10);
  self->list_id = 77;
  relais_run_fixture_define (self, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (get_error_code (self), ==, RELAIS_ERROR_DEFINITION);
  g_assert_cmpuint (self->account->bodies->len, ==, 0);
}

/* The journal */

static void
fill_the_disk (RelaisScriptedAccount *account,
               const char            *what,
               guint                  nth,
               gpointer               user_data)
{
  RelaisRunFixture *self = user_data;
  struct rlimit limit;

  if (!g_str_equal (what, self->limit_seconds == 1 ? "import" : "info") || nth != 2)
    return;
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 4096;
  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
make_room (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
full_disk (RelaisRunFixture *self,
           guint             at)
{
  signal (SIGXFSZ, SIG_IGN);
  self->limit_seconds = at;
  prepare (self, 5000);
  self->account->hook = fill_the_disk;
  self->account->hook_data = self;

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (get_error_code (self), ==, RELAIS_ERROR_JOURNAL_UNWRITABLE);
  make_room ();

  self->account->hook = NULL;
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_get_status (relais_export_get_last_run (self->export)), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  assert_true_to_the_account (self);
}

static void
test_a_disk_full_while_sending (RelaisRunFixture *self,
                                gconstpointer     user_data)
{
  full_disk (self, 1);
}

static void
test_a_disk_full_while_confirming (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  full_disk (self, 2);
}

static void
test_a_closed_journal_ends_the_run (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  prepare (self, 5000);
  relais_run_fixture_start (self);
  while (self->account->n_imports < 2)
    g_main_context_iteration (NULL, TRUE);
  relais_workspace_close (self->workspace);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_INTERRUPTED);

  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=5000");
  assert_true_to_the_account (self);
}

static void
test_a_locked_keyring_begins_nothing (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  prepare (self, 10);
  relais_memory_secrets_set_locked (self->secrets, TRUE);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (self->account->targets->len, ==, 0);
  relais_memory_secrets_set_locked (self->secrets, FALSE);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
}

#define ADD_WITH(name, data, test) \
  g_test_add ("/run/faults/" name, RelaisRunFixture, data, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)
#define ADD(name, test) ADD_WITH (name, NULL, test)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("what passes is waited out", test_what_passes_is_waited_out);
  ADD ("what lasts ends the run, which can go on", test_what_lasts_ends_the_run);
  ADD ("the key is refused in the middle", test_the_key_is_refused_in_the_middle);
  ADD ("refused together is refused once", test_refused_together_is_refused_once);
  ADD_WITH ("imports that never end are unknown", "active", test_imports_that_never_end_are_unknown);
  ADD_WITH ("imports that nobody begins are unknown", "waiting", test_imports_that_never_end_are_unknown);
  ADD_WITH ("imports in a state of another name are unknown", "hibernating", test_imports_that_never_end_are_unknown);
  ADD_WITH ("imports that stay false are unknown", "false", test_imports_that_never_end_are_unknown);
  ADD ("imports that are forgotten are unknown", test_imports_that_are_forgotten_are_unknown);
  ADD ("failed imports are tried once more", test_failed_imports_are_tried_once_more);
  ADD ("failed imports with automations are not", test_failed_imports_with_automations_are_not);
  ADD ("with automations a batch in doubt stops the run, which then asks", test_in_doubt_with_automations_stops);
  ADD ("what never left is not in doubt", test_what_never_left_is_not_in_doubt);
  ADD ("what waits for its turn is not in doubt", test_what_waits_for_its_turn_is_not_in_doubt);
  ADD ("cancelled in trouble", test_cancelled_in_trouble);
  ADD ("cancelled while results are asked for", test_cancelled_while_asking);
  ADD ("waiting is shown and can be skipped", test_waiting_is_shown_and_can_be_skipped);
  ADD ("a host that goes away is waited for", test_a_host_that_goes_away_is_waited_for);
  ADD ("a host that is away at first is waited for", test_a_host_that_is_away_at_first_is_waited_for);
  ADD ("waiting for the first answer can be cancelled", test_waiting_for_the_first_answer_can_be_cancelled);
  ADD ("a host that stays away interrupts the run", test_a_host_that_stays_away_interrupts_the_run);
  ADD ("a key refused at once is in the history", test_a_refused_key_is_in_the_history);
  ADD ("cancelled while the account is asked", test_cancelled_while_the_account_is_asked);
  ADD ("a missing file begins nothing", test_a_missing_file_begins_nothing);
  ADD ("a missing column sends nothing", test_a_missing_column_sends_nothing);
  ADD ("a file cut while it is read is an error", test_a_file_cut_while_it_is_read_is_an_error);
  ADD ("a file that cannot be read begins nothing", test_a_file_that_cannot_be_read_begins_nothing);
  ADD ("a list that is gone sends nothing", test_a_list_that_is_gone_sends_nothing);
  ADD ("a disk full while sending", test_a_disk_full_while_sending);
  ADD ("a disk full while confirming", test_a_disk_full_while_confirming);
  ADD ("a journal closed in the middle", test_a_closed_journal_ends_the_run);
  ADD ("a locked keyring begins nothing", test_a_locked_keyring_begins_nothing);

  return g_test_run ();
}
