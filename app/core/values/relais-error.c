/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-error.h"

G_DEFINE_QUARK (relais-error-quark, relais_error)

/**
 * relais_error_is_temporary:
 * @error: (nullable): an error of any domain
 *
 * Returns: whether the same request, sent later, may go through without the
 *   person doing anything
 */
gboolean
relais_error_is_temporary (const GError *error)
{
  return error != NULL && error->domain == RELAIS_ERROR &&
         error->code >= RELAIS_ERROR_THROTTLED && error->code <= RELAIS_ERROR_CUT;
}

/**
 * relais_error_is_in_doubt:
 * @error: (nullable): an error of any domain
 *
 * Returns: whether the service may have done what was asked although no
 *   usable answer came
 */
gboolean
relais_error_is_in_doubt (const GError *error)
{
  return g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_UNAVAILABLE) ||
         g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_CUT) ||
         g_error_matches (error, RELAIS_ERROR, RELAIS_ERROR_REPLY);
}
