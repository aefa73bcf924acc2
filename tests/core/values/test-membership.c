/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-membership.h"

#include <string.h>

static void
add (GPtrArray  *memberships,
     guint32     list_id,
     int         status,
     const char *since,
     const char *changed,
     gboolean    tells_why)
{
  RelaisMembership membership = { list_id, status, g_strdup (since), g_strdup (changed), tells_why };

  g_ptr_array_add (memberships, g_memdup2 (&membership, sizeof membership));
}

static GPtrArray *
new_memberships (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) relais_membership_free);
}

/* How somebody is off one list */
static char *
settle (const char *since,
        const char *changed)
{
  g_autoptr (GPtrArray) memberships = new_memberships ();

  add (memberships, 12, RELAIS_LIST_STATUS_UNSUBSCRIBED, since, changed, FALSE);

  return relais_memberships_settle (memberships);
}

static void
test_only_what_is_not_active_is_written_in_order (void)
{
  g_autoptr (GPtrArray) memberships = new_memberships ();
  g_autofree char *none = relais_memberships_settle (memberships);
  g_autofree char *text = NULL;

  add (memberships, 12, RELAIS_LIST_STATUS_UNSUBSCRIBED, "1970-01-01T00:00:10Z", "1970-01-01T00:01:00+00:00", FALSE);
  add (memberships, 3, RELAIS_LIST_STATUS_ACTIVE, "2020-01-01T00:00:00Z", NULL, FALSE);
  add (memberships, 2, RELAIS_LIST_STATUS_BOUNCED, NULL, "0000-00-00 00:00:00", TRUE);
  add (memberships, 100, RELAIS_LIST_STATUS_UNCONFIRMED, "", "0", FALSE);
  add (memberships, 9, 7, NULL, NULL, FALSE);
  text = relais_memberships_settle (memberships);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (text, ==, "2=3@/! 9=7@/ 12=2@10/60 100=0@/");
}

static void
test_a_form_is_of_one_list (void)
{
  g_autoptr (GPtrArray) memberships = new_memberships ();

  add (memberships, 12, RELAIS_LIST_STATUS_ACTIVE, NULL, NULL, TRUE);
  add (memberships, 3, RELAIS_LIST_STATUS_ACTIVE, NULL, NULL, FALSE);
  g_assert_false (relais_memberships_name_form (memberships, 12));
  /* Of two of one list it is enough that one names it. */
  add (memberships, 12, RELAIS_LIST_STATUS_ACTIVE, NULL, NULL, FALSE);
  ((RelaisMembership *) g_ptr_array_index (memberships, 2))->by_form = TRUE;
  g_assert_true (relais_memberships_name_form (memberships, 12));
  g_assert_false (relais_memberships_name_form (memberships, 3));
  g_assert_false (relais_memberships_name_form (memberships, 4));
}

static void
test_spellings_of_one_moment_are_one (void)
{
  static const struct
  {
    const char *one;
    const char *other;
    gboolean    same;
  } pairs[] = {
    { NULL, "", TRUE },
    { NULL, "0", TRUE },
    { NULL, " ", TRUE },
    { NULL, "0000-00-00", TRUE },
    { NULL, "0000-00-00T00:00:00-05:00", TRUE },
    { NULL, "2026-01-02T03:04:05Z", FALSE },
    { "2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z", TRUE },
    { "2026-01-02T03:04:05+02:00", "2026-01-01T20:04:05-05:00", TRUE },
    { "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+01:00", FALSE },
    { "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:06+02:00", FALSE },
    { "2026-01-02T03:04:05", "2026-01-02 03:04:05", TRUE },
    /* What the time zone is nobody said. */
    { "2026-01-02T03:04:05", "2026-01-02T03:04:05Z", FALSE },
    { "soon", "soon", TRUE },
    { "soon", "later", FALSE },
    { "soon", NULL, FALSE },
    { "a b/c!", "a b/c!", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *since = settle (pairs[i].one, NULL);
      g_autofree char *other_since = settle (pairs[i].other, NULL);
      g_autofree char *changed = settle (NULL, pairs[i].one);
      g_autofree char *other_changed = settle (NULL, pairs[i].other);

      g_test_message ("%s %s", pairs[i].one, pairs[i].other);
      g_assert_cmpint (g_str_equal (since, other_since), ==, pairs[i].same);
      g_assert_cmpint (g_str_equal (changed, other_changed), ==, pairs[i].same);
      g_assert_cmpint (g_str_equal (since, changed), ==, g_str_equal (since, "12=2@/"));
      g_assert_null (strchr (since, ' '));
    }
}

/* Everywhere on earth, and when the clocks change */
static void
test_the_time_zone_of_this_computer_does_not_matter (void)
{
  static const char * const zones[] = { "UTC", "Europe/Paris", "Pacific/Auckland" };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autofree char *text = NULL;

      g_setenv ("TZ", zones[i], TRUE);
      text = settle ("2026-03-29T02:30:00", "2026-10-25T02:30:00+02:00");
      g_assert_cmpstr (text, ==, "12=2@2026-03-29T02:30:00/1792888200");
    }
  g_unsetenv ("TZ");
}

