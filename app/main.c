/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-application.h"
#include "relais-cli.h"
#include "relais-core-dumps.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

int
main (int    argc,
      char **argv)
{
  g_autoptr (RelaisApplication) application = NULL;

  relais_core_dumps_forbid ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, RELAIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* A command needs no display; everything else is the window's. */
  if (relais_cli_is_command (argc, argv))
    return relais_cli_main (argc, argv);

  g_set_application_name ("Relais");
  application = relais_application_new (relais_cli_handle);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
