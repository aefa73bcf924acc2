/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-prepared-batch.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const RelaisHashKey key = { { 9 } };
static const RelaisPayloadSettings settings = { .list_id = 12 };

static void
add_person (RelaisPreparedBatch *batch,
            guint                row,
            gsize                padding)
{
  g_autofree char *email = g_strdup_printf ("person%u@example.com", row);
  g_autofree char *name = g_strnfill (padding, 'x');
  g_autoptr (GString) piece = g_string_new (NULL);
  RelaisContact contact = {
    .email = { email, strlen (email) },
    .first_name = { padding > 0 ? name : NULL, padding },
  };
  RelaisFingerprint fingerprint = { .profile = { row, 0, 0 }, .content = { row, row } };

  relais_payload_append_contact (piece, &settings, &contact);
  relais_prepared_batch_add (batch, row, email, (RelaisText) { piece->str, piece->len }, &fingerprint);
}

static void
assert_holds (RelaisPreparedBatch *batch,
              guint                first,
              guint                last)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  GBytes *payload = relais_prepared_batch_get_payload (batch);
  JsonObject *root;
  JsonArray *contacts;
  gsize size;
  const char *text = g_bytes_get_data (payload, &size);

  g_assert_cmpuint (size, <=, RELAIS_PAYLOAD_MAX_BYTES);
  g_assert_true (json_parser_load_from_data (parser, text, size, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_true (json_object_get_boolean_member (root, "exclude_automations"));
  contacts = json_object_get_array_member (root, "contacts");
  g_assert_cmpuint (json_array_get_length (contacts), ==, last - first + 1);
  g_assert_cmpuint (relais_prepared_batch_get_n_contacts (batch), ==, last - first + 1);
  for (guint i = 0; i < json_array_get_length (contacts); i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", first + i);

      g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (contacts, i), "email"), ==, email);
      g_assert_cmpstr (relais_prepared_batch_get_email (batch, i), ==, email);
      g_assert_cmpuint (relais_prepared_batch_get_contact (batch, i)->row, ==, first + i);
      g_assert_cmpuint (relais_prepared_batch_get_contact (batch, i)->fingerprint.content[0], ==, first + i);
    }
  g_assert_cmpuint (relais_prepared_batch_get_record (batch)->first_row, ==, first);
  g_assert_cmpuint (relais_prepared_batch_get_record (batch)->last_row, ==, last);
}

static void
test_it_is_full_at_250_contacts (void)
{
  g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);

  for (guint row = 1; row <= 250; row++)
    {
      g_assert_true (relais_prepared_batch_has_room (batch, 100));
      add_person (batch, row, 0);
    }
  g_assert_false (relais_prepared_batch_has_room (batch, 100));
  relais_prepared_batch_close (batch, &key);
  assert_holds (batch, 1, 250);
}

static void
test_it_never_exceeds_the_bytes_of_a_request (void)
{
  g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);
  guint row = 1;

  while (relais_prepared_batch_has_room (batch, 5100))
    add_person (batch, row++, 5000);
  relais_prepared_batch_close (batch, &key);
  g_assert_cmpuint (g_bytes_get_size (relais_prepared_batch_get_payload (batch)), >, RELAIS_PAYLOAD_MAX_BYTES - 5200);
  assert_holds (batch, 1, row - 1);
}

static void
test_the_bytes_are_counted_to_the_last_one (void)
{
  g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);
  g_autoptr (RelaisPreparedBatch) twin = relais_prepared_batch_new (&settings);
  gsize size;

  /* What it holds with two people tells how much room a third may take. */
  add_person (twin, 1, 100);
  add_person (twin, 2, 100);
  relais_prepared_batch_close (twin, &key);
  size = g_bytes_get_size (relais_prepared_batch_get_payload (twin));
  add_person (batch, 1, 100);
  add_person (batch, 2, 100);
  g_assert_true (relais_prepared_batch_has_room (batch, RELAIS_PAYLOAD_MAX_BYTES - size - 1));
  g_assert_false (relais_prepared_batch_has_room (batch, RELAIS_PAYLOAD_MAX_BYTES - size));
}

static void
test_a_last_contact_is_never_alone (void)
{
  g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);
  g_autoptr (RelaisPreparedBatch) last = relais_prepared_batch_new (&settings);

  for (guint row = 1; row <= 250; row++)
    add_person (batch, row, 0);
  add_person (last, 251, 0);
  relais_prepared_batch_share (batch, last);
  relais_prepared_batch_close (batch, &key);
  relais_prepared_batch_close (last, &key);
  assert_holds (batch, 1, 125);
  assert_holds (last, 126, 251);
}

static void
test_sharing_never_overfills_the_last (void)
{
  g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);
  g_autoptr (RelaisPreparedBatch) last = relais_prepared_batch_new (&settings);
  guint row = 1;

  while (relais_prepared_batch_has_room (batch, 5100))
    add_person (batch, row++, 5000);
  add_person (last, row, 390000);
  relais_prepared_batch_share (batch, last);
  relais_prepared_batch_close (batch, &key);
  relais_prepared_batch_close (last, &key);
  g_assert_cmpuint (relais_prepared_batch_get_n_contacts (last), ==, 2);
  assert_holds (batch, 1, row - 2);
  assert_holds (last, row - 1, row);
}

static void
test_a_part_is_a_batch_of_its_own (void)
{
  g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);
  g_autoptr (RelaisPreparedBatch) part = NULL;

  for (guint row = 1; row <= 9; row++)
    add_person (batch, row, row);
  relais_prepared_batch_close (batch, &key);
  part = relais_prepared_batch_take_part (batch, 4, 9);
  relais_prepared_batch_close (part, &key);
  assert_holds (part, 5, 9);
  assert_holds (batch, 1, 9);
}

static void
test_the_same_rows_give_the_same_hash (void)
{
  guint64 hashes[3];

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      g_autoptr (RelaisPreparedBatch) batch = relais_prepared_batch_new (&settings);

      add_person (batch, 1, 3);
      add_person (batch, 2, i == 2 ? 4 : 3);
      relais_prepared_batch_close (batch, &key);
      hashes[i] = relais_prepared_batch_get_record (batch)->hash;
    }
  g_assert_cmpuint (hashes[0], ==, hashes[1]);
  g_assert_cmpuint (hashes[0], !=, hashes[2]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prepared-batch/it-is-full-at-250-contacts", test_it_is_full_at_250_contacts);
  g_test_add_func ("/prepared-batch/it-never-exceeds-the-bytes-of-a-request", test_it_never_exceeds_the_bytes_of_a_request);
  g_test_add_func ("/prepared-batch/the-bytes-are-counted-to-the-last-one", test_the_bytes_are_counted_to_the_last_one);
  g_test_add_func ("/prepared-batch/a-last-contact-is-never-alone", test_a_last_contact_is_never_alone);
  g_test_add_func ("/prepared-batch/sharing-never-overfills-the-last", test_sharing_never_overfills_the_last);
  g_test_add_func ("/prepared-batch/a-part-is-a-batch-of-its-own", test_a_part_is_a_batch_of_its_own);
  g_test_add_func ("/prepared-batch/the-same-rows-give-the-same-hash", test_the_same_rows_give_the_same_hash);

  return g_test_run ();
}
