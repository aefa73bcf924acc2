/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisDecoder:
 *
 * Makes UTF-8 of bytes in another encoding, piece by piece. What is no text in
 * that encoding becomes U+FFFD.
 */
typedef struct _RelaisDecoder RelaisDecoder;

RelaisDecoder *relais_decoder_new   (const char     *encoding);
void           relais_decoder_free  (RelaisDecoder  *decoder);
gsize          relais_decoder_write (RelaisDecoder  *decoder,
                                     const guchar   *data,
                                     gsize           length,
                                     gboolean        is_end,
                                     GString        *into,
                                     GArray         *bad);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisDecoder, relais_decoder_free)

G_END_DECLS
