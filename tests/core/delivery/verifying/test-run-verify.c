/* SPDX-License-Identifier: GPL-3.0-or-later */

/* After a run the account is asked what it holds: what it does not show as it was sent is found. */

#include "relais-error.h"
#include "relais-journal-ageing.h"
#include "relais-journal-verifications.h"
#include "relais-practice-content.h"
#include "relais-practice-server-private.h"
#include "relais-run-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static const RelaisVerification *
get_verified (RelaisRunFixture *self)
{
  return &relais_run_get_record (self->run)->verified;
}

static void
assert_verified (RelaisRunFixture        *self,
                 RelaisVerificationState  state,
                 guint64                  asked,
                 guint64                  same,
                 guint64                  different)
{
  const RelaisVerification *verified = get_verified (self);
  g_autoptr (GPtrArray) history = relais_run_fixture_history (self);
  const RelaisRunRecord *kept = g_ptr_array_index (history, 0);

  g_assert_cmpstr (relais_verification_state_to_code (verified->state), ==, relais_verification_state_to_code (state));
  g_assert_cmpuint (verified->asked, ==, asked);
  g_assert_cmpuint (verified->same, ==, same);
  g_assert_cmpuint (verified->different, ==, different);
  /* The journal has it too. */
  g_assert_cmpint (kept->verified.state, ==, state);
  g_assert_cmpuint (kept->verified.asked, ==, asked);
  g_assert_cmpuint (kept->verified.same, ==, same);
  g_assert_cmpuint (kept->verified.different, ==, different);
  g_assert_cmpstr (kept->verified.message, ==, verified->message);
}

