/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every dialog is opened, worked in and closed ten times, with -m perf a hundred, also in the middle of what it is
 * loading: nothing of it is left. */

#include "relais-about.h"
#include "relais-connection-dialog.h"
#include "relais-export-dialog.h"
#include "relais-history-dialog.h"
#include "relais-log-dialog.h"
#include "relais-preferences.h"
#include "relais-result-dialog.h"
#include "relais-run-questions.h"
#include "relais-uses-dialog.h"
#include "ui-fixture.h"

#include <string.h>

#define TIMES      (g_test_perf () ? 100 : 10)
#define PATIENCE_S 20

typedef struct
{
  UiFixture         ui;
  RelaisConnection *connection;
  RelaisExport     *export;     /* that has run */
  RelaisRunRecord  *run;        /* (owned): its run */
  GtkWidget        *parent;
  AdwToastOverlay  *toasts;
} Fixture;

/* What shows a dialog.
 * Returns: (transfer none): it */
typedef GtkWidget * (* Open) (Fixture *fixture);

typedef struct
{
  const char *name;
  Open        open;
} Dialog;

static gboolean
has_ended (gpointer data)
{
  RelaisRun *run = relais_export_get_last_run (data);

  return run != NULL && !relais_run_is_live (run);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *path = NULL;

  ui_fixture_set_up (&fixture->ui, NULL);
  path = ui_write_segment (&fixture->ui, "EMail,FirstName\nzoe@example.com,Zoé\nnot an address,Luc\n");
  fixture->connection = ui_add_connection (&fixture->ui, "Shop");
  fixture->export = ui_add_export (&fixture->ui, "Spring", path);
  fixture->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  fixture->parent = ui_show (GTK_WIDGET (fixture->toasts));

  relais_delivery_run_async (fixture->ui.delivery, fixture->export, &(RelaisRunOptions) { 0 }, NULL, NULL, NULL);
  ui_wait ("the run to end", has_ended, fixture->export);
  fixture->run = relais_run_record_copy (relais_run_get_record (relais_export_get_last_run (fixture->export)));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  relais_run_record_free (fixture->run);
  ui_destroy (fixture->parent);
  ui_fixture_tear_down (&fixture->ui, NULL);
}

static GtkWidget *
show (GtkWidget *dialog)
{
  gtk_window_present (GTK_WINDOW (dialog));

  return dialog;
}

static RelaisJournal *
get_journal (Fixture *fixture)
{
  return relais_workspace_get_journal (fixture->ui.workspace);
}

static GtkWidget *
open_new_connection (Fixture *fixture)
{
  return show (relais_connection_dialog_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace, NULL));
}

static GtkWidget *
open_connection (Fixture *fixture)
{
  return show (relais_connection_dialog_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace, fixture->connection));
}

static GtkWidget *
open_uses (Fixture *fixture)
{
  return show (relais_uses_dialog_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace, fixture->connection, fixture->toasts));
}

static GtkWidget *
open_new_export (Fixture *fixture)
{
  return show (relais_export_dialog_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace, NULL));
}

static GtkWidget *
open_export (Fixture *fixture)
{
  return show (relais_export_dialog_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace, fixture->export));
}

static GtkWidget *
open_history (Fixture *fixture)
{
  return show (relais_history_dialog_new (GTK_WINDOW (fixture->parent), get_journal (fixture), fixture->export));
}

static GtkWidget *
open_log (Fixture *fixture)
{
  return show (relais_log_dialog_new (GTK_WINDOW (fixture->parent), get_journal (fixture)));
}

static GtkWidget *
open_result (Fixture *fixture)
{
  return show (relais_result_dialog_new (GTK_WINDOW (fixture->parent), get_journal (fixture), fixture->export, fixture->run));
}

static GtkWidget *
open_preferences (Fixture *fixture)
{
  return show (relais_preferences_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace));
}

static GtkWidget *
open_about (Fixture *fixture)
{
  return show (relais_about_new (GTK_WINDOW (fixture->parent), fixture->ui.workspace));
}

/* The window that came last. */
static GtkWidget *
get_newest (void)
{
  g_autoptr (GtkWidget) newest = g_list_model_get_item (gtk_window_get_toplevels (), 0);
  guint n = g_list_model_get_n_items (gtk_window_get_toplevels ());

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (gtk_window_get_toplevels (), i);

      if (ADW_IS_MESSAGE_DIALOG (top))
        g_set_object (&newest, top);
    }

  return newest;
}

static void
answered_cb (gpointer                owner,
             RelaisExport           *export,
             const RelaisRunOptions *options)
{
}

