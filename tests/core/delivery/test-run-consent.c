/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What leaves the program: every request that could change something is looked at, through
 * faults, halved batches, interruptions and all. It says of nobody how they are on a list but in the
 * importer's own entry, and of whoever is barred it says nothing. */

#include "relais-run-fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void
prepare (RelaisRunFixture *self,
         guint             n_people)
{
  relais_run_fixture_write_people (self, n_people);
  relais_run_fixture_define (self, ",\"tags\":[\"status\",\"customer\"]");
}

/* Each tenth has left, has bounced or is excluded. */
static void
bar_some (RelaisRunFixture *self,
          guint             n_people)
{
  for (guint i = 10; i <= n_people; i += 30)
    {
      relais_scripted_account_put_people (self->account, self->account->unsubscribed, i, i);
      relais_scripted_account_put_people (self->account, self->account->bounced, i + 10, i + 10);
      g_ptr_array_add (self->account->exclusions,
                       g_strdup_printf ("{\"id\":\"%u\",\"matchPhrase\":\"Person%u@\",\"matchType\":\"begin\",\"channel\":\"allEmail\",\"hidden\":false,\"lists\":[]}",
                                        i, i + 20));
    }
}

static gboolean
is_barred (RelaisRunFixture *self,
           const char       *email)
{
  return strtoul (email + strlen ("person"), NULL, 10) % 10 == 0 ||
         g_hash_table_contains (self->account->unsubscribed, email) || g_hash_table_contains (self->account->bounced, email);
}

static void
assert_members (JsonObject *object,
                const char *allowed)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    {
      g_autofree char *wanted = g_strdup_printf (" %s ", (char *) at->data);

      if (strstr (allowed, wanted) == NULL)
        g_error ("There is a member %s.", (char *) at->data);
    }
}

/* Returns: (transfer none): whom it is about */
static const char *
assert_contact (JsonObject *contact)
{
  JsonArray *subscribe = json_object_get_array_member (contact, "subscribe");
  JsonObject *list = json_array_get_object_element (subscribe, 0);

  assert_members (contact, " email first_name tags subscribe ");
  g_assert_cmpuint (json_array_get_length (subscribe), ==, 1);
  assert_members (list, " listid ");
  g_assert_cmpint (json_object_get_int_member (list, "listid"), ==, 1);

  return json_object_get_string_member (contact, "email");
}

/* Returns: how many contacts were sent, each time counted, since the one before @first */
static guint
assert_written (RelaisRunFixture *self,
                guint             first)
{
  static const char path[] = "POST\n/api/3/import/bulk_import\n";
  guint n = 0;

  for (guint i = first; i < self->account->written->len; i++)
    {
      const char *text = g_ptr_array_index (self->account->written, i);
      g_autoptr (JsonParser) parser = json_parser_new ();
      g_autoptr (GError) error = NULL;
      JsonObject *root;
      JsonArray *contacts;

      g_assert_true (g_str_has_prefix (text, path));
      json_parser_load_from_data (parser, text + strlen (path), -1, &error);
      g_assert_no_error (error);
      root = json_node_get_object (json_parser_get_root (parser));
      assert_members (root, " exclude_automations contacts ");
      contacts = json_object_get_array_member (root, "contacts");
      for (guint at = 0; at < json_array_get_length (contacts); at++, n++)
        {
          const char *email = assert_contact (json_array_get_object_element (contacts, at));

          if (is_barred (self, email))
            g_error ("%s may not be mailed.", email);
        }
    }

  return n;
}

static void
test_a_run_sends_nobody_who_is_barred (RelaisRunFixture *self,
                                       gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self, 3000);
  bar_some (self, 3000);
  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_cmpuint (self->account->written->len, ==, 0);
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_BARRED], ==, 300);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=2700 barred=300");
  g_assert_cmpuint (assert_written (self, 0), ==, 2700);
}