static GPtrArray *
list_differences (RelaisRunFixture *self)
{
  RelaisJournal *journal = relais_workspace_get_journal (self->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *differences;

  relais_journal_list_differences_async (journal, relais_run_get_id (self->run), NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  differences = relais_journal_list_differences_finish (journal, result, &error);
  g_assert_no_error (error);

  return differences;
}

static void
assert_difference (const RelaisDifference *difference,
                   guint64                 row,
                   const char             *kind,
                   const char             *field,
                   const char             *sent,
                   const char             *held)
{
  g_assert_cmpuint (difference->row, ==, row);
  g_assert_cmpstr (relais_difference_kind_to_code (difference->kind), ==, kind);
  g_assert_cmpstr (difference->field, ==, field);
  g_assert_cmpstr (difference->sent, ==, sent);
  g_assert_cmpstr (difference->held, ==, held);
}

static void
prepare (RelaisRunFixture *self,
         guint             n_people,
         const char       *verify)
{
  g_autofree char *options = verify != NULL ? g_strdup_printf (",\"verify\":\"%s\"", verify) : NULL;

  relais_run_fixture_write_people (self, n_people);
  relais_run_fixture_define (self, options);
}

/* The export with all that can be matched */
static void
define_fields (RelaisRunFixture *self,
               const char       *options)
{
  g_autofree char *json = NULL;
  g_autoptr (RelaisExportDefinition) definition = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (RelaisExport) export = NULL;
  g_autoptr (GError) error = NULL;

  relais_run_fixture_define (self, NULL);
  json = g_strdup_printf ("{\"name\":\"Export\",\"connection\":\"Account\",\"list\":\"1\",\"segments\":[{\"file\":\"%s\"}],"
                          "\"matching\":{\"email\":\"EMail\",\"first_name\":\"First\",\"last_name\":\"Last\",\"phone\":\"Phone\","
                          "\"fields\":{\"1\":\"Tier\",\"2\":\"Birth\",\"3\":\"Bought\",\"4\":\"City\",\"5\":\"Points\",\"6\":\"Interests\"}}%s}",
                          self->segment, options);
  definition = relais_export_definition_from_json (json, -1, "/", &error);
  g_assert_no_error (error);
  relais_workspace_save_export_async (self->workspace, self->export, definition, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  export = relais_workspace_save_export_finish (self->workspace, result, &error);
  g_assert_no_error (error);
}

static void
execute (RelaisRunFixture *self,
         const char       *sql)
{
  relais_store_execute (self->practice->account.store, sql, "");
}

/* All is well */

static void
test_a_sample_is_asked_about (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  prepare (self, 600, NULL);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=600 delivered=600");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 50, 50, 0);
  g_assert_cmpuint (get_verified (self)->delivered, ==, 600);
}

static void
test_few_are_all_asked_about (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  prepare (self, 7, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 7, 7, 0);
}

static void
test_nobody_is_asked_about_when_it_is_off (RelaisRunFixture *self,
                                           gconstpointer     user_data)
{
  relais_run_fixture_misbehave (self, "lose", "@3");
  prepare (self, 7, "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_NONE, 0, 0, 0);
}

static void
test_when_nothing_was_delivered_nobody_is_asked_about (RelaisRunFixture *self,
                                                       gconstpointer     user_data)
{
  prepare (self, 7, user_data);
  relais_run_fixture_run (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=7 unchanged=7");
  assert_verified (self, RELAIS_VERIFICATION_NOTHING, 0, 0, 0);
}

static void
test_everybody_is_looked_up_on_the_pages (RelaisRunFixture *self,
                                          gconstpointer     user_data)
{
  guint64 n_before;

  prepare (self, 1500, "all");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 1500, 1500, 0);
  n_before = self->practice->account.n_requests;
  g_assert_cmpuint (n_before, <, 100);

  /* Three among fifteen hundred are asked about one by one. */
  relais_run_fixture_write (self, "EMail,FirstName\nperson7@example.com,Other\nperson8@example.com,Name8\nnew@example.com,New\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3 delivered=2 unchanged=1");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 2, 2, 0);
}

/* A sample is fair: nobody is asked about much more often than anybody else. */
static void
test_a_sample_is_fair (RelaisRunFixture *self,
                       gconstpointer     user_data)
{
  static const RelaisHashKey key = { { 1 } };
  g_autoptr (RelaisExportDefinition) definition =
    relais_export_definition_from_json ("{\"name\":\"E\",\"connection\":\"A\",\"list\":\"1\",\"segments\":[{\"file\":\"/a\"}],\"matching\":{\"email\":\"E\"}}",
                                        -1, "/", NULL);
  RelaisPayloadSettings settings = { .list_id = 1 };
  guint times[200] = { 0 };

  for (guint round = 0; round < 500; round++)
    {
      g_autoptr (RelaisDelivered) delivered = relais_delivered_new (definition, NULL, &key);
      GPtrArray *people = relais_delivered_get_people (delivered);

      relais_delivered_keep_sample (delivered, 20);
      for (guint row = 1; row <= G_N_ELEMENTS (times); row++)
        {
          RelaisMappedRow mapped = { 0 };

          mapped.address.length = (guint) g_snprintf (mapped.address.text, sizeof mapped.address.text, "p%u@example.com", row);
          relais_delivered_take (delivered, row, &mapped, &settings);
        }
      g_assert_cmpuint (people->len, ==, 20);
      for (guint i = 0; i < people->len; i++)
        times[((const RelaisDeliveredPerson *) g_ptr_array_index (people, i))->row - 1]++;
    }
  /* 50 times each on the average; six standard deviations are 40. */
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_assert_cmpuint (times[i], >, 10);
      g_assert_cmpuint (times[i], <, 100);
    }
}

/* Something differs */

static void
test_who_was_lost_is_found_missing_and_sent_again (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  g_autoptr (GPtrArray) differences = NULL;

  relais_run_fixture_misbehave (self, "lose", "@3");
  prepare (self, 10, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  /* The service did say so: no row's state is another. */
  relais_run_fixture_assert_counts (self, "read=10 delivered=10");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 10, 9, 1);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 1);
  assert_difference (g_ptr_array_index (differences, 0), 3, "not-found", NULL, NULL, NULL);
  g_assert_cmpstr (((RelaisDifference *) g_ptr_array_index (differences, 0))->email, ==, "person3@example.com");

  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=1 unchanged=9");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 1, 1, 0);
}

static void
test_a_value_that_was_changed_is_found (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  g_autoptr (GPtrArray) differences = NULL;

  relais_run_fixture_misbehave (self, "change", "@2");
  prepare (self, 10, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 10, 9, 1);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 1);
  assert_difference (g_ptr_array_index (differences, 0), 2, "other-value", "first_name", "Name2", "ame2");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=1 unchanged=9");
}

