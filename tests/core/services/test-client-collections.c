/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists, fields and tags: every page of them is read, and nothing twice. */

#include "relais-client-fixture.h"

#include "relais-error.h"

#include <stdio.h>

#define Fixture RelaisClientFixture

/* A collection as an account could have it */
typedef struct
{
  guint       n;          /* how many there are; G_MAXUINT: without an end */
  const char *total;      /* (nullable): JSON that meta.total says; NULL: the right one, as text */
  guint       page;       /* the most it gives at once */
  guint       overlap;    /* how many of a page come again on the next */
  gboolean    numbers;    /* ids are numbers */
  gboolean    unheeded;   /* the offset is not heeded */
} Account;

static char *
give_page (RelaisTestRequest *request,
           gpointer           user_data)
{
  const Account *account = user_data;
  g_autoptr (GString) json = g_string_new ("{\"lists\":[");
  guint limit, offset;

  g_assert_cmpint (sscanf (request->target, "/api/3/lists?limit=%u&offset=%u", &limit, &offset), ==, 2);
  g_assert_cmpuint (limit, ==, 100);
  if (account->unheeded)
    offset = 0;
  offset -= MIN (offset, account->overlap);
  for (guint i = 0; i < MIN (account->page, limit) && offset + i < account->n; i++)
    g_string_append_printf (json, account->numbers ? "%s{\"id\":%u,\"name\":\"List %u\"}" : "%s{\"id\":\"%u\",\"name\":\"List %u\"}",
                            i > 0 ? "," : "", offset + i + 1, offset + i + 1);
  g_string_append (json, "]");
  if (account->total == NULL)
    g_string_append_printf (json, ",\"meta\":{\"total\":\"%u\"}", account->n);
  else if (*account->total != '\0')
    g_string_append_printf (json, ",\"meta\":%s", account->total);

  g_string_append_c (json, '}');

  return g_string_free (g_steal_pointer (&json), FALSE);
}

