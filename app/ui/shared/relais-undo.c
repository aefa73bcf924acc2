/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is removed goes at once, and a toast offers to bring it back. When that ends, with the page on which it stands
 * too, it is gone for good. */

#include "relais-undo.h"

#include "relais-problem.h"

#include <glib/gi18n-lib.h>

#define TOAST_S 10
/* A longer name would leave no room for what is said of it. */
#define MAX_NAME 16

/* What a toast offers to bring back */
typedef struct
{
  RelaisWorkspace *workspace;  /* (owned) */
  GObject         *thing;      /* (owned) */
  GWeakRef         overlay;
} Offer;

static Offer *
new_offer (AdwToastOverlay *overlay,
           RelaisWorkspace *workspace,
           gpointer         thing)
{
  Offer *offer = g_new0 (Offer, 1);

  offer->workspace = g_object_ref (workspace);
  offer->thing = g_object_ref (thing);
  g_weak_ref_init (&offer->overlay, overlay);

  return offer;
}

static void
free_offer (Offer *offer)
{
  g_weak_ref_clear (&offer->overlay);
  g_object_unref (offer->thing);
  g_object_unref (offer->workspace);
  g_free (offer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offer, free_offer)

/* What is being removed is removed, and with the window closed too. */
static void
hold (void)
{
  if (g_application_get_default () != NULL)
    g_application_hold (g_application_get_default ());
}

static void
release (void)
{
  if (g_application_get_default () != NULL)
    g_application_release (g_application_get_default ());
}

static const char *
get_heading (gpointer thing)
{
  return RELAIS_IS_EXPORT (thing) ? _("The Export Was Not Removed") : _("The Connection Was Not Removed");
}

static void
notify_problem (const char   *heading,
                const GError *error)
{
  g_autoptr (GNotification) notification = g_notification_new (heading);

  g_notification_set_body (notification, error->message);
  if (g_application_get_default () != NULL)
    g_application_send_notification (g_application_get_default (), "removal", notification);
}

static void
tell_problem (Offer        *offer,
              const GError *error)
{
  g_autoptr (GtkWidget) overlay = g_weak_ref_get (&offer->overlay);

  if (overlay != NULL && gtk_widget_get_root (overlay) != NULL)
    relais_problem_show (overlay, get_heading (offer->thing), error);
  else
    notify_problem (get_heading (offer->thing), error);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Offer) offer = user_data;
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_clear_finish (RELAIS_WORKSPACE (object), result, &error))
    tell_problem (offer, error);
  release ();
}

/* Takes @offer over. */
static void
end_offer (Offer *taken)
{
  g_autoptr (Offer) offer = taken;
  RelaisWorkspace *workspace = offer->workspace;
  GObject *thing = offer->thing;

  if (!relais_workspace_is_set_aside (workspace, thing))
    return;
  hold ();
  relais_workspace_clear_async (workspace, thing, cleared_cb, g_steal_pointer (&offer));
}

static void
undo_cb (AdwToast *toast,
         gpointer  user_data)
{
  const Offer *offer = user_data;
  /* Being back ends the offer. */
  g_autoptr (RelaisWorkspace) workspace = g_object_ref (offer->workspace);
  g_autoptr (GObject) thing = g_object_ref (offer->thing);

  relais_workspace_bring_back (workspace, thing);
}

static void
dismissed_cb (AdwToast *toast)
{
  g_object_set_data (G_OBJECT (toast), "offer", NULL);
}

/* It was brought back by something else, or its name was given to something new. */
static void
removal_ended_cb (RelaisWorkspace *workspace,
                  GObject         *thing,
                  AdwToast        *toast)
{
  const Offer *offer = g_object_get_data (G_OBJECT (toast), "offer");

  if (offer != NULL && offer->thing == thing)
    adw_toast_dismiss (toast);
}

static char *
shorten (const char *name)
{
  g_autofree char *beginning = NULL;

  if (g_utf8_strlen (name, -1) <= MAX_NAME)
    return g_strdup (name);
  beginning = g_utf8_substring (name, 0, MAX_NAME - 1);

  return g_strconcat (beginning, "…", NULL);
}

/* Takes @offer over. */
static void
add_toast (AdwToastOverlay *overlay,
           Offer           *offer)
{
  const char *name = RELAIS_IS_EXPORT (offer->thing) ? relais_export_get_name (RELAIS_EXPORT (offer->thing))
                                                     : relais_connection_get_name (RELAIS_CONNECTION (offer->thing));
  g_autofree char *short_name = shorten (name);
  /* Translators: %s is the name of an export or of a connection. */
  g_autofree char *sentence = g_strdup_printf (_("“%s” removed"), short_name);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, TOAST_S);
  /* What was removed last is what a person wants to see; others wait. */
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect (toast, "button-clicked", G_CALLBACK (undo_cb), offer);
  g_signal_connect (toast, "dismissed", G_CALLBACK (dismissed_cb), NULL);
  g_signal_connect_object (offer->workspace, "removal-ended", G_CALLBACK (removal_ended_cb), toast, 0);
  /* Dismissed, or gone with its page: the offer ends. */
  g_object_set_data_full (G_OBJECT (toast), "offer", offer, (GDestroyNotify) end_offer);
  adw_toast_overlay_add_toast (overlay, toast);
}

static void
set_aside_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Offer) offer = user_data;
  g_autoptr (GtkWidget) overlay = g_weak_ref_get (&offer->overlay);
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_set_aside_finish (RELAIS_WORKSPACE (object), result, &error))
    tell_problem (offer, error);
  else if (overlay != NULL && gtk_widget_get_root (overlay) != NULL)
    add_toast (ADW_TOAST_OVERLAY (overlay), g_steal_pointer (&offer));
  else
    end_offer (g_steal_pointer (&offer));
  release ();
}

/**
 * relais_undo_remove:
 * @overlay: where it is offered to bring it back
 * @workspace: whose it is
 * @thing: a RelaisConnection or a RelaisExport; a run of an export ends first, at the edge of a batch
 */
void
relais_undo_remove (AdwToastOverlay *overlay,
                    RelaisWorkspace *workspace,
                    gpointer         thing)
{
  hold ();
  relais_workspace_set_aside_async (workspace, thing, set_aside_cb, new_offer (overlay, workspace, thing));
}

static void
all_cleared_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!relais_workspace_clear_finish (RELAIS_WORKSPACE (object), result, &error))
    notify_problem (_("Something Was Not Removed"), error);
  release ();
}

/**
 * relais_undo_end_all:
 * @workspace: whose things were removed
 *
 * Nothing of it can be brought back any more: the window closes. The program stays until it is gone.
 */
void
relais_undo_end_all (RelaisWorkspace *workspace)
{
  hold ();
  relais_workspace_clear_async (workspace, NULL, all_cleared_cb, NULL);
}
