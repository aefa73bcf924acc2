/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is delivered, who is refused, and who stays out. */

#include "relais-error.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"
#include "relais-run-fixture.h"

#include <string.h>

static void
prepare (RelaisRunFixture *self,
         guint             n_people)
{
  relais_run_fixture_write_people (self, n_people);
  relais_run_fixture_define (self, NULL);
}

static const RelaisRejection *
find_rejection (GPtrArray  *rejections,
                const char *email)
{
  for (guint i = 0; i < rejections->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (rejections, i);

      if (g_str_equal (rejection->email, email))
        return rejection;
    }
  g_assert_not_reached ();
}

/* Refused by the service */

static void
test_failures_are_refused_and_tried_again (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  prepare (self, 600);
  g_hash_table_add (self->account->failing, (gpointer) "person3@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person599@example.com");

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=600 delivered=598 refused=2");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 2);
  g_assert_cmpuint (find_rejection (rejections, "person599@example.com")->row, ==, 599);
  g_assert_cmpint (find_rejection (rejections, "person3@example.com")->state, ==, RELAIS_ROW_REFUSED);
  g_assert_cmpint (find_rejection (rejections, "person3@example.com")->reason, ==, RELAIS_REASON_NOT_ON_LIST);

  g_hash_table_remove_all (self->account->failing);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=600 delivered=2 unchanged=598");
}

static void
test_failures_are_found_in_any_case (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  relais_run_fixture_write (self, "EMail,FirstName\nAnn.Lee@Example.com,A\nbob@example.com,B\n");
  relais_run_fixture_define (self, NULL);
  g_hash_table_add (self->account->failing, (gpointer) "Ann.Lee@example.com");
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=2 delivered=1 refused=1");
}

/* The result names someone who is not in the batch. */
static void
name_a_stranger (RelaisScriptedAccount *account,
                 const char            *what,
                 guint                  nth,
                 gpointer               user_data)
{
  if (g_str_equal (what, "info"))
    {
      char **emails = g_ptr_array_index (account->batches, 0);

      g_free (emails[0]);
      emails[0] = g_strdup ("stranger@example.com");
    }
}

static void
test_a_failure_that_is_nobody_leaves_all_open (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  prepare (self, 10);
  self->account->hook = name_a_stranger;
  g_hash_table_add (self->account->failing, (gpointer) "stranger@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person4@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 refused=10");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpint (find_rejection (rejections, "person4@example.com")->reason, ==, RELAIS_REASON_NOT_ON_LIST);
  g_assert_cmpint (find_rejection (rejections, "person5@example.com")->reason, ==, RELAIS_REASON_UNKNOWN_OUTCOME);
}

static void
test_results_that_name_only_the_new_are_enough (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  /* One reading of the service's page: success lists who was created, not who was updated. */
  self->account->created_only = TRUE;
  prepare (self, 300);
  relais_run_fixture_run (self);
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=300 delivered=300");
}

/* Queued and not queued */

static void
test_who_was_not_queued_is_not_delivered (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  prepare (self, 1000);
  g_hash_table_add (self->account->left_out, (gpointer) "person3@example.com");
  g_hash_table_add (self->account->left_out, (gpointer) "person700@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person300@example.com");

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=997 refused=3");
  g_assert_cmpuint (g_hash_table_size (self->account->people), ==, 998);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 3);
  g_assert_cmpuint (find_rejection (rejections, "person3@example.com")->row, ==, 3);
  g_assert_cmpuint (find_rejection (rejections, "person700@example.com")->row, ==, 700);
  /* Four batches, and eight halvings of two of them: what was sent more than once is told. */
  g_assert_cmpuint (self->account->n_imports, ==, 4 + 2 * 2 * 8);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, >=, 2 * 8);
  batches = relais_run_fixture_batches (self, relais_run_get_id (self->run));
  g_assert_cmpuint (batches->len, ==, relais_run_get_record (self->run)->batches_accepted);

  g_hash_table_remove_all (self->account->left_out);
  g_hash_table_remove_all (self->account->failing);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=3 unchanged=997");
}

