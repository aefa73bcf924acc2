/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-rejections.h"

#include "relais-format.h"

#include <glib/gi18n-lib.h>

/* What is wrong with one cell; %s in each sentence is the name of its column. */
static char *
explain_cell (RelaisReason  reason,
              const char   *column)
{
  switch ((guint) reason)
    {
    case RELAIS_REASON_UNCLEAR_DATE:
      /* Translators: %s is the name of a column. Day and month could be swapped, or the year has two digits. */
      return g_strdup_printf (_("The date in the column “%s” can be read in more than one way. Choose the order of day and month for this column, and write years with four digits."), column);
    case RELAIS_REASON_BAD_DATE:
      /* Translators: %s is the name of a column. */
      return g_strdup_printf (_("The value in the column “%s” is not a date that exists, or not one in the chosen order of day and month."), column);
    case RELAIS_REASON_BAD_NUMBER:
      /* Translators: %s is the name of a column. */
      return g_strdup_printf (_("The value in the column “%s” is not a number, or its decimal sign is not clear. Choose the decimal sign for this column."), column);
    case RELAIS_REASON_SCIENTIFIC_NUMBER:
      /* Translators: %s is the name of a column. A value like 3,36E+10: the digits of the phone number are gone. */
      return g_strdup_printf (_("A spreadsheet has shortened the phone number in the column “%s”, so its digits are lost. Format the column as text in the spreadsheet and save the file again."), column);
    case RELAIS_REASON_NOT_AN_OPTION:
      /* Translators: %s is the name of a column. */
      return g_strdup_printf (_("The value in the column “%s” is not one of the choices of the field in ActiveCampaign."), column);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* The same when nothing says which column it was. */
static char *
explain_some_cell (RelaisReason reason)
{
  switch ((guint) reason)
    {
    case RELAIS_REASON_UNCLEAR_DATE:
      return g_strdup (_("A date in this row can be read in more than one way. Choose the order of day and month for its column, and write years with four digits."));
    case RELAIS_REASON_BAD_DATE:
      return g_strdup (_("A value in this row is not a date that exists, or not one in the chosen order of day and month."));
    case RELAIS_REASON_BAD_NUMBER:
      return g_strdup (_("A value in this row is not a number, or its decimal sign is not clear. Choose the decimal sign for its column."));
    case RELAIS_REASON_SCIENTIFIC_NUMBER:
      return g_strdup (_("A spreadsheet has shortened the phone number in this row, so its digits are lost. Format the column as text in the spreadsheet and save the file again."));
    case RELAIS_REASON_NOT_AN_OPTION:
      return g_strdup (_("A value in this row is not one of the choices of its field in ActiveCampaign."));
    default:
      g_return_val_if_reached (NULL);
    }
}

static char *
explain_repetition (const RelaisRejection *rejection)
{
  g_autofree char *row = g_strdup_printf ("%" G_GUINT64_FORMAT, rejection->row);
  g_autofree char *other = g_strdup_printf ("%" G_GUINT64_FORMAT, rejection->other_row);

  if (rejection->other_row == 0)
    /* Translators: %s is the number of a row in the file. */
    return g_strdup_printf (_("Row %s repeats the address of an earlier row."), row);

  /* Translators: both %s are numbers of rows in the file, the second comes first there. */
  return g_strdup_printf (_("Row %s repeats the address of row %s."), row, other);
}

/* What is to be said about a row that carries no reason. */
static char *
explain_state (RelaisRowState state)
{
  switch (state)
    {
    case RELAIS_ROW_DELIVERED:
      return g_strdup (_("ActiveCampaign has this contact."));
    case RELAIS_ROW_UNCHANGED:
      return g_strdup (_("Nothing has changed for this contact since an earlier run: it is not sent again."));
    case RELAIS_ROW_DUPLICATE:
      return g_strdup (_("The address stands in an earlier row too, and only that row is sent."));
    case RELAIS_ROW_INVALID:
      return g_strdup (_("This row cannot be sent as it is written."));
    case RELAIS_ROW_REFUSED:
      return g_strdup (_("ActiveCampaign did not accept this contact and gave no reason."));
    case RELAIS_ROW_BARRED:
      return g_strdup (_("This person may not be mailed: the row is not sent."));
    case RELAIS_ROW_NOT_SENT:
      return g_strdup (_("The run ended before it came to this row."));
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * relais_rejection_explain:
 * @rejection: one row of a report
 *
 * Puts in plain words why a row was not delivered, or what was noted about it.
 * Every stable code has a sentence of its own.
 *
 * Returns: (transfer full): one or more whole sentences in the person's language
 */
char *
relais_rejection_explain (const RelaisRejection *rejection)
{
  const char *detail = rejection->detail != NULL && *rejection->detail != '\0' ? rejection->detail : NULL;

  switch (rejection->reason)
    {
    case RELAIS_REASON_NONE:
      return explain_state (rejection->state);

    case RELAIS_REASON_EMPTY_ADDRESS:
      return g_strdup (_("There is no email address in this row."));
    case RELAIS_REASON_TOO_MANY_CELLS:
      return g_strdup (_("This row has more values than the file has columns, so it is not certain which value belongs to which column. Put values that contain the delimiter in quotation marks."));
    case RELAIS_REASON_NO_AT:
      return g_strdup (_("The address has no @ sign."));
    case RELAIS_REASON_SEVERAL_AT:
      return g_strdup (_("There is more than one @ sign. Keep one address in each row."));
    case RELAIS_REASON_BAD_LOCAL_PART:
      return g_strdup (_("What stands before the @ sign cannot be part of an address: look for a missing name, or a full stop too many."));
    case RELAIS_REASON_BAD_DOMAIN:
      return g_strdup (_("What stands after the @ sign is not a domain, such as example.com."));
    case RELAIS_REASON_ADDRESS_TOO_LONG:
      return g_strdup (_("The address is longer than an email address can be."));
    case RELAIS_REASON_BAD_CHARACTERS:
      return g_strdup (_("The address contains a space or a character that no address can have."));

    case RELAIS_REASON_UNCLEAR_DATE:
    case RELAIS_REASON_BAD_DATE:
    case RELAIS_REASON_BAD_NUMBER:
    case RELAIS_REASON_SCIENTIFIC_NUMBER:
    case RELAIS_REASON_NOT_AN_OPTION:
      return detail != NULL ? explain_cell (rejection->reason, detail) : explain_some_cell (rejection->reason);
    case RELAIS_REASON_TOO_LARGE:
      return g_strdup (_("This row alone holds more text than ActiveCampaign takes in one request. Shorten its longest cells."));
    case RELAIS_REASON_BAD_TEXT:
      if (detail != NULL)
        /* Translators: %s is the name of a column. */
        return g_strdup_printf (_("The column “%s” contains characters that do not belong to the file’s encoding. Choose another encoding for the file."), detail);
      return g_strdup (_("This row contains characters that do not belong to the file’s encoding. Choose another encoding for the file."));

    case RELAIS_REASON_REPEATED_ADDRESS:
      return explain_repetition (rejection);

    case RELAIS_REASON_REFUSED:
      return explain_state (RELAIS_ROW_REFUSED);
    case RELAIS_REASON_REFUSED_BECAUSE:
      if (detail != NULL)
        /* Translators: %s is what ActiveCampaign said about it, in its own words, mostly in English. */
        return g_strdup_printf (_("ActiveCampaign did not accept this contact and says: “%s”"), detail);
      return explain_state (RELAIS_ROW_REFUSED);
    case RELAIS_REASON_NOT_ON_LIST:
      return g_strdup (_("ActiveCampaign has nothing against this address, but did not put it on the list and did not say why. The person may be on the account’s exclusion list, have unsubscribed, or mail to them may have come back; or the account is full."));
    case RELAIS_REASON_PROBABLY_FULL:
      return g_strdup (_("ActiveCampaign did not accept this contact and did not say why. Probably the account is full: its plan had no room left for somebody new. Once there is more room, run the export again."));
    case RELAIS_REASON_IMPORT_FAILED:
      return g_strdup (_("The import this row was part of failed in ActiveCampaign. Run the export again."));
    case RELAIS_REASON_UNKNOWN_OUTCOME:
      return g_strdup (_("ActiveCampaign never said what became of this row. Run the export again: nobody is added twice."));

    case RELAIS_REASON_UNSUBSCRIBED:
      return g_strdup (_("This person is unsubscribed from the list: the row is not sent. Whom Relais took off it is put back only if they have not opted out of anything since."));
    case RELAIS_REASON_BOUNCED:
      return g_strdup (_("Mail to this address has come back undelivered: the row is not sent."));
    case RELAIS_REASON_EXCLUDED:
      return g_strdup (_("This address is on the account’s exclusion list: the row is not sent."));

    case RELAIS_REASON_PHONE_AS_WRITTEN:
      if (detail != NULL)
        /* Translators: %s is the name of a column. */
        return g_strdup_printf (_("The phone number in the column “%s” has no international form, so it is sent as it is written."), detail);
      return g_strdup (_("The phone number has no international form, so it is sent as it is written."));
    case RELAIS_REASON_PHONE_LEFT_OUT:
      if (detail != NULL)
        /* Translators: %s is the name of a column. */
        return g_strdup_printf (_("There is no phone number in the column “%s”, but other text, so the row is sent without it."), detail);
      return g_strdup (_("There is no phone number, but other text in its place, so the row is sent without it."));

    default:
      g_return_val_if_reached (explain_state (rejection->state));
    }
}

/**
 * relais_rejection_find_correctable:
 * @rejection: one row of a report
 * @column: (out) (transfer none): the column whose cell was the reason; empty for the address
 *
 * Whoever may not be mailed may not be sent under another address either. A row that is well as it is, or of which nobody knows whether it
 * arrived, is sent by running the export again; and where nobody knows which cell is which, nobody can say what to correct.
 *
 * Returns: whether a person can correct it
 */
gboolean
relais_rejection_find_correctable (const RelaisRejection  *rejection,
                                   const char            **column)
{
  *column = "";
  if (rejection->state == RELAIS_ROW_BARRED)
    return FALSE;

  switch ((guint) rejection->reason)
    {
    case RELAIS_REASON_EMPTY_ADDRESS:
    case RELAIS_REASON_NO_AT:
    case RELAIS_REASON_SEVERAL_AT:
    case RELAIS_REASON_BAD_LOCAL_PART:
    case RELAIS_REASON_BAD_DOMAIN:
    case RELAIS_REASON_ADDRESS_TOO_LONG:
    case RELAIS_REASON_BAD_CHARACTERS:
    case RELAIS_REASON_REPEATED_ADDRESS:
    case RELAIS_REASON_REFUSED:
    case RELAIS_REASON_REFUSED_BECAUSE:
    case RELAIS_REASON_NOT_ON_LIST:
      return TRUE;

    case RELAIS_REASON_UNCLEAR_DATE:
    case RELAIS_REASON_BAD_DATE:
    case RELAIS_REASON_BAD_NUMBER:
    case RELAIS_REASON_SCIENTIFIC_NUMBER:
    case RELAIS_REASON_NOT_AN_OPTION:
    case RELAIS_REASON_BAD_TEXT:
      if (rejection->detail == NULL || *rejection->detail == '\0')
        return FALSE;
      *column = rejection->detail;
      return TRUE;

    default:
      return FALSE;
    }
}

/**
 * relais_rejections_explain_deletion:
 * @run: a run
 *
 * Returns: (transfer full) (nullable): a whole sentence that says when its rows were deleted because of their age; %NULL
 *   when they were not
 */
char *
relais_rejections_explain_deletion (const RelaisRunRecord *run)
{
  g_autofree char *day = NULL;

  if (run->rows_deleted_at == 0)
    return NULL;
  day = relais_format_day (run->rows_deleted_at);

  if (run->leavers.departed > 0)
    /* Translators: %s is a date. Rows and people of a run are kept for some days after it. */
    return g_strdup_printf (_("The rows that were not delivered and the people who left the segment, with their addresses, were deleted on %s, because they are kept for a limited time only."), day);

  /* Translators: %s is a date. Rows of a segment's file that did not reach the account are kept for some days after a run. */
  return g_strdup_printf (_("The rows that were not delivered, with their addresses, were deleted on %s, because they are kept for a limited time only."), day);
}
