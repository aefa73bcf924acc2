/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everyone who is on a list in one way is told once, and nobody who is not. */

#include "relais-client-fixture.h"
#include "relais-error.h"
#include "relais-list-walk.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  RelaisClientFixture  client;
  RelaisListWalk      *walk;      /* (owned) */
  GString             *told;      /* (owned): "1 2 5 …" */
  guint                n_told;
  guint                n_enough;  /* after so many nobody else is worth asking for; 0 = all are */
  guint                n_people;  /* that the account has, by the handler */
  guint                broken;    /* the page behind this number is one that cannot be had; 0 = none */
} Fixture;

static gboolean
take_page (GPtrArray *contacts,
           gpointer   user_data)
{
  Fixture *self = user_data;

  for (guint i = 0; i < contacts->len; i++)
    g_string_append_printf (self->told, "%s%" G_GUINT64_FORMAT, self->n_told++ > 0 ? " " : "",
                            ((const RelaisRemoteContact *) g_ptr_array_index (contacts, i))->id);

  return self->n_enough == 0 || self->n_told < self->n_enough;
}

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  relais_client_fixture_set_up (&self->client, user_data);
  self->told = g_string_new (NULL);
  self->walk = relais_list_walk_new (self->client.client, 12, RELAIS_LIST_STATUS_ACTIVE, take_page, self);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  relais_list_walk_free (self->walk);
  g_string_free (self->told, TRUE);
  relais_client_fixture_tear_down (&self->client, user_data);
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
walk (Fixture  *self,
      GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  relais_list_walk_async (self->walk, self->client.cancellable, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return relais_list_walk_finish (result, error);
}

static void
answer (Fixture    *self,
        const char *body)
{
  relais_test_server_answer (self->client.server, 200, NULL, body);
}

#define CONTACT(id) "{\"id\":\"" id "\",\"email\":\"p" id "@example.com\"}"
#define LIST(id, list, status) "{\"contact\":\"" id "\",\"list\":\"" list "\",\"status\":\"" status "\"}"
#define NOBODY "{\"contacts\":[]}"

static void
test_whoever_the_page_says_is_otherwise_is_left_out (Fixture       *self,
                                                     gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  answer (self, "{\"contacts\":[" CONTACT ("3") "," CONTACT ("4") "," CONTACT ("5") "," CONTACT ("6") "],\"contactLists\":["
                LIST ("3", "12", "1") "," LIST ("4", "12", "2") "," LIST ("5", "12", "1") "," LIST ("6", "12", "0") "],\"meta\":{\"total\":\"4\"}}");
  answer (self, NOBODY);
  g_assert_true (walk (self, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->told->str, ==, "3 5");
  g_assert_cmpint (relais_list_walk_get_total (self->walk), ==, 4);
  g_assert_cmpuint (relais_list_walk_get_n_read (self->walk), ==, 4);
  g_assert_cmpstr (relais_test_server_get (self->client.server, 0)->target, ==,
                   "/api/3/contacts?listid=12&status=1&limit=100&orders%5Bid%5D=ASC&id_greater=0&include=contactLists");
  g_assert_nonnull (strstr (relais_test_server_get (self->client.server, 1)->target, "id_greater=6&"));
}

/* Nobody is taken for gone because a page does not tell of them. */
static void
test_a_page_that_tells_of_some_only_is_not_believed (Fixture       *self,
                                                     gconstpointer  user_data)
{
  static const char * const lists[] = { "", LIST ("3", "12", "1"), LIST ("3", "12", "1") "," LIST ("4", "11", "1") };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"contacts\":[" CONTACT ("3") "," CONTACT ("4") "],\"contactLists\":[%s]}", lists[i]);
      g_autoptr (GError) error = NULL;

      answer (self, body);
      g_assert_false (walk (self, &error));
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
      g_assert_cmpuint (self->n_told, ==, 0);
    }
  /* It is asked for once more then, from the same place. */
  answer (self, "{\"contacts\":[" CONTACT ("3") "],\"contactLists\":[" LIST ("3", "12", "1") "]}");
  answer (self, NOBODY);
  g_assert_true (walk (self, NULL));
  g_assert_cmpstr (self->told->str, ==, "3");
}