static void
test_nothing_is_concluded_from_what_is_not_certain (void)
{
  static const RelaisMembership unknown[] = {
    { 0, RELAIS_LIST_STATUS_ACTIVE, NULL, NULL, FALSE },
    { 0, RELAIS_LIST_STATUS_UNSUBSCRIBED, NULL, NULL, FALSE },
    { 5, -1, NULL, NULL, FALSE },
    /* The same list once more */
    { 12, RELAIS_LIST_STATUS_UNSUBSCRIBED, NULL, NULL, FALSE },
    { 12, RELAIS_LIST_STATUS_BOUNCED, NULL, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr (GPtrArray) memberships = new_memberships ();

      add (memberships, 12, RELAIS_LIST_STATUS_UNSUBSCRIBED, NULL, NULL, FALSE);
      add (memberships, unknown[i].list_id, unknown[i].status, NULL, NULL, FALSE);
      g_assert_null (relais_memberships_settle (memberships));
    }
}

static void
test_a_list_is_asked_for_by_its_number (void)
{
  g_autoptr (GPtrArray) memberships = new_memberships ();

  add (memberships, 12, RELAIS_LIST_STATUS_UNSUBSCRIBED, NULL, NULL, FALSE);
  add (memberships, 1, RELAIS_LIST_STATUS_BOUNCED, NULL, NULL, TRUE);
  g_assert_cmpint (relais_memberships_status (memberships, 12), ==, RELAIS_LIST_STATUS_UNSUBSCRIBED);
  g_assert_cmpint (relais_memberships_status (memberships, 1), ==, RELAIS_LIST_STATUS_BOUNCED);
  g_assert_cmpint (relais_memberships_status (memberships, 2), ==, -1);
  g_assert_false (relais_memberships_tell_why (memberships, 12));
  g_assert_true (relais_memberships_tell_why (memberships, 1));
  g_assert_false (relais_memberships_tell_why (memberships, 2));
}

/* Taken off list 12 when list 3 had been left before */
#define LEFT "3=2@5/50 12=2@10/60"

static const struct
{
  const char *now;
  gboolean    holds;
} cases[] = {
  { LEFT, TRUE },
  /* Somebody else's list is joined again. */
  { "12=2@10/60", TRUE },
  /* On this list: back on it, again off it, bounced, for a reason */
  { "", FALSE },
  { "3=2@5/50", FALSE },
  { "3=2@5/50 12=2@10/61", FALSE },
  { "3=2@5/50 12=2@11/60", FALSE },
  { "3=2@5/50 12=3@10/60", FALSE },
  { "3=2@5/50 12=0@10/60", FALSE },
  { "3=2@5/50 12=2@10/60!", FALSE },
  /* On another one: left again, all lists left, not confirmed, one that begins alike */
  { "3=2@5/51 12=2@10/60", FALSE },
  { "3=2@5/50 4=2@1/70 12=2@10/60", FALSE },
  { "3=2@5/50 4=0@1/ 12=2@10/60", FALSE },
  { "3=2@5/50 12=2@10/60 120=2@10/60", FALSE },
  { "3=2@5/50 12=2@10/60 ", FALSE },
  /* Not told */
  { NULL, FALSE },
};

static void
test_whoever_left_anything_by_themselves_is_found (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].now);
      g_assert_cmpint (relais_left_as_still_holds (LEFT, 12, cases[i].now, NULL, 0), ==, cases[i].holds);
    }
  g_assert_false (relais_left_as_still_holds ("", 12, "", NULL, 0));
  g_assert_false (relais_left_as_still_holds ("", 12, LEFT, NULL, 0));
}

