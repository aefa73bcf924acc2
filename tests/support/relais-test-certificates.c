/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-test-certificates.h"

#include <glib/gstdio.h>

#define NEW_KEY "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

struct _RelaisTestCertificates
{
  char         *folder;    /* (owned): absolute */
  GTlsDatabase *database;  /* (owned): trusts this authority alone */
  guint         n_issued;
};

/* Runs openssl inside the folder. */
static void
run (RelaisTestCertificates *self,
     const char             *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *line = g_strconcat ("openssl ", arguments, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *complaint = NULL;
  g_autoptr (GError) error = NULL;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_cwd (launcher, self->folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &complaint, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", line, complaint);
}

/*
 * relais_test_certificates_new:
 *
 * Makes an authority.
 */
RelaisTestCertificates *
relais_test_certificates_new (void)
{
  RelaisTestCertificates *self = g_new0 (RelaisTestCertificates, 1);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("relais-certificates.XXXXXX", &error);
  g_assert_no_error (error);
  run (self, "req -x509 " NEW_KEY " -keyout authority.key -out authority.pem -days 2 -subj '/CN=Authority of a test' "
             "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign");
  path = relais_test_certificates_get_path (self, "authority.pem");
  self->database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);

  return self;
}

/*
 * relais_test_certificates_free:
 * @self: (transfer full): an authority
 */
void
relais_test_certificates_free (RelaisTestCertificates *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = relais_test_certificates_get_path (self, name);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_object_unref (self->database);
  g_free (self->folder);
  g_free (self);
}

/*
 * relais_test_certificates_issue:
 * @names: that it is for, as subjectAltName: DNS:localhost,IP:127.0.0.1
 * @days: for which it is valid; -1: until yesterday
 *
 * Returns: (transfer full): a certificate for a server
 */
GTlsCertificate *
relais_test_certificates_issue (RelaisTestCertificates *self,
                                const char             *names,
                                int                     days)
{
  guint number = ++self->n_issued;
  g_autofree char *request = g_strdup_printf ("req " NEW_KEY " -keyout %u.key -out %u.csr -subj /CN=test", number, number);
  g_autofree char *sign =
    g_strdup_printf ("x509 -req -in %u.csr -CA authority.pem -CAkey authority.key -set_serial %u -days %d -extfile %u.names -out %u.pem",
                     number, number, days, number, number);
  g_autofree char *names_path = g_strdup_printf ("%s/%u.names", self->folder, number);
  g_autofree char *extension = g_strdup_printf ("subjectAltName=%s\n", names);
  g_autofree char *certificate_path = g_strdup_printf ("%s/%u.pem", self->folder, number);
  g_autofree char *key_path = g_strdup_printf ("%s/%u.key", self->folder, number);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate;

  run (self, request);
  g_file_set_contents (names_path, extension, -1, &error);
  g_assert_no_error (error);
  run (self, sign);
  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, &error);
  g_assert_no_error (error);

  return certificate;
}

/*
 * relais_test_certificates_get_path:
 * @name: authority.pem, or the number of a certificate, counted from 1, with .pem or .key
 *
 * Returns: (transfer full): where it is
 */
char *
relais_test_certificates_get_path (RelaisTestCertificates *self,
                                   const char             *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/*
 * relais_test_certificates_get_database:
 *
 * Returns: (transfer none): trusts this authority and no other
 */
GTlsDatabase *
relais_test_certificates_get_database (RelaisTestCertificates *self)
{
  return self->database;
}
