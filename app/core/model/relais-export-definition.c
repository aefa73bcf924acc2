/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-export-definition.h"


/**
 * relais_segment_new:
 * @path: absolute path of a file
 *
 * Returns: (transfer full): a segment whose format is to be found
 */
RelaisSegment *
relais_segment_new (const char *path)
{
  RelaisSegment *segment = g_new0 (RelaisSegment, 1);

  segment->path = g_strdup (path);
  segment->format = relais_segment_format_new ();

  return segment;
}

/**
 * relais_segment_copy:
 * @segment: what to copy
 *
 * Returns: (transfer full):
 */
RelaisSegment *
relais_segment_copy (const RelaisSegment *segment)
{
  RelaisSegment *copy = g_new0 (RelaisSegment, 1);

  copy->path = g_strdup (segment->path);
  copy->format = relais_segment_format_copy (segment->format);

  return copy;
}

/**
 * relais_segment_free:
 * @segment: (transfer full) (nullable):
 */
void
relais_segment_free (RelaisSegment *segment)
{
  if (segment == NULL)
    return;

  g_free (segment->path);
  g_clear_pointer (&segment->format, relais_segment_format_free);
  g_free (segment);
}

static RelaisExportDefinition *
allocate_definition (void)
{
  RelaisExportDefinition *definition = g_new0 (RelaisExportDefinition, 1);

  definition->segments = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_segment_free);

  return definition;
}

/**
 * relais_export_definition_new:
 *
 * Returns: (transfer full): a definition with nothing chosen and every option at its default
 */
RelaisExportDefinition *
relais_export_definition_new (void)
{
  RelaisExportDefinition *definition = allocate_definition ();

  definition->matching = relais_matching_new ();
  definition->tags = g_new0 (char *, 1);
  definition->leavers_share = RELAIS_LEAVERS_SHARE;
  definition->leavers_number = RELAIS_LEAVERS_NUMBER;

  return definition;
}

/**
 * relais_export_definition_copy:
 * @definition: what to copy
 *
 * Returns: (transfer full):
 */
RelaisExportDefinition *
relais_export_definition_copy (const RelaisExportDefinition *definition)
{
  RelaisExportDefinition *copy = allocate_definition ();

  copy->name = g_strdup (definition->name);
  copy->connection = g_strdup (definition->connection);
  copy->list_id = definition->list_id;
  copy->list_name = g_strdup (definition->list_name);
  for (guint i = 0; i < definition->segments->len; i++)
    g_ptr_array_add (copy->segments, relais_segment_copy (g_ptr_array_index (definition->segments, i)));
  copy->matching = relais_matching_copy (definition->matching);
  copy->phone_country = g_strdup (definition->phone_country);
  copy->automations = definition->automations;
  copy->tags = g_strdupv (definition->tags);
  copy->empty_values = definition->empty_values;
  copy->leavers = definition->leavers;
  copy->leavers_share = definition->leavers_share;
  copy->leavers_number = definition->leavers_number;
  copy->verify = definition->verify;

  return copy;
}

/**
 * relais_export_definition_free:
 * @definition: (transfer full) (nullable):
 */
void
relais_export_definition_free (RelaisExportDefinition *definition)
{
  if (definition == NULL)
    return;

  g_free (definition->name);
  g_free (definition->connection);
  g_free (definition->list_name);
  g_ptr_array_unref (definition->segments);
  relais_matching_free (definition->matching);
  g_free (definition->phone_country);
  g_strfreev (definition->tags);
  g_free (definition);
}

/**
 * relais_export_definition_brakes:
 * @definition: what an export does
 * @departed: people who left its segment
 * @delivered: people whom it had put on the list, those among them
 *
 * A file that was cut short looks just like many people who left at once. On a short list a few are a large share: nobody is
 * asked about fewer than ten because of it, unless they are all, or any share is asked about.
 *
 * Returns: whether so many are taken off the list only when a person has said so; never where nobody is taken off
 */
gboolean
relais_export_definition_brakes (const RelaisExportDefinition *definition,
                                 guint64                       departed,
                                 guint64                       delivered)
{
  if (definition->leavers != RELAIS_LEAVERS_REMOVE)
    return FALSE;
  if (departed > definition->leavers_number)
    return TRUE;

  return departed * 100 > definition->leavers_share * delivered &&
         (departed >= RELAIS_LEAVERS_FEW || departed == delivered || definition->leavers_share == 0);
}
