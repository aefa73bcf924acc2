/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer's Date is the second in which it was made, and it was made between the moments when its request left and when its
 * head came. So each answer bounds by how much the account's clock differs from the steady one of this computer: to a second
 * and the time that the answer took. Answers of different parts of a second narrow that down together.
 *
 * Nothing is guessed. Where bounds of two answers exclude each other one of the clocks has jumped, or several machines have
 * written the dates: nothing is known then, and nothing is to be concluded from what the account states. */

#include "relais-account-clock.h"

#include "relais-steady-time.h"

/* Servers write the same date for a while before they look at the clock again: Envoy, which stands in front of the
 * accounts, each half second (TlsCachingDateProviderImpl in its sources). */
#define LAG   (G_USEC_PER_SEC / 2)
/* No two clocks run alike: what was learned is less certain by one part of so many of the time that has gone by. That is more
 * than what keeps a computer's clock right may add to it. */
#define DRIFT 1000

struct _RelaisAccountClock
{
  gboolean is_known;
  gboolean contradicts;  /* itself, from now on */
  gint64   learned_at;
  gint64   least;        /* by how much it is ahead of the steady time, microseconds, as of then */
  gint64   most;
};

/**
 * relais_account_clock_new:
 *
 * Returns: (transfer full): one that has seen no answer
 */
RelaisAccountClock *
relais_account_clock_new (void)
{
  return g_new0 (RelaisAccountClock, 1);
}

/**
 * relais_account_clock_free:
 * @self: (transfer full): a clock
 */
void
relais_account_clock_free (RelaisAccountClock *self)
{
  g_free (self);
}

static gint64
get_slack (const RelaisAccountClock *self,
           gint64                    moment)
{
  return ABS (moment - self->learned_at) / DRIFT;
}

/* An answer that was kept somewhere on the way says nothing of when it came.
 * Returns: whether it was made in the second that begins at @date, in microseconds since 1970 */
static gboolean
read_date (SoupMessageHeaders *headers,
           gint64             *date)
{
  const char *text = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) read = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  if (read == NULL || soup_message_headers_get_one (headers, "Age") != NULL)
    return FALSE;
  *date = g_date_time_to_unix (read) * G_USEC_PER_SEC;

  return TRUE;
}

/**
 * relais_account_clock_learn:
 * @self: a clock
 * @headers: of an answer that the account itself has given
 * @sent_at: a moment before the request left, of relais_steady_time()
 * @received_at: a moment after the head of the answer came
 *
 * Narrows down what time it is there. An answer without a date that can be read leaves it as it is.
 */
void
relais_account_clock_learn (RelaisAccountClock *self,
                            SoupMessageHeaders *headers,
                            gint64              sent_at,
                            gint64              received_at)
{
  gint64 date, least, most;

  if (!read_date (headers, &date))
    return;
  least = date - received_at;
  most = date + G_USEC_PER_SEC + LAG - sent_at;
  if (self->is_known)
    {
      least = MAX (least, self->least - get_slack (self, received_at));
      most = MIN (most, self->most + get_slack (self, received_at));
    }
  if (least > most)
    {
      self->contradicts = TRUE;
      return;
    }
  self->least = least;
  self->most = most;
  self->learned_at = received_at;
  self->is_known = TRUE;
}

/**
 * relais_account_clock_tell:
 * @self: a clock
 * @moment: of relais_steady_time()
 * @earliest: (out): the earliest that it can have been for the account then, microseconds since 1970
 * @latest: (out): the latest
 *
 * Returns: whether it is known
 */
gboolean
relais_account_clock_tell (const RelaisAccountClock *self,
                           gint64                    moment,
                           gint64                   *earliest,
                           gint64                   *latest)
{
  if (!self->is_known || self->contradicts)
    return FALSE;
  *earliest = moment + self->least - get_slack (self, moment);
  *latest = moment + self->most + get_slack (self, moment);

  return TRUE;
}

/**
 * relais_account_clock_tell_lead:
 * @self: a clock
 * @least: (out): by how much it is ahead of this computer's real time now, microseconds, at least; negative when it is behind
 * @most: (out): the same, at most
 *
 * For moments that are written down now as this computer's.
 *
 * Returns: whether it is known
 */
gboolean
relais_account_clock_tell_lead (const RelaisAccountClock *self,
                                gint64                   *least,
                                gint64                   *most)
{
  gint64 now = g_get_real_time ();

  if (!relais_account_clock_tell (self, relais_steady_time (), least, most))
    return FALSE;
  *least -= now;
  *most -= now;

  return TRUE;
}
