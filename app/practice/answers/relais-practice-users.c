/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-practice-call.h"

/* Whose key it is, and what the account's plan has room for. The latter is for keys of
 * administrators alone; it is documented in words only. */

#define DEFAULT_ROOM 2500000

static void
tell_user (RelaisCall *call)
{
  static const char *const links[] = { "lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs", "dealConnection",
                                       "userConversationsPermission", "seatUser", NULL };

  relais_write_raw (call->answer, "{\"user\":{\"username\":\"practice\",\"firstName\":\"Camille\",\"lastName\":\"Exemple\","
                                  "\"email\":\"camille@example.com\",\"phone\":\"\",\"signature\":null,\"localZoneid\":\"Europe\\/Paris\","
                                  "\"password_updated_utc_timestamp\":\"2024-01-08 08:00:00\",\"cdate\":\"2024-01-08T09:00:00+01:00\","
                                  "\"udate\":\"2024-01-08T09:00:00+01:00\",\"mfaEnabled\":\"0\"");
  relais_call_links (call, "users", 1, links);
  relais_call_id (call, "id", 1);
  g_string_append (call->answer, "}}");
}

static void
tell_settings (RelaisCall *call)
{
  RelaisFaults *faults = &call->account->faults;

  if (faults->at[RELAIS_FAULT_SETTINGS_403].on)
    {
      relais_call_forbid (call);
      return;
    }
  call->is_private = TRUE;
  relais_write_raw (call->answer, "{\"account\":\"practice\",\"email\":\"camille@example.com\",\"first_name\":\"Camille\",\"last_name\":\"Exemple\","
                                  "\"cname\":\"\"");
  relais_write_string (call->answer, "status", faults->at[RELAIS_FAULT_ACCOUNT_STATUS].on ? faults->at[RELAIS_FAULT_ACCOUNT_STATUS].text : "active");
  relais_write_number (call->answer, "subscriber_limit",
                       faults->at[RELAIS_FAULT_CONTACT_LIMIT].on ? faults->at[RELAIS_FAULT_CONTACT_LIMIT].number : DEFAULT_ROOM);
  relais_write_number (call->answer, "subscriber_total", call->account->n_active);
  relais_write_raw (call->answer, "\"trial\":false,\"credits\":null,\"branding\":true}");
}

/**
 * relais_practice_answer_users:
 * @call: a request
 *
 * Returns: whether it was about the user or the account's settings
 */
gboolean
relais_practice_answer_users (RelaisCall *call)
{
  static const RelaisRoute routes[] = { { "GET", "users/me", tell_user }, { "GET", "settings/account", tell_settings } };

  return relais_call_route (call, routes, G_N_ELEMENTS (routes));
}
