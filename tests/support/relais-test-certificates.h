/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelaisTestCertificates:
 *
 * An authority of a test's own, made when the test runs, and certificates by it.
 */
typedef struct _RelaisTestCertificates RelaisTestCertificates;

RelaisTestCertificates *relais_test_certificates_new          (void);
void                    relais_test_certificates_free         (RelaisTestCertificates *self);
GTlsCertificate        *relais_test_certificates_issue        (RelaisTestCertificates *self,
                                                               const char             *names,
                                                               int                     days);
char                   *relais_test_certificates_get_path     (RelaisTestCertificates *self,
                                                               const char             *name);
GTlsDatabase           *relais_test_certificates_get_database (RelaisTestCertificates *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaisTestCertificates, relais_test_certificates_free)

G_END_DECLS