static void
test_another_value_starts_no_automation_twice (RelaisRunFixture *self,
                                               gconstpointer     user_data)
{
  relais_run_fixture_misbehave (self, "change", "@2");
  relais_run_fixture_misbehave (self, "lose", "@4");
  relais_run_fixture_write_people (self, 10);
  relais_run_fixture_define (self, ",\"automations\":true");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 10, 8, 2);
  /* Only who is not there at all is sent again. */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=1 unchanged=9");
}

static void
test_many_are_found_on_the_pages (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  g_autoptr (GPtrArray) differences = NULL;
  guint n_lost = 0;

  relais_run_fixture_misbehave (self, "lose", "100");
  relais_run_fixture_misbehave (self, "change", "70");
  prepare (self, 1400, "all");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1400 delivered=1400");
  /* 1400 / 100 are lost; of the others every 70th is changed. */
  assert_verified (self, RELAIS_VERIFICATION_DONE, 1400, 1400 - 14 - 19, 14 + 19);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 14 + 19);
  /* Batches arrive in any order, so that who it is is not certain. */
  for (guint i = 0; i < differences->len; i++)
    {
      const RelaisDifference *difference = g_ptr_array_index (differences, i);
      g_autofree char *email = g_strdup_printf ("person%" G_GUINT64_FORMAT "@example.com", difference->row);
      g_autofree char *name = g_strdup_printf ("Name%" G_GUINT64_FORMAT, difference->row);

      g_assert_cmpstr (difference->email, ==, email);
      if (difference->kind == RELAIS_DIFFERENCE_NOT_FOUND)
        n_lost++;
      else
        assert_difference (difference, difference->row, "other-value", "first_name", name, name + 1);
    }
  g_assert_cmpuint (n_lost, ==, 14);
  relais_run_fixture_misbehave (self, "lose", "off");
  relais_run_fixture_misbehave (self, "change", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1400 delivered=33 unchanged=1367");
}

static void
test_more_than_can_be_listed_are_counted_and_sent_again (RelaisRunFixture *self,
                                                         gconstpointer     user_data)
{
  g_autoptr (GPtrArray) differences = NULL;

  relais_run_fixture_misbehave (self, "lose", "1");
  prepare (self, 1200, "all");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 1200, 0, 1200);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 1000);
  relais_run_fixture_misbehave (self, "lose", "off");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1200 delivered=1200");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 1200, 1200, 0);
}

static void
leave_the_list (RelaisRunFixture *self)
{
  execute (self, "UPDATE memberships SET status = 2 WHERE contact = (SELECT id FROM contacts WHERE email = 'person1@example.com')");
  execute (self, "UPDATE memberships SET status = 3 WHERE contact = (SELECT id FROM contacts WHERE email = 'person2@example.com')");
  execute (self, "UPDATE memberships SET status = 0 WHERE contact = (SELECT id FROM contacts WHERE email = 'person3@example.com')");
  execute (self, "DELETE FROM memberships WHERE contact = (SELECT id FROM contacts WHERE email = 'person4@example.com')");
  execute (self, "UPDATE memberships SET status = 9 WHERE contact = (SELECT id FROM contacts WHERE email = 'person5@example.com')");
}

static void
test_whoever_is_on_the_list_in_another_way_is_not_verified (RelaisRunFixture *self,
                                                            gconstpointer     user_data)
{
  static const char * const kinds[] = { "unsubscribed", "bounced", "unconfirmed", "not-on-list", "other-status" };
  g_autoptr (GPtrArray) differences = NULL;

  prepare (self, 10, user_data);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, leave_the_list), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 10, 5, 5);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    assert_difference (g_ptr_array_index (differences, i), i + 1, kinds[i], NULL, NULL, NULL);

  /* Whoever left is left out, and who has not confirmed is not sent again to get around it. */
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=10 delivered=1 unchanged=7 barred=2");
}

static void
leave_the_list_unheeded (RelaisRunFixture *self)
{
  leave_the_list (self);
  relais_run_fixture_misbehave (self, "status-unheeded", NULL);
}

/* Pages that name everybody, whoever was asked for, still say how each is. */
static void
test_a_status_that_is_not_heeded_verifies_nobody (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  prepare (self, 10, "all");
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, leave_the_list_unheeded), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 10, 5, 5);
}