static void
test_who_failed_may_have_been_queued (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  /* One of ten is not queued and one that is fails: as many as if the one who failed were the one not queued. */
  prepare (self, 10);
  g_hash_table_add (self->account->left_out, (gpointer) "person3@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person5@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 delivered=8 refused=2");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 2);
  g_assert_cmpuint (find_rejection (rejections, "person3@example.com")->row, ==, 3);

  g_hash_table_remove_all (self->account->left_out);
  g_hash_table_remove_all (self->account->failing);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=2 unchanged=8");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person3@example.com"), ==, 1);
}

static void
test_more_failed_than_were_not_queued (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  prepare (self, 10);
  g_hash_table_add (self->account->left_out, (gpointer) "person3@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person5@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person9@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 delivered=7 refused=3");
}

/* The account says that it queued nine of ten, and names one as failed. Of the others its results name
 * nobody, as those who were there before. */
static void
test_who_failed_is_who_was_not_queued (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  prepare (self, 10);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);

  g_hash_table_add (self->account->failing, (gpointer) "person5@example.com");
  self->account->created_only = TRUE;
  self->account->always_queued = 9;
  self->account->n_imports = 0;
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 delivered=9 refused=1");
  g_assert_cmpuint (self->account->n_imports, ==, 1);
}

static void
test_who_may_have_been_queued_stays_open_with_automations (RelaisRunFixture *self,
                                                           gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  relais_run_fixture_write_people (self, 2);
  relais_run_fixture_define (self, ",\"automations\":true");
  g_hash_table_add (self->account->left_out, (gpointer) "person1@example.com");
  g_hash_table_add (self->account->failing, (gpointer) "person2@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=2 refused=2");
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpint (find_rejection (rejections, "person1@example.com")->reason, ==, RELAIS_REASON_UNKNOWN_OUTCOME);
  g_assert_cmpuint (self->account->n_imports, ==, 1);
}

static void
test_when_nobody_was_queued_nobody_is_delivered (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  relais_run_fixture_write (self, "EMail,FirstName\na@example.com,A\nb@example.com,B\n");
  relais_run_fixture_define (self, ",\"automations\":true");
  g_hash_table_add (self->account->left_out, (gpointer) "a@example.com");
  g_hash_table_add (self->account->left_out, (gpointer) "b@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=2 refused=2");
  g_assert_cmpuint (self->account->n_imports, ==, 1);

  /* Nothing was queued, so nothing can have been started. */
  g_hash_table_remove_all (self->account->left_out);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
}

static void
test_who_was_not_queued_stays_open_with_automations (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  relais_run_fixture_write_people (self, 1000);
  relais_run_fixture_define (self, ",\"automations\":true");
  g_hash_table_add (self->account->left_out, (gpointer) "person3@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=750 refused=250");
  rejections = relais_run_fixture_rejections (self);
  for (guint i = 0; i < rejections->len; i++)
    g_assert_cmpint (((RelaisRejection *) g_ptr_array_index (rejections, i))->reason, ==, RELAIS_REASON_UNKNOWN_OUTCOME);
  /* Nobody was sent twice, and nobody will be without a question. */
  g_assert_cmpuint (self->account->n_imports, ==, 4);
  g_hash_table_remove_all (self->account->left_out);
  relais_run_fixture_start (self);
  relais_run_fixture_wait (self);
  g_assert_error (self->error, RELAIS_ERROR, RELAIS_ERROR_QUESTION);
}

static void
test_how_many_were_queued_is_known_after_an_interruption (RelaisRunFixture *self,
                                                          gconstpointer     user_data)
{
  prepare (self, 500);
  g_hash_table_add (self->account->left_out, (gpointer) "person3@example.com");
  self->account->every_info = "active";
  relais_run_fixture_start (self);
  relais_run_fixture_wait_accepted (self, 2);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_INTERRUPTED);
  self->account->every_info = NULL;
  relais_run_fixture_reopen (self);
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=500 delivered=499 refused=1");
}

