/* SPDX-License-Identifier: GPL-3.0-or-later */

/* describe FILE: prints how many milliseconds it takes until columns and samples of a segment are known, the
 * median of eleven times. */

#include "relais-segment-description.h"

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisSegmentDescription) description = relais_segment_describe_finish (result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (description->columns), >, 1);
  g_main_loop_quit (user_data);
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  const gint64 *a = one, *b = other;

  return (*a > *b) - (*a < *b);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GFile) file = g_file_new_for_path (argv[1]);
  gint64 times[11];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      gint64 start = g_get_monotonic_time ();

      relais_segment_describe_async (file, NULL, NULL, described_cb, loop);
      g_main_loop_run (loop);
      times[i] = g_get_monotonic_time () - start;
    }
  qsort (times, G_N_ELEMENTS (times), sizeof times[0], compare);
  g_print ("%.2f\n", times[G_N_ELEMENTS (times) / 2] / 1000.0);

  return 0;
}
