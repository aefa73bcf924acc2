/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Of which rows that cannot be read it is known whose they are not: a run and what is foreseen of it agree. */

#include "relais-journal-unreadable.h"
#include "relais-removals-fixture.h"

#define LIST RELAIS_REMOVALS_LIST
#define KEY  RELAIS_REMOVALS_KEY

/* Rows that are not sent, as "reason:text reason:text" says. Returns: (transfer full) (element-type RelaisRejection): */
static GPtrArray *
make_rows (const char *rows)
{
  g_auto (GStrv) cells = g_strsplit (rows, " ", -1);
  GPtrArray *made = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_rejection_free);

  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (cells[i], ":", 2);
      RelaisReason reason = relais_reason_from_code (parts[0]);

      g_ptr_array_add (made, relais_rejection_new (i + 1, parts[1], -1,
                                                   reason == RELAIS_REASON_REPEATED_ADDRESS ? RELAIS_ROW_DUPLICATE : RELAIS_ROW_INVALID, reason, NULL));
    }

  return made;
}

static void
reject (RelaisTestJournal *fixture,
        const char        *run_id,
        const char        *rows)
{
  g_autoptr (GPtrArray) rejections = make_rows (rows);
  g_autoptr (GAsyncResult) result = NULL;

  relais_journal_add_rejections_async (fixture->journal, run_id, rejections, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_true (relais_journal_write_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL));
}

static void
end (RelaisTestJournal *fixture,
     const char        *run_id,
     gboolean           told_apart)
{
  g_autoptr (RelaisRunRecord) run = relais_test_journal_get_run (fixture, run_id);

  run->status = RELAIS_RUN_COMPLETED_WITH_ERRORS;
  run->leavers.told_apart = told_apart;
  g_assert_true (relais_test_journal_finish_run (fixture, run, NULL));
}

static guint64
foresee (RelaisTestJournal *fixture,
         const char        *rows,
         guint              list_id,
         guint64            key_check)
{
  g_autoptr (RelaisUnreadableTexts) texts = relais_unreadable_texts_new ();
  g_autoptr (GPtrArray) rejections = make_rows (rows);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n;

  for (guint i = 0; i < rejections->len; i++)
    relais_unreadable_texts_add (texts, g_ptr_array_index (rejections, i));
  relais_journal_foresee_unreadable_async (fixture->journal, "e", "c", list_id, key_check, g_steal_pointer (&texts), NULL,
                                           relais_test_journal_keep_result_cb, &result);
  n = relais_journal_count_unreadable_finish (fixture->journal, relais_test_journal_wait_for (&result), &error);
  g_assert_no_error (error);

  return n;
}

/* What is foreseen is what the run finds. */
static void
foresee_and_run (RelaisTestJournal *fixture,
                 const char        *run_id,
                 const char        *rows,
                 gboolean           told_apart,
                 guint64            expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (foresee (fixture, rows, LIST, KEY), ==, expected);
  if (!g_str_equal (run_id, "r"))
    relais_removals_begin (fixture, run_id, "e", "c", LIST, KEY);
  reject (fixture, run_id, rows);
  relais_journal_count_unreadable_async (fixture->journal, run_id, NULL, relais_test_journal_keep_result_cb, &result);
  g_assert_cmpuint (relais_journal_count_unreadable_finish (fixture->journal, relais_test_journal_wait_for (&result), &error), ==, expected);
  g_assert_no_error (error);
  end (fixture, run_id, told_apart);
}

static void
test_what_is_foreseen_is_what_the_run_finds (RelaisTestJournal *fixture,
                                             gconstpointer      user_data)
{
  foresee_and_run (fixture, "r", "no-at:x no-at:x bad-domain:y", TRUE, 0);
  foresee_and_run (fixture, "s", "no-at:x bad-domain:y bad-domain:y no-at:X", FALSE, 2);
  /* x as often as in both; z is of a run that told nobody apart, and of one after it */
  foresee_and_run (fixture, "t", "no-at:x no-at:x bad-domain:y no-at:z", FALSE, 2);
  foresee_and_run (fixture, "u", "no-at:z no-at:x", TRUE, 1);
  foresee_and_run (fixture, "v", "no-at:z no-at:x bad-domain:y", TRUE, 2);
  g_assert_cmpuint (foresee (fixture, "no-at:z no-at:x", LIST, KEY), ==, 2);
  g_assert_cmpuint (foresee (fixture, "no-at:z no-at:x", LIST + 1, KEY), ==, 0);
  g_assert_cmpuint (foresee (fixture, "no-at:z no-at:x", LIST, KEY + 1), ==, 0);
}

/* A row that is not sent for anything else says nothing of any text, nor does an empty address, which is nobody's. */
static void
test_rows_that_can_be_read_are_none (RelaisTestJournal *fixture,
                                     gconstpointer      user_data)
{
  foresee_and_run (fixture, "r", "no-at:x", TRUE, 0);
  foresee_and_run (fixture, "s", "too-many-cells:x repeated-address:x empty-address:", TRUE, 0);
}

static void
add_number (RelaisUnreadableTexts *texts,
            gboolean               is_long,
            guint                  number)
{
  g_autofree char *text = g_strdup_printf ("%0*u", is_long ? 1000 : 1, number);
  g_autoptr (RelaisRejection) rejection = relais_rejection_new (1, text, -1, RELAIS_ROW_INVALID, RELAIS_REASON_NO_AT, NULL);

  relais_unreadable_texts_add (texts, rejection);
}

/* Once others fill the room, what comes after is not counted. */
static void
test_what_has_no_room_is_not_known (RelaisTestJournal *fixture,
                                    gconstpointer      user_data)
{
  g_autoptr (RelaisUnreadableTexts) texts = relais_unreadable_texts_new ();
  g_autoptr (RelaisRejection) early = relais_rejection_new (1, "early", -1, RELAIS_ROW_INVALID, RELAIS_REASON_NO_AT, NULL);
  g_autoptr (RelaisRejection) late = relais_rejection_new (2, "late", -1, RELAIS_ROW_INVALID, RELAIS_REASON_NO_AT, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  foresee_and_run (fixture, "r", "no-at:early no-at:early no-at:late", TRUE, 0);
  relais_unreadable_texts_add (texts, early);
  for (guint i = 0; i < 20 * 1024; i++)
    add_number (texts, TRUE, i);
  for (guint i = 0; i < 1000; i++)
    add_number (texts, FALSE, i);
  /* What is there already takes no more room. */
  relais_unreadable_texts_add (texts, early);
  relais_unreadable_texts_add (texts, late);
  relais_journal_foresee_unreadable_async (fixture->journal, "e", "c", LIST, KEY, g_steal_pointer (&texts), NULL,
                                           relais_test_journal_keep_result_cb, &result);
  g_assert_cmpuint (relais_journal_count_unreadable_finish (fixture->journal, relais_test_journal_wait_for (&result), NULL), ==, 2);
}

#define ADD(name, function) \
  g_test_add ("/journal-unreadable/" name, RelaisTestJournal, NULL, relais_removals_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("what-is-foreseen-is-what-the-run-finds", test_what_is_foreseen_is_what_the_run_finds);
  ADD ("rows-that-can-be-read-are-none", test_rows_that_can_be_read_are_none);
  ADD ("what-has-no-room-is-not-known", test_what_has_no_room_is_not_known);

  return g_test_run ();
}