static void
test_a_count_that_never_fits_is_not_followed_for_ever (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  /* Whoever the result names has arrived, whatever was said before. */
  prepare (self, 1000);
  self->account->always_queued = 1;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=1000");
  g_assert_cmpuint (self->account->n_imports, ==, 4);

  self->account->created_only = TRUE;
  self->account->n_imports = 0;
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  g_assert_cmpuint (relais_run_get_record (self->run)->counts.read, ==, 1000);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), <, 1000);
  g_assert_cmpuint (self->account->n_imports, <=, 4 + 2 * 100);
}

/* Why somebody was refused */

static void
fail (RelaisRunFixture *self,
      const char       *first,
      const char       *second,
      const char       *third)
{
  g_hash_table_add (self->account->failing, (gpointer) first);
  g_hash_table_add (self->account->failing, (gpointer) second);
  g_hash_table_add (self->account->failing, (gpointer) third);
}

static RelaisReason
find_reason (RelaisRunFixture *self,
             const char       *email)
{
  g_autoptr (GPtrArray) rejections = relais_run_fixture_rejections (self);

  return find_rejection (rejections, email)->reason;
}

static void
test_who_failed_is_asked_about_on_their_own (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  prepare (self, 600);
  fail (self, "person3@example.com", "person4@example.com", "person599@example.com");
  g_hash_table_add (self->account->unfit, (gpointer) "person4@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=600 delivered=597 refused=3");
  g_assert_cmpuint (self->account->synced->len, ==, 3);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpint (find_rejection (rejections, "person3@example.com")->reason, ==, RELAIS_REASON_NOT_ON_LIST);
  g_assert_cmpint (find_rejection (rejections, "person599@example.com")->reason, ==, RELAIS_REASON_NOT_ON_LIST);
  g_assert_cmpint (find_rejection (rejections, "person4@example.com")->reason, ==, RELAIS_REASON_REFUSED_BECAUSE);
  g_assert_nonnull (strstr (find_rejection (rejections, "person4@example.com")->detail, "Contact Email Address is not valid."));
}

static void
test_only_so_many_are_asked_about (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  prepare (self, 100);
  self->times.most_questions = 2;
  relais_delivery_set_times (self->delivery, &self->times);
  fail (self, "person3@example.com", "person4@example.com", "person99@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=100 delivered=97 refused=3");
  g_assert_cmpuint (self->account->synced->len, ==, 2);
  g_assert_cmpint (find_reason (self, "person4@example.com"), ==, RELAIS_REASON_NOT_ON_LIST);
  g_assert_cmpint (find_reason (self, "person99@example.com"), ==, RELAIS_REASON_REFUSED);
}

static void
test_a_question_without_an_answer_holds_nothing_up (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  static const char * const words[] = { "500", "reset", "unreadable", "no-right", "403", "html" };

  prepare (self, 100);
  self->options.again = TRUE;
  fail (self, "person3@example.com", "person4@example.com", "person99@example.com");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      g_ptr_array_set_size (self->account->synced, 0);
      self->account->every_sync = words[i];
      g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
      relais_run_fixture_assert_counts (self, "read=100 delivered=97 refused=3");
      g_assert_cmpuint (self->account->synced->len, ==, 1);
      g_assert_cmpint (find_reason (self, "person3@example.com"), ==, RELAIS_REASON_REFUSED);
    }
}

static void
cancel_at_a_sync (RelaisScriptedAccount *account,
                  const char            *what,
                  guint                  nth,
                  gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "sync"))
    relais_run_cancel (self->live);
}

static void
test_cancelled_while_somebody_is_asked_about (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  prepare (self, 100);
  fail (self, "person3@example.com", "person4@example.com", "person99@example.com");
  self->account->every_sync = "hang";
  self->account->hook = cancel_at_a_sync;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_CANCELED);
  /* Their import was done, and everyone is accounted for. */
  relais_run_fixture_assert_counts (self, "read=100 delivered=97 refused=3");
  g_assert_cmpuint (self->account->synced->len, ==, 1);
}

