/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "relais-error.h"
#include "relais-practice-content.h"
#include "relais-practice-json.h"

static void
test_a_fresh_account_has_lists_and_people_who_opted_out (void)
{
  g_autoptr (RelaisStore) store = relais_store_open (NULL, NULL);

  g_assert_nonnull (store);
  g_assert_cmpint (relais_store_number (store, "SELECT COUNT(*) FROM lists", ""), ==, 4);
  g_assert_cmpint (relais_store_number (store, "SELECT COUNT(*) FROM memberships WHERE list = 1 AND status = 2", ""), ==, 3);
}

static void
test_a_file_keeps_the_account_and_is_held_by_one (void)
{
  g_autofree char *folder = g_dir_make_tmp ("practice-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "account", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (GError) error = NULL;
  RelaisStore *store = relais_store_open (path, NULL);

  first = relais_content_account_id (store);
  g_assert_null (relais_store_open (path, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_BUSY);
  relais_store_close (store);
  store = relais_store_open (path, NULL);
  second = relais_content_account_id (store);
  g_assert_cmpstr (first, ==, second);
  relais_store_close (store);
  g_unlink (lock);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_only_strict_json_is_read (void)
{
  const char *bad[] = { "", "{", "[1,]", "{\"a\":1,}", "[01]", "[1] x", "\"\\u0000\"", "\"\\ud800\"", "'a'", "[\"\n\"]" };
  g_autoptr (RelaisTree) tree = NULL;
  const char *good = " {\"a\":[1,{\"b\":\"\\u00e9\\/\"}],\"id\":\"12\",\"t\":true} ";

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (relais_tree_parse (bad[i], strlen (bad[i])));
  tree = relais_tree_parse (good, strlen (good));
  g_assert_cmpuint (relais_node_to_id (relais_node_member (relais_tree_root (tree), "id")), ==, 12);
  g_assert_true (relais_node_is_true (relais_node_member (relais_tree_root (tree), "t")));
  g_assert_cmpstr (relais_node_member_text (relais_node_member (relais_tree_root (tree), "a") + 2, "b"), ==, "é/");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/store/fresh", test_a_fresh_account_has_lists_and_people_who_opted_out);
  g_test_add_func ("/practice/store/file", test_a_file_keeps_the_account_and_is_held_by_one);
  g_test_add_func ("/practice/json/strict", test_only_strict_json_is_read);

  return g_test_run ();
}
