/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several exports are run at once: which of them are not, and why, is told. */

#include "relais-run-several.h"

#include "relais-problem.h"

#include <glib/gi18n-lib.h>

/**
 * relais_run_several_leaves_out:
 * @workspace: whose person runs them
 * @export: one of those that are to run
 *
 * Returns: why it is left out, or that it is not
 */
RelaisLeftOut
relais_run_several_leaves_out (RelaisWorkspace *workspace,
                               RelaisExport    *export)
{
  /* First: whatever else stands in the way is for somebody else to put right. */
  if (!relais_workspace_check_right (workspace, RELAIS_ACTION_RUN_EXPORTS, relais_export_get_connection (export), NULL))
    return RELAIS_LEFT_OUT_ROLE;
  if (!relais_export_check_readable (export, NULL))
    return RELAIS_LEFT_OUT_UNREADABLE;

  switch (relais_export_get_status (export))
    {
    case RELAIS_EXPORT_QUEUED:
    case RELAIS_EXPORT_PROCESSING: return RELAIS_LEFT_OUT_RUNS;
    case RELAIS_EXPORT_NO_CONNECTION: return RELAIS_LEFT_OUT_NO_CONNECTION;
    case RELAIS_EXPORT_ASKING: return RELAIS_LEFT_OUT_ASKING;
    case RELAIS_EXPORT_NOT_STARTED:
    case RELAIS_EXPORT_SUCCESSFUL:
    case RELAIS_EXPORT_COMPLETED_WITH_ERRORS:
    case RELAIS_EXPORT_FAILURE:
    case RELAIS_EXPORT_CANCELED:
    case RELAIS_EXPORT_SKIPPED:
    case RELAIS_EXPORT_INTERRUPTED:
    default: return RELAIS_LEFT_OUT_NOT;
    }
}

/* Returns: (transfer full) (nullable): which of them are left out for this reason */
static char *
name_those (RelaisWorkspace *workspace,
            GPtrArray       *left_out,
            RelaisLeftOut    reason)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < left_out->len; i++)
    {
      RelaisExport *export = g_ptr_array_index (left_out, i);

      if (relais_run_several_leaves_out (workspace, export) != reason)
        continue;
      if (names->len > 0)
        /* Translators: stands between the names in a list. */
        g_string_append (names, C_("list of names", ", "));
      /* Translators: %s is the name of an export. */
      g_string_append_printf (names, C_("list of names", "“%s”"), relais_export_get_name (export));
    }

  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static char *
describe_reason (RelaisLeftOut  reason,
                 const char    *names)
{
  switch (reason)
    {
    /* Translators: in each of these, %s is one name or several. */
    case RELAIS_LEFT_OUT_NO_CONNECTION: return g_strdup_printf (_("Without a connection: %s. Choose one in the settings."), names);
    case RELAIS_LEFT_OUT_ASKING: return g_strdup_printf (_("Waiting for your answer: %s. Press “Answer…” beside it."), names);
    case RELAIS_LEFT_OUT_RUNS: return g_strdup_printf (_("Already running: %s."), names);
    case RELAIS_LEFT_OUT_UNREADABLE: return g_strdup_printf (_("With settings that this version of Relais cannot read: %s. Update Relais."), names);
    case RELAIS_LEFT_OUT_ROLE: return g_strdup_printf (_("Only to look at in your role: %s. An administrator can change that."), names);
    case RELAIS_LEFT_OUT_NOT:
    default: g_return_val_if_reached (g_strdup (""));
    }
}

/**
 * relais_run_several_describe:
 * @workspace: whose person runs them
 * @n_begun: how many exports run now
 * @left_out: (element-type RelaisExport): the others
 *
 * Returns: (transfer full): how many run, and a line for each reason why others do not
 */
char *
relais_run_several_describe (RelaisWorkspace *workspace,
                             guint            n_begun,
                             GPtrArray       *left_out)
{
  static const RelaisLeftOut reasons[] = {
    RELAIS_LEFT_OUT_ASKING, RELAIS_LEFT_OUT_NO_CONNECTION, RELAIS_LEFT_OUT_UNREADABLE, RELAIS_LEFT_OUT_RUNS,
    RELAIS_LEFT_OUT_ROLE,
  };
  g_autoptr (GString) text = g_string_new (NULL);

  if (n_begun > 0)
    /* Translators: %u counts exports that were begun. */
    g_string_append_printf (text, ngettext ("%u export is running.", "%u exports are running.", n_begun), n_begun);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autofree char *names = name_those (workspace, left_out, reasons[i]);
      g_autofree char *line = names != NULL ? describe_reason (reasons[i], names) : NULL;

      if (line != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n\n" : "", line);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * relais_run_several_tell:
 * @widget: where it was asked for
 * @toasts: for what takes a few words
 * @workspace: whose person runs them
 * @n_begun: how many exports run now
 * @left_out: (element-type RelaisExport): the others
 */
void
relais_run_several_tell (GtkWidget       *widget,
                         AdwToastOverlay *toasts,
                         RelaisWorkspace *workspace,
                         guint            n_begun,
                         GPtrArray       *left_out)
{
  g_autofree char *text = relais_run_several_describe (workspace, n_begun, left_out);

  if (left_out->len > 0)
    relais_problem_tell (widget, n_begun > 0 ? _("Some Exports Do Not Run") : _("No Export Runs"), text);
  else if (n_begun > 0)
    adw_toast_overlay_add_toast (toasts, adw_toast_new (text));
}
