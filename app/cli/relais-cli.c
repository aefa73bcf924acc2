/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-cli-private.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  OPTION_JSON = 1 << 0, OPTION_CSV = 1 << 1, OPTION_RUN = 1 << 2, OPTION_OFFLINE = 1 << 3, OPTION_CONNECTION = 1 << 4,
} Options;

typedef struct
{
  const char *group;         /* first word */
  const char *word;          /* (nullable): second word */
  const char *arguments;     /* as help shows them */
  guint       least, most;   /* arguments */
  Options     options;
  const char *summary;       /* untranslated */
  void     (* work) (RelaisCommand *self);
} Entry;

static const Entry entries[] = {
  { "connection", "add", "", 0, 0, OPTION_CONNECTION, N_("Check an account and connect to it; the API key is read from standard input"), relais_command_connection_add },
  { "connection", "list", "", 0, 0, OPTION_JSON, N_("Show the connections"), relais_command_connection_list },
  { "connection", "check", "NAME", 1, 1, 0, N_("Ask the account whether the connection works"), relais_command_connection_check },
  { "connection", "remove", "NAME", 1, 1, 0, N_("Remove a connection and its key"), relais_command_connection_remove },
  { "lists", NULL, "CONNECTION", 1, 1, OPTION_JSON, N_("Show the account’s lists"), relais_command_lists },
  { "fields", NULL, "CONNECTION", 1, 1, OPTION_JSON, N_("Show the account’s custom fields"), relais_command_fields },
  { "export", "add", "FILE", 1, 1, 0, N_("Set up an export from its definition; - is standard input"), relais_command_export_add },
  { "export", "list", "", 0, 0, OPTION_JSON, N_("Show the exports"), relais_command_export_list },
  { "export", "show", "NAME", 1, 1, 0, N_("Show an export’s definition"), relais_command_export_show },
  { "export", "remove", "NAME", 1, 1, 0, N_("Remove an export"), relais_command_export_remove },
  { "preview", NULL, "NAME", 1, 1, OPTION_JSON | OPTION_OFFLINE, N_("Show what a run would do; nothing is sent"), relais_command_preview },
  { "run", NULL, "NAME…", 0, G_MAXUINT, OPTION_JSON | OPTION_RUN, N_("Run exports, or go on with interrupted runs"), relais_command_run },
  { "history", NULL, "[NAME]", 0, 1, OPTION_JSON, N_("Show past runs"), relais_command_history },
  { "report", NULL, "RUN|NAME", 1, 1, OPTION_JSON | OPTION_CSV, N_("Show a run’s rows that were not delivered, with reasons"), relais_command_report },
  { "practice", NULL, "", 0, 0, 0, N_("Run a practice account on this computer until it is interrupted"), NULL },
};

static const Entry *
find_entry (char **words)
{
  for (gsize i = 0; words[0] && i < G_N_ELEMENTS (entries); i++)
    if (g_str_equal (entries[i].group, words[0]) && (!entries[i].word || g_strcmp0 (entries[i].word, words[1]) == 0))
      return &entries[i];
  return NULL;
}

/* Whether the arguments are a command, and not for the window. */
gboolean
relais_cli_is_command (int    argc,
                       char **argv)
{
  if (argc < 2)
    return FALSE;
  return argv[1][0] != '-' || g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") ||
         g_str_equal (argv[1], "--version");
}

/* Whether @words (the program's name left out) read the API key. */
gboolean
relais_cli_reads_key (char **words)
{
  const Entry *entry = find_entry (words);

  return entry && entry->work == relais_command_connection_add && !g_strv_contains ((const char * const *) words, "--help");
}