static void
test_nor_when_requests_are_repeated (RelaisRunFixture *self,
                                     gconstpointer     user_data)
{
  prepare (self, 3000);
  bar_some (self, 3000);
  relais_scripted_account_imports (self->account, "502 accept-cut limit accept accept-reset html accept-unreadable reset 429 accept");
  relais_scripted_account_infos (self->account, "active failed 502 cut interrupted false");
  relais_run_fixture_run (self);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_BARRED), ==, 300);
  g_assert_cmpuint (assert_written (self, 0), >, 2700);
}

static void
test_nor_when_batches_are_halved (RelaisRunFixture *self,
                                  gconstpointer     user_data)
{
  prepare (self, 3000);
  bar_some (self, 3000);
  self->account->refused_text = "77@";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=2670 refused=30 barred=300");
  g_assert_cmpuint (self->account->n_imports, >, 60);
  assert_written (self, 0);

  /* The next run sends the refused once more, and nobody else. */
  self->account->refused_text = NULL;
  relais_run_fixture_run (self);
  relais_run_fixture_assert_counts (self, "read=3000 delivered=30 unchanged=2670 barred=300");
  assert_written (self, 0);
}

static void
interrupt_midway (RelaisScriptedAccount *account,
                  const char            *what,
                  guint                  nth,
                  gpointer               user_data)
{
  RelaisRunFixture *self = user_data;

  if (g_str_equal (what, "import") && nth == 7)
    relais_delivery_interrupt (self->delivery);
}

/* Batches in doubt are sent again by the run that goes on, without those who have left since. */
static void
test_nor_whoever_left_before_it_goes_on (RelaisRunFixture *self,
                                         gconstpointer     user_data)
{
  guint before;

  prepare (self, 6000);
  bar_some (self, 6000);
  relais_scripted_account_imports (self->account, "accept accept accept-hang accept-hang accept-hang hang");
  self->account->hook = interrupt_midway;
  self->account->hook_data = self;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_INTERRUPTED);
  before = self->account->written->len;
  g_assert_cmpuint (before, >=, 6);
  assert_written (self, 0);
  self->account->hook = NULL;
  relais_scripted_account_let_go (self->account);

  /* From batches that are settled, in doubt, and not made yet */
  for (guint i = 1; i <= 6000; i += 90)
    relais_scripted_account_put_people (self->account, self->account->unsubscribed, i, i);
  relais_run_fixture_reopen (self);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpuint (relais_run_get_record (self->run)->batches_repeated, >, 0);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_DELIVERED) + relais_run_fixture_count (self, RELAIS_ROW_BARRED), ==, 6000);
  g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_BARRED), >, 600);
  g_assert_cmpuint (assert_written (self, before), >, 3000);
}

/* Whoever leaves while a run is under way is kept out by the service alone, which an import does not overrule: it
 * is in a request as any other contact. */
static void
test_whoever_leaves_meanwhile_is_left_to_the_service (RelaisRunFixture *self,
                                                      gconstpointer     user_data)
{
  prepare (self, 1000);
  g_hash_table_add (self->account->failing, (gpointer) "person999@example.com");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=1000 delivered=999 refused=1");

  relais_scripted_account_put_people (self->account, self->account->unsubscribed, 999, 999);
  g_ptr_array_set_size (self->account->written, 0);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  relais_run_fixture_assert_counts (self, "read=1000 unchanged=999 barred=1");
  g_assert_cmpuint (self->account->written->len, ==, 0);
}

#define ADD(name, test) \
  g_test_add ("/run/consent/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up, test, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a run sends nobody who is barred", test_a_run_sends_nobody_who_is_barred);
  ADD ("nor when requests are repeated", test_nor_when_requests_are_repeated);
  ADD ("nor when batches are halved", test_nor_when_batches_are_halved);
  ADD ("nor whoever left before it goes on", test_nor_whoever_left_before_it_goes_on);
  ADD ("whoever leaves meanwhile is left to the service", test_whoever_leaves_meanwhile_is_left_to_the_service);

  return g_test_run ();
}
