/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-preparation.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char                      *path;
  RelaisExportDefinition    *definition;
  RelaisPreparationSettings  settings;
  RelaisPreparation         *preparation;
  GPtrArray                 *fields;
  GPtrArray                 *items;     /* popped */
  guint                      n_ready;
  gboolean                   ended;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("relais-preparation.XXXXXX", &self->path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  self->definition = relais_export_definition_new ();
  self->definition->list_id = 1;
  self->definition->matching->email = g_strdup ("EMail");
  g_ptr_array_add (self->definition->segments, relais_segment_new (self->path));
  self->settings.definition = self->definition;
  self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_field_free);
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_prepared_item_free);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  if (self->preparation != NULL)
    relais_preparation_stop (self->preparation);
  g_ptr_array_unref (self->items);
  g_clear_object (&self->preparation);
  g_clear_pointer (&self->settings.plan, relais_plan_unref);
  g_ptr_array_unref (self->fields);
  relais_export_definition_free (self->definition);
  g_remove (self->path);
  g_free (self->path);
}

static void
write_people (Fixture *self,
              guint    n)
{
  g_autoptr (GString) text = g_string_new ("EMail\n");

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "person%u@example.com\n", i);
  g_assert_true (g_file_set_contents (self->path, text->str, -1, NULL));
}

static void
pop_cb (RelaisPreparation *preparation,
        gpointer           user_data)
{
  Fixture *self = user_data;
  RelaisPreparedItem *item;

  self->n_ready++;
  while ((item = relais_preparation_pop (preparation)) != NULL)
    {
      self->ended = item->end;
      g_ptr_array_add (self->items, item);
    }
}

static void
count_cb (RelaisPreparation *preparation,
          gpointer           user_data)
{
  ((Fixture *) user_data)->n_ready++;
}

static void
prepare (Fixture *self)
{
  g_ptr_array_set_size (self->items, 0);
  g_clear_object (&self->preparation);
  self->ended = FALSE;
  self->preparation = relais_preparation_new (&self->settings);
  relais_preparation_start (self->preparation, pop_cb, self);
  while (!self->ended)
    g_main_context_iteration (NULL, TRUE);
}

static RelaisPreparedItem *
get_item (Fixture *self,
          guint    at)
{
  g_assert_cmpuint (at, <, self->items->len);

  return g_ptr_array_index (self->items, at);
}

static void
test_rows_become_batches (Fixture       *self,
                          gconstpointer  user_data)
{
  RelaisRowCounts counts;
  guint64 expected;

  write_people (self, 501);
  prepare (self);
  g_assert_cmpuint (self->items->len, ==, 4);
  g_assert_cmpuint (relais_prepared_batch_get_n_contacts (get_item (self, 0)->batch), ==, 250);
  g_assert_cmpuint (relais_prepared_batch_get_n_contacts (get_item (self, 1)->batch), ==, 125);
  g_assert_cmpuint (relais_prepared_batch_get_n_contacts (get_item (self, 2)->batch), ==, 126);
  g_assert_true (get_item (self, 3)->end);
  g_assert_no_error (get_item (self, 3)->error);
  relais_preparation_get_progress (self->preparation, &counts, &expected);
  g_assert_cmpuint (counts.read, ==, 501);
  g_assert_cmpuint (expected, ==, 501);
}

static void
test_it_waits_for_who_sends (Fixture       *self,
                             gconstpointer  user_data)
{
  RelaisRowCounts counts, before = { 0 };
  guint64 expected;

  write_people (self, 100000);
  self->preparation = relais_preparation_new (&self->settings);
  relais_preparation_start (self->preparation, count_cb, self);
  do
    {
      relais_preparation_get_progress (self->preparation, &counts, &expected);
      if (counts.read > 0 && counts.read == before.read)
        break;
      before = counts;
      g_usleep (100 * 1000);
    }
  while (TRUE);
  /* It is a few batches ahead, and not at the end. */
  g_assert_cmpuint (counts.read, <, 10000);
}

