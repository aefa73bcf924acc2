/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sample is kept whole: with few people that costs nothing. Of everybody only marks are kept, 24 bytes
 * each and a bit for every value. Where a mark does not fit what the account holds, those few rows are read
 * once more, and kept whole. */

#include "relais-delivered.h"

#include <string.h>

#include "relais-profile-table.h"
#include "relais-settled-value.h"

typedef enum
{
  KEEP_SAMPLE,
  KEEP_MARKS,
  KEEP_ROWS,
} Keep;

struct _RelaisDelivered
{
  gatomicrefcount  ref_count;
  RelaisHashKey    key;
  GPtrArray       *values;       /* (owned) (element-type RelaisCheckedValue) */
  Keep             keep;
  GHashTable      *left_out;     /* (owned) (element-type uint32): rows */
  GHashTable      *rows;         /* (owned) (nullable) (element-type uint32): the only ones to be kept */
  guint            n_sample;
  guint64          n_seen;       /* people whom the sample was drawn from so far */
  GPtrArray       *people;       /* (owned) (element-type RelaisDeliveredPerson) */
  GByteArray      *marks;        /* (owned): a RelaisDeliveredMark and the bits of its values, one after the other */
  gsize            stride;       /* from one mark to the next */
  gboolean         with_fields;  /* whether marks are of custom fields too */
  GString         *scratch;      /* (owned) */
};

static void
checked_value_free (gpointer data)
{
  RelaisCheckedValue *checked = data;

  g_free (checked->field);
  g_free (checked->title);
  g_free (checked);
}

static void
person_free (gpointer data)
{
  RelaisDeliveredPerson *person = data;

  g_free (person->email);
  g_ptr_array_unref (person->values);
  g_free (person);
}

static void
add_value (RelaisDelivered *self,
           char            *taken_field,
           guint32          id,
           GPtrArray       *fields)
{
  RelaisCheckedValue *checked = g_new0 (RelaisCheckedValue, 1);

  checked->field = taken_field;
  checked->id = id;
  checked->type = RELAIS_FIELD_TEXT;
  for (guint i = 0; id != 0 && fields != NULL && i < fields->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (fields, i);

      if (field->id != id)
        continue;
      g_free (checked->title);
      checked->title = g_strdup (field->title);
      checked->type = field->type;
    }
  g_ptr_array_add (self->values, checked);
}

/**
 * relais_delivered_new:
 * @definition: the export
 * @fields: (nullable) (element-type RelaisField): the account's custom fields
 * @key: of the connection's fingerprints
 *
 * Returns: (transfer full): one that keeps nobody
 */
RelaisDelivered *
relais_delivered_new (const RelaisExportDefinition *definition,
                      GPtrArray                    *fields,
                      const RelaisHashKey          *key)
{
  RelaisDelivered *self = g_new0 (RelaisDelivered, 1);
  const RelaisMatching *matching = definition->matching;

  g_atomic_ref_count_init (&self->ref_count);
  self->key = *key;
  self->values = g_ptr_array_new_with_free_func (checked_value_free);
  self->left_out = g_hash_table_new (NULL, NULL);
  self->people = g_ptr_array_new_with_free_func (person_free);
  self->marks = g_byte_array_new ();
  self->scratch = g_string_new (NULL);
  if (matching->first_name != NULL)
    add_value (self, g_strdup ("first_name"), 0, NULL);
  if (matching->last_name != NULL)
    add_value (self, g_strdup ("last_name"), 0, NULL);
  if (matching->phone != NULL)
    add_value (self, g_strdup ("phone"), 0, NULL);
  for (guint i = 0; i < matching->fields->len; i++)
    {
      guint32 id = ((const RelaisFieldMatch *) g_ptr_array_index (matching->fields, i))->field_id;

      add_value (self, g_strdup_printf ("%u", id), id, fields);
    }
  self->stride = sizeof (RelaisDeliveredMark) + (self->values->len + 63) / 64 * 8;

  return self;
}

/**
 * relais_delivered_ref:
 * @self: people
 *
 * Returns: (transfer full): @self
 */
