/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "segment.h"

/* Rows of every kind. Who is barred, and who is there already, is in the content of each practice account. */

static void
free_row (gpointer data)
{
  RelaisMatrixRow *row = data;

  g_free (row->email);
  g_free (row->first);
  g_free (row->city);
  g_free (row);
}

static void
add (GPtrArray           *rows,
     RelaisMatrixRowKind  kind,
     const char          *email)
{
  RelaisMatrixRow *row = g_new (RelaisMatrixRow, 1);

  row->kind = kind;
  row->email = g_strdup (email);
  row->first = g_strdup_printf ("Name%u", rows->len + 1);
  row->city = g_strdup_printf ("City%u", rows->len + 1);
  g_ptr_array_add (rows, row);
}

/*
 * relais_matrix_segment_new:
 * @n_people: so many good rows, and some of the other kinds among them
 * @has_leaver: whether leaver@example.com is one of those, in the last batch
 *
 * Returns: (transfer full) (element-type RelaisMatrixRow): the rows
 */
GPtrArray *
relais_matrix_segment_new (guint    n_people,
                           gboolean has_leaver)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (free_row);

  add (rows, RELAIS_MATRIX_ROW_BARRED, "opted-out@example.com");
  add (rows, RELAIS_MATRIX_ROW_GOOD, "camille.active@example.com");
  for (guint i = 1; i < n_people - 1; i++)
    {
      g_autofree char *email = g_strdup_printf ("person%u@example.com", i);

      add (rows, RELAIS_MATRIX_ROW_GOOD, email);
      if (i == n_people / 2)
        {
          add (rows, RELAIS_MATRIX_ROW_DUPLICATE, "person1@example.com");
          add (rows, RELAIS_MATRIX_ROW_INVALID, "nobody.example.com");
          add (rows, RELAIS_MATRIX_ROW_BARRED, "excluded@example.com");
        }
    }
  add (rows, RELAIS_MATRIX_ROW_GOOD, "unlucky@example.com");
  if (has_leaver)
    add (rows, RELAIS_MATRIX_ROW_LEAVER, "leaver@example.com");
  add (rows, RELAIS_MATRIX_ROW_BARRED, "bounced@example.com");
  add (rows, RELAIS_MATRIX_ROW_DOUBTFUL, "o'hara@example.com");

  return rows;
}

/*
 * relais_matrix_segment_text:
 * @rows: of relais_matrix_segment_new()
 *
 * Returns: (transfer full): a file of them
 */
char *
relais_matrix_segment_text (GPtrArray *rows)
{
  GString *text = g_string_new ("EMail,FirstName,City,Tier,Secret\n");

  for (guint i = 0; i < rows->len; i++)
    {
      const RelaisMatrixRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s,%s,%s,Gold,secret%u\n", row->email, row->first, row->city, i);
    }

  return g_string_free (text, FALSE);
}
