/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-test-memory.h"

#include <stdio.h>
#include <string.h>

static gboolean
is_reverse_of (const char *bytes,
               const char *reversed,
               gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != reversed[length - 1 - i])
      return FALSE;

  return TRUE;
}

guint
relais_test_memory_count (const char *reversed)
{
  FILE *maps = fopen ("/proc/self/maps", "r");
  FILE *memory = fopen ("/proc/self/mem", "r");
  char line[512];
  gsize length = strlen (reversed);
  guint n = 0;

  setbuf (memory, NULL);
  while (fgets (line, sizeof line, maps) != NULL)
    {
      unsigned long from, to;
      char rights[5];
      g_autofree char *bytes = NULL;
      gsize size;

      if (sscanf (line, "%lx-%lx %4s", &from, &to, rights) != 3 || !g_str_has_prefix (rights, "rw") || to - from > (64ul << 20))
        continue;
      bytes = g_malloc (to - from);
      fseek (memory, from, SEEK_SET);
      size = fread (bytes, 1, to - from, memory);
      for (gsize at = 0; at + length <= size; at++)
        n += is_reverse_of (bytes + at, reversed, length);
      explicit_bzero (bytes, to - from);
    }
  fclose (maps);
  fclose (memory);

  return n;
}
