/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELAIS_JSON_SOUND,
  RELAIS_JSON_NO_OBJECT,  /* it does not begin as an object */
  RELAIS_JSON_UNSOUND,    /* something in it is no JSON, or follows the object */
  RELAIS_JSON_TOO_DEEP,
} RelaisJsonSoundness;

RelaisJsonSoundness relais_json_check (const char *json,
                                       gsize       length,
                                       guint       max_depth,
                                       gsize      *where);

G_END_DECLS