static void
test_stopped_it_calls_nobody (Fixture       *self,
                              gconstpointer  user_data)
{
  write_people (self, 100000);
  self->preparation = relais_preparation_new (&self->settings);
  relais_preparation_start (self->preparation, count_cb, self);
  while (self->n_ready == 0)
    g_main_context_iteration (NULL, TRUE);
  relais_preparation_stop (self->preparation);
  self->n_ready = 0;
  /* The thread ends, and lets go of the preparation. */
  while (G_OBJECT (self->preparation)->ref_count > 1)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (self->n_ready, ==, 0);
}

/* The batches as they are in the journal. */
static GPtrArray *
make_records (Fixture *self)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);

  for (guint i = 0; i < self->items->len; i++)
    if (get_item (self, i)->batch != NULL)
      {
        RelaisBatchRecord *record = relais_batch_record_copy (relais_prepared_batch_get_record (get_item (self, i)->batch));

        record->number = records->len + 1;
        g_ptr_array_add (records, record);
      }

  return records;
}

static void
plan (Fixture   *self,
      GPtrArray *records)
{
  g_clear_pointer (&self->settings.plan, relais_plan_unref);
  self->settings.plan = relais_plan_new (records, NULL);
}

static void
test_a_plan_is_made_again_as_it_was (Fixture       *self,
                                     gconstpointer  user_data)
{
  g_autoptr (GPtrArray) records = NULL;

  write_people (self, 1000);
  prepare (self);
  records = make_records (self);
  g_assert_cmpuint (records->len, ==, 4);
  ((RelaisBatchRecord *) g_ptr_array_index (records, 0))->state = RELAIS_BATCH_CONFIRMED;
  ((RelaisBatchRecord *) g_ptr_array_index (records, 1))->state = RELAIS_BATCH_ACCEPTED;
  ((RelaisBatchRecord *) g_ptr_array_index (records, 2))->state = RELAIS_BATCH_INTENT;
  g_ptr_array_remove_index (records, 3);

  plan (self, records);
  prepare (self);
  g_assert_cmpuint (self->items->len, ==, 4);
  for (guint i = 0; i < 2; i++)
    {
      const RelaisBatchRecord *planned = g_ptr_array_index (records, i + 1);
      const RelaisPreparedItem *item = get_item (self, i);

      g_assert_cmpuint (item->planned->number, ==, planned->number);
      g_assert_cmpint (item->planned->state, ==, planned->state);
      g_assert_cmpuint (relais_prepared_batch_get_record (item->batch)->hash, ==, planned->hash);
      g_assert_cmpstr (relais_prepared_batch_get_record (item->batch)->rows, ==, planned->rows);
    }
  g_assert_null (get_item (self, 2)->planned);
  g_assert_cmpuint (relais_prepared_batch_get_record (get_item (self, 2)->batch)->first_row, ==, 751);
}

/* Rows with a town each, of which the account offers some. */

static void
write_towns (Fixture *self)
{
  relais_matching_add_field (self->definition->matching, 7, "Town", (RelaisValueStyle) { 0 });
  g_assert_true (g_file_set_contents (self->path, "EMail,Town\na@example.com,Paris\nb@example.com,Lyon\nc@example.com,Paris\n"
                                                  "B@example.com,Paris\nd@example.com,Nantes\ne@example.com,Paris\n", -1, NULL));
}

static void
offer_towns (Fixture    *self,
             const char *towns)
{
  RelaisField *field = relais_field_new (7, "Town", "dropdown");

  field->options = g_strsplit (towns, " ", -1);
  g_ptr_array_set_size (self->fields, 0);
  g_ptr_array_add (self->fields, field);
  self->settings.fields = self->fields;
}

/* Every row is in one batch, or in one state. */
static void
assert_counts (Fixture    *self,
               GPtrArray  *records,
               const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  RelaisRowCounts counts;
  guint64 expected_rows;
  guint64 sum;
  guint n_accounted = 0, n_sent = 0;

  relais_preparation_get_progress (self->preparation, &counts, &expected_rows);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const RelaisBatchRecord *record = g_ptr_array_index (records, i);

      n_accounted += record->state == RELAIS_BATCH_CONFIRMED ? record->contacts : 0;
    }
  for (guint i = 0; i < self->items->len; i++)
    if (get_item (self, i)->batch != NULL)
      n_sent += relais_prepared_batch_get_n_contacts (get_item (self, i)->batch);
  g_string_printf (found, "accounted=%u sent=%u", n_accounted, n_sent);
  for (guint i = 0; i < RELAIS_N_ROW_STATES; i++)
    if (counts.by_state[i] > 0)
      g_string_append_printf (found, " %s=%" G_GUINT64_FORMAT, relais_row_state_to_id (i), counts.by_state[i]);
  g_assert_cmpstr (found->str, ==, expected);
  sum = relais_row_counts_sum (&counts);
  g_assert_cmpuint (sum + n_accounted + n_sent, ==, counts.read);
}