/* A batch refused for a few of its contacts */

static void
test_one_bad_contact_stands_alone (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  prepare (self, 1000);
  self->account->refused_text = "\"person333@";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=999 refused=1");
  g_assert_cmpuint (g_hash_table_size (self->account->people), ==, 999);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 1);
  g_assert_cmpint (find_rejection (rejections, "person333@example.com")->reason, ==, RELAIS_REASON_REFUSED_BECAUSE);
  g_assert_nonnull (strstr (find_rejection (rejections, "person333@example.com")->detail, "incorrect format"));
  /* Four batches; eight halvings of one of them. */
  g_assert_cmpuint (self->account->n_imports, <=, 4 + 2 * 8);
  g_assert_cmpuint (relais_scripted_account_repeated (self->account), ==, 0);
  batches = relais_run_fixture_batches (self, relais_run_get_id (self->run));
  g_assert_cmpuint (batches->len, ==, relais_run_get_record (self->run)->batches_accepted + 1);
}

static void
test_several_bad_contacts_stand_alone (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  prepare (self, 3000);
  self->account->refused_text = "00@";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=2970 refused=30");

  /* They stay bad, and cost little. */
  self->account->n_imports = 0;
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=3000 unchanged=2970 refused=30");
  g_assert_cmpuint (self->account->n_imports, <=, 60);
}

static void
test_splitting_goes_on_after_an_interruption (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  prepare (self, 1000);
  self->account->refused_text = "77@";
  relais_run_fixture_start (self);
  while (self->account->n_imports < 20)
    g_main_context_iteration (NULL, TRUE);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_INTERRUPTED);

  relais_run_fixture_reopen (self);
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=990 refused=10");
}

static void
test_when_all_are_refused_it_ends (RelaisRunFixture *self,
                                   gconstpointer     user_data)
{
  prepare (self, 20000);
  self->account->every_import = "refuse";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_INVALID);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "incorrect format"));
  g_assert_cmpuint (self->account->n_imports, <, 120);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED), ==, 0);
}

/* Who has opted out */

static void
test_who_has_left_is_not_sent (RelaisRunFixture *self,
                               gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  prepare (self, 600);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "PERSON5@example.com");
  g_hash_table_add (self->account->bounced, (gpointer) "person6@example.com");
  /* The service would not even mention them. */
  g_hash_table_add (self->account->silent, (gpointer) "person5@example.com");

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=600 delivered=598 barred=2");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person5@example.com"), ==, 0);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person6@example.com"), ==, 0);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 2);
  g_assert_cmpint (find_rejection (rejections, "person5@example.com")->reason, ==, RELAIS_REASON_UNSUBSCRIBED);
  g_assert_cmpint (find_rejection (rejections, "person6@example.com")->reason, ==, RELAIS_REASON_BOUNCED);
  g_assert_cmpint (find_rejection (rejections, "person6@example.com")->state, ==, RELAIS_ROW_BARRED);

  /* A second run has nothing to send, them included; and whoever comes back is sent. */
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=600 unchanged=598 barred=2");
  g_hash_table_remove_all (self->account->unsubscribed);
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=600 delivered=1 unchanged=598 barred=1");
}

static void
test_who_has_left_is_known_by_a_domain_in_other_letters (RelaisRunFixture *self,
                                                         gconstpointer     user_data)
{
  relais_run_fixture_write (self, "EMail,FirstName\nbob@münchen.de,Bob\nzoe@xn--mnchen-3ya.de,Zoe\nwell@example.com,W\n");
  relais_run_fixture_define (self, NULL);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "Bob@München.de");
  g_hash_table_add (self->account->unsubscribed, (gpointer) "zoe@münchen.de");

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3 delivered=1 barred=2");
  g_assert_cmpuint (g_hash_table_size (self->account->people), ==, 1);
}