static void
test_where_pages_tell_nothing_two_are_asked (Fixture       *self,
                                             gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  const char *page = "{\"contacts\":[" CONTACT ("3") "," CONTACT ("4") "," CONTACT ("5") "],\"meta\":{\"total\":\"3\"}}";

  answer (self, page);
  answer (self, "{\"contactLists\":[" LIST ("5", "12", "1") "]}");
  relais_test_server_answer (self->client.server, 404, NULL, "{\"message\":\"No Result found for Subscriber with id 3\"}");
  answer (self, page);
  answer (self, NOBODY);
  g_assert_true (walk (self, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->told->str, ==, "3 4 5");
  g_assert_cmpint (relais_list_walk_get_total (self->walk), ==, 3);
  g_assert_cmpstr (relais_test_server_get (self->client.server, 1)->target, ==, "/api/3/contacts/5/contactLists");
  g_assert_cmpstr (relais_test_server_get (self->client.server, 2)->target, ==, "/api/3/contacts/3/contactLists");
}

static void
test_a_witness_who_is_otherwise_ends_it (Fixture       *self,
                                         gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  answer (self, "{\"contacts\":[" CONTACT ("3") "]}");
  answer (self, "{\"contactLists\":[" LIST ("3", "12", "2") "]}");
  g_assert_false (walk (self, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_INVALID);
  g_assert_cmpuint (self->n_told, ==, 0);
}

static void
test_without_a_witness_nobody_is_told (Fixture       *self,
                                       gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  answer (self, "{\"contacts\":[" CONTACT ("3") "]}");
  relais_test_server_answer (self->client.server, 404, NULL, "{\"message\":\"No Result found for Subscriber with id 3\"}");
  g_assert_false (walk (self, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
  g_assert_cmpuint (self->n_told, ==, 0);
  /* It can be asked again. */
  g_clear_error (&error);
  answer (self, NOBODY);
  g_assert_true (walk (self, &error));
}

static void
test_it_goes_on_where_it_was (Fixture       *self,
                              gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  answer (self, "{\"contacts\":[" CONTACT ("3") "],\"contactLists\":[" LIST ("3", "12", "1") "]}");
  relais_test_server_answer (self->client.server, 502, NULL, "");
  g_assert_false (walk (self, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  answer (self, "{\"contacts\":[" CONTACT ("7") "],\"contactLists\":[" LIST ("7", "12", "1") "]}");
  answer (self, NOBODY);
  g_assert_true (walk (self, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->told->str, ==, "3 7");
}

/* Whoever is told again or out of order is a page that was not heeded: somebody else is missing. */
static void
test_a_page_that_goes_back_is_not_believed (Fixture       *self,
                                            gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  const char *page = "{\"contacts\":[" CONTACT ("3") "," CONTACT ("4") "],\"contactLists\":[" LIST ("3", "12", "1") "," LIST ("4", "12", "1") "]}";

  answer (self, page);
  answer (self, page);
  g_assert_false (walk (self, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
}

static void
test_a_key_that_may_not_look_is_told (Fixture       *self,
                                      gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (self->client.server, 403, NULL,
                             "{\"errors\":[{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"You do not have permission to view contacts.\"}]}");
  g_assert_false (walk (self, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_NOT_ALLOWED);
}

/* A long list */

static guint
get_number (const char *target,
            const char *name,
            guint       otherwise)
{
  const char *at = strstr (target, name);

  return at != NULL ? (guint) atoi (at + strlen (name)) : otherwise;
}

static char *
answer_page (RelaisTestRequest *request,
             gpointer           user_data)
{
  Fixture *self = user_data;
  guint after = get_number (request->target, "id_greater=", 0), before = get_number (request->target, "id_less=", G_MAXUINT);
  guint limit = get_number (request->target, "limit=", 20);
  g_autoptr (GString) contacts = g_string_new (NULL);
  g_autoptr (GString) lists = g_string_new (NULL);

  if (strstr (request->target, "=DESC") != NULL)
    after = self->n_people - 1;
  if (self->broken != 0 && after == self->broken)
    return NULL;
  for (guint id = after + 1; id <= self->n_people && id < before && id <= after + limit; id++)
    {
      const char *comma = id > after + 1 ? "," : "";

      g_string_append_printf (contacts, "%s{\"id\":\"%u\",\"email\":\"p%u@example.com\"}", comma, id, id);
      g_string_append_printf (lists, "%s{\"contact\":\"%u\",\"list\":\"12\",\"status\":\"1\"}", comma, id);
    }

  return g_strdup_printf ("{\"contacts\":[%s],\"contactLists\":[%s],\"meta\":{\"total\":\"%u\"}}", contacts->str, lists->str, self->n_people);
}

static void
test_a_long_list_is_walked_in_parts_and_each_is_told_once (Fixture       *self,
                                                           gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) told = NULL;
  g_autofree gboolean *seen = g_new0 (gboolean, 3334);
  g_autoptr (GHashTable) ends = g_hash_table_new (NULL, NULL);

  self->n_people = 3333;
  relais_test_server_set_handler (self->client.server, answer_page, self);
  g_assert_true (walk (self, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (self->n_told, ==, 3333);
  told = g_strsplit (self->told->str, " ", -1);
  for (guint i = 0; told[i] != NULL; i++)
    {
      g_assert_false (seen[atoi (told[i])]);
      seen[atoi (told[i])] = TRUE;
    }
  /* All parts but the last one end where another begins. */
  for (guint i = 0; i < self->client.server->requests->len; i++)
    g_hash_table_add (ends, GUINT_TO_POINTER (get_number (relais_test_server_get (self->client.server, i)->target, "id_less=", 0)));
  g_assert_cmpuint (g_hash_table_size (ends), ==, 4);
}

/* What waits for it is its own part of the list alone. */
static void
test_a_page_that_cannot_be_had_keeps_its_own_part_alone (Fixture       *self,
                                                         gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  self->n_people = 4100;
  self->broken = 100;
  relais_test_server_set_handler (self->client.server, answer_page, self);
  g_assert_false (walk (self, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_UNAVAILABLE);
  /* Behind the first page there are four parts with a thousand people each. */
  g_assert_cmpuint (self->n_told, ==, 3100);
  g_clear_error (&error);
  self->broken = 0;
  g_assert_true (walk (self, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (self->n_told, ==, 4100);
}

static void
test_it_ends_when_enough_were_told (Fixture       *self,
                                    gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  self->n_people = 100000;
  self->n_enough = 150;
  relais_test_server_set_handler (self->client.server, answer_page, self);
  g_assert_true (walk (self, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (self->client.server->requests->len, <, 12);
}

#define ADD(name, function) g_test_add ("/list-walk/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whoever-the-page-says-is-otherwise-is-left-out", test_whoever_the_page_says_is_otherwise_is_left_out);
  ADD ("a-page-that-tells-of-some-only-is-not-believed", test_a_page_that_tells_of_some_only_is_not_believed);
  ADD ("where-pages-tell-nothing-two-are-asked", test_where_pages_tell_nothing_two_are_asked);
  ADD ("a-witness-who-is-otherwise-ends-it", test_a_witness_who_is_otherwise_ends_it);
  ADD ("without-a-witness-nobody-is-told", test_without_a_witness_nobody_is_told);
  ADD ("it-goes-on-where-it-was", test_it_goes_on_where_it_was);
  ADD ("a-page-that-goes-back-is-not-believed", test_a_page_that_goes_back_is_not_believed);
  ADD ("a-key-that-may-not-look-is-told", test_a_key_that_may_not_look_is_told);
  ADD ("a-long-list-is-walked-in-parts-and-each-is-told-once", test_a_long_list_is_walked_in_parts_and_each_is_told_once);
  ADD ("a-page-that-cannot-be-had-keeps-its-own-part-alone", test_a_page_that_cannot_be_had_keeps_its_own_part_alone);
  ADD ("it-ends-when-enough-were-told", test_it_ends_when_enough_were_told);

  return g_test_run ();
}