static void
test_another_list_may_have_been_left_through_relais_alone (void)
{
  static const RelaisLeft others[] = { { 4, "4=2@1/70 6=2@1/2 12=2@10/61" }, { 5, "5=2@2/80" } };

  g_assert_true (relais_left_as_still_holds (LEFT, 12, "3=2@5/50 4=2@1/70 12=2@10/60", others, 2));
  g_assert_true (relais_left_as_still_holds (LEFT, 12, "3=2@5/50 4=2@1/70 5=2@2/80 12=2@10/60", others, 2));
  g_assert_false (relais_left_as_still_holds (LEFT, 12, "3=2@5/50 4=2@1/71 12=2@10/60", others, 2));
  g_assert_false (relais_left_as_still_holds (LEFT, 12, "3=2@5/50 5=2@2/80 12=2@10/60", others, 1));
  /* What stood beside it there was not Relais, and this list is not judged by another. */
  g_assert_false (relais_left_as_still_holds (LEFT, 12, "3=2@5/50 6=2@1/2 12=2@10/60", others, 2));
  g_assert_false (relais_left_as_still_holds (LEFT, 12, "3=2@5/50 12=2@10/61", others, 2));
}

static void
test_moments_are_told_only_when_they_are_certain (void)
{
  g_autoptr (GPtrArray) memberships = new_memberships ();
  gint64 since, changed;

  add (memberships, 1, RELAIS_LIST_STATUS_ACTIVE, "1970-01-01T02:00:10+02:00", "1970-01-01T00:01:00Z", FALSE);
  add (memberships, 2, RELAIS_LIST_STATUS_ACTIVE, "2026-01-02 03:04:05", "0000-00-00 00:00:00", FALSE);
  add (memberships, 3, RELAIS_LIST_STATUS_ACTIVE, "soon", NULL, FALSE);
  relais_memberships_read_moments (memberships, 1, &since, &changed);
  g_assert_cmpint (since, ==, 10);
  g_assert_cmpint (changed, ==, 60);
  for (guint32 list_id = 2; list_id <= 4; list_id++)
    {
      relais_memberships_read_moments (memberships, list_id, &since, &changed);
      g_assert_cmpint (since, ==, 0);
      g_assert_cmpint (changed, ==, 0);
    }
}

static void
test_what_is_left_besides_is_seen (void)
{
  g_assert_true (relais_left_as_adds_none ("1=2@10/60", 1, ""));
  g_assert_true (relais_left_as_adds_none ("", 1, "2=2@10/60"));
  g_assert_true (relais_left_as_adds_none ("1=2@10/60 2=2@10/60", 1, "2=2@10/60"));
  g_assert_false (relais_left_as_adds_none ("1=2@10/60 2=2@10/60", 1, ""));
  g_assert_false (relais_left_as_adds_none ("1=2@10/60 2=2@10/70", 1, "2=2@10/60"));
  g_assert_false (relais_left_as_adds_none ("1=2@10/60 11=2@10/60", 1, ""));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/membership/only-what-is-not-active-is-written-in-order", test_only_what_is_not_active_is_written_in_order);
  g_test_add_func ("/membership/a-form-is-of-one-list", test_a_form_is_of_one_list);
  g_test_add_func ("/membership/spellings-of-one-moment-are-one", test_spellings_of_one_moment_are_one);
  g_test_add_func ("/membership/the-time-zone-of-this-computer-does-not-matter", test_the_time_zone_of_this_computer_does_not_matter);
  g_test_add_func ("/membership/nothing-is-concluded-from-what-is-not-certain", test_nothing_is_concluded_from_what_is_not_certain);
  g_test_add_func ("/membership/a-list-is-asked-for-by-its-number", test_a_list_is_asked_for_by_its_number);
  g_test_add_func ("/membership/whoever-left-anything-by-themselves-is-found", test_whoever_left_anything_by_themselves_is_found);
  g_test_add_func ("/membership/another-list-may-have-been-left-through-relais-alone", test_another_list_may_have_been_left_through_relais_alone);
  g_test_add_func ("/membership/moments-are-told-only-when-they-are-certain", test_moments_are_told_only_when_they_are_certain);
  g_test_add_func ("/membership/what-is-left-besides-is-seen", test_what_is_left_besides_is_seen);

  return g_test_run ();
}
