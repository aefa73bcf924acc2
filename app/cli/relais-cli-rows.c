/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that were not delivered, or would not be, in the three forms that they can be asked for in. */

#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

#include "relais-format.h"
#include "relais-rejections.h"

/* A preview for people shows this many. */
#define MAX_SHOWN 20

static void
append_plain (GString               *text,
              const RelaisRejection *rejection)
{
  g_autofree char *reason = relais_rejection_explain (rejection);
  g_autofree char *email = relais_plain (rejection->email);
  g_autofree char *plain = relais_plain (reason);

  g_string_append_printf (text, "%8" G_GUINT64_FORMAT "  %s  %s\n", rejection->row, email, plain);
}

/**
 * relais_command_print_row:
 * @self: a command, which says in which form
 * @rejection: the row
 * @run_id: (nullable): of the run; %NULL in a preview
 * @first: whether none was printed before
 *
 * Prints one row with the reason why it was not delivered.
 */
void
relais_command_print_row (RelaisCommand         *self,
                          const RelaisRejection *rejection,
                          const char            *run_id,
                          gboolean               first)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->json)
    relais_json_rejection (text, rejection, first);
  else if (self->csv)
    relais_csv_rejection (text, rejection, run_id);
  else
    append_plain (text, rejection);
  relais_command_print (self, "%s", text->str);
}

/**
 * relais_command_print_csv_head:
 * @self: a command
 *
 * Prints what stands above rows in CSV.
 */
void
relais_command_print_csv_head (RelaisCommand *self)
{
  relais_command_print (self, "%s", RELAIS_CSV_HEAD);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const RelaisRejection *one = *(RelaisRejection * const *) a;
  const RelaisRejection *other = *(RelaisRejection * const *) b;

  return one->row < other->row ? -1 : one->row > other->row;
}

/* Says how many rows are not shown, and how they can be seen. */
static void
print_rest (RelaisCommand *self,
            const char    *export_name,
            guint64        n_more)
{
  g_autofree char *figure = relais_format_count (n_more);
  g_autofree char *name = relais_plain (export_name);
  g_autofree char *quoted = g_shell_quote (name);

  /* Translators: the first %s is a number, the second the name of an export as a shell takes it. */
  relais_command_print (self, ngettext ("… and %s more row. To see them all: relais preview %s --csv\n",
                                        "… and %s more rows. To see them all: relais preview %s --csv\n", n_more), figure, quoted);
}

/* A preview keeps no more rows than that in memory. */
static void
warn_of_rest (RelaisCommand *self,
              guint64        n_more)
{
  g_autofree char *figure = relais_format_count (n_more);
  g_autofree char *sentence = NULL;

  /* Translators: %s is a number. */
  sentence = g_strdup_printf (ngettext ("%s more row would not be sent. A preview lists no more than these; the report of a run lists all.",
                                        "%s more rows would not be sent. A preview lists no more than these; the report of a run lists all.",
                                        n_more), figure);
  relais_command_refuse (self, RELAIS_EXIT_SUCCESS, sentence);
}

/**
 * relais_command_print_preview_rows:
 * @self: a command
 * @export_name: of the export
 * @counts: what a run would do
 * @rejections: (element-type RelaisRejection): rows that would not be sent, the first of very many; it is sorted
 *
 * Prints rows that would not be sent: in CSV all there are, for people some.
 */
void
relais_command_print_preview_rows (RelaisCommand         *self,
                                   const char            *export_name,
                                   const RelaisRowCounts *counts,
                                   GPtrArray             *rejections)
{
  guint n = self->csv ? rejections->len : MIN (rejections->len, MAX_SHOWN);
  guint64 n_more = counts->read - counts->by_state[RELAIS_ROW_DELIVERED] - counts->by_state[RELAIS_ROW_UNCHANGED] - n;

  g_ptr_array_sort (rejections, compare_rows);
  if (self->csv)
    relais_command_print_csv_head (self);
  else if (n > 0)
    relais_command_print (self, "%s\n", _("Rows that would not be sent, and why:"));
  for (guint i = 0; i < n; i++)
    relais_command_print_row (self, g_ptr_array_index (rejections, i), NULL, i == 0);
  if (n_more > 0 && self->csv)
    warn_of_rest (self, n_more);
  else if (n_more > 0)
    print_rest (self, export_name, n_more);
}
