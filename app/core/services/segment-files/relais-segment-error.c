/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-segment-error.h"

#include "relais-error.h"

#include <glib/gi18n-lib.h>

/**
 * relais_segment_display_name:
 * @file: a file
 *
 * Returns: (transfer full): its name for sentences
 */
char *
relais_segment_display_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return g_filename_display_name (name != NULL ? name : "?");
}

/**
 * relais_segment_set_file_error:
 * @file: a file
 * @cause: what GIO said
 * @error: (out): the same as a whole sentence
 */
void
relais_segment_set_file_error (GFile         *file,
                               const GError  *cause,
                               GError       **error)
{
  g_autofree char *name = relais_segment_display_name (file);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a file. */
                 _("The file “%s” is not there any more. Put it back, or choose another file for this export."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a file. */
                 _("You may not read the file “%s”. Ask its owner for access, or choose another file."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a folder. */
                 _("“%s” is a folder. Choose a file in it."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: %s is the name of a file. */
                 _("The packed file “%s” is damaged or cut short. Export or download it again."), name);
  else
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
                 /* Translators: the first %s is the name of a file, the second says why, in the person’s language. */
                 _("The file “%s” cannot be read (%s)."), name, cause->message);
}

/**
 * relais_segment_check_file:
 * @file: a file
 * @cancellable: (nullable):
 * @error: RELAIS_ERROR_FILE
 *
 * Opening a pipe would wait for someone to write into it, and a device has no end.
 *
 * Returns: whether @file can be opened without waiting; what is not there is told by opening it
 */
gboolean
relais_segment_check_file (GFile         *file,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, cancellable, NULL);
  g_autofree char *name = NULL;

  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_SPECIAL)
    return TRUE;

  name = relais_segment_display_name (file);
  g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_FILE,
               /* Translators: %s is the name of a pipe or a device. */
               _("“%s” is a pipe or a device, not a file. Save the segment as a file, and choose that."), name);

  return FALSE;
}

/* Puts a name and a number of a line into a sentence. */
static void
set_error (GFile       *file,
           const char  *sentence,
           guint64      line,
           GError     **error)
{
  g_autofree char *name = relais_segment_display_name (file);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, line);
  g_autoptr (GString) message = g_string_new (sentence);

  g_string_replace (message, "{line}", number, 0);
  g_string_replace (message, "{file}", name, 0);
  g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_FORMAT, message->str);
}

/**
 * relais_segment_set_empty_error:
 * @file: a file
 * @error: (out): a whole sentence, RELAIS_ERROR_FORMAT
 */
void
relais_segment_set_empty_error (GFile   *file,
                                GError **error)
{
  set_error (file,
             /* Translators: {file} is the name of a file; it stays as it is. */
             _("The file “{file}” is empty. Export the segment again, or choose another file."), 0, error);
}

/**
 * relais_segment_set_signs_error:
 * @file: a file
 * @error: (out): a whole sentence, RELAIS_ERROR_FORMAT
 */
void
relais_segment_set_signs_error (GFile   *file,
                                GError **error)
{
  set_error (file,
             /* Translators: {file} is the name of a file; it stays as it is. */
             _("The delimiter or the quotation mark chosen for the file “{file}” cannot be one. Choose two different signs, or let them be found."),
             0, error);
}

static const char *
get_row_sentence (RelaisCsvResult result)
{
  switch (result)
    {
    case RELAIS_CSV_OPEN:
      /* Translators: {file} is the name of a file and {line} a line number; both stay as they are. */
      return _("In the file “{file}”, a quotation mark that opens in the row at line {line} is never closed. Close it there, or choose “no quotes” for this file.");

    case RELAIS_CSV_LOOSE:
      /* Translators: {file} is the name of a file and {line} a line number; both stay as they are. */
      return _("In the file “{file}”, a quotation mark that opens in the row at line {line} is closed only lines later, in the middle of another cell. Close it in its own cell, or choose “no quotes” for this file.");

    case RELAIS_CSV_WIDE:
      /* Translators: {file} is the name of a file and {line} a line number; both stay as they are. */
      return _("In the file “{file}”, the row at line {line} has more than 16,384 columns. Check that it is a CSV file, or choose another delimiter for it.");

    case RELAIS_CSV_ROW:
    case RELAIS_CSV_MORE:
    default:
      /* Translators: {file} is the name of a file and {line} a line number; both stay as they are. */
      return _("In the file “{file}”, the row at line {line} is longer than 4 MB, but a row of one contact is expected there. Check that it is a CSV file with one contact on each line.");
    }
}

/**
 * relais_segment_set_row_error:
 * @file: a file
 * @result: what is wrong with a row; %RELAIS_CSV_MORE when it is too long
 * @line: of the file, where the row begins
 * @error: (out): the same as a whole sentence, RELAIS_ERROR_FORMAT
 */
void
relais_segment_set_row_error (GFile            *file,
                              RelaisCsvResult   result,
                              guint64           line,
                              GError          **error)
{
  set_error (file, get_row_sentence (result), line, error);
}
