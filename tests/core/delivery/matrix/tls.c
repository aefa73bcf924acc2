/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls.h"

#include <sqlite3.h>
#include <string.h>

#include "relais-practice-server-private.h"
#include "relais-test-certificates.h"

struct _RelaisMatrixTls
{
  RelaisRunFixture       *run;
  RelaisTestCertificates *authority;  /* (owned): the only one that is trusted */
  RelaisTestCertificates *stranger;   /* (owned) (nullable) */
  GTlsCertificate        *good;       /* (unowned): kept */
  GTlsCertificate        *wrong;      /* (unowned): kept */
};

static GTlsCertificate *
issue_wrong (RelaisMatrixTls *self,
             const char      *wrong)
{
  if (strcmp (wrong, "other-name") == 0)
    return relais_test_certificates_issue (self->authority, "DNS:account.example", 2);
  if (strcmp (wrong, "expired") == 0)
    return relais_test_certificates_issue (self->authority, "DNS:localhost", -1);
  g_assert_cmpstr (wrong, ==, "unknown-authority");
  self->stranger = relais_test_certificates_new ();

  return relais_test_certificates_issue (self->stranger, "DNS:localhost", 2);
}

/* A listener of libsoup 3 forgets the certificate in whose place it shows another: what is shown stays for the
 * life of the process. */
static void
keep (GTlsCertificate *certificate)
{
  static GPtrArray *shown = NULL;

  if (shown == NULL)
    shown = g_ptr_array_new ();
  g_ptr_array_add (shown, certificate);
}

/*
 * relais_matrix_tls_new:
 * @run: with its account, which listens with a good certificate too from now on
 * @wrong: what is wrong with the other one
 *
 * Returns: (transfer full): the certificates
 */
RelaisMatrixTls *
relais_matrix_tls_new (RelaisRunFixture *run,
                       const char       *wrong)
{
  RelaisMatrixTls *self = g_new0 (RelaisMatrixTls, 1);
  g_autoptr (GError) error = NULL;

  self->run = run;
  self->authority = relais_test_certificates_new ();
  self->good = relais_test_certificates_issue (self->authority, "DNS:localhost", 2);
  self->wrong = issue_wrong (self, wrong);
  keep (self->good);
  keep (self->wrong);
  soup_session_set_tls_database (run->session, relais_test_certificates_get_database (self->authority));
  soup_server_set_tls_certificate (run->practice->server, self->good);
  soup_server_listen_local (run->practice->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY | SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);

  return self;
}

void
relais_matrix_tls_free (RelaisMatrixTls *self)
{
  relais_test_certificates_free (self->authority);
  g_clear_pointer (&self->stranger, relais_test_certificates_free);
  g_free (self);
}

/*
 * relais_matrix_tls_set_wrong:
 * @witness: who learns of it
 * @wrong: whether the account shows the wrong certificate to whoever comes from now on
 */
void
relais_matrix_tls_set_wrong (RelaisMatrixTls     *self,
                             RelaisMatrixWitness *witness,
                             gboolean             wrong)
{
  soup_server_set_tls_certificate (self->run->practice->server, wrong ? self->wrong : self->good);
  witness->distrusts = wrong;
}

static guint
find_port (RelaisMatrixTls *self)
{
  GSList *uris = soup_server_get_uris (self->run->practice->server);
  guint port = 0;

  for (GSList *at = uris; at != NULL; at = at->next)
    if (strcmp (g_uri_get_scheme (at->data), "https") == 0)
      port = g_uri_get_port (at->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return port;
}

/*
 * relais_matrix_tls_connect:
 *
 * Makes a real account of the practice account that the connection is for. The program takes host names
 * without a port alone, so that it is written where they are kept.
 */
void
relais_matrix_tls_connect (RelaisMatrixTls *self)
{
  g_autofree char *path = g_build_filename (self->run->folder, "journal.sqlite", NULL);
  g_autofree char *sql = g_strdup_printf ("UPDATE connections SET kind = %d, host = 'localhost:%u'", RELAIS_CONNECTION_ACTIVECAMPAIGN,
                                          find_port (self));
  sqlite3 *database = NULL;

  relais_run_fixture_close (self->run);
  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
  relais_run_fixture_open (self->run);
}
