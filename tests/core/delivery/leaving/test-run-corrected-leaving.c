/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Corrected rows and people who left the segment: from some rows nobody can tell who left, and whoever was sent in place of
 * an address of the segment has not left as long as that address is there. */

#include "relais-leaving-fixture.h"

#include <string.h>

/* person3 is missing its @ in the file, and person4 has the address of person1. */
#define ROWS "EMail,FirstName\nperson1@example.com,Name1\nperson2@example.com,Name2\nperson3example.com,Name3\nperson1@example.com,Name4\n"

static void
prepare (RelaisRunFixture *self)
{
  relais_leaving_define (self, NULL);
  relais_run_fixture_write (self, ROWS);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_run_fixture_assert_counts (self, "read=4 delivered=2 duplicate=1 invalid=1");
}

static void
send_corrected (RelaisRunFixture *self)
{
  g_autoptr (RelaisCorrections) corrections = relais_corrections_new (relais_run_get_id (self->run));

  relais_corrections_set (corrections, 3, "", "person3@example.com");
  relais_corrections_set (corrections, 4, "", "person4@example.com");
  self->options.corrections = corrections;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  self->options.corrections = NULL;
  relais_run_fixture_assert_counts (self, "read=2 delivered=2");
}

static void
test_nobody_is_taken_off_because_of_corrected_rows (RelaisRunFixture *self,
                                                    gconstpointer     user_data)
{
  prepare (self);
  send_corrected (self);
  relais_leaving_assert_counts (self, "departed=0 taken_off=0 in_doubt=0 kept=0");
  g_assert_null (relais_run_fixture_get_told (self));
  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      g_assert_cmpint (relais_leaving_status (self, email), ==, 1);
    }
}

static void
test_whoever_was_corrected_stays_with_their_row (RelaisRunFixture *self,
                                                 gconstpointer     user_data)
{
  RelaisRowCounts counts;
  g_autoptr (GError) error = NULL;

  prepare (self);
  send_corrected (self);

  /* The file was not corrected, and has changed elsewhere. */
  relais_run_fixture_write (self, "EMail,FirstName\nperson1@example.com,Name1\nperson3example.com,Name3\nperson1@example.com,Name4\n");
  g_assert_true (relais_run_fixture_preview (self, FALSE, &counts, NULL, &error));
  g_assert_true (self->leavers_known);
  g_assert_cmpuint (self->leavers.departed, ==, 1);
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  relais_leaving_assert_counts (self, "departed=1 taken_off=1 in_doubt=0 kept=0");
  g_assert_cmpint (relais_leaving_status (self, "person2@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 1);
  g_assert_cmpint (relais_leaving_status (self, "person4@example.com"), ==, 1);

  /* Their rows are gone: so are they. */
  relais_run_fixture_write (self, "EMail,FirstName\nperson5@example.com,Name5\n");
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_SUCCESSFUL);
  g_assert_cmpint (relais_leaving_status (self, "person3@example.com"), ==, 2);
  g_assert_cmpint (relais_leaving_status (self, "person4@example.com"), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
#define ADD(name, function) \
  g_test_add ("/delivery/run-corrected-leaving/" name, RelaisRunFixture, NULL, relais_run_fixture_set_up_practice, function, relais_run_fixture_tear_down)
  g_test_init (&argc, &argv, NULL);

  ADD ("nobody-is-taken-off-because-of-corrected-rows", test_nobody_is_taken_off_because_of_corrected_rows);
  ADD ("whoever-was-corrected-stays-with-their-row", test_whoever_was_corrected_stays_with_their_row);

  return g_test_run ();
}
