/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a column may be suggested for. */
typedef enum
{
  RELAIS_TARGET_EMAIL,
  RELAIS_TARGET_FIRST_NAME,
  RELAIS_TARGET_LAST_NAME,
  RELAIS_TARGET_PHONE,
  RELAIS_N_TARGETS,
} RelaisTarget;

/* Worse than a person's own address or telephone; and no person's name. */
#define RELAIS_SIDE_COMPANY (-20)
/* The second of its kind, or worse. */
#define RELAIS_SIDE_SECOND  (-30)

int      relais_matching_words_score            (RelaisTarget        target,
                                                 const char * const *words,
                                                 gboolean            twice);
gboolean relais_matching_words_are_other_matter (const char * const *words);
gboolean relais_matching_word_is_side           (const char         *word,
                                                 int                *score);
gboolean relais_matching_word_is_phone          (const char         *word,
                                                 int                *score);
gboolean relais_matching_word_is_blind          (const char         *word);
gboolean relais_matching_word_is_number         (const char         *word);

G_END_DECLS
