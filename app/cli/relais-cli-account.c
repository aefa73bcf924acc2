/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-command-private.h"

#include <glib/gi18n-lib.h>

static void
print_entry (RelaisCommand *self,
             GString       *json,
             guint32        id,
             const char    *label,
             const char    *text,
             const char    *type)
{
  g_autofree char *plain = relais_plain (text && *text ? text : _("(no name)"));

  if (!self->json)
    {
      relais_command_print (self, "%6u  %s%s%s\n", id, plain, type ? " · " : "", type ? type : "");
      return;
    }
  g_string_append_printf (json, "%s{\"id\": \"%u\", \"%s\": ", json->len > 1 ? ", " : "", id, label);
  relais_json_string (json, text);
  if (type)
    {
      g_string_append (json, ", \"type\": ");
      relais_json_string (json, type);
    }
  g_string_append_c (json, '}');
}

static void
lists_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lists = relais_client_list_lists_finish (RELAIS_CLIENT (object), result, &error);
  g_autoptr (GString) json = g_string_new ("[");

  if (!lists)
    {
      relais_command_fail (self, error);
      return;
    }
  for (guint i = 0; i < lists->len; i++)
    {
      RelaisList *list = lists->pdata[i];

      if (list->is_email)
        print_entry (self, json, list->id, "name", list->name, NULL);
    }
  if (self->json)
    relais_command_print (self, "%s]\n", json->str);
}

static void
fields_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fields = relais_client_list_fields_finish (RELAIS_CLIENT (object), result, &error);
  g_autoptr (GString) json = g_string_new ("[");

  if (!fields)
    {
      relais_command_fail (self, error);
      return;
    }
  for (guint i = 0; i < fields->len; i++)
    {
      RelaisField *field = fields->pdata[i];
      g_autofree char *type = relais_plain (field->type_name);

      print_entry (self, json, field->id, "title", field->title, type);
    }
  if (self->json)
    relais_command_print (self, "%s]\n", json->str);
}

static void
client_for_lists_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &error);

  if (client)
    relais_client_list_lists_async (client, self->cancellable, lists_cb, relais_command_ref (self));
  else
    relais_command_fail (self, error);
}

static void
client_for_fields_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      data)
{
  g_autoptr (RelaisCommand) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisClient) client = relais_workspace_open_client_finish (RELAIS_WORKSPACE (object), result, &error);

  if (client)
    relais_client_list_fields_async (client, self->cancellable, fields_cb, relais_command_ref (self));
  else
    relais_command_fail (self, error);
}

static void
open_client (RelaisCommand       *self,
             GAsyncReadyCallback  callback)
{
  RelaisConnection *connection = relais_command_find_connection (self, self->arguments[0]);

  if (connection && relais_command_may (self, RELAIS_ACTION_USE_CONNECTION, connection))
    relais_workspace_open_client_async (self->workspace, connection, self->cancellable, callback,
                                        relais_command_ref (self));
}

/* relais lists CONNECTION */
void
relais_command_lists (RelaisCommand *self)
{
  open_client (self, client_for_lists_cb);
}

/* relais fields CONNECTION */
void
relais_command_fields (RelaisCommand *self)
{
  open_client (self, client_for_fields_cb);
}
