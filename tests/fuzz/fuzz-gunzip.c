/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes at all as a packed file: offered whole, in pieces, and as the stream that a segment is
 * read from, they unpack to the same or are refused for the same reason.
 *
 * The first byte says what the rest is: the packed file itself, or what is packed here, in members as the bytes
 * after it say and with what they say behind the last. Of the latter it is known what has to come of it. */

#include "relais-gunzip.h"

#include <stdint.h>
#include <string.h>

/* Of the first byte: the packed file itself; else what stands behind the last member. */
#define PACKED 0x80

typedef enum
{
  NOTHING,
  ZEROS,
  OTHER,    /* what is no member */
  CUT,      /* less than nothing: the last member is not whole */
} Ending;

/* Bytes of instructions before what is packed here, and members of it at most. */
#define N_INSTRUCTIONS 4
#define MOST_MEMBERS   32

/* More is not compared. */
#define MOST_UNPACKED (1024 * 1024)

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* What came of unpacking */
typedef struct
{
  GByteArray *bytes;
  GError     *error;
} Unpacked;

static void
clear_unpacked (Unpacked *unpacked)
{
  g_byte_array_unref (unpacked->bytes);
  g_clear_error (&unpacked->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Unpacked, clear_unpacked)

/* The ways of reading */

/* As a caller does who fetches @piece bytes when more are needed, learns of the end when there are none, and has room
 * for as many. */
static Unpacked
unpack (const GByteArray *packed,
        gsize             piece)
{
  g_autoptr (GConverter) gunzip = relais_gunzip_new ();
  Unpacked unpacked = { g_byte_array_new (), NULL };
  g_autofree guchar *room = g_malloc (piece);
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0, offered = 0;
  gboolean at_end = FALSE;

  while (result != G_CONVERTER_FINISHED && unpacked.bytes->len <= MOST_UNPACKED)
    {
      gsize n_read, n_written, more = MIN (piece, packed->len - at - offered);
      g_autoptr (GError) error = NULL;

      result = g_converter_convert (gunzip, packed->data + at, offered, room, piece, at_end ? G_CONVERTER_INPUT_AT_END : 0,
                                    &n_read, &n_written, &error);
      g_assert_cmpint (result == G_CONVERTER_ERROR, ==, error != NULL);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && !at_end)
        {
          at_end = more == 0;
          offered += more;
          continue;
        }
      if (error != NULL)
        {
          unpacked.error = g_steal_pointer (&error);
          break;
        }
      g_assert_cmpuint (n_read, <=, offered);
      g_assert_cmpuint (n_written, <=, piece);
      g_assert_true (n_read + n_written > 0 || result == G_CONVERTER_FINISHED);
      g_byte_array_append (unpacked.bytes, room, n_written);
      at += n_read;
      offered -= n_read;
    }
  /* What follows the last member is looked at too. */
  if (result == G_CONVERTER_FINISHED)
    g_assert_cmpuint (at, ==, packed->len);

  return unpacked;
}

/* As a segment is read. */
static Unpacked
read_stream (const GByteArray *packed,
             gsize             piece)
{
  g_autoptr (GInputStream) raw = g_memory_input_stream_new_from_data (packed->data, packed->len, NULL);
  g_autoptr (GConverter) gunzip = relais_gunzip_new ();
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (raw, gunzip);
  Unpacked unpacked = { g_byte_array_new (), NULL };
  g_autofree guchar *room = g_malloc (piece);
  gssize n;

  while (unpacked.bytes->len <= MOST_UNPACKED && (n = g_input_stream_read (stream, room, piece, NULL, &unpacked.error)) > 0)
    g_byte_array_append (unpacked.bytes, room, n);

  return unpacked;
}

static void
assert_same (const Unpacked *one,
             const Unpacked *other)
{
  if (one->bytes->len > MOST_UNPACKED || other->bytes->len > MOST_UNPACKED)
    return;
  g_assert_cmpint (one->error != NULL, ==, other->error != NULL);
  if (one->error != NULL)
    g_assert_true (g_error_matches (one->error, other->error->domain, other->error->code));
  else
    g_assert_cmpmem (one->bytes->data, one->bytes->len, other->bytes->data, other->bytes->len);
}

/* What is packed here */

/* Returns: how many bytes were appended */
static gsize
append_member (GByteArray    *packed,
               const uint8_t *content,
               gsize          length,
               int            level)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, level);
  gsize room = length + 1024, before = packed->len, n_read, n_written;

  g_byte_array_set_size (packed, before + room);
  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), content, length, packed->data + before, room,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL), ==, G_CONVERTER_FINISHED);
  g_assert_cmpuint (n_read, ==, length);
  g_byte_array_set_size (packed, before + n_written);

  return n_written;
}

static void
append_ending (GByteArray *packed,
               Ending      ending,
               guint       how_much,
               gsize       last_member)
{
  gsize before = packed->len;

  switch (ending)
    {
    case ZEROS:
    case OTHER:
      g_byte_array_set_size (packed, before + how_much);
      memset (packed->data + before, ending == ZEROS ? 0 : 'x', how_much);
      break;

    case CUT:
      g_byte_array_set_size (packed, before - 1 - how_much % (last_member - 1));
      break;

    case NOTHING:
    default:
      break;
    }
}

static void
check_content (const uint8_t *data,
               gsize          size)
{
  g_autoptr (GByteArray) packed = g_byte_array_sized_new (size);
  const uint8_t *content = data + N_INSTRUCTIONS;
  gsize length = size - N_INSTRUCTIONS, at = 0, last_member;
  gsize part = data[2] > 0 ? MAX (data[2], length / MOST_MEMBERS + 1) : length;
  Ending ending = data[0] & 3;
  gsize piece = 1 + data[1];

  do
    {
      gsize n = MIN (part, length - at);

      last_member = append_member (packed, content + at, n, data[3] % 10);
      at += n;
    }
  while (at < length);
  append_ending (packed, ending, data[3], last_member);

  for (guint way = 0; way < 3; way++)
    {
      g_auto (Unpacked) unpacked = way == 0 ? unpack (packed, MOST_UNPACKED) : way == 1 ? unpack (packed, piece) : read_stream (packed, piece);

      if (ending == CUT)
        {
          g_assert_error (unpacked.error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
          continue;
        }
      g_assert_no_error (unpacked.error);
      g_assert_cmpmem (unpacked.bytes->data, unpacked.bytes->len, content, length);
    }
}

static void
check_packed (const uint8_t *data,
              gsize          size)
{
  g_autoptr (GByteArray) packed = g_byte_array_sized_new (size);
  gsize piece = 1 + data[1];

  g_byte_array_append (packed, data + 2, size - 2);
  {
    g_auto (Unpacked) at_once = unpack (packed, MOST_UNPACKED);
    g_auto (Unpacked) in_pieces = unpack (packed, piece);
    g_auto (Unpacked) as_stream = read_stream (packed, piece);

    assert_same (&at_once, &in_pieces);
    assert_same (&at_once, &as_stream);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  if (size >= 2 && (data[0] & PACKED) != 0)
    check_packed (data, size);
  else if (size >= N_INSTRUCTIONS && (data[0] & PACKED) == 0)
    check_content (data, size);

  return 0;
}
