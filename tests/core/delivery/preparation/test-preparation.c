/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"
#include "relais-preparation.h"

#include <glib/gstdio.h>

typedef struct
{
  char                      *path;
  RelaisExportDefinition    *definition;
  RelaisPreparationSettings  settings;
  RelaisPreparation         *preparation;
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

static GPtrArray *
make_plan (Fixture *self)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);

  for (guint i = 0; i < self->items->len; i++)
    if (get_item (self, i)->batch != NULL)
      {
        RelaisBatchRecord *record = relais_batch_record_copy (relais_prepared_batch_get_record (get_item (self, i)->batch));

        record->number = plan->len + 1;
        g_ptr_array_add (plan, record);
      }

  return plan;
}

static void
test_a_plan_is_made_again_as_it_was (Fixture       *self,
                                     gconstpointer  user_data)
{
  g_autoptr (GPtrArray) plan = NULL;

  write_people (self, 1000);
  prepare (self);
  plan = make_plan (self);
  g_assert_cmpuint (plan->len, ==, 4);
  ((RelaisBatchRecord *) g_ptr_array_index (plan, 0))->state = RELAIS_BATCH_CONFIRMED;
  ((RelaisBatchRecord *) g_ptr_array_index (plan, 1))->state = RELAIS_BATCH_ACCEPTED;
  ((RelaisBatchRecord *) g_ptr_array_index (plan, 2))->state = RELAIS_BATCH_INTENT;
  g_ptr_array_remove_index (plan, 3);

  self->settings.plan = plan;
  prepare (self);
  g_assert_cmpuint (self->items->len, ==, 4);
  for (guint i = 0; i < 2; i++)
    {
      const RelaisBatchRecord *planned = g_ptr_array_index (plan, i + 1);
      const RelaisPreparedItem *item = get_item (self, i);

      g_assert_cmpuint (item->planned->number, ==, planned->number);
      g_assert_cmpint (item->planned->state, ==, planned->state);
      g_assert_cmpuint (relais_prepared_batch_get_record (item->batch)->hash, ==, planned->hash);
    }
  g_assert_null (get_item (self, 2)->planned);
  g_assert_cmpuint (relais_prepared_batch_get_record (get_item (self, 2)->batch)->first_row, ==, 751);
}

static void
test_who_was_left_out_of_a_settled_batch_was_unchanged (Fixture       *self,
                                                        gconstpointer  user_data)
{
  g_autoptr (GPtrArray) plan = NULL;
  RelaisRowCounts counts;
  guint64 expected;

  write_people (self, 250);
  prepare (self);
  plan = make_plan (self);
  ((RelaisBatchRecord *) g_ptr_array_index (plan, 0))->state = RELAIS_BATCH_CONFIRMED;
  ((RelaisBatchRecord *) g_ptr_array_index (plan, 0))->contacts = 240;
  self->settings.plan = plan;
  prepare (self);
  g_assert_cmpuint (self->items->len, ==, 1);
  relais_preparation_get_progress (self->preparation, &counts, &expected);
  g_assert_cmpuint (counts.by_state[RELAIS_ROW_UNCHANGED], ==, 10);
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
  ADD ("who was left out of a settled batch was unchanged", test_who_was_left_out_of_a_settled_batch_was_unchanged);
  ADD ("a missing file is told at the end", test_a_missing_file_is_told_at_the_end);

  return g_test_run ();
}
