/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run counts and what its report lists is the same, however it ends. */

#include "relais-fault-disk.h"
#include "relais-run-fixture.h"

#include <sqlite3.h>

#define N_PEOPLE 6000

static void
write_segment (RelaisRunFixture *self)
{
  g_autoptr (GString) text = g_string_new ("EMail,FirstName\n");

  for (guint i = 1; i <= N_PEOPLE; i++)
    {
      g_string_append_printf (text, "person%u@example.com,Name%u\n", i, i);
      if (i % 2 == 0)
        g_string_append_printf (text, "PERSON%u@example.com,Again\nnobody%u,Nobody\n", i, i);
    }
  relais_run_fixture_write (self, text->str);
}

static void
assert_report_agrees (RelaisRunFixture *self)
{
  g_autoptr (GPtrArray) history = relais_run_fixture_history (self);
  const RelaisRunRecord *record = g_ptr_array_index (history, 0);
  g_autoptr (GPtrArray) rejections = relais_run_fixture_rejections (self);
  RelaisRowCounts listed = { 0 };

  g_assert_cmpstr (record->id, ==, relais_run_get_id (self->run));
  for (guint i = 0; i < rejections->len; i++)
    {
      const RelaisRejection *rejection = g_ptr_array_index (rejections, i);

      listed.by_state[rejection->state]++;
      listed.by_reason[rejection->reason]++;
    }
  for (RelaisRowState state = 0; state < RELAIS_N_ROW_STATES; state++)
    if (state != RELAIS_ROW_DELIVERED && state != RELAIS_ROW_UNCHANGED && state != RELAIS_ROW_NOT_SENT)
      g_assert_cmpuint (record->counts.by_state[state], ==, listed.by_state[state]);
  g_assert_cmpuint (record->counts.by_reason[RELAIS_REASON_REPEATED_ADDRESS], ==, listed.by_reason[RELAIS_REASON_REPEATED_ADDRESS]);
  g_assert_cmpuint (record->counts.by_reason[RELAIS_REASON_NO_AT], ==, listed.by_reason[RELAIS_REASON_NO_AT]);
  g_assert_cmpuint (relais_row_counts_sum (&record->counts), ==, record->counts.read);
}

typedef enum
{
  BY_CANCELING,
  BY_INTERRUPTING,
  BY_A_FAILURE,
  BY_A_DISK_FULL_ONCE,
  BY_A_DISK_FULL_FOR_GOOD,
  BY_NOTHING,
} Way;

static Way way;

static void
stop (RelaisScriptedAccount *account,
      const char            *what,
      guint                  nth,
      gpointer               user_data)
{
  RelaisDiskFault full = { .work = RELAIS_DISK_WRITE, .times = way == BY_A_DISK_FULL_ONCE ? 1 : G_MAXUINT, .status = SQLITE_FULL };
  RelaisRunFixture *self = user_data;

  if (!g_str_equal (what, "import") || nth != 3)
    return;
  if (way == BY_CANCELING)
    relais_run_cancel (self->live);
  else if (way == BY_INTERRUPTING)
    relais_delivery_interrupt (self->delivery);
  else if (way == BY_A_FAILURE)
    account->every_import = "402";
  else if (way == BY_A_DISK_FULL_ONCE || way == BY_A_DISK_FULL_FOR_GOOD)
    relais_fault_disk_set (&full);
}

static void
run_and_stop (RelaisRunFixture *self)
{
  self->account->hook = stop;
  self->account->hook_data = self;
  relais_run_fixture_run (self);
  self->account->hook = NULL;
  self->account->every_import = NULL;
  relais_fault_disk_set (NULL);
}

static void
test_it_agrees (RelaisRunFixture *self,
                gconstpointer     user_data)
{
  way = GPOINTER_TO_UINT (user_data);
  write_segment (self);
  relais_run_fixture_define (self, NULL);
  /* The others are under way when it is stopped, and what was read ahead waits. */
  self->account->every_info = way == BY_NOTHING ? NULL : "active";
  run_and_stop (self);
  assert_report_agrees (self);
  if (way == BY_CANCELING || way == BY_INTERRUPTING)
    g_assert_cmpuint (relais_run_fixture_count (self, RELAIS_ROW_INVALID), >, 0);

  /* It goes on, and is stopped before it has read anything. */
  self->account->every_other = "402";
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_FAILURE);
  assert_report_agrees (self);

  self->account->every_other = NULL;
  self->account->every_info = NULL;
  g_assert_cmpint (relais_run_fixture_run (self), ==, RELAIS_RUN_COMPLETED_WITH_ERRORS);
  assert_report_agrees (self);
}

#define ADD(name, way) \
  g_test_add ("/run/report/" name, RelaisRunFixture, GUINT_TO_POINTER (way), relais_run_fixture_set_up, test_it_agrees, relais_run_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  relais_fault_disk_install ();

  ADD ("agrees with the counts of a run that is canceled", BY_CANCELING);
  ADD ("agrees with the counts of a run that is interrupted", BY_INTERRUPTING);
  ADD ("agrees with the counts of a run that fails", BY_A_FAILURE);
  ADD ("agrees with the counts of a run that meets a full disk", BY_A_DISK_FULL_ONCE);
  ADD ("agrees with the counts of a run whose end could not be written down", BY_A_DISK_FULL_FOR_GOOD);
  ADD ("agrees with the counts of a run that comes to its end", BY_NOTHING);

  return g_test_run ();
}
