/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of a report as a spreadsheet reads them. */

#include "relais-report-csv.h"

#include "relais-address.h"
#include "relais-leaver-words.h"
#include "relais-rejections.h"

#include <string.h>

/* A cell that begins with one of these may be run by a spreadsheet. */
#define FORMULA_STARTS "=+-@\t\r"

/**
 * relais_csv_cell:
 * @csv: to which it is appended
 * @text: (nullable): what stands in the cell
 *
 * Appends one quoted cell. What a spreadsheet could run as a formula gets a leading apostrophe.
 */
void
relais_csv_cell (GString    *csv,
                 const char *text)
{
  g_string_append_c (csv, '"');
  if (text && *text && strchr (FORMULA_STARTS, *text))
    g_string_append_c (csv, '\'');
  for (const char *p = text ? text : ""; *p; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

/**
 * relais_csv_address:
 * @csv: to which it is appended
 * @text: (nullable): what stands in the cell
 *
 * Appends a cell with an address, which may be read again from there: one that could be sent stays as it is, also when it begins
 * like a formula. It is none, because no formula has a name, an @ and another name one after the other.
 */
void
relais_csv_address (GString    *csv,
                    const char *text)
{
  RelaisAddress address;
  RelaisText written = { text ? text : "", text ? strlen (text) : 0 };

  if (relais_address_read (written, &address) == RELAIS_REASON_NONE && !strpbrk (text, "\"\t\r\n(),; "))
    g_string_append_printf (csv, "\"%s\"", text);
  else
    relais_csv_cell (csv, text);
}

/**
 * relais_csv_read_cell:
 * @text: a cell that relais_csv_cell() has written, or a person since
 *
 * Returns: (transfer full): what was meant: without an apostrophe that kept it from being run as a formula
 */
char *
relais_csv_read_cell (RelaisText text)
{
  gsize guard = text.length > 1 && text.data[0] == '\'' && memchr (FORMULA_STARTS, text.data[1], strlen (FORMULA_STARTS)) != NULL;

  return g_strndup (text.length > 0 ? text.data + guard : "", text.length - guard);
}

/**
 * relais_csv_rejection:
 * @csv: to which it is appended
 * @rejection: a row that was not delivered
 * @run_id: (nullable): of the run; %NULL in a preview, whose rows cannot be sent again
 *
 * Appends a line, with the reason.
 */
void
relais_csv_rejection (GString               *csv,
                      const RelaisRejection *rejection,
                      const char            *run_id)
{
  g_autofree char *reason = relais_rejection_explain (rejection);
  const char *column;
  gboolean correctable = relais_rejection_find_correctable (rejection, &column);

  g_string_append_printf (csv, "%" G_GUINT64_FORMAT ",", rejection->row);
  relais_csv_address (csv, rejection->email);
  g_string_append_printf (csv, ",%s,%s,", relais_row_state_to_id (rejection->state), relais_reason_to_code (rejection->reason));
  relais_csv_cell (csv, reason);
  g_string_append_c (csv, ',');
  relais_csv_cell (csv, correctable ? column : NULL);
  g_string_append (csv, ",\"\",");
  relais_csv_cell (csv, run_id);
  g_string_append (csv, "\r\n");
}

/**
 * relais_csv_leaver:
 * @csv: to which it is appended
 * @leaver: somebody who left the segment
 *
 * Appends a line with what became of them. They are in no row.
 */
void
relais_csv_leaver (GString                  *csv,
                   const RelaisLeaverRecord *leaver)
{
  g_string_append_c (csv, ',');
  relais_csv_address (csv, leaver->email);
  g_string_append_printf (csv, ",%s,%s,", relais_fate_to_state (leaver->fate), relais_fate_to_code (leaver->fate));
  relais_csv_cell (csv, relais_leaver_record_explain (leaver));
  g_string_append (csv, ",\"\",\"\",\"\"\r\n");
}
