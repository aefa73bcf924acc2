/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes at all as the definition of an export: it is read, and what was read can be written
 * and read again to the same; or it is refused with a sentence. */

#include "relais-error.h"
#include "relais-export-definition.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelaisExportDefinition) definition =
    relais_export_definition_from_json ((const char *) data, size, "/srv/segments", &error);
  g_autoptr (RelaisExportDefinition) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *written_again = NULL;

  if (definition == NULL)
    {
      g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_true (g_str_has_suffix (error->message, "."));
      return 0;
    }
  g_assert_cmpuint (definition->list_id, >, 0);
  g_assert_cmpuint (definition->segments->len, >, 0);
  g_assert_nonnull (definition->matching->email);

  written = relais_export_definition_to_json (definition);
  again = relais_export_definition_from_json (written, -1, "/", &error);
  g_assert_no_error (error);
  written_again = relais_export_definition_to_json (again);
  g_assert_cmpstr (written, ==, written_again);

  return 0;
}
