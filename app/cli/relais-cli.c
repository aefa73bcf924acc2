/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which commands there are, and what each of them takes. */

#include "relais-cli-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char         *group;        /* first word */
  const char         *word;         /* (nullable): second word */
  const char         *arguments;    /* as help shows them, untranslated */
  guint               least, most;  /* arguments */
  const RelaisOption *options;
  const char         *summary;      /* untranslated */
  const char         *notes;        /* (nullable): what its help says at the end, untranslated */
  void             (* work) (RelaisCommand *self);
  const char         *who;          /* (nullable): whose role allows it, untranslated; %NULL: everybody's */
} Entry;

#define PLACE(member) G_STRUCT_OFFSET (RelaisCommand, member)
#define JSON_OPTION   { "json", RELAIS_OPTION_FLAG, PLACE (json), NULL, N_("Print JSON") }
#define CSV_OPTION    { "csv", RELAIS_OPTION_FLAG, PLACE (csv), NULL, N_("Print the rows as CSV") }

static const RelaisOption no_options[] = { { NULL } };
static const RelaisOption json_options[] = { JSON_OPTION, { NULL } };
static const RelaisOption history_options[] = {
  JSON_OPTION,
  { "log", RELAIS_OPTION_FLAG, PLACE (log), NULL, N_("Show the accountability log instead") },
  { "verify", RELAIS_OPTION_FLAG, PLACE (verify), NULL, N_("Check that the accountability log is whole") },
  /* Translators: stands for a number in the help of a command. */
  { "keep-days", RELAIS_OPTION_TEXT, PLACE (keep_days), N_("DAYS"), N_("Keep rows that were not delivered for so long; “show” tells how long") },
  { NULL }
};
static const RelaisOption report_options[] = {
  JSON_OPTION,
  CSV_OPTION,
  { NULL }
};
static const RelaisOption preview_options[] = {
  JSON_OPTION,
  CSV_OPTION,
  { "offline", RELAIS_OPTION_FLAG, PLACE (offline), NULL, N_("Do not ask the account anything") },
  { NULL }
};
static const RelaisOption run_options[] = {
  { "all", RELAIS_OPTION_FLAG, PLACE (all), NULL, N_("Run every export") },
  JSON_OPTION,
  { "again", RELAIS_OPTION_FLAG, PLACE (again), NULL, N_("Send everything, changed or not") },
  { "allow-repeats", RELAIS_OPTION_FLAG, PLACE (allow_repeats), NULL, N_("Repeat batches in doubt, even if automations may start twice") },
  { "allow-leavers", RELAIS_OPTION_FLAG, PLACE (allow_leavers), NULL, N_("Take people who left the segment off the list, however many") },
  { "keep-leavers", RELAIS_OPTION_FLAG, PLACE (keep_leavers), NULL, N_("Keep people who left the segment on the list this time") },
  /* Translators: stands for the name of a file in the help of a command. */
  { "corrected", RELAIS_OPTION_FILE, PLACE (corrected), N_("FILE"), N_("Send only the rows of a report that were corrected in this file") },
  { NULL }
};
static const RelaisOption connection_options[] = {
  /* Translators: stands for a name in the help of a command. */
  { "name", RELAIS_OPTION_TEXT, PLACE (name), N_("NAME"), N_("Display name") },
  /* Translators: stands for a host name in the help of a command. */
  { "host", RELAIS_OPTION_TEXT, PLACE (host), N_("HOST"), N_("The account’s REST endpoint hostname, or where a practice account answers") },
  { "agree", RELAIS_OPTION_FLAG, PLACE (agree), NULL, N_("Agree to the section on data privacy and compliance") },
  /* Translators: stands for one of two words in the help of a command. */
  { "access", RELAIS_OPTION_TEXT, PLACE (access), N_("WHO"), N_("Who can use it: administrators, the default, or contributors as well") },
  { "practice", RELAIS_OPTION_FLAG, PLACE (practice), NULL, N_("A practice account; without --host the one that is built in") },
  /* Translators: stands for two numbers in the help of a command. */
  { "limits", RELAIS_OPTION_TEXT, PLACE (limits), N_("REQUESTS/SECONDS"), N_("Bulk limit that a practice account was started with, or none") },
  { "unknown-host-ok", RELAIS_OPTION_FLAG, PLACE (unknown_host_ok), NULL, N_("The hostname is right although Relais does not know it") },
  { NULL }
};