static void
leave_meanwhile (RelaisScriptedAccount *account,
                 const char            *what,
                 guint                  nth,
                 gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "import") && nth == 6)
    relais_delivery_interrupt (self->delivery);
}

static void
test_who_leaves_between_two_attempts_is_counted_once (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  prepare (self, 5000);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "person7@example.com");
  self->times.grace = 120;
  relais_delivery_set_times (self->delivery, &self->times);
  self->account->hook = leave_meanwhile;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person2@example.com"), ==, 1);
  self->account->hook = NULL;

  /* One was delivered before they left; the other is not sent any more. */
  g_hash_table_add (self->account->unsubscribed, (gpointer) "person2@example.com");
  g_hash_table_add (self->account->unsubscribed, (gpointer) "person4999@example.com");
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=4998 barred=2");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person4999@example.com"), ==, 0);
}

static void
test_who_comes_back_between_two_attempts_is_sent (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);

  /* So many that the journal has heard of some before the run is interrupted. */
  prepare (self, 5000);
  for (guint i = 1; i <= 600; i++)
    {
      g_ptr_array_add (left, g_strdup_printf ("person%u@example.com", 2 * i - 1));
      g_hash_table_add (self->account->unsubscribed, g_ptr_array_index (left, i - 1));
    }
  g_hash_table_add (self->account->unsubscribed, (gpointer) "person4998@example.com");
  self->times.grace = 120;
  relais_delivery_set_times (self->delivery, &self->times);
  self->account->hook = leave_meanwhile;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person8@example.com"), ==, 1);
  self->account->hook = NULL;

  /* Their rows stand among rows that were delivered, and count as none of them. */
  for (guint i = 0; i < left->len; i++)
    g_hash_table_remove (self->account->unsubscribed, g_ptr_array_index (left, i));
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 delivered=4999 barred=1");
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person7@example.com"), ==, 1);
  g_assert_cmpuint (relais_scripted_account_times (self->account, "person8@example.com"), ==, 1);
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpuint (rejections->len, ==, 1);
  g_assert_cmpuint (find_rejection (rejections, "person4998@example.com")->row, ==, 4998);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=5000 unchanged=4999 barred=1");
}

static void
test_a_key_that_may_not_look_at_people_is_enough (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  prepare (self, 10);
  self->account->every_other = "no-right";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
  /* That nobody was kept out by Relais is not passed over in silence. */
  g_assert_nonnull (relais_run_fixture_get_told (self));
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "unsubscribed from the list"));

  self->account->every_other = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_null (relais_run_fixture_get_told (self));
}

static void
test_people_who_cannot_be_listed_to_the_end_stop_the_run (RelaisRunFixture *self,
                                                          gconstpointer     user_data)
{
  prepare (self, 10);
  self->times.patience = 0.2;
  relais_delivery_set_times (self->delivery, &self->times);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "person3@example.com");
  /* Who comes after the first page is never told. */
  self->account->same_page = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  g_assert_cmpint (relais_run_get_record (self->run)->error_code, ==, RELAIS_ERROR_REPLY);
  g_assert_cmpuint (self->account->n_imports, ==, 0);
}

static void
take_the_right_away (RelaisScriptedAccount *account,
                     const char            *what,
                     guint                  nth,
                     gpointer               user_data)
{
  /* The lists, the first page of people, and no more. */
  if (g_str_equal (what, "other") && nth == 3)
    account->every_other = "no-right";
}

static void
test_a_right_that_is_lost_midway_stops_the_run (RelaisRunFixture *self,
                                                gconstpointer     user_data)
{
  prepare (self, 10);
  g_hash_table_add (self->account->unsubscribed, (gpointer) "person3@example.com");
  self->account->hook = take_the_right_away;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  g_assert_nonnull (strstr (relais_run_fixture_get_told (self), "You do not have permission"));
  g_assert_cmpuint (self->account->n_imports, ==, 0);
}

