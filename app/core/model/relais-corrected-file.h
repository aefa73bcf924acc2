/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-journal.h"

G_BEGIN_DECLS

/**
 * RelaisCorrectedFile:
 * @run: (owned): the run whose rejected rows these are
 * @corrections: (owned): what is different from what the run found
 * @n_same: rows that are as they were
 * @n_barred: rows of people who may not be mailed, under another address neither
 * @n_others: other rows that cannot be corrected this way, although they were changed
 * @n_unknown: rows that are not among those which the run did not deliver
 *
 * What a saved report holds when it comes back.
 */
typedef struct
{
  RelaisRunRecord   *run;
  RelaisCorrections *corrections;
  guint              n_same;
  guint              n_barred;
  guint              n_others;
  guint              n_unknown;
} RelaisCorrectedFile;

void                 relais_corrected_file_recognize_async  (GFile                *file,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
gboolean             relais_corrected_file_recognize_finish (GAsyncResult         *result);
void                 relais_corrected_file_read_async       (RelaisJournal        *journal,
                                                             GFile                *file,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
RelaisCorrectedFile *relais_corrected_file_read_finish      (GAsyncResult         *result,
                                                             GError              **error);
void                 relais_corrected_file_free             (RelaisCorrectedFile  *self);
char                *relais_corrected_file_describe         (RelaisCorrectedFile  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisCorrectedFile, relais_corrected_file_free)

G_END_DECLS
