/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accountability log, and how long rows that were not delivered are kept. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

#include "relais-journal-ageing.h"
#include "relais-journal-log.h"
#include "relais-log-words.h"

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = relais_journal_list_log_finish (RELAIS_JOURNAL (object), result, &error);

  if (!lines)
    {
      relais_command_fail (self, error);
      return;
    }
  if (self->json)
    relais_command_print (self, "[");
  for (guint i = 0; i < lines->len; i++)
    {
      const RelaisLogLine *line = lines->pdata[i];
      g_autofree char *plain = relais_plain (line->line);
      g_autofree char *hash = relais_plain (line->hash);
      g_autoptr (GString) json = g_string_new (i > 0 ? ",\n {\"hash\": " : "{\"hash\": ");

      if (!self->json)
        {
          relais_command_print (self, "%s %s\n", hash, plain);
          continue;
        }
      relais_json_string (json, line->hash);
      g_string_append (json, ", \"line\": ");
      relais_json_string (json, line->line);
      relais_command_print (self, "%s}", json->str);
    }
  if (self->json)
    relais_command_print (self, "]\n");
}

/* relais history --log */
void
relais_command_print_log (RelaisCommand *self)
{
  if (!relais_command_may (self, RELAIS_ACTION_SEE_LOG, NULL))
    return;
  relais_journal_list_log_async (relais_workspace_get_journal (self->workspace), self->cancellable, listed_cb,
                                 relais_command_ref (self));
}

static void
print_check (RelaisCommand        *self,
             const RelaisLogCheck *check)
{
  g_autofree char *sentence = relais_log_check_explain (check);
  g_autofree char *plain = relais_plain (sentence);
  g_autofree char *rest = relais_log_check_explain_rest (check);

  relais_command_print (self, "%s\n", plain);
  if (rest)
    relais_command_print (self, "%s\n", rest);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisLogCheck) check = relais_journal_check_log_finish (RELAIS_JOURNAL (object), result, &error);
  g_autoptr (GString) json = g_string_new (NULL);

  if (!check)
    {
      relais_command_fail (self, error);
      return;
    }
  if (self->json)
    {
      g_string_append_printf (json, "{\"state\": \"%s\", \"line\": ", relais_log_state_to_id (check->state));
      if (check->line > 0)
        g_string_append_printf (json, "%" G_GUINT64_FORMAT, check->line);
      else
        g_string_append (json, "null");
      g_string_append_printf (json, ", \"lines\": %" G_GUINT64_FORMAT ", \"hash\": ", check->n_lines);
      relais_json_string (json, check->n_lines > 0 ? check->hash : NULL);
      relais_command_print (self, "%s, \"runs_before\": %u, \"runs_open\": %u}\n", json->str, check->n_before, check->n_open);
    }
  else
    print_check (self, check);
  relais_command_end (self, check->state == RELAIS_LOG_WHOLE ? RELAIS_EXIT_SUCCESS : RELAIS_EXIT_WITH_ERRORS);
}

/* relais history --verify */
void
relais_command_verify_log (RelaisCommand *self)
{
  relais_journal_check_log_async (relais_workspace_get_journal (self->workspace), self->cancellable, checked_cb,
                                  relais_command_ref (self));
}

/* How long rows are kept */

static void
got_days_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  guint days;

  if (!relais_journal_get_keep_days_finish (RELAIS_JOURNAL (object), result, &days, &error))
    relais_command_fail (self, error);
  else if (self->json)
    relais_command_print (self, "{\"keep_days\": %u}\n", days);
  else if (days == 0)
    relais_command_print (self, "%s\n", _("Rows that were not delivered are deleted as soon as their run has ended."));
  else
    /* Translators: %u counts days. */
    relais_command_print (self, ngettext ("Rows that were not delivered are kept for %u day after their run.\n",
                                          "Rows that were not delivered are kept for %u days after their run.\n", days), days);
}

static void
show_days (RelaisCommand *self)
{
  relais_journal_get_keep_days_async (relais_workspace_get_journal (self->workspace), self->cancellable, got_days_cb,
                                      relais_command_ref (self));
}

static void
aged_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  guint n_runs;

  if (!relais_journal_age_finish (RELAIS_JOURNAL (object), result, &n_runs, &error))
    {
      relais_command_fail (self, error);
      return;
    }
  if (n_runs > 0 && !self->json)
    /* Translators: %u counts runs of exports. */
    relais_command_print (self, ngettext ("Rows of %u older run have been deleted.\n", "Rows of %u older runs have been deleted.\n", n_runs), n_runs);
  show_days (self);
}

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;

  if (relais_journal_write_finish (RELAIS_JOURNAL (object), result, &error))
    relais_journal_age_async (RELAIS_JOURNAL (object), g_get_real_time (), self->cancellable, aged_cb, relais_command_ref (self));
  else
    relais_command_fail (self, error);
}

/* relais history --keep-days DAYS */
void
relais_command_keep_days (RelaisCommand *self)
{
  guint64 days;

  if (g_str_equal (self->keep_days, "show"))
    show_days (self);
  else if (!relais_command_may (self, RELAIS_ACTION_CHANGE_HISTORY, NULL))
    return;
  else if (g_ascii_string_to_unsigned (self->keep_days, 10, 0, RELAIS_MOST_KEEP_DAYS, &days, NULL))
    relais_journal_set_keep_days_async (relais_workspace_get_journal (self->workspace), (guint) days, self->cancellable, set_cb,
                                        relais_command_ref (self));
  else
    {
      /* Translators: %s is what was typed, %u the largest number that can be given; “show” stays as it is. */
      g_autofree char *sentence = g_strdup_printf (_("“%s” is no number of days. Give one from 0 to %u, or “show”."),
                                                   self->keep_days, RELAIS_MOST_KEEP_DAYS);

      relais_command_refuse (self, RELAIS_EXIT_USAGE, sentence);
    }
}