/* Values */

static const char every_field[] =
  "EMail,First,Last,Phone,Tier,Birth,Bought,City,Points,Interests\n"
  "ann@example.com,Ann,Lee,+33 1 23 45 67 89,Gold,2001-02-03,2026-01-02T03:04:05+02:00,\"Le Mans\",12.50,Garden;Music\n"
  "bob@example.com,Bob,,,,,,,,\n"
  "Cat+1@Example.com,  Cat ,O'Neil,01 02,silver,1999-12-31,2025-05-05 10:00,\"a \"\"b\"\" c\",7,Travel\n";

static void
test_every_field_is_compared (RelaisRunFixture *self,
                              gconstpointer     user_data)
{
  relais_run_fixture_write (self, every_field);
  define_fields (self, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3 delivered=3");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 3, 3, 0);
  g_assert_false (get_verified (self)->values_untold);
}

static void
rewrite_values (RelaisRunFixture *self)
{
  /* As other zones, other orders, and other ends of text have it */
  execute (self, "UPDATE contacts SET last = ' Lee ', phone = '+33.1.23.45.67.89', fields = '{\"1\":\"||Gold||\",\"2\":\"2001-02-03T00:00:00-05:00\","
                 "\"3\":\"2026-01-01T20:04:05-05:00\",\"4\":\"Le Mans \\r\\n\",\"5\":\"12.5\",\"6\":\"||Music||Garden||\"}' WHERE email = 'ann@example.com'");
}

static void
test_what_the_service_writes_otherwise_is_the_same (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  relais_run_fixture_write (self, every_field);
  define_fields (self, user_data);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, rewrite_values), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 3, 3, 0);
}

static void
spoil_values (RelaisRunFixture *self)
{
  execute (self, "UPDATE contacts SET phone = '+33 1 23 45 67 80', fields = '{\"1\":\"Gold\",\"2\":\"2001-02-04\",\"3\":\"2026-01-02T03:04:05+01:00\","
                 "\"5\":\"12.51\",\"6\":\"||Garden||\"}' WHERE email = 'ann@example.com'");
}

static void
test_each_value_that_differs_is_told (RelaisRunFixture *self,
                                      gconstpointer     user_data)
{
  g_autoptr (GPtrArray) differences = NULL;

  relais_run_fixture_write (self, every_field);
  define_fields (self, user_data);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, spoil_values), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 3, 2, 1);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 6);
  assert_difference (g_ptr_array_index (differences, 0), 1, "other-value", "2", "2001-02-03", "2001-02-04");
  assert_difference (g_ptr_array_index (differences, 1), 1, "other-value", "3", "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+01:00");
  assert_difference (g_ptr_array_index (differences, 2), 1, "other-value", "4", "Le Mans", "");
  assert_difference (g_ptr_array_index (differences, 3), 1, "other-value", "5", "12.50", "12.51");
  assert_difference (g_ptr_array_index (differences, 4), 1, "other-value", "6", "||Garden||Music||", "||Garden||");
  assert_difference (g_ptr_array_index (differences, 5), 1, "other-value", "phone", "+33 1 23 45 67 89", "+33 1 23 45 67 80");
  g_assert_cmpstr (((RelaisDifference *) g_ptr_array_index (differences, 2))->title, ==, "City");
}

static void
test_an_empty_value_that_was_not_cleared_is_told (RelaisRunFixture *self,
                                                  gconstpointer     user_data)
{
  g_autoptr (GPtrArray) differences = NULL;

  relais_run_fixture_write_people (self, 2);
  relais_run_fixture_define (self, ",\"empty_values\":\"clear\"");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_misbehave (self, "import-keeps-empty", NULL);
  relais_run_fixture_write (self, "EMail,FirstName\nperson1@example.com,\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  differences = list_differences (self);
  g_assert_cmpuint (differences->len, ==, 1);
  assert_difference (g_ptr_array_index (differences, 0), 1, "other-value", "first_name", "", "Name1");
}

/* What is not certain of the service */

static void
test_bare_pages_are_no_obstacle (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  relais_run_fixture_misbehave (self, "bare-pages", NULL);
  relais_run_fixture_write (self, every_field);
  define_fields (self, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 3, 3, 0);
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, spoil_values), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
}