static GtkWidget *
open_repeats_question (Fixture *fixture)
{
  RelaisRunOptions options = { 0 };

  relais_ask_about_repeats (GTK_WINDOW (fixture->parent), fixture->export, 2, &options, answered_cb, fixture->parent);

  return get_newest ();
}

static const Dialog dialogs[] = {
  { "a connection that is added", open_new_connection },
  { "a connection that is edited", open_connection },
  { "what uses a connection", open_uses },
  { "an export that is set up", open_new_export },
  { "an export that is edited", open_export },
  { "a history", open_history },
  { "the log", open_log },
  { "a result", open_result },
  { "the preferences", open_preferences },
  { "what Relais is", open_about },
  { "a question", open_repeats_question },
};

/* Each is taken out of @alive when it goes. */
static void
gone_cb (gpointer  alive,
         GObject  *where_it_was)
{
  g_hash_table_remove (alive, where_it_was);
}

/* Watches @widget and everything in it, but the tooltips' window, which GTK keeps. */
static void
watch_below (GtkWidget  *widget,
             GHashTable *alive)
{
  if (strcmp (G_OBJECT_TYPE_NAME (widget), "GtkTooltipWindow") == 0)
    return;

  g_hash_table_insert (alive, widget, g_strdup_printf ("%s %s", G_OBJECT_TYPE_NAME (widget), gtk_widget_get_name (widget)));
  g_object_weak_ref (G_OBJECT (widget), gone_cb, alive);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    watch_below (child, alive);
}

typedef struct
{
  GHashTable *alive;   /* (owned) (element-type GtkWidget utf8): what they are */
  gint64      since;
} Watch;

/* Whatever is waited for in vain is named. */
static gboolean
has_gone (gpointer data)
{
  Watch *watch = data;
  GHashTableIter iter;
  gpointer widget, what;

  if (g_hash_table_size (watch->alive) == 0)
    return TRUE;
  if (g_get_monotonic_time () < watch->since + PATIENCE_S * G_USEC_PER_SEC)
    return FALSE;

  g_hash_table_iter_init (&iter, watch->alive);
  while (g_hash_table_iter_next (&iter, &widget, &what))
    {
      g_test_message ("%s is left", (const char *) what);
      g_object_weak_unref (widget, gone_cb, watch->alive);
    }
  g_test_fail ();

  return TRUE;
}

/* Types into whatever can be typed into, turns every switch and chooses of every choice. The search of a drop-down
 * is left alone: GTK 4.8 still looks for what it shows when it has gone. */
static void
work (GtkWidget *widget)
{
  if (GTK_IS_EDITABLE (widget) && gtk_editable_get_editable (GTK_EDITABLE (widget)) && !GTK_IS_TEXT (widget))
    gtk_editable_set_text (GTK_EDITABLE (widget), "é 42");
  else if (GTK_IS_SWITCH (widget) && gtk_widget_is_sensitive (widget))
    gtk_switch_set_active (GTK_SWITCH (widget), !gtk_switch_get_active (GTK_SWITCH (widget)));
  else if (GTK_IS_DROP_DOWN (widget) && gtk_widget_is_sensitive (widget))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (widget), 1);
  else if (GTK_IS_EXPANDER (widget))
    gtk_expander_set_expanded (GTK_EXPANDER (widget), TRUE);
  if (GTK_IS_DROP_DOWN (widget))
    return;

  for (GtkWidget *child = gtk_widget_get_first_child (widget), *next; child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      work (child);
    }
}

static void
close_and_look (GtkWidget  *dialog,
                const char *name)
{
  g_autoptr (GHashTable) alive = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Watch watch = { .alive = alive, .since = g_get_monotonic_time () };

  watch_below (dialog, alive);
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_wait (name, has_gone, &watch);
}

static void
test_nothing_is_left (Fixture       *fixture,
                      gconstpointer  data)
{
  const Dialog *dialog = data;

  for (guint i = 0; i < TIMES; i++)
    {
      GtkWidget *shown = dialog->open (fixture);

      /* Every other time it goes in the middle of what it is loading, having been worked in or not. */
      if (i % 2 == 0)
        for (guint turns = 0; turns < 4; turns++)
          ui_settle ();
      if (i % 4 < 2)
        work (shown);
      if (i % 8 == 0)
        ui_settle ();
      close_and_look (shown, dialog->name);
    }
}

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dialogs/nothing is left of %s", dialogs[i].name);

      g_test_add (path, Fixture, &dialogs[i], set_up, test_nothing_is_left, tear_down);
    }

  return g_test_run ();
}