static void
assert_all (Fixture *fixture,
            Account  account,
            guint    most_requests)
{
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("%u, %s", account.n, account.total);
  g_ptr_array_set_size (fixture->server->requests, 0);
  relais_test_server_set_handler (fixture->server, give_page, &account);
  lists = relais_client_fixture_lists (fixture, &error);
  relais_test_server_set_handler (fixture->server, NULL, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (lists->len, ==, account.n);
  for (guint i = 0; i < lists->len; i++)
    {
      const RelaisList *list = lists->pdata[i];
      g_autofree char *name = g_strdup_printf ("List %u", i + 1);

      g_assert_cmpuint (list->id, ==, i + 1);
      g_assert_cmpstr (list->name, ==, name);
    }
  g_assert_cmpuint (fixture->server->requests->len, <=, most_requests);
}

static void
test_every_page_is_read (Fixture       *fixture,
                         gconstpointer  user_data)
{
  static const guint numbers[] = { 0, 1, 20, 99, 100, 101, 200, 250 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      assert_all (fixture, (Account) { .n = numbers[i], .page = 100 }, numbers[i] / 100 + 1);
      assert_all (fixture, (Account) { .n = numbers[i], .page = 100, .numbers = TRUE }, numbers[i] / 100 + 1);
    }
}

static void
test_totals_are_not_relied_upon (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  static const char * const totals[] = {
    "", "{}", "null", "[]", "{\"total\":250}", "{\"total\":null}", "{\"total\":\"many\"}", "{\"total\":false}", "{\"total\":-1}",
    "{\"total\":\"20\"}", "{\"total\":0}", "{\"total\":\"100\"}", "{\"total\":\"9999\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (totals); i++)
    assert_all (fixture, (Account) { .n = 250, .page = 100, .total = totals[i] }, 4);
}

/* Clients that take 20 for all there are have often been seen. */
static void
test_a_service_that_gives_fewer_than_asked_is_asked_on (Fixture       *fixture,
                                                        gconstpointer  user_data)
{
  assert_all (fixture, (Account) { .n = 250, .page = 20 }, 13);
  assert_all (fixture, (Account) { .n = 250, .page = 20, .total = "" }, 14);
  assert_all (fixture, (Account) { .n = 20, .page = 20, .total = "" }, 2);
}

static void
test_what_comes_twice_is_one (Fixture       *fixture,
                              gconstpointer  user_data)
{
  assert_all (fixture, (Account) { .n = 250, .page = 100, .overlap = 1 }, 4);
  assert_all (fixture, (Account) { .n = 250, .page = 100, .overlap = 30, .total = "" }, 5);
}

static void
test_an_offset_that_is_not_heeded_ends (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  assert_all (fixture, (Account) { .n = 100, .page = 100, .unheeded = TRUE, .total = "{\"total\":\"250\"}" }, 2);
  assert_all (fixture, (Account) { .n = 20, .page = 20, .unheeded = TRUE, .total = "" }, 2);
}

static void
test_pages_without_an_end_are_an_error (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  Account account = { .n = G_MAXUINT, .page = 1 };
  g_autoptr (GError) error = NULL;

  relais_test_server_set_handler (fixture->server, give_page, &account);
  g_assert_null (relais_client_fixture_lists (fixture, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
  g_assert_cmpuint (fixture->server->requests->len, <, 1500);
}

/* Half of the lists are not the lists. */
static void
test_a_page_that_fails_fails_the_whole (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  static const struct
  {
    guint       status;
    const char *body;
    RelaisError code;
  } answers[] = {
    { 500, "", RELAIS_ERROR_UNAVAILABLE },
    { 403, "", RELAIS_ERROR_REFUSED },
    { 200, "{\"lists\":[{\"id\":\"2\"", RELAIS_ERROR_REPLY },
    { 200, "{}", RELAIS_ERROR_REPLY },
    { 200, "{\"lists\":null}", RELAIS_ERROR_REPLY },
    { 200, "{\"lists\":{\"id\":\"2\"}}", RELAIS_ERROR_REPLY },
    { 200, "{\"list\":[]}", RELAIS_ERROR_REPLY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      relais_test_server_answer (fixture->server, 200, NULL, "{\"lists\":[{\"id\":\"1\"}],\"meta\":{\"total\":\"2\"}}");
      relais_test_server_answer (fixture->server, answers[i].status, NULL, answers[i].body);
      g_assert_null (relais_client_fixture_lists (fixture, &error));
      g_assert_error (error, RELAIS_ERROR, (int) answers[i].code);
    }
}

static void
test_lists_come_in_every_form (Fixture       *fixture,
                               gconstpointer  user_data)
{
  static const struct
  {
    guint32     id;
    const char *name;
    gboolean    is_email;
    gint64      active;
  } expected[] = {
    { 1, "Clients fidèles", TRUE, 2 },
    { 2, "", TRUE, -1 },
    { 3, "", TRUE, -1 },
    { 4, "By telephone", FALSE, 7 },
    { 4294967295, "Last", TRUE, 0 },
  };
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"lists\":["
                             "{\"id\":\"1\",\"name\":\"Clients fid\\u00e8les\",\"channel\":\"email\",\"active_subscribers\":\"2\",\"links\":{}},"
                             "{\"id\":2,\"name\":\"\",\"channel\":null},"
                             "{\"id\":\"3\",\"name\":null,\"active_subscribers\":null},"
                             "{\"id\":\"4\",\"name\":\"By telephone\",\"channel\":\"sms\",\"active_subscribers\":7},"
                             "{\"id\":\"4294967295\",\"name\":\"Last\",\"active_subscribers\":\"0\"},"
                             "{\"id\":\"4294967296\",\"name\":\"Too far\"},"
                             "{\"id\":\"-1\",\"name\":\"Below\"},{\"id\":\"0\"},{\"id\":\"\"},{\"id\":\"x1\"},{\"id\":1.5},{\"id\":true},{\"name\":\"None\"},"
                             "null,7,\"list\",[]],\"meta\":{\"total\":\"5\"}}");
  lists = relais_client_fixture_lists (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lists->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const RelaisList *list = lists->pdata[i];

      g_assert_cmpuint (list->id, ==, expected[i].id);
      g_assert_cmpstr (list->name, ==, expected[i].name);
      g_assert_cmpint (list->is_email, ==, expected[i].is_email);
      g_assert_cmpint (list->active, ==, expected[i].active);
    }
}

static void
test_fields_come_with_their_types_and_options (Fixture       *fixture,
                                               gconstpointer  user_data)
{
  static const struct
  {
    const char      *title;
    RelaisFieldType  type;
    const char      *options;  /* (nullable): with bars between them */
  } expected[] = {
    { "Tier", RELAIS_FIELD_CHOICE, "Gold|Silver|Été" },
    { "Interests", RELAIS_FIELD_CHOICES, "One" },
    { "Born", RELAIS_FIELD_DATE, NULL },
    { "Seen", RELAIS_FIELD_DATETIME, NULL },
    { "Note", RELAIS_FIELD_TEXT, NULL },
    { "Empty choice", RELAIS_FIELD_CHOICE, NULL },
    { "Points", RELAIS_FIELD_NUMBER, NULL },
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) fields = NULL;
  g_autoptr (GError) error = NULL;

  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"fieldOptions\":[{\"field\":\"1\",\"value\":\"Gold\",\"id\":\"1\"},{\"field\":2,\"value\":\"One\"},{\"field\":\"1\",\"value\":\"Silver\"},"
                             "{\"field\":\"1\",\"value\":\"\\u00c9t\\u00e9\"},{\"field\":\"5\",\"value\":\"no choice\"},null,{\"value\":\"of no field\"}],"
                             "\"fieldRels\":[],\"fields\":["
                             "{\"title\":\"Tier\",\"type\":\"dropdown\",\"perstag\":\"TIER\",\"options\":[\"1\"],\"id\":\"1\"},"
                             "{\"title\":\"Interests\",\"type\":\"listbox\",\"id\":\"2\"},"
                             "{\"title\":\"Born\",\"type\":\"date\",\"id\":\"3\"},"
                             "{\"title\":\"Seen\",\"type\":\"datetime\",\"id\":\"4\"},"
                             "{\"title\":\"Note\",\"type\":null,\"id\":\"5\"},"
                             "{\"title\":\"Empty choice\",\"type\":\"radio\",\"id\":\"6\"}],\"meta\":{\"total\":\"7\"}}");
  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"fields\":[{\"title\":\"Points\",\"type\":\"number\",\"id\":\"7\"}],\"meta\":{\"total\":\"7\"}}");
  relais_client_list_fields_async (fixture->client, NULL, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);
  fields = relais_client_list_fields_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==, "/api/3/fields?limit=100&offset=0");
  g_assert_cmpstr (relais_test_server_get (fixture->server, 1)->target, ==, "/api/3/fields?limit=100&offset=6");
  g_assert_cmpuint (fields->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const RelaisField *field = fields->pdata[i];
      g_autofree char *options = field->options != NULL ? g_strjoinv ("|", field->options) : NULL;

      g_assert_cmpuint (field->id, ==, i + 1);
      g_assert_cmpstr (field->title, ==, expected[i].title);
      g_assert_cmpint (field->type, ==, expected[i].type);
      g_assert_cmpstr (options, ==, expected[i].options);
    }
}

static void
test_tags_come_by_name (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) tags = NULL;
  g_autoptr (GError) error = NULL;
  const RelaisTag *tag;

  relais_test_server_answer (fixture->server, 200, NULL,
                             "{\"tags\":[{\"tagType\":\"contact\",\"tag\":\"one\",\"description\":\"\",\"subscriber_count\":\"0\",\"id\":\"1\"},"
                             "{\"tag\":\"fid\\u00e8le\",\"id\":2},{\"tag\":\"of no number\"}],\"meta\":{\"total\":2}}");
  relais_client_list_tags_async (fixture->client, NULL, relais_client_fixture_done_cb, fixture);
  result = relais_client_fixture_wait (fixture);
  tags = relais_client_list_tags_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->server->requests->len, ==, 1);
  g_assert_cmpstr (relais_test_server_get (fixture->server, 0)->target, ==, "/api/3/tags?limit=100&offset=0");
  g_assert_cmpuint (tags->len, ==, 2);
  tag = tags->pdata[0];
  g_assert_cmpuint (tag->id, ==, 1);
  g_assert_cmpstr (tag->name, ==, "one");
  tag = tags->pdata[1];
  g_assert_cmpuint (tag->id, ==, 2);
  g_assert_cmpstr (tag->name, ==, "fidèle");
}

#define ADD(name, function) \
  g_test_add ("/client-collections/" name, Fixture, NULL, relais_client_fixture_set_up, function, relais_client_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-page-is-read", test_every_page_is_read);
  ADD ("totals-are-not-relied-upon", test_totals_are_not_relied_upon);
  ADD ("a-service-that-gives-fewer-than-asked-is-asked-on", test_a_service_that_gives_fewer_than_asked_is_asked_on);
  ADD ("what-comes-twice-is-one", test_what_comes_twice_is_one);
  ADD ("an-offset-that-is-not-heeded-ends", test_an_offset_that_is_not_heeded_ends);
  ADD ("pages-without-an-end-are-an-error", test_pages_without_an_end_are_an_error);
  ADD ("a-page-that-fails-fails-the-whole", test_a_page_that_fails_fails_the_whole);
  ADD ("lists-come-in-every-form", test_lists_come_in_every_form);
  ADD ("fields-come-with-their-types-and-options", test_fields_come_with_their_types_and_options);
  ADD ("tags-come-by-name", test_tags_come_by_name);

  return g_test_run ();
}