static void
test_values_that_pages_do_not_tell_are_not_claimed (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  g_autoptr (GString) text = g_string_new ("EMail,First,Last,Phone,Tier,Birth,Bought,City,Points,Interests\n");

  relais_run_fixture_misbehave (self, "bare-pages", NULL);
  for (guint i = 1; i <= 250; i++)
    g_string_append_printf (text, "person%u@example.com,Name%u,,,,,,City%u,,\n", i, i, i);
  relais_run_fixture_write (self, text->str);
  define_fields (self, ",\"verify\":\"all\"");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 250, 250, 0);
  g_assert_true (get_verified (self)->values_untold);

  relais_run_fixture_misbehave (self, "bare-pages", "off");
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 250, 250, 0);
  g_assert_false (get_verified (self)->values_untold);
}

static void
test_whoever_shows_late_is_asked_about_again (RelaisRunFixture *self,
                                              gconstpointer     user_data)
{
  /* Two seconds at the most; there are six and a half between the first question and the last. */
  self->times.first_recheck = 0.5;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_misbehave (self, "lag", "1s");
  prepare (self, 20, user_data);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 20, 20, 0);
}

/* It cannot be done */

static void
forbid (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "not-allowed", "contacts");
}

static void
break_down (RelaisRunFixture *self)
{
  relais_run_fixture_misbehave (self, "html-502", NULL);
}

static void
exchange_file (RelaisRunFixture *self)
{
  relais_run_fixture_write_people (self, 8);
}

static void
remove_file (RelaisRunFixture *self)
{
  g_assert_cmpint (g_remove (self->segment), ==, 0);
}

static const RelaisSurprise obstacles[] = { forbid, break_down, exchange_file, remove_file };

static void
test_a_run_is_no_worse_for_what_cannot_be_read_back (RelaisRunFixture *self,
                                                     gconstpointer     user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (obstacles); i++)
    {
      g_test_message ("obstacle %u", i);
      self->options.again = TRUE;
      prepare (self, 10, user_data);
      g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, obstacles[i]), ==, RELAIS_RUN_SUCCESSFUL);
      relais_run_fixture_assert_counts (self, "read=10 delivered=10");
      g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_FAILED);
      g_assert_cmpuint (get_verified (self)->different, ==, 0);
      g_assert_nonnull (get_verified (self)->message);
      g_assert_null (relais_run_get_record (self->run)->message);
      relais_run_fixture_misbehave (self, "not-allowed", "off");
      relais_run_fixture_misbehave (self, "html-502", "off");
    }
}

static void
test_a_passing_fault_is_waited_out (RelaisRunFixture *self,
                                    gconstpointer     user_data)
{
  prepare (self, 300, user_data);
  self->times.verify_patience = 120;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_misbehave (self, "html-502", "3");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_DONE);
  g_assert_cmpuint (get_verified (self)->same, ==, get_verified (self)->asked);
  g_assert_cmpuint (get_verified (self)->asked, >=, 50);
}

static void
cancel (RelaisRunFixture *self)
{
  relais_run_cancel (self->live);
}

static void
interrupt (RelaisRunFixture *self)
{
  relais_delivery_interrupt (self->delivery);
}

static void
test_stopping_it_does_not_stop_the_run (RelaisRunFixture *self,
                                        gconstpointer     user_data)
{
  prepare (self, 300, user_data);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, cancel), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_STOPPED);
  relais_run_fixture_assert_counts (self, "read=300 delivered=300");
  self->options.again = TRUE;
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, interrupt), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_STOPPED);
  g_assert_false (relais_run_can_go_on (self->run));
}

static guint64 n_requests_before;

/* One more is being asked, and has no answer. */
static gboolean
stop_when_asked_cb (gpointer user_data)
{
  RelaisRunFixture *self = user_data;

  if (self->practice->account.n_requests == n_requests_before)
    return G_SOURCE_CONTINUE;
  relais_run_cancel (self->live);

  return G_SOURCE_REMOVE;
}

