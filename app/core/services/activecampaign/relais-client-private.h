/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-client.h"

G_BEGIN_DECLS

struct _RelaisClient
{
  GObject parent_instance;

  SoupSession    *session;   /* (owned) */
  RelaisGovernor *governor;  /* (owned) */
  char           *host;      /* (owned) */
  gboolean        practice;  /* plain HTTP, on loopback only */
  RelaisKey      *key;       /* (owned) */
  RelaisAccountClock *clock; /* (owned) */
  guint           deadline;  /* of a whole request, in ms */
};

G_END_DECLS
