/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

/* The file stands last, behind the name of the export that is changed, if one is. */
static const char *
get_file (RelaisCommand *self)
{
  return self->arguments[g_strv_length (self->arguments) - 1];
}

/* More than any definition: what is larger was given by mistake. */
#define MAX_DEFINITION (1024 * 1024)

/* Returns: whether there is an export to change, and nobody runs it; if not, that is said. */
static gboolean
find_idle (RelaisCommand  *self,
           RelaisExport  **export)
{
  g_autoptr (GError) error = NULL;

  *export = relais_command_find_export (self, self->arguments[0]);
  if (*export == NULL || !relais_command_may (self, RELAIS_ACTION_CHANGE_EXPORTS, relais_export_get_connection (*export)))
    return FALSE;
  if (relais_workspace_check_idle (self->workspace, *export, &error))
    return TRUE;
  relais_command_fail (self, error);

  return FALSE;
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisExport) export = relais_workspace_save_export_finish (RELAIS_WORKSPACE (object), result, &error);

  if (!export)
    relais_command_fail (self, error);
  else
    {
      g_autofree char *name = relais_plain (relais_export_get_name (export));
      g_autofree char *quoted = g_shell_quote (name);

      if (self->arguments[1])
        /* Translators: the first %s is the export's name, the second the same as a shell takes it. */
        relais_command_print (self, _("“%s” is changed; nothing has been sent. See what a run would do: relais preview %s\n"),
                              name, quoted);
      else
        /* Translators: the first %s is the export's name, the second the same as a shell takes it. */
        relais_command_print (self, _("“%s” is set up; nothing has been sent. See what a run would do: relais preview %s\n"),
                              name, quoted);
    }
}

static void
spliced_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  g_autoptr (RelaisExportDefinition) definition = NULL;
  g_autofree char *folder = NULL;
  GByteArray *read = self->state;
  RelaisExport *existing = NULL;

  if (!bytes)
    {
      relais_command_fail (self, error);
      return;
    }
  g_byte_array_append (read, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (g_bytes_get_size (bytes) > 0 && read->len <= MAX_DEFINITION)
    {
      g_input_stream_read_bytes_async (G_INPUT_STREAM (object), 65536, G_PRIORITY_DEFAULT, self->cancellable,
                                       spliced_cb, relais_command_ref (self));
      return;
    }

  if (g_str_equal (get_file (self), "-"))
    folder = g_strdup (g_application_command_line_get_cwd (self->command_line));
  else
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (self->command_line, get_file (self));
      g_autoptr (GFile) parent = g_file_get_parent (file);

      folder = parent ? g_file_get_path (parent) : NULL;
    }
  definition = relais_export_definition_from_json ((const char *) read->data, read->len, folder, &error);
  if (!definition)
    relais_command_refuse (self, RELAIS_EXIT_USAGE, error->message);
  else if (!self->arguments[1] || find_idle (self, &existing))
    relais_workspace_save_export_async (self->workspace, existing, definition, self->cancellable, saved_cb,
                                        relais_command_ref (self));
}

static void
read_definition (RelaisCommand *self)
{
  g_autoptr (GInputStream) input = NULL;

  if (g_str_equal (get_file (self), "-"))
    input = g_application_command_line_get_stdin (self->command_line);
  else
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (self->command_line, get_file (self));

      input = G_INPUT_STREAM (g_file_read (file, self->cancellable, NULL));
    }
  if (!input)
    {
      /* Translators: %s is a file. */
      g_autofree char *sentence = g_strdup_printf (_("The definition “%s” cannot be read. Check the file’s name and that you may read it."),
                                                   get_file (self));

      relais_command_refuse (self, RELAIS_EXIT_USAGE, sentence);
      return;
    }
  self->state = g_byte_array_new ();
  self->free_state = (GDestroyNotify) g_byte_array_unref;
  g_input_stream_read_bytes_async (input, 65536, G_PRIORITY_DEFAULT, self->cancellable, spliced_cb,
                                   relais_command_ref (self));
}

/* relais export add FILE */
void
relais_command_export_add (RelaisCommand *self)
{
  if (relais_command_may (self, RELAIS_ACTION_USE_CONNECTION, NULL))
    read_definition (self);
}

/* relais export change NAME FILE */
void
relais_command_export_change (RelaisCommand *self)
{
  RelaisExport *export;

  if (find_idle (self, &export))
    read_definition (self);
}

/* Returns: (transfer none) (nullable): how the list is called: whoever set the export up said it, or its last run saw it. */
static const char *
name_of_list (RelaisExport *export)
{
  const RelaisExportDefinition *definition = relais_export_get_definition (export);
  RelaisRun *run = relais_export_get_last_run (export);
  const RelaisRunRecord *record = run ? relais_run_get_record (run) : NULL;

  if (definition->list_name)
    return definition->list_name;

  return record && record->list_id == definition->list_id ? record->list_name : NULL;
}

