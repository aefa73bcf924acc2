/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-room.h"

#include <string.h>

typedef char * (* Tell) (const RelaisAccountSettings *settings,
                         guint64                      n_new);

static char *
tell (Tell    function,
      gint64  limit,
      gint64  total,
      guint64 n_new)
{
  RelaisAccountSettings settings = { .contacts_limit = limit, .contacts_total = total };

  return function (&settings, n_new);
}

static void
test_where_there_is_room_nothing_is_told (void)
{
  static const struct
  {
    gint64  limit;
    gint64  total;
    guint64 n_new;
  } cases[] = {
    { 1000, 250, 0 }, { 1000, 250, 1 }, { 1000, 250, 750 }, { 1000, 1000, 0 }, { 1000, 2000, 0 },
    /* Not told, and a limit that is no plan's */
    { -1, -1, 1000000 }, { 1000, -1, 1000000 }, { -1, 250, 1000000 }, { 0, 250, 1000000 },
    { G_MAXINT64, 0, 1000000 },
  };

  g_assert_null (relais_room_foresee (NULL, 1000000));
  g_assert_null (relais_room_explain (NULL, 1000000));
  g_assert_cmpint (relais_room_get_left (NULL), ==, G_MAXINT64);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_null (tell (relais_room_foresee, cases[i].limit, cases[i].total, cases[i].n_new));
      g_assert_null (tell (relais_room_explain, cases[i].limit, cases[i].total, cases[i].n_new));
    }
}

static void
test_where_there_may_be_too_little_both_numbers_are_told (void)
{
  g_autofree char *before = tell (relais_room_foresee, 1000, 250, 751);
  g_autofree char *one = tell (relais_room_foresee, 1000, 999, 2);
  g_autofree char *after = tell (relais_room_explain, 1000, 250, 751);

  g_assert_nonnull (strstr (before, "has room for 750 more contacts, and this segment has up to 751 people"));
  g_assert_nonnull (strstr (one, "has room for 1 more contact, and this segment has up to 2 people"));
  g_assert_nonnull (strstr (after, "had room for 750 more contacts, and up to 751 people"));
}

static void
test_an_account_that_is_full_is_called_so (void)
{
  static const struct { gint64 total; const char *written; } totals[] = { { 1000, "1,000" }, { 1001, "1,001" }, { 5000, "5,000" } };

  for (gsize i = 0; i < G_N_ELEMENTS (totals); i++)
    {
      RelaisAccountSettings settings = { .contacts_limit = 1000, .contacts_total = totals[i].total };
      g_autofree char *numbers = g_strdup_printf ("full: %s of 1,000 contacts.", totals[i].written);
      g_autofree char *before = relais_room_foresee (&settings, 1);
      g_autofree char *many = relais_room_foresee (&settings, 40);
      g_autofree char *after = relais_room_explain (&settings, 1);

      g_assert_cmpint (relais_room_get_left (&settings), ==, 0);
      g_assert_true (g_str_has_prefix (before, "The account is full: "));
      g_assert_nonnull (strstr (before, numbers));
      g_assert_nonnull (strstr (before, "up to 1 person of"));
      g_assert_nonnull (strstr (many, "up to 40 people of"));
      g_assert_true (g_str_has_prefix (after, "The account was full before this run"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/room/where there is room nothing is told", test_where_there_is_room_nothing_is_told);
  g_test_add_func ("/room/where there may be too little both numbers are told", test_where_there_may_be_too_little_both_numbers_are_told);
  g_test_add_func ("/room/an account that is full is called so", test_an_account_that_is_full_is_called_so);

  return g_test_run ();
}