/* Some have been answered: the others are not. */
static gboolean
answer_no_more_cb (gpointer user_data)
{
  RelaisRunFixture *self = user_data;

  if (self->practice->account.n_requests < n_requests_before + 3)
    return G_SOURCE_CONTINUE;
  n_requests_before = self->practice->account.n_requests;
  relais_run_fixture_misbehave (self, "slow", "600s");
  g_timeout_add_full (G_PRIORITY_HIGH, 1, stop_when_asked_cb, self, NULL);

  return G_SOURCE_REMOVE;
}

static void
stop_half_way (RelaisRunFixture *self)
{
  n_requests_before = self->practice->account.n_requests;
  g_timeout_add_full (G_PRIORITY_HIGH, 1, answer_no_more_cb, self, NULL);
}

static void
test_it_can_be_stopped_half_way (RelaisRunFixture *self,
                                 gconstpointer     user_data)
{
  prepare (self, 900, user_data);
  g_assert_cmpint (relais_run_fixture_run_surprised (self, RELAIS_PHASE_VERIFYING, stop_half_way), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_STOPPED);
  g_assert_cmpuint (get_verified (self)->different, ==, 0);
  g_assert_cmpuint (get_verified (self)->same, <, 900);
}

/* A run that goes on */

static void
test_a_run_that_goes_on_verifies_all_it_delivered (RelaisRunFixture *self,
                                                   gconstpointer     user_data)
{
  relais_run_fixture_misbehave (self, "refuse", "person77@");
  relais_run_fixture_misbehave (self, "lose", "@10");
  prepare (self, 1000, user_data);
  relais_run_fixture_start (self);
  relais_run_fixture_wait_accepted (self, 1);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_NONE);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=999 refused=1");
  g_assert_cmpuint (get_verified (self)->delivered, ==, 999);
  assert_verified (self, RELAIS_VERIFICATION_DONE, 999, 998, 1);
}

/* An address with an apostrophe fails in the import, and the others arrive. There is one in each batch: which of them
 * comes to the account first is not said. */
static void
write_one_a_batch_who_fails (RelaisRunFixture *self,
                             guint             n_people)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");

  for (guint i = 1; i <= n_people; i++)
    g_string_append_printf (text, "%s%u@example.com,Name%u\n", i % 250 == 1 ? "o'neil" : "person", i, i);
  relais_run_fixture_write (self, text->str);
}

static void
test_whoever_was_refused_is_not_asked_about (RelaisRunFixture *self,
                                             gconstpointer     user_data)
{
  g_autofree char *options = g_strdup_printf (",\"verify\":\"%s\"", (const char *) user_data);

  write_one_a_batch_who_fails (self, 10);
  relais_run_fixture_define (self, options);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=10 delivered=9 refused=1");
  assert_verified (self, RELAIS_VERIFICATION_DONE, 9, 9, 0);
}

static gboolean
has_confirmed (RelaisRunFixture *self)
{
  g_autoptr (GPtrArray) batches = relais_run_fixture_batches (self, relais_run_get_id (self->live));

  for (guint i = 0; i < batches->len; i++)
    if (((RelaisBatchRecord *) g_ptr_array_index (batches, i))->state == RELAIS_BATCH_CONFIRMED)
      return TRUE;

  return FALSE;
}

/* Who was refused in an earlier attempt is not known any more: nobody of their batch is claimed to differ. */
static void
test_when_it_is_not_known_who_arrived_nobody_is_asked_about (RelaisRunFixture *self,
                                                             gconstpointer     user_data)
{
  g_autofree char *options = g_strdup_printf (",\"verify\":\"%s\"", (const char *) user_data);
  g_autoptr (GAsyncResult) result = NULL;

  self->times.import_deadline = 0.5;
  relais_delivery_set_times (self->delivery, &self->times);
  relais_run_fixture_misbehave (self, "import-never-ends", "@2");
  relais_journal_set_keep_days_async (relais_workspace_get_journal (self->workspace), 0, NULL, keep_result_cb, &result);
  write_one_a_batch_who_fails (self, 500);
  relais_run_fixture_define (self, options);
  relais_run_fixture_start (self);
  while (!has_confirmed (self))
    g_main_context_iteration (NULL, FALSE);
  relais_delivery_interrupt (self->delivery);
  relais_run_fixture_wait (self);
  g_assert_cmpint (relais_run_get_status (self->run), ==, RELAIS_RUN_INTERRUPTED);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=500 delivered=249 refused=251");
  g_assert_cmpint (get_verified (self)->state, ==, RELAIS_VERIFICATION_FAILED);
  g_assert_nonnull (strstr (get_verified (self)->message, "have been deleted"));
  g_assert_cmpuint (get_verified (self)->different, ==, 0);
}

