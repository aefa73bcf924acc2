/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A gzip file may consist of several members (RFC 1952, section 2.2): log shippers and parallel
 * packers write such files, and `cat` makes them. GZlibDecompressor ends with the
 * first one, and the rows of the others would be missing without a word. */

#include "relais-gunzip.h"

struct _RelaisGunzip
{
  GObject parent_instance;

  GConverter *member;    /* (owned): unpacks one */
  gboolean    between;   /* a member has ended, and no other has begun */
  gboolean    ended;     /* what follows the last member is no member */
};

static void relais_gunzip_converter_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelaisGunzip, relais_gunzip, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, relais_gunzip_converter_init))

static void
relais_gunzip_finalize (GObject *object)
{
  RelaisGunzip *self = RELAIS_GUNZIP (object);

  g_object_unref (self->member);
  G_OBJECT_CLASS (relais_gunzip_parent_class)->finalize (object);
}

static void
relais_gunzip_class_init (RelaisGunzipClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relais_gunzip_finalize;
}

static void
relais_gunzip_init (RelaisGunzip *self)
{
  self->member = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

static void
relais_gunzip_reset (GConverter *converter)
{
  RelaisGunzip *self = RELAIS_GUNZIP (converter);

  g_converter_reset (self->member);
  self->between = FALSE;
  self->ended = FALSE;
}

static GConverterResult
relais_gunzip_convert (GConverter       *converter,
                       const void       *inbuf,
                       gsize             inbuf_size,
                       void             *outbuf,
                       gsize             outbuf_size,
                       GConverterFlags   flags,
                       gsize            *bytes_read,
                       gsize            *bytes_written,
                       GError          **error)
{
  RelaisGunzip *self = RELAIS_GUNZIP (converter);
  GConverterResult result;

  *bytes_read = *bytes_written = 0;
  if (self->between && inbuf_size == 0 && (flags & G_CONVERTER_INPUT_AT_END) != 0)
    return G_CONVERTER_FINISHED;
  if (self->between && inbuf_size == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "More of the packed file is needed");
      return G_CONVERTER_ERROR;
    }

  /* Tapes and some packers fill up with zeros; gzip passes over what is no member as well. */
  if (self->between && !self->ended && *(const guchar *) inbuf != 0x1f)
    self->ended = TRUE;
  if (self->ended)
    {
      *bytes_read = inbuf_size;
      return (flags & G_CONVERTER_INPUT_AT_END) != 0 ? G_CONVERTER_FINISHED : G_CONVERTER_CONVERTED;
    }

  self->between = FALSE;
  result = g_converter_convert (self->member, inbuf, inbuf_size, outbuf, outbuf_size, flags, bytes_read, bytes_written, error);
  if (result != G_CONVERTER_FINISHED)
    return result;
  g_converter_reset (self->member);
  self->between = TRUE;

  return *bytes_read == inbuf_size && (flags & G_CONVERTER_INPUT_AT_END) != 0 ? G_CONVERTER_FINISHED : G_CONVERTER_CONVERTED;
}

static void
relais_gunzip_converter_init (GConverterIface *iface)
{
  iface->convert = relais_gunzip_convert;
  iface->reset = relais_gunzip_reset;
}

/**
 * relais_gunzip_new:
 *
 * Returns: (transfer full): a converter from gzip; a file that is cut short is
 *   G_IO_ERROR_PARTIAL_INPUT, a damaged one G_IO_ERROR_INVALID_DATA
 */
GConverter *
relais_gunzip_new (void)
{
  return g_object_new (RELAIS_TYPE_GUNZIP, NULL);
}
