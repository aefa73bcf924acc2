/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What it means when no answer came at all. */

#include "relais-answer.h"

#include "relais-answer-private.h"
#include "relais-error.h"

#include <glib/gi18n-lib.h>

/*
 * relais_answer_get_proxy_sentence:
 *
 * Returns: (transfer none): that a proxy is in the way, for a person
 */
const char *
relais_answer_get_proxy_sentence (void)
{
  return _("The proxy of this network does not let Relais through to the host. Ask your IT colleague.");
}

static const char *
get_certificate_sentence (GTlsCertificateFlags wrong)
{
  if (wrong & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _("The connection to this host is not secure: its certificate is not trusted. Nothing was sent. Check the host name, and ask your IT colleague whether a proxy stands in between.");
  if (wrong & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _("The connection to this host is not secure: its certificate belongs to another host. Nothing was sent. Check the host name.");
  if (wrong & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED))
    return _("The connection to this host is not secure: its certificate is not valid today. Nothing was sent. Check the date of this computer; if it is right, the host has to renew its certificate.");

  return _("The connection to this host is not secure: its certificate is not good. Nothing was sent.");
}

static gboolean
is_proxy_trouble (const GError *transport)
{
  return g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
         g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED);
}

/* Nothing of the request left this computer, so nothing is in doubt.
 *
 * A connection that breaks while it is made secure is in the domain of TLS too, and so are hosts that do
 * not speak it: only what is wrong with a certificate is not worth trying again. */
static const char *
judge_unsent (const GError         *transport,
              GTlsCertificateFlags  tls_errors,
              RelaisError          *code)
{
  if (tls_errors != 0 || g_error_matches (transport, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    {
      *code = RELAIS_ERROR_TLS;
      return get_certificate_sentence (tls_errors);
    }
  if (transport->domain == G_RESOLVER_ERROR)
    {
      *code = RELAIS_ERROR_NAME_NOT_FOUND;
      return _("No host of this name was found. Check the host name and the network connection.");
    }
  if (g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    {
      *code = RELAIS_ERROR_OFFLINE;
      return _("There is no network at the moment. Relais goes on when it is back.");
    }
  *code = RELAIS_ERROR_UNREACHABLE;
  if (transport->domain == G_TLS_ERROR)
    return _("No secure connection to the host can be made at the moment. Check the host name and the network.");

  return is_proxy_trouble (transport) ? relais_answer_get_proxy_sentence ()
                                      : _("The host cannot be reached at the moment. Check the host name and the network.");
}

/**
 * relais_answer_transport:
 * @transport: why no answer came
 * @tls_errors: what is wrong with the host's certificate
 * @was_sent: whether the request may have reached the service
 *
 * A request that was sent is in doubt whatever happened then: also when it was
 * sent once more by itself, and that time could not even be sent.
 *
 * Returns: (transfer full): what that means
 */
RelaisAnswer *
relais_answer_transport (const GError         *transport,
                         GTlsCertificateFlags  tls_errors,
                         gboolean              was_sent)
{
  RelaisAnswer *answer = g_new0 (RelaisAnswer, 1);
  RelaisError code = RELAIS_ERROR_CUT;
  const char *sentence;

  answer->hint = (RelaisPaceHint) { FALSE, -1, -1 };
  if (g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      answer->error = g_error_copy (transport);
      return answer;
    }
  sentence = was_sent ? _("The connection to ActiveCampaign broke before it answered.")
                      : judge_unsent (transport, tls_errors, &code);
  g_set_error_literal (&answer->error, RELAIS_ERROR, code, sentence);

  return answer;
}
