/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-preferences.h"

#include "relais-journal-ageing.h"
#include "relais-problem.h"
#include "relais-question.h"

#include <glib/gi18n-lib.h>

struct _RelaisPreferences
{
  AdwPreferencesWindow parent_instance;

  RelaisWorkspace *workspace;    /* (owned) */
  GCancellable    *cancellable;  /* (owned): cancelled when the window closes */
  guint            days;         /* as the journal has it */
  gboolean         known;        /* whether the journal has told that */

  AdwActionRow        *role_row;
  GtkLabel            *role_name;
  AdwPreferencesGroup *history_group;
  AdwEntryRow         *days_row;
};

G_DEFINE_FINAL_TYPE (RelaisPreferences, relais_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
is_closed (RelaisPreferences *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
show_days (RelaisPreferences *self)
{
  g_autofree char *text = g_strdup_printf ("%u", self->days);

  /* What the row shows already is not for applying. */
  adw_entry_row_set_show_apply_button (self->days_row, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->days_row), text);
  adw_entry_row_set_show_apply_button (self->days_row, TRUE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->days_row), "error");
}

static void
update_role (RelaisPreferences *self)
{
  RelaisRole role = relais_workspace_get_role (self->workspace);
  g_autoptr (GError) error = NULL;
  gboolean may = relais_workspace_check_right (self->workspace, RELAIS_ACTION_CHANGE_HISTORY, NULL, &error);

  gtk_label_set_label (self->role_name, relais_role_name (role));
  adw_action_row_set_subtitle (self->role_row, relais_role_explain (role));
  adw_preferences_group_set_description (self->history_group, may ? _("They are kept with their addresses, so that you can see why. With 0 they are deleted as soon as a run has ended.")
                                                                  : error->message);
  gtk_widget_set_sensitive (GTK_WIDGET (self->days_row), may && self->known);
}

static void
tell (RelaisPreferences *self,
      const char        *sentence)
{
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (sentence));
}

static void
aged_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (RelaisPreferences) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  guint n_runs = 0;
  gboolean aged = relais_journal_age_finish (RELAIS_JOURNAL (object), result, &n_runs, &error);

  if (is_closed (self))
    return;
  if (!aged)
    relais_problem_show (GTK_WIDGET (self), _("Older Rows Were Not Deleted"), error);
  /* Translators: %u counts runs of exports. */
  sentence = n_runs > 0 ? g_strdup_printf (ngettext ("Rows of %u older run deleted", "Rows of %u older runs deleted", n_runs), n_runs)
                        : g_strdup (_("Saved"));
  if (aged)
    tell (self, sentence);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (RelaisPreferences) self = user_data;
  RelaisJournal *journal = RELAIS_JOURNAL (object);
  g_autoptr (GError) error = NULL;

  if (relais_journal_write_finish (journal, result, &error))
    {
      relais_journal_age_async (journal, g_get_real_time (), NULL, aged_cb, g_steal_pointer (&self));
      return;
    }
  if (!is_closed (self))
    relais_problem_show (GTK_WIDGET (self), _("The Number of Days Was Not Saved"), error);
}

static gboolean
read_days (RelaisPreferences *self,
           guint             *days)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->days_row))));
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, RELAIS_MOST_KEEP_DAYS, &number, NULL))
    return FALSE;
  *days = (guint) number;

  return TRUE;
}

static void
save (RelaisPreferences *self,
      guint              days)
{
  self->days = days;
  show_days (self);
  relais_journal_set_keep_days_async (relais_workspace_get_journal (self->workspace), days, NULL, saved_cb, g_object_ref (self));
}

static void
fewer_answered_cb (AdwMessageDialog *dialog,
                   const char       *response,
                   gpointer          user_data)
{
  RelaisPreferences *self = user_data;

  if (g_strcmp0 (response, "delete") == 0)
    save (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (dialog), "days")));
  else
    show_days (self);
}

/* What is older goes at once, and for good. */
static void
ask_about_fewer (RelaisPreferences *self,
                 guint              days)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Delete Older Rows Now?"),
                                              _("Rows of runs that ended longer ago are deleted at once, and cannot be brought back. The counts of those runs stay."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data (G_OBJECT (dialog), "days", GUINT_TO_POINTER (days));
  g_signal_connect_object (dialog, "response", G_CALLBACK (fewer_answered_cb), self, 0);
  relais_question_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
days_applied_cb (RelaisPreferences *self)
{
  guint days;

  if (!relais_workspace_check_right (self->workspace, RELAIS_ACTION_CHANGE_HISTORY, NULL, NULL))
    return;
  if (!read_days (self, &days))
    {
      /* Translators: %u is the largest number that can be given. */
      g_autofree char *sentence = g_strdup_printf (_("Enter a number from 0 to %u"), RELAIS_MOST_KEEP_DAYS);

      gtk_widget_add_css_class (GTK_WIDGET (self->days_row), "error");
      tell (self, sentence);
    }
  else if (days < self->days)
    ask_about_fewer (self, days);
  else
    save (self, days);
}

static void
days_changed_cb (RelaisPreferences *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->days_row), "error");
}

static void
got_days_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (RelaisPreferences) self = user_data;
  g_autoptr (GError) error = NULL;
  guint days;

  self->known = relais_journal_get_keep_days_finish (RELAIS_JOURNAL (object), result, &days, &error);
  if (is_closed (self))
    return;
  if (!self->known)
    {
      relais_problem_show (GTK_WIDGET (self), _("The Number of Days Cannot Be Read"), error);
      return;
    }
  self->days = days;
  show_days (self);
  update_role (self);
}

static void
relais_preferences_dispose (GObject *object)
{
  g_cancellable_cancel (RELAIS_PREFERENCES (object)->cancellable);
  g_clear_object (&RELAIS_PREFERENCES (object)->workspace);
  G_OBJECT_CLASS (relais_preferences_parent_class)->dispose (object);
}

static void
relais_preferences_finalize (GObject *object)
{
  g_object_unref (RELAIS_PREFERENCES (object)->cancellable);
  G_OBJECT_CLASS (relais_preferences_parent_class)->finalize (object);
}

static void
relais_preferences_class_init (RelaisPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relais_preferences_dispose;
  G_OBJECT_CLASS (klass)->finalize = relais_preferences_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, RELAIS_RESOURCE_PATH "/ui/shell/relais-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, RelaisPreferences, role_row);
  gtk_widget_class_bind_template_child (widget_class, RelaisPreferences, role_name);
  gtk_widget_class_bind_template_child (widget_class, RelaisPreferences, history_group);
  gtk_widget_class_bind_template_child (widget_class, RelaisPreferences, days_row);
  gtk_widget_class_bind_template_callback (widget_class, days_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, days_changed_cb);
}

static void
relais_preferences_init (RelaisPreferences *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * relais_preferences_new:
 * @parent: (nullable): over which it stands
 * @workspace: what the person has
 *
 * Returns: (transfer none): a window; what may not be changed in the person's role says so
 */
GtkWidget *
relais_preferences_new (GtkWindow       *parent,
                        RelaisWorkspace *workspace)
{
  RelaisPreferences *self = g_object_new (RELAIS_TYPE_PREFERENCES, "transient-for", parent, NULL);

  self->workspace = g_object_ref (workspace);
  g_signal_connect_object (workspace, "notify::role", G_CALLBACK (update_role), self, G_CONNECT_SWAPPED);
  update_role (self);
  relais_journal_get_keep_days_async (relais_workspace_get_journal (workspace), self->cancellable, got_days_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}
