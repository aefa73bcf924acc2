/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-matching.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "relais-error.h"

static void
free_match (RelaisFieldMatch *match)
{
  g_free (match->column);
  g_free (match);
}

/**
 * relais_matching_new:
 *
 * Returns: (transfer full): a matching in which nothing is matched
 */
RelaisMatching *
relais_matching_new (void)
{
  RelaisMatching *matching = g_new0 (RelaisMatching, 1);

  matching->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) free_match);

  return matching;
}

/**
 * relais_matching_copy:
 * @matching: what to copy
 *
 * Returns: (transfer full):
 */
RelaisMatching *
relais_matching_copy (const RelaisMatching *matching)
{
  RelaisMatching *copy = relais_matching_new ();

  copy->email = g_strdup (matching->email);
  copy->first_name = g_strdup (matching->first_name);
  copy->last_name = g_strdup (matching->last_name);
  copy->phone = g_strdup (matching->phone);
  for (guint i = 0; i < matching->fields->len; i++)
    {
      const RelaisFieldMatch *match = g_ptr_array_index (matching->fields, i);

      relais_matching_add_field (copy, match->field_id, match->column, match->style);
    }

  return copy;
}

/**
 * relais_matching_free:
 * @matching: (transfer full) (nullable):
 */
void
relais_matching_free (RelaisMatching *matching)
{
  if (matching == NULL)
    return;

  g_free (matching->email);
  g_free (matching->first_name);
  g_free (matching->last_name);
  g_free (matching->phone);
  g_ptr_array_unref (matching->fields);
  g_free (matching);
}

/**
 * relais_matching_add_field:
 * @matching: a matching
 * @field_id: a custom field of the account
 * @column: name of the column that fills it
 * @style: how that column writes dates and numbers
 *
 * Adds a custom field. A field that is there already is not replaced:
 * relais_matching_check() tells that it is filled twice.
 */
void
relais_matching_add_field (RelaisMatching   *matching,
                           guint32           field_id,
                           const char       *column,
                           RelaisValueStyle  style)
{
  RelaisFieldMatch *match = g_new0 (RelaisFieldMatch, 1);

  match->field_id = field_id;
  match->column = g_strdup (column);
  match->style = style;
  g_ptr_array_add (matching->fields, match);
}

static void
set_missing_error (const char  *column,
                   const char  *file,
                   GError     **error)
{
  if (file != NULL)
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: the first %s is the name of a file, the second the name of a column. */
                 _("The file “%s” has no column “%s”, which the data matching uses. Choose another column, or check that this is the right file."),
                 file, column);
  else
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: %s is the name of a column. */
                 _("The file has no column “%s”, which the data matching uses. Choose another column, or check that this is the right file."),
                 column);
}

static void
set_unclear_error (const char  *column,
                   const char  *file,
                   GError     **error)
{
  if (file != NULL)
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: the first %s is the name of a file, the second the name of a column. */
                 _("The file “%s” has more than one column “%s”, so it is not clear which one is meant. Give each column a name of its own in the file."),
                 file, column);
  else
    g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                 /* Translators: %s is the name of a column. */
                 _("The file has more than one column “%s”, so it is not clear which one is meant. Give each column a name of its own in the file."),
                 column);
}

/* Returns whether @column, when one is named, stands in the file exactly once. */
static gboolean
check_column (const char          *column,
              const char * const  *columns,
              const char          *file,
              GError             **error)
{
  guint n = 0;

  if (column == NULL)
    return TRUE;
  for (guint i = 0; columns[i] != NULL; i++)
    n += strcmp (columns[i], column) == 0;

  if (n == 0)
    set_missing_error (column, file, error);
  else if (n > 1)
    set_unclear_error (column, file, error);

  return n == 1;
}

static gboolean
check_fields (const RelaisMatching  *matching,
              GError               **error)
{
  for (guint i = 0; i < matching->fields->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const RelaisFieldMatch *match = g_ptr_array_index (matching->fields, i);
        const RelaisFieldMatch *earlier = g_ptr_array_index (matching->fields, j);

        if (match->field_id != earlier->field_id)
          continue;
        g_set_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                     /* Translators: the first two %s are names of columns, the number is that of a custom field. */
                     _("The columns “%s” and “%s” are both matched to custom field %u. Keep one of the two."),
                     earlier->column, match->column, match->field_id);
        return FALSE;
      }

  return TRUE;
}

/**
 * relais_matching_check:
 * @matching: a matching
 * @columns: (array zero-terminated=1): the columns of the segment
 *
 * Checks that a run can follow @matching: an email column is named, every named
 * column stands in the file once, and no field is filled by two columns. One
 * column may fill two fields.
 *
 * Returns: %TRUE, or %FALSE with RELAIS_ERROR_DEFINITION, whose sentence names the column
 */
gboolean
relais_matching_check (const RelaisMatching  *matching,
                       const char * const    *columns,
                       GError               **error)
{
  return relais_matching_check_file (matching, columns, NULL, error);
}

/**
 * relais_matching_check_file:
 * @matching: a matching
 * @columns: (array zero-terminated=1): the columns of the file
 * @file: (nullable): its name, for whoever does not see which file it is
 *
 * As relais_matching_check(), for one file among several.
 *
 * Returns: %TRUE, or %FALSE with RELAIS_ERROR_DEFINITION, whose sentence names column and file
 */
gboolean
relais_matching_check_file (const RelaisMatching  *matching,
                            const char * const    *columns,
                            const char            *file,
                            GError               **error)
{
  if (matching->email == NULL)
    {
      g_set_error_literal (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION,
                           _("No column is matched to Email. Choose the column that holds the email addresses."));
      return FALSE;
    }
  if (!check_column (matching->email, columns, file, error) || !check_column (matching->first_name, columns, file, error) ||
      !check_column (matching->last_name, columns, file, error) || !check_column (matching->phone, columns, file, error))
    return FALSE;

  for (guint i = 0; i < matching->fields->len; i++)
    {
      const RelaisFieldMatch *match = g_ptr_array_index (matching->fields, i);

      if (!check_column (match->column, columns, file, error))
        return FALSE;
    }

  return check_fields (matching, error);
}