static const char add_notes[] = N_("Needed are --name, --agree and --host; --host is left out for the built-in practice\n"
                                   "account, which has no key either. On a terminal you are asked for the key.");
static const char list_notes[] = N_("A contributor sees the name and the kind of connections that are shared, and nothing else.");
static const char export_notes[] = N_("In the definition, “verify” says whom a run looks up in the account after it has delivered\n"
                                      "them: “sample” for 50 people chosen at random, “all” for everybody, “off” for nobody.\n"
                                      "Looked up are the status on the list, names, telephone and matched fields, not tags. All\n"
                                      "takes a request for each hundred people on the list. Ctrl+C then ends the looking up, and\n"
                                      "leaves the run as it is. A run with people who are not there as they were sent ends with 1.\n"
                                      "\n"
                                      "“leavers” says what becomes of people whom the export has put on the list and who are not\n"
                                      "in the segment any more: “keep”, the default, or “remove”, which takes them off the list.\n"
                                      "Nobody is taken off whom another export has put there too, or who joined the list when no\n"
                                      "run was sending there. “leavers_brake” says how many may leave at once before a run stops\n"
                                      "and asks: more than its “share”, 20 percent of those whom it had put there before, if they\n"
                                      "are ten or more, or all; or more than its “number”, 10000 people.\n"
                                      "\n"
                                      "Whoever was taken off comes back to the list when they are in the segment again, with “keep”\n"
                                      "too, unless they have unsubscribed from this or another list since. That can start\n"
                                      "automations that begin with a subscription, whatever “automations” says. “relais preview”\n"
                                      "tells how many would come back, and puts nobody back.");
static const char change_notes[] = N_("“relais export show NAME” prints the definition as it is, to be changed and given back. What\n"
                                      "it leaves out gets its default. Another “name” in it renames the export.\n"
                                      "\n"
                                      "The history of its runs stays, and so does what is remembered of people who arrived: the\n"
                                      "next run sends only what has changed. With another list or connection it sends everybody\n"
                                      "there; nobody is taken off the list that it sent to before. An export is not changed while\n"
                                      "it runs, and changing it sends nothing. “relais export add --help” explains some members.");
static const char preview_notes[] = N_("Rows that would not be sent are listed with the reason: the first 20, or all of them\n"
                                       "with --csv. It ends with 0, or with the status of a run that could not begin.\n"
                                        "\n"
                                        "Where the export takes people off the list who left the segment, it tells how many these\n"
                                        "are and whether the run would ask first. The list is not looked at: whoever has left it by\n"
                                        "themselves, or joined it without Relais, is among them and is left alone by the run.\n"
                                        "\n"
                                        "--offline asks the account nothing: nobody counts as unchanged or barred then. Everybody may\n"
                                        "do that; without it, a contributor needs a connection that is shared with contributors,\n"
                                        "and a viewer may not.\n"
                                        "\n"
                                        "Where the API key is an administrator’s, the room left in the account’s plan is compared\n"
                                        "with the people whom the export has not delivered yet. They may be in the account for\n"
                                        "long, and need no room then: so that is a warning, and keeps no run from sending.");
