/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A report goes into a file that the person chooses. */

#include "relais-report-saver.h"

#include "relais-problem.h"

#include <glib/gi18n-lib.h>

/* One report to be saved. It goes on when its window is closed: it was asked for. */
typedef struct
{
  GWeakRef          window;
  GWeakRef          parent;   /* tells what went wrong when the window is gone */
  GWeakRef          toasts;
  RelaisJournal    *journal;  /* (owned) */
  RelaisRunRecord  *run;      /* (owned) */
  RelaisExport     *export;   /* (owned) */
  RelaisReportForm  form;
  GFile            *file;     /* (owned) (nullable): until it is chosen */
} Saving;

static void
free_saving (Saving *saving)
{
  g_weak_ref_clear (&saving->window);
  g_weak_ref_clear (&saving->parent);
  g_weak_ref_clear (&saving->toasts);
  g_object_unref (saving->journal);
  relais_run_record_free (saving->run);
  g_object_unref (saving->export);
  g_clear_object (&saving->file);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, free_saving)

static void
shown_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (object), result, &error) && gtk_widget_get_mapped (GTK_WIDGET (object)))
    relais_problem_show (GTK_WIDGET (object), _("The File Cannot Be Shown"), error);
}

static void
show_cb (AdwToast *toast,
         gpointer  user_data)
{
  GtkWidget *window = GTK_WIDGET (user_data);

  gtk_show_uri_full (GTK_WINDOW (window), g_object_get_data (G_OBJECT (toast), "uri"), GDK_CURRENT_TIME, NULL, shown_cb, NULL);
}

static void
add_toast (AdwToastOverlay *toasts,
           GtkWindow       *window,
           GFile           *file)
{
  AdwToast *toast = adw_toast_new (_("Saved"));

  adw_toast_set_button_label (toast, _("_Show"));
  g_object_set_data_full (G_OBJECT (toast), "uri", g_file_get_uri (file), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (show_cb), window, 0);
  adw_toast_overlay_add_toast (toasts, toast);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GtkWindow) window = g_weak_ref_get (&saving->window);
  g_autoptr (GtkWindow) parent = g_weak_ref_get (&saving->parent);
  g_autoptr (AdwToastOverlay) toasts = g_weak_ref_get (&saving->toasts);
  g_autoptr (GError) error = NULL;
  gboolean saved = relais_report_save_finish (result, &error);
  gboolean stands = window != NULL && gtk_widget_get_mapped (GTK_WIDGET (window));

  if (saved && stands && toasts != NULL)
    add_toast (toasts, window, saving->file);
  else if (!saved && (stands || parent != NULL))
    relais_problem_show (GTK_WIDGET (stands ? window : parent), _("The Report Was Not Saved"), error);
  if (g_application_get_default () != NULL)
    g_application_release (g_application_get_default ());
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           gpointer         user_data)
{
  g_autoptr (Saving) saving = user_data;
  RelaisReportForm form = saving->form;

  if (response == GTK_RESPONSE_ACCEPT)
    saving->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (saving->file != NULL)
    {
      /* The window can be closed meanwhile. */
      if (g_application_get_default () != NULL)
        g_application_hold (g_application_get_default ());
      relais_report_save_async (saving->journal, saving->run, saving->export, form, saving->file, NULL, saved_cb, saving);
      saving = NULL;
    }
  g_object_unref (chooser);
}

/* A name is no path, and says of which run this is. */
static char *
suggest_name (const RelaisRunRecord *run,
              RelaisReportForm       form)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (run->started_at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *day = local != NULL ? g_date_time_format (local, "%F %H-%M") : g_strdup ("");
  g_autofree char *name = g_strdup_printf ("%s %s.%s", run->export_name, day, form == RELAIS_REPORT_JSON ? "json" : "csv");

  return g_strdelimit (g_steal_pointer (&name), "/\\:*?\"<>|\n\r\t", '-');
}

/**
 * relais_report_saver_ask:
 * @window: over which the file is chosen
 * @toasts: in it, which tell that it is saved
 * @journal: where the rows are
 * @run: of which the report is
 * @export: its export
 * @form: what is saved
 *
 * Asks for a file, and saves the report there.
 */
void
relais_report_saver_ask (GtkWindow             *window,
                         AdwToastOverlay       *toasts,
                         RelaisJournal         *journal,
                         const RelaisRunRecord *run,
                         RelaisExport          *export,
                         RelaisReportForm       form)
{
  const char *title = form == RELAIS_REPORT_ROWS ? _("Save Rejected Rows") : _("Save Report");
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, window, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *name = suggest_name (run, form);
  Saving *saving = g_new0 (Saving, 1);

  g_weak_ref_init (&saving->window, window);
  g_weak_ref_init (&saving->parent, gtk_window_get_transient_for (window));
  g_weak_ref_init (&saving->toasts, toasts);
  saving->journal = g_object_ref (journal);
  saving->run = relais_run_record_copy (run);
  saving->export = g_object_ref (export);
  saving->form = form;
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (chosen_cb), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
