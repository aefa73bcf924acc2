/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was sent of somebody, and what the account holds. */

#include "relais-run-verifying-private.h"

#include <string.h>

/* Returns: (transfer none): what the account holds, "" when there is nothing */
static const char *
find_held (const RelaisCheckedValue *checked,
           const RelaisHeldContact  *contact)
{
  if (checked->id == 0)
    return strcmp (checked->field, "first_name") == 0 ? contact->first_name :
           strcmp (checked->field, "last_name") == 0 ? contact->last_name : contact->phone;
  for (guint i = 0; i < contact->values->len; i++)
    {
      const RelaisHeldValue *value = g_ptr_array_index (contact->values, i);

      if (value->field_id == checked->id)
        return value->text;
    }

  return "";
}

/*
 * relais_held_values:
 * @checked: (element-type RelaisCheckedValue): what can be compared
 * @contact: what the account holds
 * @tells_values: whether it told the values of custom fields
 *
 * Returns: (transfer container) (element-type utf8): one for each of @checked, %NULL for what it did not tell
 */
GPtrArray *
relais_held_values (GPtrArray               *checked,
                    const RelaisHeldContact *contact,
                    gboolean                 tells_values)
{
  GPtrArray *held = g_ptr_array_new ();

  for (guint i = 0; i < checked->len; i++)
    {
      const RelaisCheckedValue *value = g_ptr_array_index (checked, i);

      g_ptr_array_add (held, value->id == 0 || tells_values ? (gpointer) find_held (value, contact) : NULL);
    }

  return held;
}

static void
compare_status (const RelaisDeliveredPerson *person,
                int                          status,
                GPtrArray                   *differences)
{
  RelaisDifferenceKind kind;

  switch (status)
    {
    case RELAIS_LIST_STATUS_ACTIVE:
      return;

    case RELAIS_LIST_STATUS_UNCONFIRMED:
      kind = RELAIS_DIFFERENCE_UNCONFIRMED;
      break;

    case RELAIS_LIST_STATUS_UNSUBSCRIBED:
      kind = RELAIS_DIFFERENCE_UNSUBSCRIBED;
      break;

    case RELAIS_LIST_STATUS_BOUNCED:
      kind = RELAIS_DIFFERENCE_BOUNCED;
      break;

    default:
      kind = status < 0 ? RELAIS_DIFFERENCE_NOT_ON_LIST : RELAIS_DIFFERENCE_STATUS;
      break;
    }
  g_ptr_array_add (differences, relais_difference_new (person->row, person->email, kind));
}

static gboolean
is_same (const RelaisCheckedValue *checked,
         const char               *sent,
         const char               *held)
{
  g_autoptr (GString) one = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);

  relais_checked_value_settle (checked, sent, one);
  relais_checked_value_settle (checked, held, other);

  return g_string_equal (one, other);
}

/*
 * relais_compare_held:
 * @checked: (element-type RelaisCheckedValue): what can be compared
 * @person: what was sent
 * @contact: (nullable): what the account holds
 * @tells_values: whether it told the values of custom fields; they are passed over otherwise
 * @differences: (element-type RelaisDifference): whatever differs is added
 */
void
relais_compare_held (GPtrArray                   *checked,
                     const RelaisDeliveredPerson *person,
                     const RelaisHeldContact     *contact,
                     gboolean                     tells_values,
                     GPtrArray                   *differences)
{
  g_autoptr (GPtrArray) held = NULL;

  if (contact == NULL)
    {
      g_ptr_array_add (differences, relais_difference_new (person->row, person->email, RELAIS_DIFFERENCE_NOT_FOUND));
      return;
    }
  compare_status (person, contact->list_status, differences);
  held = relais_held_values (checked, contact, tells_values);
  for (guint i = 0; i < checked->len; i++)
    {
      const RelaisCheckedValue *value = g_ptr_array_index (checked, i);
      const char *sent = g_ptr_array_index (person->values, i);
      RelaisDifference *difference;

      if (sent == NULL || g_ptr_array_index (held, i) == NULL || is_same (value, sent, g_ptr_array_index (held, i)))
        continue;
      difference = relais_difference_new (person->row, person->email, RELAIS_DIFFERENCE_VALUE);
      difference->field = g_strdup (value->field);
      difference->title = g_strdup (value->title);
      difference->sent = g_strdup (sent);
      difference->held = g_strdup (g_ptr_array_index (held, i));
      g_ptr_array_add (differences, difference);
    }
}

/*
 * relais_is_to_be_sent_again:
 * @differences: (element-type RelaisDifference): of one person, at least one
 * @automations: whether automations run when somebody is sent
 *
 * Whoever is not there is sent again the next time, and so is whoever has another value, unless that could start
 * automations once more. Whoever has left the list, or has not confirmed, is not: that is for them to say.
 *
 * Returns: whether the person counts as never sent
 */
gboolean
relais_is_to_be_sent_again (GPtrArray *differences,
                            gboolean   automations)
{
  const RelaisDifference *first = g_ptr_array_index (differences, 0);

  switch (first->kind)
    {
    case RELAIS_DIFFERENCE_NOT_FOUND:
    case RELAIS_DIFFERENCE_NOT_ON_LIST:
      return TRUE;

    case RELAIS_DIFFERENCE_VALUE:
      return !automations;

    case RELAIS_DIFFERENCE_UNCONFIRMED:
    case RELAIS_DIFFERENCE_UNSUBSCRIBED:
    case RELAIS_DIFFERENCE_BOUNCED:
    case RELAIS_DIFFERENCE_STATUS:
    default:
      return FALSE;
    }
}

/*
 * relais_is_off_the_list:
 * @differences: (element-type RelaisDifference): of one person, at least one
 *
 * Returns: whether the account does not have the person on the list, or at all
 */
gboolean
relais_is_off_the_list (GPtrArray *differences)
{
  const RelaisDifference *first = g_ptr_array_index (differences, 0);

  return first->kind == RELAIS_DIFFERENCE_NOT_FOUND || first->kind == RELAIS_DIFFERENCE_NOT_ON_LIST;
}