RelaisDelivered *
relais_delivered_ref (RelaisDelivered *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * relais_delivered_unref:
 * @self: (transfer full): people
 */
void
relais_delivered_unref (RelaisDelivered *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  explicit_bzero (&self->key, sizeof self->key);
  g_ptr_array_unref (self->values);
  g_hash_table_unref (self->left_out);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_ptr_array_unref (self->people);
  g_byte_array_unref (self->marks);
  g_string_free (self->scratch, TRUE);
  g_free (self);
}

/* What is to be kept */

/**
 * relais_delivered_leave_out:
 * @self: people
 * @row: one that lies in a batch and was not delivered
 */
void
relais_delivered_leave_out (RelaisDelivered *self,
                            guint64          row)
{
  g_hash_table_add (self->left_out, GUINT_TO_POINTER ((guint) row));
}

/**
 * relais_delivered_keep_sample:
 * @self: people
 * @n: how many are kept: any of them as likely as any other, however many there are
 */
void
relais_delivered_keep_sample (RelaisDelivered *self,
                              guint            n)
{
  self->keep = KEEP_SAMPLE;
  self->n_sample = n;
}

/**
 * relais_delivered_keep_marks:
 * @self: people
 * @with_fields: whether the values of custom fields can be compared
 *
 * A mark of everyone is kept.
 */
void
relais_delivered_keep_marks (RelaisDelivered *self,
                             gboolean         with_fields)
{
  self->keep = KEEP_MARKS;
  self->with_fields = with_fields;
}

/**
 * relais_delivered_keep_rows:
 * @self: people
 * @rows: (element-type uint32): these are kept whole
 */
void
relais_delivered_keep_rows (RelaisDelivered *self,
                            GArray          *rows)
{
  self->keep = KEEP_ROWS;
  self->rows = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (self->rows, GUINT_TO_POINTER (g_array_index (rows, guint32, i)));
}

/* Rows */

/*
 * relais_delivered_wants:
 * @row: one that lies in a batch that was delivered
 *
 * Returns: whether it is worth reading
 */
gboolean
relais_delivered_wants (RelaisDelivered *self,
                        guint32          row)
{
  if (g_hash_table_contains (self->left_out, GUINT_TO_POINTER (row)))
    return FALSE;

  return self->rows == NULL || g_hash_table_contains (self->rows, GUINT_TO_POINTER (row));
}

/* The values of a contact in the order of the checked ones */
static RelaisText
get_text (RelaisDelivered     *self,
          const RelaisContact *contact,
          guint                index)
{
  const RelaisCheckedValue *checked = g_ptr_array_index (self->values, index);
  guint n_others = self->values->len - contact->n_fields;

  if (checked->id != 0)
    return contact->fields[index - n_others].value;
  if (strcmp (checked->field, "first_name") == 0)
    return contact->first_name;

  return strcmp (checked->field, "last_name") == 0 ? contact->last_name : contact->phone;
}

static void
keep_person (RelaisDelivered             *self,
             guint32                      row,
             const RelaisMappedRow       *mapped,
             const RelaisPayloadSettings *settings)
{
  RelaisDeliveredPerson *person;
  guint64 place = self->people->len;

  self->n_seen++;
  if (self->keep == KEEP_SAMPLE && self->people->len == self->n_sample)
    {
      /* There are more people than g_random_int_range() can choose from only where nobody can be sent any more. */
      place = (guint64) g_random_int_range (0, (gint32) self->n_seen);
      if (place >= self->n_sample)
        return;
    }
  person = g_new0 (RelaisDeliveredPerson, 1);
  person->row = row;
  person->email = g_strndup (mapped->address.text, mapped->address.length);
  relais_profile_hash (&self->key, mapped->address.text, mapped->address.length, person->profile);
  person->values = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->values->len; i++)
    {
      RelaisText text = get_text (self, &mapped->contact, i);

      g_ptr_array_add (person->values, !relais_payload_sends (settings, text) ? NULL :
                                       g_strndup (text.length > 0 ? text.data : "", text.length));
    }
  if (place == self->people->len)
    g_ptr_array_add (self->people, person);
  else
    {
      person_free (g_ptr_array_index (self->people, place));
      g_ptr_array_index (self->people, place) = person;
    }
}

static void
settle (const RelaisCheckedValue *checked,
        RelaisText                text,
        GString                  *into)
{
  if (checked->id == 0 && strcmp (checked->field, "phone") == 0)
    relais_settled_phone_append (into, text);
  else
    relais_settled_value_append (into, checked->type, text);
}

static void
append_settled (RelaisDelivered *self,
                guint            index,
                RelaisText       text)
{
  settle (g_ptr_array_index (self->values, index), text, self->scratch);
  g_string_append_c (self->scratch, '\0');
}

static gboolean
is_marked (RelaisDelivered *self,
           guint            index)
{
  return self->with_fields || ((const RelaisCheckedValue *) g_ptr_array_index (self->values, index))->id == 0;
}

static void
keep_mark (RelaisDelivered             *self,
           guint32                      row,
           const RelaisMappedRow       *mapped,
           const RelaisPayloadSettings *settings)
{
  RelaisDeliveredMark mark = { .row = row };
  guint at = self->marks->len;
  guint8 *bits;

  g_byte_array_set_size (self->marks, at + self->stride);
  bits = self->marks->data + at + sizeof mark;
  memset (bits, 0, self->stride - sizeof mark);
  g_string_truncate (self->scratch, 0);
  for (guint i = 0; i < self->values->len; i++)
    {
      RelaisText text = get_text (self, &mapped->contact, i);

      if (!relais_payload_sends (settings, text) || !is_marked (self, i))
        continue;
      bits[i / 8] |= 1 << i % 8;
      append_settled (self, i, text);
    }
  relais_profile_hash (&self->key, mapped->address.text, mapped->address.length, mark.profile);
  mark.content = relais_hash (&self->key, self->scratch->str, self->scratch->len).low;
  memcpy (self->marks->data + at, &mark, sizeof mark);
}

