/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-run-job-private.h"

G_BEGIN_DECLS

/* So many are asked about when a sample is enough, and one by one at the most when everybody is. */
#define RELAIS_VERIFY_SAMPLE_SIZE 50
#define RELAIS_VERIFY_MOST_SINGLY 1000

/* What was read into a #RelaisDelivered, and what comes then */
typedef void (* RelaisVerifyStep) (GTask *task);

/**
 * RelaisVerifying:
 *
 * A run that reads back from the account what it has delivered. Part of its job, on the main loop.
 */
struct _RelaisVerifying
{
  RelaisVerification  result;
  GPtrArray          *differences;   /* (owned) (element-type RelaisDifference) */
  GArray             *forgotten;     /* (owned) (element-type RelaisFingerprint): of people to be sent again */
  GCancellable       *cancellable;   /* (owned) */
  GError             *error;         /* (owned) (nullable): of a question */
  gboolean            over;          /* nothing more is asked */
  gboolean            written;

  /* From the journal */
  GPtrArray          *batches;       /* (owned) (nullable) (element-type RelaisBatchRecord): of which somebody arrived */
  GArray             *refused;       /* (owned) (element-type guint64): rows that the service refused, in order */
  guint64             after_row;

  /* From the segments */
  RelaisPlan         *plan;          /* (owned) (nullable) */
  RelaisPreparation  *reading;       /* (owned) (nullable) */
  RelaisDelivered    *delivered;     /* (owned) (nullable) */
  RelaisVerifyStep    read_step;

  /* One by one */
  GPtrArray          *left;          /* (owned) (nullable) (element-type RelaisInquiry): not seen as they were sent */
  guint               next;          /* of them, to be asked about in this round */
  guint               n_rounds;
  guint               n_asking;

  /* By pages */
  RelaisDelivered    *marks;         /* (owned) (nullable) */
  guint8             *seen;          /* (owned) (nullable): of each mark: on the list, and as it was sent */
  gsize               n_same;        /* of the marks */
  GPtrArray          *stretches;     /* (owned) (nullable) (element-type RelaisStretch): parts of the list, by numbers */
  guint64             n_listed;      /* people on pages so far */
  gint64              n_on_list;     /* -1 = not told */
};

/* relais-run-verifying.c */
void     relais_run_job_read_delivered  (GTask                   *task,
                                         RelaisDelivered         *taken,
                                         RelaisVerifyStep         step);
void     relais_run_job_fail_question   (GTask                   *task,
                                         RelaisRunStep            step);
void     relais_run_job_end_verifying   (GTask                   *task);
void     relais_run_job_forget          (RelaisRunJob            *job,
                                         const guint32            profile[3],
                                         gboolean                 held);

/* relais-run-verifying-people.c */
void     relais_run_job_ask_people      (GTask                   *task);

/* relais-run-verifying-pages.c */
void     relais_run_job_ask_pages       (GTask                   *task);

/* relais-run-comparing.c */
GPtrArray *relais_held_values           (GPtrArray               *checked,
                                         const RelaisHeldContact *contact,
                                         gboolean                 tells_values);
void     relais_compare_held            (GPtrArray               *checked,
                                         const RelaisDeliveredPerson *person,
                                         const RelaisHeldContact *contact,
                                         gboolean                 tells_values,
                                         GPtrArray               *differences);
gboolean relais_is_to_be_sent_again     (GPtrArray               *differences,
                                         gboolean                 automations);
gboolean relais_is_off_the_list         (GPtrArray               *differences);

G_END_DECLS
