/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "relais-practice-call.h"
#include "relais-practice.h"

G_BEGIN_DECLS

struct _RelaisPractice
{
  GObject parent_instance;

  RelaisPracticeAccount  account;
  SoupServer            *server;      /* (owned) (nullable) */
  char                  *state_path;  /* (owned) (nullable) */
  char                  *key;         /* (owned) (nullable) */
  char                  *account_id;  /* (owned) (nullable) */
  char                  *address;     /* (owned) (nullable) */
};

gboolean relais_practice_has_key     (RelaisPractice    *self,
                                      SoupServerMessage *message);
void     relais_practice_send        (RelaisCall        *call);
void     relais_practice_break       (SoupServerMessage *message);
void     relais_practice_add_server  (RelaisPractice    *self);
void     relais_practice_add_control (RelaisPractice    *self);

G_END_DECLS
