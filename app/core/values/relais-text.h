/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisText:
 * @data: (array length=length) (transfer none): UTF-8, not zero-terminated
 * @length: in bytes
 *
 * A stretch of UTF-8 text that belongs to someone else.
 */
typedef struct
{
  const char *data;
  gsize       length;
} RelaisText;

RelaisText relais_text_trim  (RelaisText  text);
gboolean   relais_text_clean (RelaisText  text,
                              GString    *into);

G_END_DECLS
