/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is among those who may not be mailed, and why. */

#include "relais-barred.h"
#include "relais-run-notes-words.h"

#include "relais-profile-table.h"

#include <string.h>

#define LIST 1

static const RelaisHashKey key = { { 17, 4 } };

static void
exclude (RelaisBarred *barred,
         const char   *phrase,
         int           match,
         const char   *channel,
         guint64       list)
{
  g_autoptr (RelaisExclusion) exclusion = g_new0 (RelaisExclusion, 1);

  exclusion->phrase = g_strdup (phrase);
  exclusion->match = match;
  exclusion->channel = g_strdup (channel);
  exclusion->lists = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (list != 0)
    g_array_append_val (exclusion->lists, list);
  relais_barred_add_exclusion (barred, exclusion, LIST);
}

static RelaisReason
find (RelaisBarred *barred,
      const char   *email)
{
  char folded[RELAIS_ADDRESS_SIZE];
  gsize length = relais_address_fold (email, strlen (email), folded);
  guint32 profile[3];

  relais_profile_hash (&key, email, strlen (email), profile);

  return relais_barred_find (barred, profile, folded, length);
}

static void
test_exclusions_mean_what_is_documented (void)
{
  static const struct
  {
    const char *phrase;
    int         match;
    const char *channel;
    guint64     list;
    const char *email;
    gboolean    barred;
    gboolean    gap;
  } cases[] = {
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "all", 0, "ann@example.com", TRUE, FALSE },
    { "Ann@Example.COM", RELAIS_EXCLUSION_EXACT, "all", 0, "aNN@example.com", TRUE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "all", 0, "joann@example.com", FALSE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "all", 0, "ann@example.com.br", FALSE, FALSE },
    { "zoe@münchen.de", RELAIS_EXCLUSION_EXACT, "all", 0, "zoe@xn--mnchen-3ya.de", TRUE, FALSE },

    { "noreply@", RELAIS_EXCLUSION_BEGIN, "all", 0, "NoReply@example.com", TRUE, FALSE },
    { "noreply@", RELAIS_EXCLUSION_BEGIN, "all", 0, "a.noreply@example.com", FALSE, FALSE },
    { "noreply@", RELAIS_EXCLUSION_BEGIN, "all", 0, "noreply", FALSE, FALSE },
    { "a", RELAIS_EXCLUSION_BEGIN, "all", 0, "ann@example.com", TRUE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_BEGIN, "all", 0, "ann@example.com", TRUE, FALSE },

    { "@blocked.example", RELAIS_EXCLUSION_END, "all", 0, "ann@Blocked.example", TRUE, FALSE },
    { "@blocked.example", RELAIS_EXCLUSION_END, "all", 0, "ann@unblocked.example", FALSE, FALSE },
    { "@blocked.example", RELAIS_EXCLUSION_END, "all", 0, "ann@blocked.example.com", FALSE, FALSE },
    { ".example", RELAIS_EXCLUSION_END, "all", 0, "ann@blocked.example", TRUE, FALSE },
    { "BLOCKED.example", RELAIS_EXCLUSION_END, "all", 0, "ann@unblocked.example", TRUE, FALSE },
    { "@münchen.de", RELAIS_EXCLUSION_END, "all", 0, "zoe@xn--mnchen-3ya.de", TRUE, FALSE },
    { "münchen.de", RELAIS_EXCLUSION_END, "all", 0, "zoe@xn--mnchen-3ya.de", TRUE, FALSE },

    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "allEmail", 0, "ann@example.com", TRUE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "allSms", 0, "ann@example.com", FALSE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "several", LIST, "ann@example.com", TRUE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "several", 2, "ann@example.com", FALSE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "several", 0, "ann@example.com", FALSE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "email", 0, "ann@example.com", TRUE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "email", LIST, "ann@example.com", TRUE, FALSE },
    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "email", 2, "ann@example.com", FALSE, FALSE },

    { "ann@example.com", RELAIS_EXCLUSION_EXACT, "pigeon", 0, "ann@example.com", FALSE, TRUE },
    { "ann", RELAIS_EXCLUSION_OTHER, "all", 0, "ann@example.com", FALSE, TRUE },
    { "ann", RELAIS_EXCLUSION_OTHER, "allSms", 0, "ann@example.com", FALSE, FALSE },
    { "ann", RELAIS_EXCLUSION_OTHER, "several", 2, "ann@example.com", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBarred) barred = relais_barred_new (&key);
      g_autofree char *gaps = NULL;

      g_test_message ("%s %d %s: %s", cases[i].phrase, cases[i].match, cases[i].channel, cases[i].email);
      exclude (barred, cases[i].phrase, cases[i].match, cases[i].channel, cases[i].list);
      relais_barred_close (barred);
      g_assert_cmpint (find (barred, cases[i].email), ==, cases[i].barred ? RELAIS_REASON_EXCLUDED : RELAIS_REASON_NONE);
      gaps = relais_gaps_describe (relais_barred_get_gaps (barred));
      g_assert_cmpint (gaps != NULL, ==, cases[i].gap);
    }
}

