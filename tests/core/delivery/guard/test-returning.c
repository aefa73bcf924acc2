/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-returning.h"

#include "relais-profile-table.h"

#include <string.h>

static const RelaisHashKey key = { { 1, 2 } };

static void
hash (const char *email,
      guint32     profile[3])
{
  relais_profile_hash (&key, email, strlen (email), profile);
}

static void
add_removal (GPtrArray          *removals,
             const char         *email,
             guint32             list_id,
             RelaisRemovalState  state,
             const char         *left_as)
{
  guint32 profile[3];

  hash (email, profile);
  g_ptr_array_add (removals, relais_removal_new (list_id, profile, state, left_as));
}

static void
ordered_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(RelaisReturning **) user_data = relais_returning_order_finish (result);
}

/* The main loop goes on meanwhile. */
static RelaisReturning *
make_returning (void)
{
  RelaisReturning *returning = NULL;
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);

  add_removal (removals, "a@example.com", 12, RELAIS_REMOVAL_DONE, "12=2@10/60");
  add_removal (removals, "b@example.com", 12, RELAIS_REMOVAL_RETURNING, "12=2@10/60");
  add_removal (removals, "c@example.com", 12, RELAIS_REMOVAL_DONE, "12=2@10/60");
  add_removal (removals, "c@example.com", 13, RELAIS_REMOVAL_DONE, "13=2@20/70");
  add_removal (removals, "c@example.com", 14, RELAIS_REMOVAL_DOUBT, "14=2@20/70");
  add_removal (removals, "doubt@example.com", 12, RELAIS_REMOVAL_DOUBT, "12=2@10/60");
  add_removal (removals, "intent@example.com", 12, RELAIS_REMOVAL_INTENT, NULL);
  add_removal (removals, "elsewhere@example.com", 13, RELAIS_REMOVAL_DONE, "12=2@10/60 13=2@10/60");
  /* Written by nobody, read from a damaged journal */
  add_removal (removals, "unknown@example.com", 12, RELAIS_REMOVAL_DONE, NULL);

  relais_returning_order_async (removals, 12, &key, ordered_cb, &returning);
  g_assert_null (returning);
  while (returning == NULL)
    g_main_context_iteration (NULL, TRUE);

  return returning;
}

static RelaisRemoteContact *
make_contact (guint64     id,
              const char *email)
{
  RelaisRemoteContact *contact = g_new0 (RelaisRemoteContact, 1);

  contact->id = id;
  contact->email = g_strdup (email);
  contact->list_status = RELAIS_LIST_STATUS_UNSUBSCRIBED;
  contact->memberships = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_membership_free);

  return contact;
}

static void
add_membership (RelaisRemoteContact *contact,
                guint32              list_id,
                int                  status,
                const char          *since,
                const char          *changed,
                gboolean             tells_why)
{
  RelaisMembership membership = { list_id, status, g_strdup (since), g_strdup (changed), tells_why };

  g_ptr_array_add (contact->memberships, g_memdup2 (&membership, sizeof membership));
}

/* Off list 12 as Relais left them */
static RelaisRemoteContact *
make_left (guint64     id,
           const char *email)
{
  RelaisRemoteContact *contact = make_contact (id, email);

  add_membership (contact, 12, 2, "1970-01-01T00:00:10Z", "1970-01-01T00:01:00Z", FALSE);

  return contact;
}

static RelaisReturner *
find (RelaisReturning *returning,
      const char      *email)
{
  guint32 profile[3];

  hash (email, profile);

  return relais_returning_find (returning, profile);
}

static void
test_who_is_as_they_were_left_may_return (void)
{
  static const struct
  {
    const char *email;
    gboolean    returns;
  } cases[] = {
    { "a@example.com", TRUE },
    { "A@Example.COM", TRUE },
    { "b@example.com", TRUE },
    { "c@example.com", TRUE },
    { "doubt@example.com", FALSE },
    { "intent@example.com", FALSE },
    { "elsewhere@example.com", FALSE },
    { "unknown@example.com", FALSE },
    { "stranger@example.com", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelaisReturning) returning = make_returning ();
      g_autoptr (RelaisRemoteContact) contact = make_left (7, cases[i].email);

      g_test_message ("%s", cases[i].email);
      g_assert_cmpint (relais_returning_take (returning, contact), ==, cases[i].returns);
    }
}

static void
test_who_left_anything_is_told (void)
{
  g_autoptr (RelaisReturning) returning = make_returning ();
  g_autoptr (RelaisRemoteContact) a = make_left (7, "a@example.com");
  g_autoptr (RelaisRemoteContact) b = make_left (8, "b@example.com");
  g_autoptr (RelaisRemoteContact) c = make_left (9, "c@example.com");
  g_autoptr (GPtrArray) changed = NULL;

  add_membership (a, 13, 2, NULL, NULL, FALSE);
  add_membership (b, 13, 1, NULL, NULL, FALSE);
  add_membership (c, 13, 2, "1970-01-01T00:00:20Z", "1970-01-01T00:01:10Z", FALSE);
  g_assert_false (relais_returning_take (returning, a));
  g_assert_true (relais_returning_take (returning, b));
  g_assert_true (relais_returning_take (returning, c));
  g_assert_false (relais_returning_has_untold (returning));
  changed = relais_returning_get_changed (returning);
  g_assert_cmpuint (changed->len, ==, 1);
  g_assert_cmpmem (((RelaisRemoval *) changed->pdata[0])->profile, 12, find (returning, "a@example.com")->removal->profile, 12);

  /* A list that it is not certain Relais took them off */
  add_membership (c, 14, 2, "1970-01-01T00:00:20Z", "1970-01-01T00:01:10Z", FALSE);
  g_assert_false (relais_returning_take (returning, c));
  /* Once is enough. */
  g_ptr_array_set_size (c->memberships, 1);
  g_assert_false (relais_returning_take (returning, c));
}

