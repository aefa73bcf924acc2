/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define RELAIS_ERROR (relais_error_quark ())

/**
 * RelaisError:
 *
 * The one error domain. A code says what a person can do about it; the
 * message, made where the error was made, is a whole translated sentence.
 */
typedef enum
{
  /* The account */
  RELAIS_ERROR_REFUSED,            /* the service does not accept the API key */
  RELAIS_ERROR_NOT_ALLOWED,        /* the key's user lacks a right in the account */
  RELAIS_ERROR_UNPAID,             /* 402: the account has a payment issue */
  RELAIS_ERROR_WRONG_HOST,         /* a redirect, or something that is no ActiveCampaign server */
  RELAIS_ERROR_NOT_FOUND,          /* the service knows no such list, contact or field */
  RELAIS_ERROR_INVALID,            /* the service refuses what was sent; sending it again does not help */
  RELAIS_ERROR_REPLY,              /* the service answered something undocumented */
  /* Worth trying again later: see relais_error_is_temporary() */
  RELAIS_ERROR_THROTTLED,          /* too many requests; certainly nothing was done */
  RELAIS_ERROR_UNAVAILABLE,        /* 5xx: trouble on their side; what was asked may have been done */
  RELAIS_ERROR_OFFLINE,            /* no network; certainly nothing was sent */
  RELAIS_ERROR_NAME_NOT_FOUND,     /* the host's name is not known (or DNS is out); nothing was sent */
  RELAIS_ERROR_UNREACHABLE,        /* no connection to the host could be made; nothing was sent */
  RELAIS_ERROR_CUT,                /* the connection broke or timed out; what was asked may have been done */
  RELAIS_ERROR_TLS,                /* the host's certificate is not trusted; nothing was sent */
  /* Keyring */
  RELAIS_ERROR_KEYRING_LOCKED,     /* locked, and the prompt was dismissed or cannot be shown */
  RELAIS_ERROR_KEYRING_MISSING,    /* no Secret Service in this session */
  RELAIS_ERROR_KEYRING,            /* the keyring refused or broke */
  RELAIS_ERROR_KEY_MISSING,        /* nothing is stored for this connection */
  /* Journal */
  RELAIS_ERROR_JOURNAL_NEWER,      /* written by a newer Relais */
  RELAIS_ERROR_JOURNAL_DAMAGED,    /* not a database, or its content is inconsistent */
  RELAIS_ERROR_JOURNAL_UNWRITABLE, /* read-only, no permission, no space, input/output error */
  RELAIS_ERROR_BUSY,               /* another Relais process holds what is needed */
  /* What the person gave */
  RELAIS_ERROR_FILE,               /* a file cannot be read: missing, forbidden, damaged */
  RELAIS_ERROR_FORMAT,             /* a file is not what was expected (names the line) */
  RELAIS_ERROR_DEFINITION,         /* an export's definition is wrong or incomplete */
  RELAIS_ERROR_NAME_TAKEN,         /* another connection or export has this name */
  RELAIS_ERROR_IN_USE,             /* exports depend on it */
  RELAIS_ERROR_UNKNOWN,            /* no connection, export or run of that name */
  RELAIS_ERROR_CONSENT,            /* consent is missing */
  RELAIS_ERROR_NO_CONNECTION,      /* the export has been disconnected */
  RELAIS_ERROR_TOO_MANY,           /* over 1,000,000 profiles */
  RELAIS_ERROR_QUESTION,           /* a person has to answer first; the message says with which option */
  RELAIS_ERROR_ROLE,               /* the person's own role does not allow it; an administrator's would */
} RelaisError;

GQuark   relais_error_quark        (void);
gboolean relais_error_is_temporary (const GError *error);
gboolean relais_error_is_in_doubt  (const GError *error);

G_END_DECLS
