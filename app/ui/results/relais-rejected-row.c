/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-rejected-row.h"

#include "relais-address.h"
#include "relais-rejections.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _RelaisRejectedRow
{
  AdwExpanderRow parent_instance;

  guint64            row;
  char              *written;      /* (owned): the address as it was */
  char              *column;       /* (owned): whose cell was the reason; empty for the address */
  RelaisCorrections *corrections;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (RelaisRejectedRow, relais_rejected_row, ADW_TYPE_EXPANDER_ROW)

/**
 * RelaisRejectedRow::corrected:
 *
 * Something was corrected, or is as it was again.
 */
static guint corrected_signal;

static void
relais_rejected_row_finalize (GObject *object)
{
  RelaisRejectedRow *self = RELAIS_REJECTED_ROW (object);

  g_free (self->written);
  g_free (self->column);
  relais_corrections_unref (self->corrections);
  G_OBJECT_CLASS (relais_rejected_row_parent_class)->finalize (object);
}

static void
relais_rejected_row_class_init (RelaisRejectedRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_rejected_row_finalize;
  corrected_signal = g_signal_new ("corrected", RELAIS_TYPE_REJECTED_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
relais_rejected_row_init (RelaisRejectedRow *self)
{
}

static gboolean
can_be_read (const char *text)
{
  RelaisAddress address;

  return relais_address_read ((RelaisText) { text, strlen (text) }, &address) == RELAIS_REASON_NONE;
}

/* What is not an address yet shows it, while it is being written too. */
static void
address_changed_cb (GtkEditable *entry,
                    gpointer     user_data)
{
  RelaisRejectedRow *self = RELAIS_REJECTED_ROW (user_data);
  const char *text = gtk_editable_get_text (entry);
  gboolean changed = strcmp (text, self->written) != 0;
  gboolean wrong = changed && !can_be_read (text);

  if (changed && !wrong)
    relais_corrections_set (self->corrections, self->row, "", text);
  else
    relais_corrections_drop (self->corrections, self->row, "");
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  g_signal_emit (self, corrected_signal, 0);
}

static void
value_changed_cb (GtkEditable *entry,
                  gpointer     user_data)
{
  RelaisRejectedRow *self = RELAIS_REJECTED_ROW (user_data);
  const char *text = gtk_editable_get_text (entry);

  if (*text != '\0')
    relais_corrections_set (self->corrections, self->row, self->column, text);
  else
    relais_corrections_drop (self->corrections, self->row, self->column);
  g_signal_emit (self, corrected_signal, 0);
}

static void
add_entry (RelaisRejectedRow *self,
           const char        *title,
           const char        *text,
           GCallback          changed)
{
  GtkWidget *entry = adw_entry_row_new ();

  /* Names of columns come from files: they are text, never markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (entry), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), title);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_connect (entry, "changed", changed, self);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), entry);
}

/**
 * relais_rejected_row_new:
 * @rejection: a row that can be corrected
 * @title: which row it is
 * @column: whose cell was the reason; empty for the address
 * @corrections: what is corrected goes in there
 *
 * An address that is none is not taken for a correction.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
relais_rejected_row_new (const RelaisRejection *rejection,
                         const char            *title,
                         const char            *column,
                         RelaisCorrections     *corrections)
{
  RelaisRejectedRow *self = g_object_new (RELAIS_TYPE_REJECTED_ROW, NULL);
  g_autofree char *reason = relais_rejection_explain (rejection);

  self->row = rejection->row;
  self->written = g_strdup (rejection->email);
  self->column = g_strdup (column);
  self->corrections = relais_corrections_ref (corrections);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  /* A screen reader comes to the row before it comes to what is in it. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), reason);
  if (*column != '\0')
    {
      /* Translators: %s is the name of a column, whose value could not be sent. */
      g_autofree char *value = g_strdup_printf (_("What should stand in “%s”"), column);

      add_entry (self, value, "", G_CALLBACK (value_changed_cb));
    }
  else
    add_entry (self, _("Email address"), rejection->email, G_CALLBACK (address_changed_cb));

  return GTK_WIDGET (self);
}