static void
test_rows_that_can_be_sent_by_now_are (Fixture       *self,
                                       gconstpointer  user_data)
{
  g_autoptr (GPtrArray) records = NULL;
  RelaisPreparedItem *item;

  write_towns (self);
  offer_towns (self, "Paris");
  prepare (self);
  assert_counts (self, NULL, "accounted=0 sent=4 invalid=2");
  records = make_records (self);
  g_assert_cmpstr (((RelaisBatchRecord *) g_ptr_array_index (records, 0))->rows, ==, "1 3-4 6");
  ((RelaisBatchRecord *) g_ptr_array_index (records, 0))->state = RELAIS_BATCH_CONFIRMED;

  /* Row 2 stands between rows that were sent, and has the address of row 4. */
  plan (self, records);
  offer_towns (self, "Paris Lyon");
  prepare (self);
  assert_counts (self, records, "accounted=4 sent=1 invalid=1");
  item = get_item (self, 0);
  g_assert_null (item->planned);
  g_assert_cmpstr (relais_prepared_batch_get_record (item->batch)->rows, ==, "2");
}

static void
test_rows_that_were_sent_stay_so (Fixture       *self,
                                  gconstpointer  user_data)
{
  g_autoptr (GPtrArray) records = NULL;

  write_towns (self);
  offer_towns (self, "Paris Lyon Nantes");
  prepare (self);
  assert_counts (self, NULL, "accounted=0 sent=5 duplicate=1");
  records = make_records (self);
  ((RelaisBatchRecord *) g_ptr_array_index (records, 0))->state = RELAIS_BATCH_CONFIRMED;

  /* Rows 2 and 5 could not be sent today, and row 4 still repeats row 2. */
  plan (self, records);
  offer_towns (self, "Paris");
  prepare (self);
  assert_counts (self, records, "accounted=5 sent=0 duplicate=1");
}

static void
test_rows_of_a_batch_that_is_not_settled_are_judged_anew (Fixture       *self,
                                                          gconstpointer  user_data)
{
  g_autoptr (GPtrArray) records = NULL;
  RelaisPreparedItem *item;

  write_towns (self);
  offer_towns (self, "Paris Lyon Nantes");
  prepare (self);
  records = make_records (self);
  ((RelaisBatchRecord *) g_ptr_array_index (records, 0))->state = RELAIS_BATCH_INTENT;

  plan (self, records);
  offer_towns (self, "Paris");
  prepare (self);
  assert_counts (self, records, "accounted=0 sent=4 invalid=2");
  item = get_item (self, 0);
  g_assert_cmpuint (item->planned->number, ==, 1);
  g_assert_cmpstr (relais_prepared_batch_get_record (item->batch)->rows, ==, "1 3 6");
  /* The address of row 2 is free now, and row 4 was in no batch. */
  g_assert_null (get_item (self, 1)->planned);
  g_assert_cmpstr (relais_prepared_batch_get_record (get_item (self, 1)->batch)->rows, ==, "4");
}

static void
test_a_batch_that_has_grown_still_fits (Fixture       *self,
                                        gconstpointer  user_data)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);
  RelaisBatchRecord *record = relais_batch_record_new ();

  write_people (self, 300);
  record->number = 1;
  record->state = RELAIS_BATCH_INTENT;
  record->first_row = 1;
  record->last_row = 300;
  record->rows = g_strdup ("1-300");
  g_ptr_array_add (records, record);
  plan (self, records);
  prepare (self);
  assert_counts (self, records, "accounted=0 sent=300");
  for (guint i = 0; i + 1 < self->items->len; i++)
    g_assert_cmpuint (relais_prepared_batch_get_n_contacts (get_item (self, i)->batch), <=, 250);
}