#define ADD_WITH(name, data, function) \
  g_test_add ("/run-verify/" name, RelaisRunFixture, data, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)
#define ADD(name, function) ADD_WITH (name, NULL, function)
/* With a sample, and with everybody */
#define ADD_BOTH(name, function) \
  G_STMT_START { ADD_WITH (name "-in-a-sample", "sample", function); ADD_WITH (name "-among-all", "all", function); } G_STMT_END
#define ADD_FIELDS(name, function) \
  G_STMT_START { ADD_WITH (name "-in-a-sample", ",\"verify\":\"sample\"", function); ADD_WITH (name "-among-all", ",\"verify\":\"all\"", function); } G_STMT_END

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-sample-is-asked-about", test_a_sample_is_asked_about);
  ADD_BOTH ("few-are-all-asked-about", test_few_are_all_asked_about);
  ADD ("nobody-is-asked-about-when-it-is-off", test_nobody_is_asked_about_when_it_is_off);
  ADD_BOTH ("when-nothing-was-delivered-nobody-is-asked-about", test_when_nothing_was_delivered_nobody_is_asked_about);
  ADD ("everybody-is-looked-up-on-the-pages", test_everybody_is_looked_up_on_the_pages);
  ADD ("a-sample-is-fair", test_a_sample_is_fair);
  ADD_BOTH ("who-was-lost-is-found-missing-and-sent-again", test_who_was_lost_is_found_missing_and_sent_again);
  ADD_BOTH ("a-value-that-was-changed-is-found", test_a_value_that_was_changed_is_found);
  ADD ("another-value-starts-no-automation-twice", test_another_value_starts_no_automation_twice);
  ADD ("many-are-found-on-the-pages", test_many_are_found_on_the_pages);
  ADD ("more-than-can-be-listed-are-counted-and-sent-again", test_more_than_can_be_listed_are_counted_and_sent_again);
  ADD_BOTH ("whoever-is-on-the-list-in-another-way-is-not-verified", test_whoever_is_on_the_list_in_another_way_is_not_verified);
  ADD ("a-status-that-is-not-heeded-verifies-nobody", test_a_status_that_is_not_heeded_verifies_nobody);
  ADD_FIELDS ("every-field-is-compared", test_every_field_is_compared);
  ADD_FIELDS ("what-the-service-writes-otherwise-is-the-same", test_what_the_service_writes_otherwise_is_the_same);
  ADD_FIELDS ("each-value-that-differs-is-told", test_each_value_that_differs_is_told);
  ADD ("an-empty-value-that-was-not-cleared-is-told", test_an_empty_value_that_was_not_cleared_is_told);
  ADD_FIELDS ("bare-pages-are-no-obstacle", test_bare_pages_are_no_obstacle);
  ADD ("values-that-pages-do-not-tell-are-not-claimed", test_values_that_pages_do_not_tell_are_not_claimed);
  ADD_BOTH ("whoever-shows-late-is-asked-about-again", test_whoever_shows_late_is_asked_about_again);
  ADD_BOTH ("a-run-is-no-worse-for-what-cannot-be-read-back", test_a_run_is_no_worse_for_what_cannot_be_read_back);
  ADD_BOTH ("a-passing-fault-is-waited-out", test_a_passing_fault_is_waited_out);
  ADD_BOTH ("stopping-it-does-not-stop-the-run", test_stopping_it_does_not_stop_the_run);
  ADD_BOTH ("it-can-be-stopped-half-way", test_it_can_be_stopped_half_way);
  ADD_BOTH ("whoever-was-refused-is-not-asked-about", test_whoever_was_refused_is_not_asked_about);
  ADD_BOTH ("when-it-is-not-known-who-arrived-nobody-is-asked-about", test_when_it_is_not_known_who_arrived_nobody_is_asked_about);
  ADD_WITH ("a-run-that-goes-on-verifies-all-it-delivered", "all", test_a_run_that_goes_on_verifies_all_it_delivered);

  return g_test_run ();
}
