/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisTextEvidence:
 * @is_ascii: whether there is nothing but ASCII
 * @n_utf8: characters beyond ASCII that are well-formed UTF-8
 * @n_other: bytes beyond ASCII that are not
 *
 * What speaks for and against a stretch of bytes being UTF-8.
 */
typedef struct
{
  gboolean is_ascii;
  gsize    n_utf8;
  gsize    n_other;
} RelaisTextEvidence;

const char         *relais_encoding_from_mark  (const guchar *data,
                                                gsize         length,
                                                gsize        *mark_length);
const char         *relais_encoding_guess_wide (const guchar *data,
                                                gsize         length);
gsize               relais_ascii_length        (const guchar *data,
                                                gsize         length);
gsize               relais_utf8_check          (const guchar *data,
                                                gsize         length,
                                                gboolean      is_end,
                                                gboolean     *valid);
RelaisTextEvidence  relais_utf8_weigh          (const guchar *data,
                                                gsize         length,
                                                gboolean      is_end);

G_END_DECLS
