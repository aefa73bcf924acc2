/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelaisReason:
 *
 * Why a row was not delivered, or what was noted about it. The codes are
 * stable: they are stored in the journal and printed in reports; the sentence
 * a person reads is made from them in the model (relais_rejection_explain()).
 */
typedef enum
{
  RELAIS_REASON_NONE,
  /* invalid: the address */
  RELAIS_REASON_EMPTY_ADDRESS,      /* "empty-address" */
  RELAIS_REASON_NO_AT,              /* "no-at": there is no @ */
  RELAIS_REASON_SEVERAL_AT,         /* "several-at": several addresses, or more than one @ */
  RELAIS_REASON_BAD_LOCAL_PART,     /* "bad-local-part": what stands before the @ */
  RELAIS_REASON_BAD_DOMAIN,         /* "bad-domain": what stands after the @ */
  RELAIS_REASON_ADDRESS_TOO_LONG,   /* "address-too-long" */
  RELAIS_REASON_BAD_CHARACTERS,     /* "bad-characters": blanks, or characters no address can have */
  /* invalid: other cells; the detail names the column */
  RELAIS_REASON_UNCLEAR_DATE,       /* "unclear-date": 03/04/2020 without an order chosen */
  RELAIS_REASON_BAD_DATE,           /* "bad-date" */
  RELAIS_REASON_BAD_NUMBER,         /* "bad-number" */
  RELAIS_REASON_SCIENTIFIC_NUMBER,  /* "scientific-number": a telephone 3,36E+10: its digits are gone */
  RELAIS_REASON_NOT_AN_OPTION,      /* "not-an-option": no such choice in the account's field */
  RELAIS_REASON_TOO_LARGE,          /* "too-large": the contact alone exceeds what a request may hold */
  RELAIS_REASON_BAD_TEXT,           /* "bad-text": bytes that are no text in the file's encoding */
  RELAIS_REASON_TOO_MANY_CELLS,     /* "too-many-cells": which column a value belongs to is not certain; no detail */
  /* duplicate; the row it repeats stands beside it */
  RELAIS_REASON_REPEATED_ADDRESS,   /* "repeated-address" */
  /* refused by the service */
  RELAIS_REASON_REFUSED,            /* "refused": no reason given */
  RELAIS_REASON_REFUSED_BECAUSE,    /* "refused-because": the detail is the service's own text */
  RELAIS_REASON_NOT_ON_LIST,        /* "not-on-list": the account has the contact, and the importer did not take it */
  RELAIS_REASON_PROBABLY_FULL,      /* "probably-full": no reason given, and the plan had no room left as far as is known */
  RELAIS_REASON_IMPORT_FAILED,      /* "import-failed": the whole import failed on the service's side */
  RELAIS_REASON_UNKNOWN_OUTCOME,    /* "unknown-outcome": the service never said what became of it */
  /* barred */
  RELAIS_REASON_UNSUBSCRIBED,       /* "unsubscribed" from this list */
  RELAIS_REASON_BOUNCED,            /* "bounced" */
  RELAIS_REASON_EXCLUDED,           /* "excluded": on the account's exclusion list */
  /* noted, the row is sent */
  RELAIS_REASON_PHONE_AS_WRITTEN,   /* "phone-as-written": no international form could be made */
  RELAIS_REASON_PHONE_LEFT_OUT,     /* "phone-left-out": what stands there is no telephone, and is not sent */
} RelaisReason;

#define RELAIS_N_REASONS (RELAIS_REASON_PHONE_LEFT_OUT + 1)
/* The notes come last. */
#define RELAIS_FIRST_NOTE RELAIS_REASON_PHONE_AS_WRITTEN

const char   *relais_reason_to_code   (RelaisReason  reason);
RelaisReason  relais_reason_from_code (const char   *code);

G_END_DECLS
