/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv     relais_header_words_split   (const char         *header);
gboolean  relais_header_words_equal   (const char * const *words,
                                       const char         *phrase);
gboolean  relais_header_words_contain (const char * const *words,
                                       const char         *phrase);

G_END_DECLS
