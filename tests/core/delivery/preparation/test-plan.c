/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-plan.h"

static void
add_batch (GPtrArray  *batches,
           guint       number,
           guint64     first,
           guint64     last,
           const char *rows)
{
  RelaisBatchRecord *record = relais_batch_record_new ();

  record->number = number;
  record->first_row = first;
  record->last_row = last;
  record->rows = g_strdup (rows);
  g_ptr_array_add (batches, record);
}

static GPtrArray *
make_batches (void)
{
  GPtrArray *batches = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_batch_record_free);

  /* Not by row, and among each other. */
  add_batch (batches, 3, 12, 12, "12");
  add_batch (batches, 1, 2, 9, "2-4 6 8-9");
  add_batch (batches, 2, 5, 11, "5 10-11");

  return batches;
}

static void
test_every_row_finds_its_batch (void)
{
  static const guint expected[] = { 0, 0, 1, 1, 1, 2, 1, 0, 1, 1, 2, 2, 3, 0 };
  g_autoptr (GPtrArray) batches = make_batches ();
  g_autoptr (RelaisPlan) plan = relais_plan_new (batches, NULL);
  g_autoptr (GString) left_at = g_string_new (NULL);
  RelaisPlanWalk walk;
  RelaisPlanPlace left;

  relais_plan_walk_init (&walk, plan);
  for (guint row = 1; row < G_N_ELEMENTS (expected); row++)
    {
      const RelaisPlanPlace *place;

      while (relais_plan_walk_leave (&walk, row, &left))
        g_string_append_printf (left_at, "%u before %u;", left.planned->number, row);
      place = relais_plan_walk_find (&walk, row);
      g_assert_cmpuint (place != NULL ? place->planned->number : 0, ==, expected[row]);
    }
  g_assert_false (relais_plan_walk_leave (&walk, G_MAXUINT64, &left));
  g_assert_cmpstr (left_at->str, ==, "1 before 10;2 before 12;3 before 13;");
  relais_plan_walk_clear (&walk);
}

static void
test_what_is_not_reached_is_not_lost (void)
{
  g_autoptr (GPtrArray) batches = make_batches ();
  g_autoptr (RelaisPlan) plan = relais_plan_new (batches, NULL);
  const RelaisPayloadSettings settings = { 0 };
  RelaisPlanWalk walk;
  RelaisPlanPlace left;

  relais_plan_walk_init (&walk, plan);
  relais_plan_walk_find (&walk, 5)->batch = relais_prepared_batch_new (&settings);
  g_assert_false (relais_plan_walk_leave (&walk, 9, &left));
  /* At the end all that has begun lies behind. */
  while (relais_plan_walk_leave (&walk, G_MAXUINT64, &left))
    {
      g_assert_true ((left.batch != NULL) == (left.planned->number == 2));
      relais_prepared_batch_free (left.batch);
    }
  relais_plan_walk_clear (&walk);

  /* And what was not left is let go of. */
  relais_plan_walk_init (&walk, plan);
  relais_plan_walk_find (&walk, 5)->batch = relais_prepared_batch_new (&settings);
  relais_plan_walk_clear (&walk);
}

static void
test_without_a_plan_no_row_has_a_batch (void)
{
  RelaisPlanWalk walk;
  RelaisPlanPlace left;

  relais_plan_walk_init (&walk, NULL);
  g_assert_null (relais_plan_walk_find (&walk, 1));
  g_assert_false (relais_plan_walk_leave (&walk, G_MAXUINT64, &left));
  relais_plan_walk_clear (&walk);
}

static void
test_a_plan_knows_its_files (void)
{
  static const char * const digests[] = { "one", "two", NULL };
  g_autoptr (RelaisPlan) plan = relais_plan_new (NULL, digests);
  g_autoptr (RelaisPlan) other = relais_plan_new (NULL, NULL);

  g_assert_cmpstr (relais_plan_get_digest (plan, 0), ==, "one");
  g_assert_cmpstr (relais_plan_get_digest (plan, 1), ==, "two");
  g_assert_null (relais_plan_get_digest (plan, 2));
  g_assert_null (relais_plan_get_digest (other, 0));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/every row finds its batch", test_every_row_finds_its_batch);
  g_test_add_func ("/plan/what is not reached is not lost", test_what_is_not_reached_is_not_lost);
  g_test_add_func ("/plan/without a plan no row has a batch", test_without_a_plan_no_row_has_a_batch);
  g_test_add_func ("/plan/a plan knows its files", test_a_plan_knows_its_files);

  return g_test_run ();
}
