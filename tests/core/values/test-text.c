/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-text.h"

#include <string.h>

static void
test_cleaning (void)
{
  static const struct
  {
    const char *written;
    const char *sent;
    gboolean    cleaned;
  } rows[] = {
    { "", "", FALSE },
    { "   ", "", FALSE },
    { "Zoé", "Zoé", FALSE },
    { "  Zoé\t", "Zoé", FALSE },
    { "\xc2\xa0Zoé\xe2\x80\xaf", "Zoé", FALSE },
    { "\xef\xbb\xbfZoé", "Zoé", FALSE },
    { "Jean\xc2\xa0Luc", "Jean\xc2\xa0Luc", FALSE },
    { "a\nb", "a b", TRUE },
    { "a\r\nb", "a b", TRUE },
    { "a\rb", "a b", TRUE },
    { "Zo\xe2\x80\x8bé", "Zoé", TRUE },
    { "a\x01z", "az", TRUE },
    { "é", "é", FALSE },
    { "\xe2\x80\x8b", "", FALSE },
    { "日本", "日本", FALSE },
    { "Zo\xc2\x80\xc2\x9fé", "Zoé", TRUE },                         /* controls beyond ASCII */
    { "\xe2\x80\xaaZoé\xe2\x80\xac", "Zoé", FALSE },              /* an embedding, as contacts of telephones have it */
    { "\xe2\x81\xa6Zoé\xe2\x81\xa9", "Zoé", FALSE },              /* an isolate */
    { "👩\xe2\x80\x8d💻", "👩\xe2\x80\x8d💻", FALSE },            /* a joiner inside stays */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) sent = g_string_new (NULL);
      /* No zero at the end, so that reading past it is seen. */
      g_autofree char *exact = g_memdup2 (rows[i].written, strlen (rows[i].written));
      RelaisText text = { exact, strlen (rows[i].written) };

      g_assert_cmpint (relais_text_clean (text, sent), ==, rows[i].cleaned);
      g_assert_cmpstr (sent->str, ==, rows[i].sent);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/cleaning", test_cleaning);

  return g_test_run ();
}