static void
test_who_is_not_told_is_not_concluded_about (void)
{
  g_autoptr (RelaisReturning) returning = make_returning ();
  g_autoptr (RelaisRemoteContact) bare = make_contact (7, "a@example.com");
  g_autoptr (RelaisRemoteContact) half = make_left (8, "b@example.com");
  g_autoptr (GPtrArray) changed = NULL;

  g_clear_pointer (&bare->memberships, g_ptr_array_unref);
  add_membership (half, 0, 2, NULL, NULL, FALSE);
  g_assert_false (relais_returning_take (returning, bare));
  g_assert_false (relais_returning_take (returning, half));
  g_assert_true (relais_returning_has_untold (returning));
  changed = relais_returning_get_changed (returning);
  g_assert_cmpuint (changed->len, ==, 0);
}

static void
test_two_with_one_address_are_nobody (void)
{
  g_autoptr (RelaisReturning) returning = make_returning ();
  g_autoptr (RelaisRemoteContact) one = make_left (7, "a@example.com");
  g_autoptr (RelaisRemoteContact) other = make_left (8, "a@example.com");

  g_assert_true (relais_returning_take (returning, one));
  g_assert_true (relais_returning_take (returning, one));
  g_assert_false (relais_returning_take (returning, other));
  g_assert_cmpint (find (returning, "a@example.com")->standing, ==, RELAIS_RETURNER_UNTOLD);
}

static void
test_it_is_the_person_who_was_named (void)
{
  g_autoptr (RelaisReturning) returning = make_returning ();
  g_autoptr (RelaisRemoteContact) a = make_left (7, "a@example.com");
  g_autoptr (RelaisRemoteContact) stranger = make_left (7, "stranger@example.com");
  g_autoptr (RelaisRemoteContact) another = make_left (8, "A@example.com");
  g_autoptr (RelaisRemoteContact) nobody = make_left (7, "");
  const RelaisReturner *returner = find (returning, "a@example.com");

  g_assert_true (relais_returning_is_of (returning, returner, another));
  g_assert_true (relais_returning_take (returning, a));
  g_assert_cmpuint (returner->contact_id, ==, 7);
  g_assert_true (relais_returning_is_of (returning, returner, a));
  g_assert_false (relais_returning_is_of (returning, returner, stranger));
  g_assert_false (relais_returning_is_of (returning, returner, another));
  g_assert_false (relais_returning_is_of (returning, returner, nobody));
}

static void
test_only_who_is_unsubscribed_fits (void)
{
  static const int statuses[] = { 0, 1, 3, 7 };
  g_autoptr (GPtrArray) removals = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_removal_free);
  g_autoptr (RelaisReturning) returning = NULL;

  /* As if it had been written down so */
  add_removal (removals, "0@example.com", 12, RELAIS_REMOVAL_DONE, "12=0@/");
  add_removal (removals, "1@example.com", 12, RELAIS_REMOVAL_DONE, "");
  add_removal (removals, "3@example.com", 12, RELAIS_REMOVAL_DONE, "12=3@/");
  add_removal (removals, "7@example.com", 12, RELAIS_REMOVAL_DONE, "12=7@/");
  add_removal (removals, "why@example.com", 12, RELAIS_REMOVAL_DONE, "12=2@/!");
  returning = relais_returning_new (removals, 12, &key);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *email = g_strdup_printf ("%d@example.com", statuses[i]);
      g_autoptr (RelaisRemoteContact) contact = make_contact (7, email);

      add_membership (contact, 12, statuses[i], NULL, NULL, FALSE);
      g_assert_false (relais_returning_fits (returning, find (returning, email), contact));
    }
  {
    g_autoptr (RelaisRemoteContact) contact = make_contact (7, "why@example.com");

    add_membership (contact, 12, 2, NULL, NULL, TRUE);
    g_assert_false (relais_returning_fits (returning, find (returning, "why@example.com"), contact));
  }
}

static void
test_who_would_be_put_back_is_counted (void)
{
  g_autoptr (RelaisReturning) returning = make_returning ();
  g_autoptr (RelaisRemoteContact) a = make_left (7, "a@example.com");
  guint32 profile[3];

  g_assert_false (relais_returning_is_empty (returning));
  g_assert_true (relais_returning_take (returning, a));
  hash ("a@example.com", profile);
  relais_returning_count (returning, profile);
  hash ("b@example.com", profile);
  relais_returning_count (returning, profile);
  hash ("stranger@example.com", profile);
  relais_returning_count (returning, profile);
  g_assert_cmpuint (relais_returning_get_n_counted (returning), ==, 1);

  hash ("a@example.com", profile);
  relais_returning_remove (returning, profile);
  g_assert_null (find (returning, "a@example.com"));
  relais_returning_clear (returning);
  g_assert_true (relais_returning_is_empty (returning));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/returning/who-is-as-they-were-left-may-return", test_who_is_as_they_were_left_may_return);
  g_test_add_func ("/returning/who-left-anything-is-told", test_who_left_anything_is_told);
  g_test_add_func ("/returning/who-is-not-told-is-not-concluded-about", test_who_is_not_told_is_not_concluded_about);
  g_test_add_func ("/returning/two-with-one-address-are-nobody", test_two_with_one_address_are_nobody);
  g_test_add_func ("/returning/it-is-the-person-who-was-named", test_it_is_the_person_who_was_named);
  g_test_add_func ("/returning/only-who-is-unsubscribed-fits", test_only_who_is_unsubscribed_fits);
  g_test_add_func ("/returning/who-would-be-put-back-is-counted", test_who_would_be_put_back_is_counted);

  return g_test_run ();
}
