/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELAIS_OPTION_FLAG,   /* into a gboolean */
  RELAIS_OPTION_TEXT,   /* into a char *; the last one given counts */
  RELAIS_OPTION_TEXTS,  /* into a GStrv */
  RELAIS_OPTION_FILE,   /* into a char *, in the encoding of file names */
} RelaisOptionKind;

/**
 * RelaisOption:
 * @name: without the dashes; %NULL after the last
 * @kind: what it is read into
 * @offset: of its place in the struct that options are read into
 * @value: (nullable): what help shows for its value, untranslated
 * @summary: untranslated
 *
 * One option of a command. Every command has --help (-h) besides.
 */
typedef struct
{
  const char       *name;
  RelaisOptionKind  kind;
  gsize             offset;
  const char       *value;
  const char       *summary;
} RelaisOption;

gboolean relais_options_read     (const RelaisOption   *options,
                                  const char * const   *words,
                                  gpointer              into,
                                  GStrv                *arguments,
                                  gboolean             *wants_help,
                                  GError              **error);
void     relais_options_describe (const RelaisOption   *options,
                                  GString              *text);

G_END_DECLS
