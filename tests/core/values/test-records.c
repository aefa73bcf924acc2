/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-records.h"

#include <stddef.h>
#include <string.h>

/* Where texts stand in a record */
typedef struct
{
  const char     *name;
  gpointer     (* make) (void);
  gpointer     (* copy) (gconstpointer record);
  void         (* free) (gpointer record);
  gsize           size;
  gsize           texts[24];
  guint           n_texts;
} Kind;

#define KIND(type, prefix, ...) \
  { #prefix, (gpointer (*) (void)) prefix##_new, (gpointer (*) (gconstpointer)) prefix##_copy, \
    (void (*) (gpointer)) prefix##_free, sizeof (type), { __VA_ARGS__ }, \
    sizeof ((gsize[]) { __VA_ARGS__ }) / sizeof (gsize) }
#define AT(type, field) offsetof (type, field)

static const Kind kinds[] = {
  KIND (RelaisConnectionRecord, relais_connection_record,
        AT (RelaisConnectionRecord, id), AT (RelaisConnectionRecord, name), AT (RelaisConnectionRecord, host),
        AT (RelaisConnectionRecord, account), AT (RelaisConnectionRecord, user),
        AT (RelaisConnectionRecord, consent_language), AT (RelaisConnectionRecord, consent_by)),
  KIND (RelaisExportRecord, relais_export_record,
        AT (RelaisExportRecord, id), AT (RelaisExportRecord, name), AT (RelaisExportRecord, connection_id),
        AT (RelaisExportRecord, definition)),
  KIND (RelaisRunRecord, relais_run_record,
        AT (RelaisRunRecord, id), AT (RelaisRunRecord, export_id), AT (RelaisRunRecord, export_name),
        AT (RelaisRunRecord, segment_digest), AT (RelaisRunRecord, message), AT (RelaisRunRecord, who),
        AT (RelaisRunRecord, connection_id), AT (RelaisRunRecord, connection_name), AT (RelaisRunRecord, host), AT (RelaisRunRecord, list_name),
        AT (RelaisRunRecord, consent_language), AT (RelaisRunRecord, verified.message), AT (RelaisRunRecord, notes.account_status),
        AT (RelaisRunRecord, notes.obstacle), AT (RelaisRunRecord, notes.trouble), AT (RelaisRunRecord, notes.refusal),
        AT (RelaisRunRecord, corrects)),
  KIND (RelaisBatchRecord, relais_batch_record, AT (RelaisBatchRecord, rows), AT (RelaisBatchRecord, remote_id)),
};

static char **
text_at (gpointer record,
         gsize    offset)
{
  return (char **) (gpointer) ((char *) record + offset);
}

/* Every byte that is no text, and every text, is the copy's own. */
static void
test_a_copy_is_whole_and_its_own (gconstpointer data)
{
  const Kind *kind = data;
  gpointer record = kind->make ();
  gpointer copy;
  g_autofree char *bytes = NULL;

  memset (record, 0x5a, kind->size);
  /* What copies share by count has tests of its own. */
  if (kind->make == (gpointer (*) (void)) relais_run_record_new)
    ((RelaisRunRecord *) record)->corrections = NULL;
  for (guint i = 0; i < kind->n_texts; i++)
    *text_at (record, kind->texts[i]) = g_strdup_printf ("text %u", i);
  bytes = g_memdup2 (record, kind->size);
  copy = kind->copy (record);
  for (guint i = 0; i < kind->n_texts; i++)
    g_assert_true (*text_at (copy, kind->texts[i]) != *text_at (record, kind->texts[i]));
  kind->free (record);

  for (guint i = 0; i < kind->n_texts; i++)
    {
      g_autofree char *expected = g_strdup_printf ("text %u", i);

      g_assert_cmpstr (*text_at (copy, kind->texts[i]), ==, expected);
      memcpy (bytes + kind->texts[i], text_at (copy, kind->texts[i]), sizeof (char *));
    }
  g_assert_cmpmem (bytes, kind->size, copy, kind->size);
  kind->free (copy);
}

static void
test_an_empty_record_is_copied_and_freed (gconstpointer data)
{
  const Kind *kind = data;
  gpointer record = kind->make ();
  gpointer copy = kind->copy (record);

  g_assert_cmpmem (record, kind->size, copy, kind->size);
  kind->free (record);
  kind->free (copy);
  kind->free (NULL);
}

static void
test_a_new_run_has_no_error (void)
{
  g_autoptr (RelaisRunRecord) run = relais_run_record_new ();

  g_assert_cmpint (run->error_code, ==, -1);
}

static void
test_of_a_new_batch_nothing_was_said (void)
{
  g_autoptr (RelaisBatchRecord) batch = relais_batch_record_new ();

  g_assert_cmpint (batch->queued, ==, -1);
}

/* Statuses and states are stored as numbers and printed by name: neither may ever change. */
static void
test_numbers_and_names_stay (void)
{
  static const char * const statuses[] = {
    "processing", "successful", "completed-with-errors", "failure", "canceled", "skipped", "interrupted",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    g_assert_cmpstr (relais_run_status_to_id (i), ==, statuses[i]);
  g_assert_cmpint (RELAIS_RUN_INTERRUPTED, ==, G_N_ELEMENTS (statuses) - 1);
  g_assert_cmpint (RELAIS_BATCH_INTENT, ==, 0);
  g_assert_cmpint (RELAIS_BATCH_ACCEPTED, ==, 1);
  g_assert_cmpint (RELAIS_BATCH_CONFIRMED, ==, 2);
  g_assert_cmpint (RELAIS_BATCH_REFUSED, ==, 3);
  g_assert_cmpint (RELAIS_BATCH_UNKNOWN, ==, 4);
  g_assert_cmpint (RELAIS_CHECK_NEVER, ==, 0);
  g_assert_cmpint (RELAIS_CHECK_KEYRING, ==, 9);
  g_assert_cmpint (RELAIS_TRIGGER_SCHEDULED, ==, 2);
  g_assert_cmpint (RELAIS_CONNECTION_PRACTICE, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *copied = g_strdup_printf ("/records/%s/a-copy-is-whole-and-its-own", kinds[i].name);
      g_autofree char *empty = g_strdup_printf ("/records/%s/an-empty-record-is-copied-and-freed", kinds[i].name);

      g_test_add_data_func (copied, &kinds[i], test_a_copy_is_whole_and_its_own);
      g_test_add_data_func (empty, &kinds[i], test_an_empty_record_is_copied_and_freed);
    }
  g_test_add_func ("/records/a-new-run-has-no-error", test_a_new_run_has_no_error);
  g_test_add_func ("/records/of-a-new-batch-nothing-was-said", test_of_a_new_batch_nothing_was_said);
  g_test_add_func ("/records/numbers-and-names-stay", test_numbers_and_names_stay);

  return g_test_run ();
}
