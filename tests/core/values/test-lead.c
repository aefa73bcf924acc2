/* SPDX-License-Identifier: GPL-3.0-or-later */

/* By how much an account's clock is ahead, from all that is told of it. */

#include "relais-lead.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* What is told one after the other, in seconds, and what is known then */
static const struct
{
  const char     *name;
  struct { gboolean told; int least; int most; } told[4];
  guint           n;
  RelaisLeadState state;
  int             least;
  int             most;
} cases[] = {
  { "nothing", { { FALSE, 1, 2 } }, 1, RELAIS_LEAD_UNKNOWN, 0, 0 },
  { "late", { { FALSE, 0, 0 }, { TRUE, -3, 5 } }, 2, RELAIS_LEAD_KNOWN, -3, 5 },
  { "narrower", { { TRUE, -3, 5 }, { TRUE, 1, 9 }, { TRUE, -8, 4 } }, 3, RELAIS_LEAD_KNOWN, 1, 4 },
  { "a-little-else", { { TRUE, 0, 1 }, { TRUE, 30, 31 }, { TRUE, -30, -29 } }, 3, RELAIS_LEAD_KNOWN, 0, 1 },
  { "step-by-step", { { TRUE, 0, 1 }, { TRUE, 30, 31 }, { TRUE, 60, 61 }, { TRUE, 90, 91 } }, 4, RELAIS_LEAD_NONE, 0, 0 },
  { "set-forward", { { TRUE, 0, 1 }, { TRUE, -3600, -3599 } }, 2, RELAIS_LEAD_NONE, 0, 0 },
  { "set-back", { { TRUE, 0, 1 }, { TRUE, 3600, 3601 } }, 2, RELAIS_LEAD_NONE, 0, 0 },
  { "set-and-set-again", { { TRUE, 0, 1 }, { TRUE, 3600, 3601 }, { TRUE, 0, 1 } }, 3, RELAIS_LEAD_NONE, 0, 0 },
  { "told-no-more", { { TRUE, 0, 1 }, { FALSE, 0, 0 }, { TRUE, 0, 1 } }, 3, RELAIS_LEAD_NONE, 0, 0 },
};

static void
test_it_is_what_all_agree_in (gconstpointer user_data)
{
  guint at = GPOINTER_TO_UINT (user_data);
  RelaisLead lead = { 0 };

  for (guint i = 0; i < cases[at].n; i++)
    relais_lead_learn (&lead, cases[at].told[i].told, cases[at].told[i].least * SECOND, cases[at].told[i].most * SECOND);
  g_assert_cmpint (lead.state, ==, cases[at].state);
  g_assert_cmpint (lead.least, ==, cases[at].least * SECOND);
  g_assert_cmpint (lead.most, ==, cases[at].most * SECOND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/lead/%s", cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_it_is_what_all_agree_in);
    }

  return g_test_run ();
}
