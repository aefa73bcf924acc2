/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the client gives, freed. */

#include "relais-client.h"

/**
 * relais_account_free:
 * @account: (transfer full) (nullable):
 */
void
relais_account_free (RelaisAccount *account)
{
  if (account == NULL)
    return;

  g_free (account->user_name);
  g_free (account->email);
  g_free (account->account_name);
  g_free (account->status);
  g_free (account);
}

/**
 * relais_account_settings_free:
 * @settings: (transfer full) (nullable):
 */
void
relais_account_settings_free (RelaisAccountSettings *settings)
{
  if (settings == NULL)
    return;

  g_free (settings->name);
  g_free (settings->status);
  g_free (settings);
}

/**
 * relais_list_free:
 * @list: (transfer full) (nullable):
 */
void
relais_list_free (RelaisList *list)
{
  if (list == NULL)
    return;

  g_free (list->name);
  g_free (list);
}

/**
 * relais_tag_free:
 * @tag: (transfer full) (nullable):
 */
void
relais_tag_free (RelaisTag *tag)
{
  if (tag == NULL)
    return;

  g_free (tag->name);
  g_free (tag);
}

/**
 * relais_receipt_free:
 * @receipt: (transfer full) (nullable):
 */
void
relais_receipt_free (RelaisReceipt *receipt)
{
  if (receipt == NULL)
    return;

  g_free (receipt->batch_id);
  g_free (receipt);
}

/**
 * relais_import_info_free:
 * @info: (transfer full) (nullable):
 */
void
relais_import_info_free (RelaisImportInfo *info)
{
  if (info == NULL)
    return;

  g_strfreev (info->failures);
  g_free (info);
}

/**
 * relais_remote_contact_free:
 * @contact: (transfer full) (nullable):
 */
void
relais_remote_contact_free (RelaisRemoteContact *contact)
{
  if (contact == NULL)
    return;

  g_free (contact->email);
  g_free (contact->first_name);
  g_free (contact->last_name);
  g_free (contact->phone);
  g_clear_pointer (&contact->memberships, g_ptr_array_unref);
  g_free (contact);
}

/**
 * relais_contact_page_free:
 * @page: (transfer full) (nullable):
 */
void
relais_contact_page_free (RelaisContactPage *page)
{
  if (page == NULL)
    return;

  g_ptr_array_unref (page->contacts);
  g_free (page);
}

/**
 * relais_exclusion_free:
 * @exclusion: (transfer full) (nullable):
 */
void
relais_exclusion_free (RelaisExclusion *exclusion)
{
  if (exclusion == NULL)
    return;

  g_free (exclusion->phrase);
  g_free (exclusion->channel);
  g_array_unref (exclusion->lists);
  g_free (exclusion);
}

/**
 * relais_exclusion_page_free:
 * @page: (transfer full) (nullable):
 */
void
relais_exclusion_page_free (RelaisExclusionPage *page)
{
  if (page == NULL)
    return;

  g_ptr_array_unref (page->exclusions);
  g_free (page);
}