static gint64
count_members (RelaisRunFixture *self,
               const char       *email,
               int               status)
{
  return relais_store_number (self->practice->account.store,
    "SELECT count (*) FROM memberships JOIN contacts ON contact = id WHERE email = ? AND list = 1 AND status = ?", "si",
    email, (gint64) status);
}

static void
test_the_practice_account_keeps_them_out_too (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  g_autoptr (GPtrArray) rejections = NULL;

  relais_content_add_person (self->practice->account.store, "left@example.com", 1, 2);
  relais_content_add_person (self->practice->account.store, "bounced@example.com", 1, 3);
  relais_content_add_person (self->practice->account.store, "other-list@example.com", 2, 2);
  relais_run_fixture_write (self, "EMail,FirstName\nleft@example.com,A\nbounced@example.com,B\nexcluded@example.com,C\n"
                                  "other-list@example.com,D\nanyone@blocked.example,E\nwell@example.com,F\n");
  relais_run_fixture_define (self, NULL);

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=6 delivered=2 barred=4");
  g_assert_null (relais_run_fixture_get_told (self));
  rejections = relais_run_fixture_rejections (self);
  g_assert_cmpint (find_rejection (rejections, "left@example.com")->reason, ==, RELAIS_REASON_UNSUBSCRIBED);
  g_assert_cmpint (find_rejection (rejections, "bounced@example.com")->reason, ==, RELAIS_REASON_BOUNCED);
  g_assert_cmpint (find_rejection (rejections, "excluded@example.com")->reason, ==, RELAIS_REASON_EXCLUDED);
  g_assert_cmpint (find_rejection (rejections, "anyone@blocked.example")->reason, ==, RELAIS_REASON_EXCLUDED);
  g_assert_cmpint (find_rejection (rejections, "anyone@blocked.example")->state, ==, RELAIS_ROW_BARRED);
  g_assert_cmpint (count_members (self, "left@example.com", 1), ==, 0);
  g_assert_cmpint (count_members (self, "left@example.com", 2), ==, 1);
  g_assert_cmpint (count_members (self, "bounced@example.com", 1), ==, 0);
  g_assert_cmpint (count_members (self, "excluded@example.com", 1), ==, 0);
  g_assert_cmpint (count_members (self, "well@example.com", 1), ==, 1);
  g_assert_cmpint (count_members (self, "other-list@example.com", 1), ==, 1);
}

static void
test_a_full_account_refuses_the_rest (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, self->practice->account.n_active + 400);

  relais_practice_add_fault (self->practice, "contact-limit", limit, &error);
  g_assert_no_error (error);
  prepare (self, 1000);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=400 refused=600");
}

static void
test_the_practice_account_with_its_limits (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  /* A limit that is soon reached, and a pace that keeps it: nothing is refused for its rate. */
  relais_practice_set_limits (self->practice, 20, 1);
  self->limit_requests = 20;
  self->limit_seconds = 1;
  prepare (self, 6001);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=6001 delivered=6001");
  g_assert_cmpuint (self->practice->account.n_throttled, ==, 0);
  g_assert_cmpuint (self->practice->account.n_imports, ==, 25);
}

static void
second_ended_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  *(RelaisRun **) user_data = relais_delivery_run_finish (RELAIS_DELIVERY (object), result, &error);
  g_assert_no_error (error);
}

