/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "relais-delivery.h"
#include "relais-memory-secrets.h"
#include "relais-practice.h"

G_BEGIN_DECLS

#define UI_KEY "0123456789abcdef0123456789abcdef"

/* What a page or dialog is shown with: a journal in a folder of its own, secrets in
 * memory, and a practice account on the test's own main loop. */
typedef struct
{
  char                *folder;     /* (owned) */
  RelaisMemorySecrets *secrets;    /* (owned) */
  RelaisWorkspace     *workspace;  /* (owned) */
  RelaisDelivery      *delivery;   /* (owned) */
  RelaisPractice      *practice;   /* (owned) */
} UiFixture;

/* The function looks whether what is waited for has come. */
typedef gboolean (* UiCondition) (gpointer data);

void              ui_test_init        (int          *argc,
                                       char       ***argv);
void              ui_fixture_set_up   (UiFixture    *fixture,
                                       gconstpointer data);
void              ui_fixture_tear_down (UiFixture   *fixture,
                                       gconstpointer data);
void              ui_wait             (const char   *what,
                                       UiCondition   condition,
                                       gpointer      data);
void              ui_settle           (void);
GtkWidget        *ui_child            (GtkWidget    *widget,
                                       const char   *id);
GtkWidget        *ui_find             (GtkWidget    *root,
                                       GType         type,
                                       const char   *action);
GtkWidget        *ui_find_label       (GtkWidget    *root,
                                       const char   *text);
void              ui_write            (GtkWidget    *widget,
                                       const char   *id,
                                       const char   *text);
gboolean          ui_may              (GtkWidget    *root,
                                       const char   *action);
gboolean          ui_drop             (GtkWidget    *widget,
                                       GFile       **files,
                                       gsize         n_files);
GtkWidget        *ui_show             (GtkWidget    *content);
void              ui_destroy          (GtkWidget    *window);
RelaisConnection *ui_add_connection   (UiFixture    *fixture,
                                       const char   *name);
char             *ui_write_segment    (UiFixture    *fixture,
                                       const char   *text);
RelaisExport     *ui_add_export       (UiFixture    *fixture,
                                       const char   *name,
                                       const char   *path);

G_END_DECLS