static void
test_of_many_each_is_found (void)
{
  g_autoptr (RelaisBarred) barred = relais_barred_new (&key);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *left = g_strdup_printf ("left%u@example.com", i);
      g_autofree char *begin = g_strdup_printf ("begin%u-", i);
      g_autofree char *end = g_strdup_printf ("@end%u.example", i);

      relais_barred_add_person (barred, left, i % 2 ? RELAIS_REASON_UNSUBSCRIBED : RELAIS_REASON_BOUNCED);
      exclude (barred, begin, RELAIS_EXCLUSION_BEGIN, "all", 0);
      exclude (barred, end, RELAIS_EXCLUSION_END, "all", 0);
    }
  relais_barred_close (barred);

  for (guint i = 0; i < 6000; i++)
    {
      g_autofree char *left = g_strdup_printf ("LEFT%u@example.com", i);
      g_autofree char *begin = g_strdup_printf ("begin%u-ann@example.com", i);
      g_autofree char *end = g_strdup_printf ("ann@end%u.example", i);

      g_assert_cmpint (find (barred, left), ==, i >= 3000 ? RELAIS_REASON_NONE : i % 2 ? RELAIS_REASON_UNSUBSCRIBED : RELAIS_REASON_BOUNCED);
      g_assert_cmpint (find (barred, begin), ==, i < 3000 ? RELAIS_REASON_EXCLUDED : RELAIS_REASON_NONE);
      g_assert_cmpint (find (barred, end), ==, i < 3000 ? RELAIS_REASON_EXCLUDED : RELAIS_REASON_NONE);
    }
}

static void
test_their_own_wish_is_the_first_reason (void)
{
  g_autoptr (RelaisBarred) barred = relais_barred_new (&key);

  exclude (barred, "ann@example.com", RELAIS_EXCLUSION_EXACT, "all", 0);
  exclude (barred, "@example.com", RELAIS_EXCLUSION_END, "all", 0);
  relais_barred_add_person (barred, "ann@example.com", RELAIS_REASON_BOUNCED);
  relais_barred_add_person (barred, "Ann@example.com", RELAIS_REASON_UNSUBSCRIBED);
  relais_barred_add_person (barred, "ann@example.com", RELAIS_REASON_UNSUBSCRIBED);
  relais_barred_close (barred);
  g_assert_cmpint (find (barred, "ann@example.com"), ==, RELAIS_REASON_UNSUBSCRIBED);
  g_assert_cmpint (find (barred, "bob@example.com"), ==, RELAIS_REASON_EXCLUDED);
}

static void
test_what_no_address_can_be_bars_nobody (void)
{
  g_autofree char *endless = g_strnfill (100000, 'a');
  g_autoptr (RelaisBarred) barred = relais_barred_new (&key);

  relais_barred_add_person (barred, "", RELAIS_REASON_UNSUBSCRIBED);
  relais_barred_add_person (barred, endless, RELAIS_REASON_UNSUBSCRIBED);
  exclude (barred, endless, RELAIS_EXCLUSION_EXACT, "all", 0);
  exclude (barred, endless, RELAIS_EXCLUSION_BEGIN, "all", 0);
  exclude (barred, endless, RELAIS_EXCLUSION_END, "all", 0);
  relais_barred_close (barred);
  g_assert_cmpint (find (barred, "aaa@aaa.aa"), ==, RELAIS_REASON_NONE);
  endless[255] = '\0';
  g_assert_cmpint (find (barred, endless), ==, RELAIS_REASON_NONE);
}

static void
test_gaps_are_told_in_whole_sentences (void)
{
  static const struct
  {
    RelaisGaps  gaps;
    const char *words[2];
    const char *not_said;
  } cases[] = {
    { RELAIS_GAP_PEOPLE, { "may not look at people", NULL }, "exclusion list" },
    { RELAIS_GAP_EXCLUSIONS, { "exclusion list could not be read", NULL }, "may not look at people" },
    { RELAIS_GAP_EXCLUSIONS | RELAIS_GAP_SOME_EXCLUSIONS, { "The account’s exclusion list could not", NULL }, "Part of" },
    { RELAIS_GAP_SOME_EXCLUSIONS, { "Part of the account’s exclusion list", NULL }, "may not look at people" },
    { RELAIS_GAP_PEOPLE | RELAIS_GAP_EXCLUSIONS, { "as delivered. The account’s exclusion list", "may not look at people" }, "Part of" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisBarred) barred = relais_barred_new (&key);
      g_autofree char *text = NULL;

      relais_barred_add_gaps (barred, cases[i].gaps);
      text = relais_gaps_describe (relais_barred_get_gaps (barred));
      for (guint at = 0; at < G_N_ELEMENTS (cases[i].words) && cases[i].words[at] != NULL; at++)
        g_assert_nonnull (strstr (text, cases[i].words[at]));
      g_assert_null (strstr (text, cases[i].not_said));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/barred/exclusions mean what is documented", test_exclusions_mean_what_is_documented);
  g_test_add_func ("/barred/of many each is found", test_of_many_each_is_found);
  g_test_add_func ("/barred/their own wish is the first reason", test_their_own_wish_is_the_first_reason);
  g_test_add_func ("/barred/what no address can be bars nobody", test_what_no_address_can_be_bars_nobody);
  g_test_add_func ("/barred/gaps are told in whole sentences", test_gaps_are_told_in_whole_sentences);

  return g_test_run ();
}