static void
test_two_runs_share_the_pace_of_an_account (RelaisRunFixture *self,
                                            gconstpointer     user_data)
{
  g_autoptr (RelaisExport) first = NULL;
  g_autoptr (RelaisRun) started = NULL;
  g_autoptr (RelaisRun) second = NULL;

  relais_practice_set_limits (self->practice, 20, 1);
  self->limit_requests = 20;
  self->limit_seconds = 1;
  prepare (self, 3000);
  first = g_steal_pointer (&self->export);
  self->export_name = "Second";
  relais_run_fixture_define (self, NULL);

  started = relais_delivery_run_async (self->delivery, first, &self->options, NULL, second_ended_cb, &second);
  relais_run_fixture_start (self);
  g_assert_cmpuint (relais_delivery_get_n_running (self->delivery), ==, 2);
  while (second == NULL || !self->ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (second == started);
  g_assert_cmpuint (relais_run_get_record (second)->counts.by_state[RELAIS_ROW_DELIVERED], ==, 3000);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=3000");
  g_assert_cmpuint (self->practice->account.n_throttled, ==, 0);
  g_assert_cmpuint (self->practice->account.n_imports, ==, 24);
}

#define ADD(name, test) \
  g_test_add ("/run/people/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)
#define ADD_PRACTICE(name, test) \
  g_test_add ("/run/people/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("failures are refused, and tried again by the next run", test_failures_are_refused_and_tried_again);
  ADD ("failures are found in any case", test_failures_are_found_in_any_case);
  ADD ("a failure that is nobody leaves all open", test_a_failure_that_is_nobody_leaves_all_open);
  ADD ("results that name only the new are enough", test_results_that_name_only_the_new_are_enough);
  ADD ("who was not queued is not delivered", test_who_was_not_queued_is_not_delivered);
  ADD ("who failed may have been queued", test_who_failed_may_have_been_queued);
  ADD ("more failed than were not queued", test_more_failed_than_were_not_queued);
  ADD ("who failed is who was not queued", test_who_failed_is_who_was_not_queued);
  ADD ("who may have been queued stays open with automations", test_who_may_have_been_queued_stays_open_with_automations);
  ADD ("when nobody was queued nobody is delivered", test_when_nobody_was_queued_nobody_is_delivered);
  ADD ("who was not queued stays open with automations", test_who_was_not_queued_stays_open_with_automations);
  ADD ("how many were queued is known after an interruption", test_how_many_were_queued_is_known_after_an_interruption);
  ADD ("a count that never fits is not followed for ever", test_a_count_that_never_fits_is_not_followed_for_ever);
  ADD ("who failed is asked about on their own", test_who_failed_is_asked_about_on_their_own);
  ADD ("only so many are asked about", test_only_so_many_are_asked_about);
  ADD ("a question without an answer holds nothing up", test_a_question_without_an_answer_holds_nothing_up);
  ADD ("cancelled while somebody is asked about", test_cancelled_while_somebody_is_asked_about);
  ADD ("one bad contact stands alone", test_one_bad_contact_stands_alone);
  ADD ("several bad contacts stand alone", test_several_bad_contacts_stand_alone);
  ADD ("splitting goes on after an interruption", test_splitting_goes_on_after_an_interruption);
  ADD ("when all are refused it ends", test_when_all_are_refused_it_ends);
  ADD ("who has left is not sent", test_who_has_left_is_not_sent);
  ADD ("who has left is known by a domain in other letters", test_who_has_left_is_known_by_a_domain_in_other_letters);
  ADD ("who leaves between two attempts is counted once", test_who_leaves_between_two_attempts_is_counted_once);
  ADD ("who comes back between two attempts is sent", test_who_comes_back_between_two_attempts_is_sent);
  ADD ("a key that may not look at people is enough", test_a_key_that_may_not_look_at_people_is_enough);
  ADD ("people who cannot be listed to the end stop the run", test_people_who_cannot_be_listed_to_the_end_stop_the_run);
  ADD ("a right that is lost midway stops the run", test_a_right_that_is_lost_midway_stops_the_run);
  ADD_PRACTICE ("the practice account keeps them out too", test_the_practice_account_keeps_them_out_too);
  ADD_PRACTICE ("a full account refuses the rest", test_a_full_account_refuses_the_rest);
  ADD_PRACTICE ("the practice account with its limits", test_the_practice_account_with_its_limits);
  ADD_PRACTICE ("two runs share the pace of an account", test_two_runs_share_the_pace_of_an_account);

  return g_test_run ();
}
