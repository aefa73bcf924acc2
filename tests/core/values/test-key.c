/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a key's text is in memory, and that nothing of it stays. */

#include "relais-key.h"

#include "relais-test-memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* Made while the test runs, so that it does not stand in the program itself. */
static char *
make_secret (void)
{
  return g_strdup_printf ("%s-%08x-%08x", "planted", g_test_rand_int (), g_test_rand_int ());
}

static void
wipe (char *text)
{
  explicit_bzero (text, strlen (text));
}

/* Whether the kernel's flags for the page at @address hold @flag. */
static gboolean
has_flag (const void *address,
          const char *flag)
{
  g_autofree char *smaps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean inside = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL));
  lines = g_strsplit (smaps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      unsigned long from, to;

      if (sscanf (lines[i], "%lx-%lx ", &from, &to) == 2)
        inside = from <= (unsigned long) address && (unsigned long) address < to;
      else if (inside && g_str_has_prefix (lines[i], "VmFlags:"))
        return strstr (lines[i], flag) != NULL;
    }

  return FALSE;
}

static void
test_a_key_is_what_was_given (void)
{
  static const struct
  {
    const char *text;
    gssize      length;
    const char *expected;
  } keys[] = {
    { "abc", -1, "abc" },
    { "abcdef", 3, "abc" },
    { "abc\0def", 7, "abc" },
    { "", -1, "" },
    { "abc", 0, "" },
    { "\303\251\"'\\", -1, "\303\251\"'\\" },
  };
  g_autofree char *page = g_strnfill (4096, 'k');
  g_autoptr (RelaisKey) page_key = relais_key_new_copy (page, -1);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (RelaisKey) key = relais_key_new_copy (keys[i].text, keys[i].length);
      g_autoptr (RelaisKey) taken = relais_key_new_take (g_strdup (keys[i].expected));

      g_assert_cmpstr (relais_key_peek (key), ==, keys[i].expected);
      g_assert_cmpstr (relais_key_peek (taken), ==, keys[i].expected);
    }
  g_assert_cmpstr (relais_key_peek (page_key), ==, page);
}

static void
test_a_key_stays_as_long_as_it_is_held (void)
{
  RelaisKey *key = relais_key_new_copy ("abc", -1);
  RelaisKey *other = relais_key_ref (key);

  g_assert_true (other == key);
  relais_key_unref (key);
  g_assert_cmpstr (relais_key_peek (other), ==, "abc");
  relais_key_unref (other);
}

/* Not where the person's limit is used up, nor under AddressSanitizer. */
static gboolean
can_lock_memory (void)
{
  void *page = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  gboolean locked = mlock (page, 4096) == 0 && has_flag (page, " lo");

  munmap (page, 4096);

  return locked;
}

static void
test_a_key_reaches_no_disk (void)
{
  g_autofree char *long_text = g_strnfill (10000, 'k');
  g_autoptr (RelaisKey) key = relais_key_new_copy ("abc", -1);
  g_autoptr (RelaisKey) long_key = relais_key_new_copy (long_text, -1);

  g_assert_false (has_flag (long_text, " dd"));
  g_assert_true (has_flag (relais_key_peek (key), " dd"));
  g_assert_true (has_flag (relais_key_peek (long_key) + 9999, " dd"));
  if (!can_lock_memory ())
    {
      g_test_skip ("memory cannot be locked here");
      return;
    }
  g_assert_true (has_flag (relais_key_peek (key), " lo"));
  g_assert_true (has_flag (relais_key_peek (long_key) + 9999, " lo"));
}

static void
test_nothing_of_a_key_stays (void)
{
  g_autofree char *secret = make_secret ();
  g_autofree char *reversed = g_strreverse (g_strdup (secret));
  RelaisKey *key = relais_key_new_copy (secret, -1);
  RelaisKey *taken;

  wipe (secret);
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 1);
  taken = relais_key_new_take (g_strdup (relais_key_peek (key)));
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 2);
  relais_key_unref (key);
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 1);
  relais_key_unref (taken);
  g_assert_cmpuint (relais_test_memory_count (reversed), ==, 0);
}

/* Where no more memory may be locked, a key is kept all the same, and in no core. */
static void
test_a_key_is_kept_without_a_lock (void)
{
  struct rlimit before, none = { 0, 0 };
  g_autoptr (RelaisKey) key = NULL;

  g_assert_cmpint (getrlimit (RLIMIT_MEMLOCK, &before), ==, 0);
  none.rlim_max = before.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_MEMLOCK, &none), ==, 0);
  key = relais_key_new_copy ("abc", -1);
  g_assert_cmpint (setrlimit (RLIMIT_MEMLOCK, &before), ==, 0);
  g_assert_cmpstr (relais_key_peek (key), ==, "abc");
  g_assert_true (has_flag (relais_key_peek (key), " dd"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key/a-key-is-what-was-given", test_a_key_is_what_was_given);
  g_test_add_func ("/key/a-key-stays-as-long-as-it-is-held", test_a_key_stays_as_long_as_it_is_held);
  g_test_add_func ("/key/a-key-reaches-no-disk", test_a_key_reaches_no_disk);
  g_test_add_func ("/key/nothing-of-a-key-stays", test_nothing_of_a_key_stays);
  g_test_add_func ("/key/a-key-is-kept-without-a-lock", test_a_key_is_kept_without_a_lock);

  return g_test_run ();
}