/* relais export list */
void
relais_command_export_list (RelaisCommand *self)
{
  GListModel *model = relais_workspace_get_exports (self->workspace);
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (RelaisExport) export = g_list_model_get_item (model, i);
      const RelaisExportDefinition *definition = relais_export_get_definition (export);
      RelaisExportStatus status = relais_export_get_status (export);
      g_autofree char *name = relais_plain (definition->name);
      g_autofree char *connection = relais_plain (definition->connection ? definition->connection : _("no connection"));
      g_autofree char *list = relais_plain (name_of_list (export));

      if (!self->json)
        relais_command_print (self, "%s · %s · %u%s%s · %s\n", name, connection, definition->list_id, *list ? " " : "", list,
                              relais_plain_export_status (status));
      g_string_append (json, i > 0 ? ", {\"name\": " : "{\"name\": ");
      relais_json_string (json, definition->name);
      g_string_append (json, ", \"connection\": ");
      relais_json_string (json, definition->connection);
      g_string_append_printf (json, ", \"list\": \"%u\", \"status\": \"%s\"}", definition->list_id,
                              relais_export_status_to_id (status));
    }
  if (self->json)
    relais_command_print (self, "%s]\n", json->str);
  else if (g_list_model_get_n_items (model) == 0)
    relais_command_refuse (self, RELAIS_EXIT_SUCCESS, _("There is no export yet. Set one up in the window, or from its definition: relais export add FILE"));
}

/* relais export show NAME */
void
relais_command_export_show (RelaisCommand *self)
{
  RelaisExport *export = relais_command_find_export (self, self->arguments[0]);

  g_autoptr (GError) error = NULL;

  if (export && !relais_export_check_readable (export, &error))
    relais_command_fail (self, error);
  else if (export)
    {
      g_autofree char *json = relais_export_definition_to_json (relais_export_get_definition (export));

      relais_command_print (self, "%s\n", json);
    }
}

static void
erased_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;

  if (relais_workspace_erase_export_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_command_print (self, "%s\n", _("Everything that was remembered of the export’s runs has been erased. The lines of the accountability log stay: they hold no customer. The export itself stays too, and its next run sends everybody but those whom Relais took off the list: nobody knows any more that it was Relais."));
  else
    relais_command_fail (self, error);
}

/* relais export erase NAME */
void
relais_command_export_erase (RelaisCommand *self)
{
  RelaisExport *export = relais_command_find_export (self, self->arguments[0]);

  if (export)
    relais_workspace_erase_export_async (self->workspace, export, self->cancellable, erased_cb, relais_command_ref (self));
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  const guint *n_runs = self->state;

  if (!relais_workspace_remove_export_finish (RELAIS_WORKSPACE (object), result, &error))
    relais_command_fail (self, error);
  else if (*n_runs == 0)
    relais_command_print (self, "%s\n", _("The export has been removed. There was no history of runs that would go with it."));
  else
    /* Translators: %u counts the runs of an export. */
    relais_command_print (self, ngettext ("The export has been removed, and with it the history of its %u run and what was remembered of the people it delivered. They stay in the account as contacts, and the lines of the accountability log stay too.\n",
                                          "The export has been removed, and with it the history of its %u runs and what was remembered of the people it delivered. They stay in the account as contacts, and the lines of the accountability log stay too.\n",
                                          *n_runs), *n_runs);
}

/* What goes with it is counted as long as it is there. */
static void
runs_counted_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = relais_journal_list_runs_finish (RELAIS_JOURNAL (object), result, &error);
  RelaisExport *export = relais_command_find_export (self, self->arguments[0]);
  guint *n_runs = self->state;

  if (!runs)
    relais_command_fail (self, error);
  else if (export)
    {
      *n_runs = runs->len;
      relais_workspace_remove_export_async (self->workspace, export, self->cancellable, removed_cb,
                                            relais_command_ref (self));
    }
}

/* relais export remove NAME */
void
relais_command_export_remove (RelaisCommand *self)
{
  RelaisExport *export = relais_command_find_export (self, self->arguments[0]);

  if (!export || !relais_command_may (self, RELAIS_ACTION_CHANGE_EXPORTS, relais_export_get_connection (export)))
    return;
  self->state = g_new0 (guint, 1);
  self->free_state = g_free;
  relais_journal_list_runs_async (relais_workspace_get_journal (self->workspace), relais_export_get_id (export),
                                  self->cancellable, runs_counted_cb, relais_command_ref (self));
}