static GOptionContext *
make_context (RelaisCommand *self,
              const Entry   *entry)
{
  const struct { Options options; GOptionEntry entry; } all[] = {
    { OPTION_JSON, { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_("Print JSON"), NULL } },
    { OPTION_CSV, { "csv", 0, 0, G_OPTION_ARG_NONE, &self->csv, N_("Print CSV"), NULL } },
    { OPTION_RUN, { "all", 0, 0, G_OPTION_ARG_NONE, &self->all, N_("Run every export"), NULL } },
    { OPTION_RUN, { "again", 0, 0, G_OPTION_ARG_NONE, &self->again, N_("Send everything, changed or not"), NULL } },
    { OPTION_RUN, { "allow-repeats", 0, 0, G_OPTION_ARG_NONE, &self->allow_repeats, N_("Repeat batches in doubt, even if automations may start twice"), NULL } },
    { OPTION_OFFLINE, { "offline", 0, 0, G_OPTION_ARG_NONE, &self->offline, N_("Do not ask the account anything"), NULL } },
    { OPTION_CONNECTION, { "name", 0, 0, G_OPTION_ARG_STRING, &self->name, N_("Display name"), "NAME" } },
    { OPTION_CONNECTION, { "host", 0, 0, G_OPTION_ARG_STRING, &self->host, N_("The account’s host name"), "HOST" } },
    { OPTION_CONNECTION, { "access", 0, 0, G_OPTION_ARG_STRING, &self->access, N_("Who can use it: administrators or contributors"), "WHO" } },
    { OPTION_CONNECTION, { "practice", 0, 0, G_OPTION_ARG_NONE, &self->practice, N_("A practice account"), NULL } },
    { OPTION_CONNECTION, { "limits", 0, 0, G_OPTION_ARG_STRING, &self->limits, N_("Bulk limit of a practice account, or none"), "REQUESTS/SECONDS" } },
    { OPTION_CONNECTION, { "agree", 0, 0, G_OPTION_ARG_NONE, &self->agree, N_("Agree to data privacy and compliance"), NULL } },
    { OPTION_CONNECTION, { "unknown-host-ok", 0, 0, G_OPTION_ARG_NONE, &self->unknown_host_ok, N_("The host is right although Relais does not know it"), NULL } },
    { ~0u, { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, N_("Show this help"), NULL } },
  };
  g_autofree char *usage = g_strdup_printf ("%s%s%s %s", entry->group, entry->word ? " " : "",
                                            entry->word ? entry->word : "", entry->arguments);
  GOptionContext *context = g_option_context_new (usage);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, entry->summary);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      const GOptionEntry two[] = { all[i].entry, { NULL } };

      if (all[i].options & entry->options || all[i].options == ~0u)
        g_option_context_add_main_entries (context, two, GETTEXT_PACKAGE);
    }
  return context;
}

/* Returns (transfer full) the program's help. */
char *
relais_cli_help (void)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n", _("Relais sends segments to ActiveCampaign. Without a command it opens its window."));
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_string_append_printf (text, "  relais %s%s%s %s\n      %s\n", entries[i].group, entries[i].word ? " " : "",
                            entries[i].word ? entries[i].word : "", entries[i].arguments, _(entries[i].summary));
  g_string_append_printf (text, "\n%s\n", _("“--help” after a command shows its options."));
  return g_string_free (text, FALSE);
}

/* Checks words without doing anything. Returns the exit status, or -1 when the
 * command is to be done; what there is to say is in @message (transfer full). */
static int
read_words (RelaisCommand  *self,
            char          **words,
            const Entry   **entry,
            char          **message)
{
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) rest = NULL;
  guint n;

  *entry = find_entry (words);
  if (!*entry)
    {
      *message = g_strdup (_("There is no such command. “relais --help” shows them all."));
      return RELAIS_EXIT_USAGE;
    }
  rest = g_strdupv (words + ((*entry)->word ? 1 : 0));
  g_free (rest[0]);
  rest[0] = g_strdup ("relais");
  context = make_context (self, *entry);
  if (!g_option_context_parse_strv (context, &rest, &error))
    {
      *message = g_strdup (error->message);
      return RELAIS_EXIT_USAGE;
    }
  if (self->help)
    {
      *message = g_option_context_get_help (context, TRUE, NULL);
      return RELAIS_EXIT_SUCCESS;
    }
  n = g_strv_length (rest) - 1;
  if (n < (*entry)->least || n > (*entry)->most)
    {
      *message = g_option_context_get_help (context, TRUE, NULL);
      return RELAIS_EXIT_USAGE;
    }
  self->arguments = g_strdupv (rest + 1);
  return -1;
}

/* Does the command of @command_line, which it keeps until the command has ended. */
void
relais_cli_handle (GApplicationCommandLine *command_line,
                   RelaisWorkspace         *workspace,
                   RelaisDelivery          *delivery)
{
  g_autoptr (RelaisCommand) self = relais_command_new (command_line, workspace, delivery);
  g_auto (GStrv) words = g_application_command_line_get_arguments (command_line, NULL);
  g_autofree char *message = NULL;
  const Entry *entry = NULL;
  int status = read_words (self, words + 1, &entry, &message);

  if (status < 0)
    entry->work (self);
  else if (status == RELAIS_EXIT_SUCCESS)
    relais_command_print (self, "%s", message);
  else
    {
      g_application_command_line_printerr (command_line, "%s\n", message);
      relais_command_end (self, status);
    }
}