/*
 * relais_delivered_take:
 * @row: one that is wanted
 * @mapped: what it holds; it can be sent
 * @settings: how it was sent
 */
void
relais_delivered_take (RelaisDelivered             *self,
                       guint32                      row,
                       const RelaisMappedRow       *mapped,
                       const RelaisPayloadSettings *settings)
{
  if (self->keep == KEEP_MARKS)
    keep_mark (self, row, mapped, settings);
  else
    keep_person (self, row, mapped, settings);
}

static int
compare_marks (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return memcmp (((const RelaisDeliveredMark *) a)->profile, ((const RelaisDeliveredMark *) b)->profile,
                 sizeof (guint32[3]));
}

/*
 * relais_delivered_close:
 *
 * There are no more rows.
 */
void
relais_delivered_close (RelaisDelivered *self)
{
  if (self->marks->len > 0)
    g_qsort_with_data (self->marks->data, self->marks->len / self->stride, self->stride, compare_marks, NULL);
}

/* What was kept */

/**
 * relais_delivered_get_values:
 * @self: people
 *
 * Returns: (transfer none) (element-type RelaisCheckedValue): what can be compared of each
 */
GPtrArray *
relais_delivered_get_values (RelaisDelivered *self)
{
  return self->values;
}

/**
 * relais_delivered_get_people:
 * @self: people
 *
 * Returns: (transfer none) (element-type RelaisDeliveredPerson): those who were kept whole
 */
GPtrArray *
relais_delivered_get_people (RelaisDelivered *self)
{
  return self->people;
}

/**
 * relais_delivered_get_n_marks:
 * @self: people
 *
 * Returns: of how many a mark was kept
 */
gsize
relais_delivered_get_n_marks (RelaisDelivered *self)
{
  return self->marks->len / self->stride;
}

/**
 * relais_delivered_get_mark:
 * @self: people
 * @index: below their number
 *
 * Returns: (transfer none): a mark, in no order that means anything
 */
const RelaisDeliveredMark *
relais_delivered_get_mark (RelaisDelivered *self,
                           gsize            index)
{
  return (const RelaisDeliveredMark *) (self->marks->data + index * self->stride);
}

/**
 * relais_delivered_find_mark:
 * @self: people
 * @email: an address, in any spelling
 * @index: (out): of the mark
 *
 * Returns: whether somebody with this address was delivered
 */
gboolean
relais_delivered_find_mark (RelaisDelivered *self,
                            const char      *email,
                            gsize           *index)
{
  gsize from = 0, to = relais_delivered_get_n_marks (self);
  gsize length = strlen (email);
  RelaisDeliveredMark wanted;

  if (length >= RELAIS_ADDRESS_SIZE)
    return FALSE;
  relais_profile_hash (&self->key, email, length, wanted.profile);
  while (from < to)
    {
      gsize middle = from + (to - from) / 2;
      int order = compare_marks (&wanted, relais_delivered_get_mark (self, middle), NULL);

      if (order == 0)
        {
          *index = middle;
          return TRUE;
        }
      if (order < 0)
        to = middle;
      else
        from = middle + 1;
    }

  return FALSE;
}

/**
 * relais_delivered_fits_mark:
 * @self: people
 * @index: of a mark
 * @held: (element-type utf8): what the account holds, one for each checked value; %NULL for what it did not tell
 *
 * Returns: whether that is what was sent
 */
gboolean
relais_delivered_fits_mark (RelaisDelivered *self,
                            gsize            index,
                            GPtrArray       *held)
{
  const RelaisDeliveredMark *mark = relais_delivered_get_mark (self, index);
  const guint8 *bits = (const guint8 *) (mark + 1);

  g_string_truncate (self->scratch, 0);
  for (guint i = 0; i < self->values->len; i++)
    {
      const char *text = g_ptr_array_index (held, i);

      if ((bits[i / 8] & 1 << i % 8) == 0)
        continue;
      if (text == NULL)
        return FALSE;
      append_settled (self, i, (RelaisText) { text, strlen (text) });
    }

  return relais_hash (&self->key, self->scratch->str, self->scratch->len).low == mark->content;
}

/**
 * relais_checked_value_settle:
 * @checked: one of the values that can be compared
 * @text: as it was sent, or as the account holds it
 * @into: the settled value is appended here
 */
void
relais_checked_value_settle (const RelaisCheckedValue *checked,
                             const char               *text,
                             GString                  *into)
{
  settle (checked, (RelaisText) { text, strlen (text) }, into);
}
