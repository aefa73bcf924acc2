/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-list-turns.h"

#include "relais-account.h"

struct _RelaisListTurns
{
  GPtrArray *turns;  /* (owned) (element-type RelaisListTurn): those that have come and those that wait, in their order */
};

struct _RelaisListTurn
{
  RelaisListTurns   *turns;  /* (unowned): outlives it */
  char              *host;   /* (owned) (nullable) */
  guint32            list_id;
  gboolean           alone;
  gboolean           come;
  RelaisListTurnCame came;
  gpointer           user_data;
  guint              source;
};

static void
turn_free (gpointer data)
{
  RelaisListTurn *turn = data;

  g_clear_handle_id (&turn->source, g_source_remove);
  g_free (turn->host);
  g_free (turn);
}

/**
 * relais_list_turns_new:
 *
 * Returns: (transfer full): where nobody has a turn
 */
RelaisListTurns *
relais_list_turns_new (void)
{
  RelaisListTurns *self = g_new0 (RelaisListTurns, 1);

  self->turns = g_ptr_array_new_with_free_func (turn_free);

  return self;
}

/**
 * relais_list_turns_free:
 * @self: (transfer full): nobody has a turn or waits for one
 */
void
relais_list_turns_free (RelaisListTurns *self)
{
  g_ptr_array_unref (self->turns);
  g_free (self);
}

/* Nobody who only waits is in the way: whoever takes people off can wait for several who send, and they never for that. */
static gboolean
is_free (const RelaisListTurn *wanted)
{
  for (guint i = 0; i < wanted->turns->turns->len; i++)
    {
      const RelaisListTurn *turn = g_ptr_array_index (wanted->turns->turns, i);

      if (turn != wanted && turn->come && (turn->alone || wanted->alone) && turn->list_id == wanted->list_id &&
          relais_account_is_same (turn->host, wanted->host))
        return FALSE;
    }

  return TRUE;
}

static void
came_cb (gpointer user_data)
{
  RelaisListTurn *turn = user_data;

  turn->source = 0;
  turn->came (turn->user_data);
}

/**
 * relais_list_turns_take:
 * @self: the turns
 * @host: (nullable): of an account, whatever connection leads there, %NULL for the built-in practice account
 * @list_id: of one of its lists
 * @alone: whether nobody else may do anything with the list meanwhile
 * @came: called from the main loop when the turn comes; not when it has come at once
 * @user_data: for @came
 *
 * Returns: (transfer none): a turn that has come, or is waited for: see relais_list_turn_has_come(). It ends with
 *   relais_list_turn_leave()
 */
RelaisListTurn *
relais_list_turns_take (RelaisListTurns    *self,
                        const char         *host,
                        guint32             list_id,
                        gboolean            alone,
                        RelaisListTurnCame  came,
                        gpointer            user_data)
{
  RelaisListTurn *turn = g_new0 (RelaisListTurn, 1);

  turn->turns = self;
  turn->host = g_strdup (host);
  turn->list_id = list_id;
  turn->alone = alone;
  turn->came = came;
  turn->user_data = user_data;
  g_ptr_array_add (self->turns, turn);
  turn->come = is_free (turn);

  return turn;
}

/**
 * relais_list_turn_has_come:
 * @turn: a turn
 *
 * Returns: whether it is not waited for any more
 */
gboolean
relais_list_turn_has_come (RelaisListTurn *turn)
{
  return turn->come;
}

/**
 * relais_list_turn_leave:
 * @turn: (transfer full): a turn, come or not
 *
 * Those who wait for it come next.
 */
void
relais_list_turn_leave (RelaisListTurn *turn)
{
  RelaisListTurns *self = turn->turns;

  g_ptr_array_remove (self->turns, turn);
  for (guint i = 0; i < self->turns->len; i++)
    {
      RelaisListTurn *next = g_ptr_array_index (self->turns, i);

      if (next->come || !is_free (next))
        continue;
      next->come = TRUE;
      next->source = g_idle_add_once (came_cb, next);
    }
}
