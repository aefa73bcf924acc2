/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "relais-practice-call.h"

G_BEGIN_DECLS

/* The service numbers memberships, field values and contact tags on their own. Here such
 * an id is the contact's and the other's side by side, so that none has to be kept. */
#define RELAIS_PAIR_FACTOR 1000000

/**
 * RelaisUpsert:
 *
 * One contact to be written by its address. What is missing is left alone.
 */
typedef struct
{
  const char       *email;
  const RelaisNode *first_name;    /* (nullable) */
  const RelaisNode *last_name;     /* (nullable) */
  const RelaisNode *phone;         /* (nullable) */
  const RelaisNode *organization;  /* (nullable) */
  const RelaisNode *fields;        /* (nullable): array of {id|field, value} */
  const char       *field_key;     /* "id" or "field" */
  const RelaisNode *tags;          /* (nullable): array of names */
  gboolean          keeps_empty;   /* an empty value is left alone too */
} RelaisUpsert;

/* The columns that relais_contact_write() reads. */
#define RELAIS_CONTACT_COLUMNS \
  "contacts.id, email, first, last, phone, fields, bounced, contacts.created, contacts.updated, account"

/**
 * RelaisContactForm:
 * @RELAIS_CONTACT_LISTED: one of a page
 * @RELAIS_CONTACT_SIDELOADED: one of a page, with the ids of its memberships
 * @RELAIS_CONTACT_WHOLE: asked for by its id
 * @RELAIS_CONTACT_CREATED: just created
 * @RELAIS_CONTACT_UPDATED: just updated
 * @RELAIS_CONTACT_ASIDE: told with something else
 */
typedef enum
{
  RELAIS_CONTACT_LISTED,
  RELAIS_CONTACT_SIDELOADED,
  RELAIS_CONTACT_WHOLE,
  RELAIS_CONTACT_CREATED,
  RELAIS_CONTACT_UPDATED,
  RELAIS_CONTACT_ASIDE,
} RelaisContactForm;

/* relais-practice-upsert.c */
gint64   relais_contact_upsert             (RelaisPracticeAccount *account,
                                            const RelaisUpsert    *upsert,
                                            gboolean              *created);
gboolean relais_contact_set_field          (RelaisPracticeAccount *account,
                                            gint64                 contact,
                                            gint64                 field,
                                            const char            *value);

/* relais-practice-contact-answer.c */
void     relais_contact_write              (RelaisCall            *call,
                                            sqlite3_stmt          *row,
                                            RelaisContactForm      form);
void     relais_contact_write_one          (RelaisCall            *call,
                                            gint64                 contact,
                                            RelaisContactForm      form);
void     relais_contact_write_aside        (RelaisCall            *call,
                                            gint64                 contact);

/* relais-practice-contacts.c */
gint64   relais_contact_find               (RelaisCall            *call,
                                            const char            *id);
void     relais_contact_answer_part        (RelaisCall            *call,
                                            void                (* write) (RelaisCall *call,
                                                                           gint64      contact));

/* relais-practice-memberships.c */
gboolean relais_contact_is_active          (RelaisPracticeAccount *account,
                                            gint64                 contact);
void     relais_contact_set_membership     (RelaisPracticeAccount *account,
                                            gint64                 contact,
                                            gint64                 list,
                                            gint64                 status,
                                            gint64                 source);
void     relais_contact_leave              (RelaisPracticeAccount *account,
                                            gint64                 contact,
                                            gint64                 list,
                                            const char            *reason);
void     relais_contact_write_memberships  (RelaisCall            *call,
                                            gint64                 contact);
void     relais_contact_write_membership_rows (RelaisCall         *call,
                                            gint64                 contact);
void     relais_contact_write_pair_ids     (RelaisCall            *call,
                                            const char            *name,
                                            const char            *sql,
                                            gint64                 contact);

/* relais-practice-field-values.c */
void     relais_contact_write_field_value_rows (RelaisCall        *call,
                                            gint64                 contact);
void     relais_contact_write_field_values (RelaisCall            *call,
                                            gint64                 contact);

G_END_DECLS