static const char run_notes[] = N_("Each export gets a summary, or with --json one object on a line, even if its run\n"
                                   "could not begin; “run” is null then. What made a run fail is told on standard error,\n"
                                   "and with --json in “message”.\n"
                                   "\n"
                                   "A file that is not there ends with 3: the same run works as soon as the file is back.\n"
                                   "A column or a list that is not there ends with 2: the export has to be changed first.\n"
                                   "The highest status counts when several exports are run.\n"
                                   "\n"
                                   "A run stops and asks, with 3, when so many people left the segment at once that its file\n"
                                   "may have been cut off. Run it again with --allow-leavers to take them off the list, or with\n"
                                   "--keep-leavers to leave everybody on it: what was sent is not sent again. “leavers” in the\n"
                                   "answer of --json counts people, not rows.\n"
                                   "\n"
                                   "--corrected takes one NAME, and what “relais report NAME --csv” has printed, or the window\n"
                                   "has saved, once the addresses in “email” are corrected, or what should stand in the column\n"
                                   "that “column” names is written into “value”. The rows that were changed are sent, and no\n"
                                   "others, with everything else that the export’s file has of them: if that or the settings\n"
                                   "have changed since the run, nothing is sent. Nobody is taken off the list.");
static const char erase_notes[] = N_("Its runs with their rows that were not delivered, its batches, and what is remembered of\n"
                                     "people who arrived are erased from the file, without a question. The export stays, and\n"
                                     "its next run sends everybody again, which can start automations twice. Whoever Relais\n"
                                     "took off the list stays off it: nobody knows any more that it was Relais. The lines of\n"
                                     "the accountability log stay: they hold no customer.");
static const char remove_notes[] = N_("The history of its runs goes with it, with their rows that were not delivered and what is\n"
                                      "remembered of people who arrived, without a question; the answer says how many runs\n"
                                      "those were. Nothing changes in the account, and whoever Relais took off the list stays off\n"
                                      "it: nobody knows any more that it was Relais. The lines of the accountability log stay.");
static const char history_notes[] = N_("The accountability log has a line for each run: who started it and how, when, for which\n"
                                       "connection and list, what was agreed to, the counts, and how it ended. A run that goes\n"
                                       "on gets one more line with the counts of the whole run. One that was killed gets its\n"
                                       "line when Relais sees that next. The log holds no customer and no key, and stays when\n"
                                       "an export or a connection is removed. Runs of an older Relais are not in it.\n"
                                       "\n"
                                       "--log prints a hash and a line each: the hash is the SHA-256 of the hash before, a line\n"
                                       "feed, and the line; before the first stand 64 zeros.\n"
                                       "\n"
                                       "--verify ends with 0 when the log is whole, and with 1 when a line was changed, is\n"
                                       "missing, stands elsewhere or was added, and names the first. It does not find what\n"
                                       "somebody did who can write the file and made all hashes after that anew, nor lines at\n"
                                       "the end that were cut off together with their runs and with the note of where the log\n"
                                       "ends. Note the last hash elsewhere: as long as the log only grew, --log still shows it.\n"
                                       "Everybody may verify the log; only an administrator may read it.\n"
                                       "\n"
                                       "Rows that were not delivered and people who left the segment are kept with their addresses.\n"
                                       "They are deleted 90 days after their run, or after as many DAYS as you say; with 0 as soon as\n"
                                       "the run has ended. It is done after each run and when Relais starts, and nothing of them\n"
                                       "stays in the file. Only an administrator may change that.");
static const char report_notes[] = N_("RUN is a run’s number as “relais history” shows it. An export’s NAME stands for its last run.\n"
                                      "\n"
                                      "People who left the segment are named below the rows, with what became of them, as far as\n"
                                      "the run has seen them on the list. They are in no row: with --csv they have no number, and\n"
                                      "with --json they stand in “left”. They are kept as long as rows that were not delivered.");

static const char administrators[] = N_("Only an administrator may do this.");
static const char contributors[] = N_("An administrator may do this, and a contributor with connections that are shared with\n"
                                   "contributors.");

