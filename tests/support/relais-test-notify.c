/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What objects and lists tell their listeners, in words. */

#include "relais-test-notify.h"

#include <stdlib.h>

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  GString *told = user_data;

  g_string_append_printf (told, "%s%s", told->len > 0 ? " " : "", pspec->name);
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    user_data)
{
  GString *told = user_data;

  g_string_append_printf (told, "%s%u-%u+%u", told->len > 0 ? " " : "", position, removed, added);
}

static void
free_told (gpointer data)
{
  g_string_free (data, TRUE);
}

static GString *
listen_to (gpointer    object,
           const char *signal_name,
           GCallback   callback)
{
  GString *told = g_string_new (NULL);

  g_object_set_data_full (object, signal_name, told, free_told);
  g_signal_connect (object, signal_name, callback, told);

  return told;
}

/*
 * relais_test_listen:
 * @object: any object
 *
 * Returns: (transfer none): the names of the properties it notifies from now on, in
 *   order; it lives as long as @object
 */
GString *
relais_test_listen (gpointer object)
{
  return listen_to (object, "notify", G_CALLBACK (notify_cb));
}

/*
 * relais_test_listen_model:
 * @model: any list
 *
 * Returns: (transfer none): its changes from now on, as position-removed+added; it lives
 *   as long as @model
 */
GString *
relais_test_listen_model (GListModel *model)
{
  return listen_to (model, "items-changed", G_CALLBACK (items_changed_cb));
}

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char * const *) a, *(const char * const *) b);
}

static char *
sort_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  qsort (words, g_strv_length (words), sizeof *words, compare_words);

  return g_strjoinv (" ", words);
}

/*
 * relais_test_assert_notified:
 * @told: of relais_test_listen()
 * @expected: names of properties, in any order: notifications that were held
 *   back together have none
 *
 * Checks what was told since the last time.
 */
void
relais_test_assert_notified (GString    *told,
                             const char *expected)
{
  g_autofree char *sorted = sort_words (told->str);
  g_autofree char *expected_sorted = sort_words (expected);

  g_assert_cmpstr (sorted, ==, expected_sorted);
  g_string_truncate (told, 0);
}

/*
 * relais_test_assert_changed:
 * @told: of relais_test_listen_model()
 * @expected: changes of the list, in order
 *
 * Checks what was told since the last time.
 */
void
relais_test_assert_changed (GString    *told,
                            const char *expected)
{
  g_assert_cmpstr (told->str, ==, expected);
  g_string_truncate (told, 0);
}
