/* SPDX-License-Identifier: GPL-3.0-or-later */

/* replay FOLDER: feeds every file of a corpus to the fuzz target that this is linked with, without
 * the fuzzer. What is found aborts, and the last line tells the file. */

#include <gio/gio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static void
replay (const char *folder,
        const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  uint8_t *data;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_print ("# %s\n", name);
  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  /* Nothing behind the end, so that reading past it is seen; and not NULL, as from the fuzzer. */
  data = malloc (size);
  memcpy (data, text, size);
  LLVMFuzzerTestOneInput (data, size);
  free (data);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;
  guint n = 0;

  g_assert_cmpint (argc, ==, 2);
  folder = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);

  g_print ("1..1\n");
  while ((name = g_dir_read_name (folder)) != NULL)
    if (name[0] != '.')
      {
        replay (argv[1], name);
        n++;
      }
  g_print ("%s 1 %u files go through the fuzz target without a finding\n", n > 0 ? "ok" : "not ok", n);

  return n > 0 ? 0 : 1;
}