static const Entry entries[] = {
  { "connection", "add", "", 0, 0, connection_options, N_("Check an account and connect to it; the API key is read from standard input"), add_notes, relais_command_connection_add, administrators },
  { "connection", "list", "", 0, 0, json_options, N_("Show the connections"), list_notes, relais_command_connection_list, contributors },
  { "connection", "check", N_("NAME"), 1, 1, no_options, N_("Ask the account whether the connection works"), NULL, relais_command_connection_check, administrators },
  { "connection", "remove", N_("NAME"), 1, 1, no_options, N_("Remove a connection and its key"), NULL, relais_command_connection_remove, administrators },
  { "lists", NULL, N_("CONNECTION"), 1, 1, json_options, N_("Show the account’s lists"), NULL, relais_command_lists, contributors },
  { "fields", NULL, N_("CONNECTION"), 1, 1, json_options, N_("Show the account’s custom fields"), NULL, relais_command_fields, contributors },
  { "export", "add", N_("FILE"), 1, 1, no_options, N_("Set up an export from its definition; - is standard input"), export_notes, relais_command_export_add, contributors },
  { "export", "change", N_("NAME FILE"), 2, 2, no_options, N_("Change an export’s definition and keep its history; - is standard input"), change_notes, relais_command_export_change, contributors },
  { "export", "list", "", 0, 0, json_options, N_("Show the exports"), NULL, relais_command_export_list },
  { "export", "show", N_("NAME"), 1, 1, no_options, N_("Show an export’s definition"), NULL, relais_command_export_show },
  { "export", "erase", N_("NAME"), 1, 1, no_options, N_("Erase everything that is remembered of an export’s runs"), erase_notes, relais_command_export_erase, contributors },
  { "export", "remove", N_("NAME"), 1, 1, no_options, N_("Remove an export and its history"), remove_notes, relais_command_export_remove, contributors },
  { "preview", NULL, N_("NAME"), 1, 1, preview_options, N_("Show what a run would do; nothing is sent"), preview_notes, relais_command_preview },
  /* Translators: one or more names, or an option, in the help of a command. */
  { "run", NULL, N_("NAME… | --all"), 0, G_MAXUINT, run_options, N_("Run exports, or go on with interrupted runs"), run_notes, relais_command_run, contributors },
  /* Translators: a name that may be left out, in the help of a command. */
  { "history", NULL, N_("[NAME]"), 0, 1, history_options, N_("Show past runs"), history_notes, relais_command_history },
  /* Translators: a run's number or an export's name, in the help of a command. */
  { "report", NULL, N_("RUN|NAME"), 1, 1, report_options, N_("Show what a run did not deliver, and whom it took off the list, with reasons"), report_notes, relais_command_report },
  { "practice", NULL, "", 0, 0, relais_cli_practice_options, N_("Run a practice account on this computer until it is interrupted"), NULL, NULL },
};

/* Whether the arguments are a command, and not for the window. */
gboolean
relais_cli_is_command (int    argc,
                       char **argv)
{
  return argc >= 2 && !g_str_equal (argv[1], "--practice") && !g_str_equal (argv[1], "--gapplication-service");
}

static gboolean
is_group (const char *word)
{
  for (gsize i = 0; word && i < G_N_ELEMENTS (entries); i++)
    if (entries[i].word && g_str_equal (entries[i].group, word))
      return TRUE;
  return FALSE;
}

static const Entry *
find_entry (const char * const *words)
{
  for (gsize i = 0; words[0] && i < G_N_ELEMENTS (entries); i++)
    if (g_str_equal (entries[i].group, words[0]) && (!entries[i].word || g_strcmp0 (entries[i].word, words[1]) == 0))
      return &entries[i];
  return NULL;
}

static void
append_usage (GString     *text,
              const Entry *entry)
{
  g_string_append_printf (text, "relais %s", entry->group);
  if (entry->word)
    g_string_append_printf (text, " %s", entry->word);
  if (*entry->arguments)
    g_string_append_printf (text, " %s", _(entry->arguments));
}

/* Appends the commands of @group, or all. */
static void
append_entries (GString    *text,
                const char *group)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      if (group && !g_str_equal (entries[i].group, group))
        continue;
      g_string_append (text, "  ");
      append_usage (text, &entries[i]);
      g_string_append_printf (text, "\n      %s\n", _(entries[i].summary));
    }
}

