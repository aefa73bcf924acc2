/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-report.h"

#include "relais-report-csv.h"
#include "relais-test-journal.h"

#include <glib/gstdio.h>
#include <string.h>

/* Cells */

static void
test_a_spreadsheet_runs_nothing (void)
{
  static const struct { const char *text, *cell; } cases[] = {
    { "zoe", "\"zoe\"" }, { "=1+1", "\"'=1+1\"" }, { "+33 6 39 98 00 01", "\"'+33 6 39 98 00 01\"" }, { "-2", "\"'-2\"" },
    { "@SUM(A1)", "\"'@SUM(A1)\"" }, { "\tx", "\"'\tx\"" }, { "0123", "\"0123\"" }, { "a \"b\", c", "\"a \"\"b\"\", c\"" }, { NULL, "\"\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) csv = g_string_new (NULL);

      relais_csv_cell (csv, cases[i].text);
      g_assert_cmpstr (csv->str, ==, cases[i].cell);
    }
}

static void
test_an_address_that_can_be_sent_stays_as_it_is (void)
{
  static const struct { const char *text, *cell; } cases[] = {
    { "zoe@example.com", "\"zoe@example.com\"" }, { "+zoe@example.com", "\"+zoe@example.com\"" }, { "=zoe", "\"'=zoe\"" },
    { "=cmd()@example.com", "\"'=cmd()@example.com\"" }, { "", "\"\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) csv = g_string_new (NULL);

      relais_csv_address (csv, cases[i].text);
      g_assert_cmpstr (csv->str, ==, cases[i].cell);
    }
}

/* Files */

static gboolean
save (RelaisTestJournal      *self,
      const RelaisRunRecord  *run,
      RelaisReportForm        form,
      const char             *path,
      GCancellable           *cancellable,
      GError                **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  relais_report_save_async (self->journal, run, NULL, form, file, cancellable, relais_test_journal_keep_result_cb, &result);

  return relais_report_save_finish (relais_test_journal_wait_for (&result), error);
}

static char *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static char *
place (RelaisTestJournal *self)
{
  return g_build_filename (self->folder, "report", NULL);
}

/* Returns: (transfer full): a run with so many rows that were not delivered */
static RelaisRunRecord *
add_run (RelaisTestJournal *self,
         guint              n_rows)
{
  RelaisRunRecord *run;
  g_autoptr (GPtrArray) rejections = relais_test_rejections (1, n_rows, "=nobody");
  g_autoptr (GError) error = NULL;

  relais_test_journal_fill (self);
  relais_test_journal_add_rejections (self, "r", rejections, &error);
  g_assert_no_error (error);
  run = relais_test_journal_get_run (self, "r");
  g_assert_nonnull (run);

  return run;
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, "\r\n")) != NULL; at += 2)
    n++;

  return n;
}

/* More than two pages of them, and the last page full */
static void
test_every_row_is_in_the_file (RelaisTestJournal *self,
                               gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = add_run (self, 3000);
  g_autofree char *path = place (self);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (save (self, run, RELAIS_REPORT_ROWS, path, NULL, &error));
  g_assert_no_error (error);
  text = read_file (path);
  g_assert_true (g_str_has_prefix (text, "row,email,state,code,reason,column,value,run\r\n1,\"'=nobody"));
  g_assert_cmpuint (count_lines (text), ==, 3001);
  g_assert_nonnull (strstr (text, "\r\n3000,\"'=nobody"));
  g_unlink (path);
}

static void
test_json_holds_the_whole_report (RelaisTestJournal *self,
                                  gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = add_run (self, 1001);
  g_autofree char *path = place (self);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (save (self, run, RELAIS_REPORT_JSON, path, NULL, &error));
  g_assert_no_error (error);
  text = read_file (path);
  g_assert_true (g_str_has_prefix (text, "{\"run\": \"r\", "));
  g_assert_nonnull (strstr (text, ", \"rejected\": [{\"row\": 1, "));
  g_assert_nonnull (strstr (text, "}, {\"row\": 1001, "));
  g_assert_true (g_str_has_suffix (text, "], \"left\": []}\n"));
  g_unlink (path);
}

static void
test_what_is_there_is_replaced (RelaisTestJournal *self,
                                gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = add_run (self, 1);
  g_autofree char *path = place (self);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "what stood here before was much longer than what stands here now, so that a rest would be seen at its end, after the last line of what is written over it\n", -1, NULL));
  g_assert_true (save (self, run, RELAIS_REPORT_CSV, path, NULL, &error));
  g_assert_no_error (error);
  text = read_file (path);
  g_assert_cmpuint (count_lines (text), ==, 2);
  g_assert_true (g_str_has_suffix (text, "\r\n"));
  g_unlink (path);
}

static void
test_half_a_report_is_none (RelaisTestJournal *self,
                            gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = add_run (self, 1);
  g_autofree char *path = place (self);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;

  /* The journal cannot be read any more once the file is open. */
  relais_journal_close (self->journal);
  g_assert_false (save (self, run, RELAIS_REPORT_ROWS, path, NULL, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  g_assert_false (save (self, run, RELAIS_REPORT_ROWS, path, NULL, &other_error));
  g_assert_nonnull (other_error);
  text = read_file (path);
  g_assert_cmpstr (text, ==, "before");
  g_unlink (path);
}

static void
test_a_folder_that_is_not_there_is_told (RelaisTestJournal *self,
                                         gconstpointer      user_data)
{
  g_autoptr (RelaisRunRecord) run = add_run (self, 1);
  g_autofree char *path = g_build_filename (self->folder, "nowhere", "report", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (save (self, run, RELAIS_REPORT_ROWS, path, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define ADD(name, function) \
  g_test_add ("/report/" name, RelaisTestJournal, NULL, relais_test_journal_set_up, function, relais_test_journal_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/report/a-spreadsheet-runs-nothing", test_a_spreadsheet_runs_nothing);
  g_test_add_func ("/report/an-address-that-can-be-sent-stays-as-it-is", test_an_address_that_can_be_sent_stays_as_it_is);
  ADD ("every-row-is-in-the-file", test_every_row_is_in_the_file);
  ADD ("json-holds-the-whole-report", test_json_holds_the_whole_report);
  ADD ("what-is-there-is-replaced", test_what_is_there_is_replaced);
  ADD ("half-a-report-is-none", test_half_a_report_is_none);
  ADD ("a-folder-that-is-not-there-is-told", test_a_folder_that_is_not_there_is_told);

  return g_test_run ();
}
