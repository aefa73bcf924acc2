/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-address.h"
#include "relais-hash.h"
#include "relais-records.h"

G_BEGIN_DECLS

/**
 * RelaisProfileTable:
 *
 * Every profile of a segment, by the keyed hash of its address: which row had
 * it first, and, when the export has run before, what was last confirmed for
 * it. One look-up a row answers both. 16 bytes a slot, 24 with fingerprints.
 */
typedef struct _RelaisProfileTable RelaisProfileTable;

RelaisProfileTable *relais_profile_table_new              (void);
void                relais_profile_table_free             (RelaisProfileTable      *table);
void                relais_profile_table_expect           (RelaisProfileTable      *table,
                                                           gsize                    n_profiles);
void                relais_profile_table_add_fingerprints (RelaisProfileTable      *table,
                                                           const RelaisFingerprint *fingerprints,
                                                           gsize                    n_fingerprints);
guint32             relais_profile_table_see              (RelaisProfileTable      *table,
                                                           const guint32            profile[3],
                                                           guint32                  row,
                                                           guint32                  confirmed[2]);
gboolean            relais_profile_table_has_row          (const RelaisProfileTable *table,
                                                           const guint32            profile[3]);
void                relais_profile_hash                   (const RelaisHashKey     *key,
                                                           const char              *email,
                                                           gsize                    length,
                                                           guint32                  profile[3]);
void                relais_profile_hash_folded            (const RelaisHashKey     *key,
                                                           const char              *folded,
                                                           gsize                    length,
                                                           guint32                  profile[3]);
gsize               relais_profile_table_get_size         (RelaisProfileTable      *table);
gsize               relais_profile_table_get_bytes        (RelaisProfileTable      *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisProfileTable, relais_profile_table_free)

G_END_DECLS