/* Returns (transfer full) the program's help. */
char *
relais_cli_help (void)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n", _("Relais sends segments to ActiveCampaign. Without a command it opens its window."));
  append_entries (text, NULL);
  g_string_append_printf (text, "\n%s\n", _("“--help” after a command shows its options; “relais --version” says which Relais this is."));
  g_string_append_printf (text, "\n%s\n", _("Exit status:\n"
                                            "  0    successful, or nothing to do\n"
                                            "  1    completed with errors\n"
                                            "  2    wrong usage or definition\n"
                                            "  3    failed or interrupted: can be run again\n"
                                            "  4    connection, key, role or consent in the way\n"
                                            "  130  canceled"));
  return g_string_free (text, FALSE);
}

static char *
make_group_help (const char *group)
{
  GString *text = g_string_new (NULL);

  append_entries (text, group);
  return g_string_free (text, FALSE);
}

static char *
make_entry_help (const Entry *entry)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GString) usage = g_string_new (NULL);

  append_usage (usage, entry);
  /* Translators: how a command is written; %s is the command with its arguments. */
  g_string_append_printf (text, _("Usage: %s [OPTION]…"), usage->str);
  g_string_append_printf (text, "\n\n%s\n\n%s\n", _(entry->summary), _("Options:"));
  relais_options_describe (entry->options, text);
  if (entry->notes)
    g_string_append_printf (text, "\n%s\n", _(entry->notes));
  if (entry->who)
    g_string_append_printf (text, "\n%s\n", _(entry->who));
  return g_string_free (text, FALSE);
}

/* Returns (transfer full) the help of @command, which is a word alone. */
char *
relais_cli_help_of (const char *command)
{
  return make_entry_help (find_entry ((const char * const []) { command, NULL }));
}

static char *
refuse_command (const char * const *words)
{
  /* The second word is the wrong one where the first is a group. */
  g_autofree char *plain = is_group (words[0]) ? g_strjoin (" ", words[0], words[1], NULL) : g_strdup (words[0]);
  g_autofree char *valid = relais_plain (plain);

  /* Translators: %s is what was typed. */
  return g_strdup_printf (_("There is no command “%s”. “relais --help” shows them all."), valid);
}

/**
 * relais_cli_read_words:
 * @self: what options and arguments are read into
 * @words: (array zero-terminated=1): what was typed, the program's name left out
 * @work: (out): what does the command; %NULL for "practice", which is done elsewhere
 * @message: (out) (transfer full) (nullable): what there is to say otherwise
 *
 * Checks words without doing anything.
 *
 * Returns: the exit status, or -1 when the command is to be done
 */
int
relais_cli_read_words (RelaisCommand       *self,
                       const char * const  *words,
                       RelaisCommandWork   *work,
                       char               **message)
{
  const Entry *entry = find_entry (words);
  g_autoptr (GError) error = NULL;
  gboolean wants_help;
  guint n;

  if (!entry && is_group (words[0]) && (!words[1] || g_str_equal (words[1], "--help") || g_str_equal (words[1], "-h")))
    {
      *message = make_group_help (words[0]);
      return words[1] ? RELAIS_EXIT_SUCCESS : RELAIS_EXIT_USAGE;
    }
  if (!entry)
    {
      *message = refuse_command (words);
      return RELAIS_EXIT_USAGE;
    }
  *work = entry->work;
  if (!entry->work)
    return -1;
  if (!relais_options_read (entry->options, words + (entry->word ? 2 : 1), self, &self->arguments, &wants_help, &error))
    {
      *message = g_strdup (error->message);
      return RELAIS_EXIT_USAGE;
    }
  n = g_strv_length (self->arguments);
  if (wants_help || n < entry->least || n > entry->most)
    {
      *message = make_entry_help (entry);
      return wants_help ? RELAIS_EXIT_SUCCESS : RELAIS_EXIT_USAGE;
    }
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
  RelaisCommandWork work = NULL;
  int status = relais_cli_read_words (self, (const char * const *) words + 1, &work, &message);

  if (status < 0 && work)
    work (self);
  else if (status == RELAIS_EXIT_SUCCESS)
    relais_command_print (self, "%s", message);
  else
    {
      g_application_command_line_printerr (command_line, "%s\n", message ? message : "");
      relais_command_end (self, RELAIS_EXIT_USAGE);
    }
}