static void
test_a_missing_file_is_told_at_the_end (Fixture       *self,
                                        gconstpointer  user_data)
{
  g_remove (self->path);
  prepare (self);
  g_assert_cmpuint (self->items->len, ==, 1);
  g_assert_error (get_item (self, 0)->error, RELAIS_ERROR, RELAIS_ERROR_FILE);
}

static gboolean
is_told (Fixture    *self,
         const char *email)
{
  guint32 profile[3];

  relais_profile_hash (&self->settings.hash_key, email, strlen (email), profile);

  return relais_profile_table_has_row (get_item (self, self->items->len - 1)->profiles, profile);
}

/* Whoever has a row is in the segment, whatever becomes of it. */
static void
test_everyone_in_the_segment_is_told (Fixture       *self,
                                      gconstpointer  user_data)
{
  RelaisFingerprint known = { { 0 }, { 7, 7 } };
  g_autoptr (GBytes) fingerprints = NULL;

  relais_profile_hash (&self->settings.hash_key, "before@example.com", strlen ("before@example.com"), known.profile);
  fingerprints = g_bytes_new (&known, sizeof known);
  self->settings.fingerprints = fingerprints;
  self->settings.tells_profiles = TRUE;
  self->definition->matching->first_name = g_strdup ("First");
  g_assert_true (g_file_set_contents (self->path, "EMail,First\nsent@example.com,A\nSENT@example.com,B\nsurplus@example.com,A,B\n"
                                                  "first-invalid@example.com,A,B\nfirst-invalid@example.com,A\nnone,A\n", -1, NULL));
  prepare (self);
  g_assert_no_error (get_item (self, self->items->len - 1)->error);
  g_assert_true (is_told (self, "sent@example.com"));
  g_assert_true (is_told (self, "surplus@example.com"));
  g_assert_true (is_told (self, "First-Invalid@example.com"));
  g_assert_false (is_told (self, "before@example.com"));
  g_assert_false (is_told (self, "none"));
  /* A row that cannot be sent is no first row: the next one of its address is. */
  {
    RelaisRowCounts counts;
    guint64 expected;

    relais_preparation_get_progress (self->preparation, &counts, &expected);
    g_assert_cmpuint (counts.by_state[RELAIS_ROW_DUPLICATE], ==, 1);
    g_assert_cmpuint (counts.by_state[RELAIS_ROW_INVALID], ==, 3);
  }

  /* Nobody is told of a segment that breaks off, or when that is not asked for. */
  g_assert_true (g_file_set_contents (self->path, "EMail,First\nsent@example.com,\"A\n", -1, NULL));
  prepare (self);
  g_assert_nonnull (get_item (self, self->items->len - 1)->error);
  g_assert_null (get_item (self, self->items->len - 1)->profiles);
  self->settings.tells_profiles = FALSE;
  write_people (self, 5);
  g_clear_pointer (&self->definition->matching->first_name, g_free);
  prepare (self);
  g_assert_null (get_item (self, self->items->len - 1)->profiles);
  self->settings.fingerprints = NULL;
}

#define ADD(name, test) g_test_add ("/preparation/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("rows become batches, and nobody is alone", test_rows_become_batches);
  ADD ("it waits for who sends", test_it_waits_for_who_sends);
  ADD ("stopped it calls nobody", test_stopped_it_calls_nobody);
  ADD ("a plan is made again as it was", test_a_plan_is_made_again_as_it_was);
  ADD ("rows that can be sent by now are", test_rows_that_can_be_sent_by_now_are);
  ADD ("rows that were sent stay so", test_rows_that_were_sent_stay_so);
  ADD ("rows of a batch that is not settled are judged anew", test_rows_of_a_batch_that_is_not_settled_are_judged_anew);
  ADD ("a batch that has grown still fits", test_a_batch_that_has_grown_still_fits);
  ADD ("everyone in the segment is told", test_everyone_in_the_segment_is_told);
  ADD ("a missing file is told at the end", test_a_missing_file_is_told_at_the_end);

  return g_test_run ();
}
