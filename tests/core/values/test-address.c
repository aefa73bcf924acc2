/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-address.h"

#include <string.h>

typedef struct
{
  const char   *written;
  const char   *sent;      /* (nullable): %NULL for what is no address */
  RelaisReason  reason;
  gboolean      cleaned;
} Row;

#define GOOD(written, sent)             { written, sent, RELAIS_REASON_NONE, FALSE }
#define CLEANED(written, sent)          { written, sent, RELAIS_REASON_NONE, TRUE }
#define BAD_EMPTY(written)              { written, NULL, RELAIS_REASON_EMPTY_ADDRESS, FALSE }
#define CLEANED_BAD_EMPTY(written)      { written, NULL, RELAIS_REASON_EMPTY_ADDRESS, TRUE }
#define BAD_NO_AT(written)              { written, NULL, RELAIS_REASON_NO_AT, FALSE }
#define CLEANED_BAD_NO_AT(written)      { written, NULL, RELAIS_REASON_NO_AT, TRUE }
#define BAD_SEVERAL(written)            { written, NULL, RELAIS_REASON_SEVERAL_AT, FALSE }
#define CLEANED_BAD_SEVERAL(written)    { written, NULL, RELAIS_REASON_SEVERAL_AT, TRUE }
#define BAD_LOCAL(written)              { written, NULL, RELAIS_REASON_BAD_LOCAL_PART, FALSE }
#define CLEANED_BAD_LOCAL(written)      { written, NULL, RELAIS_REASON_BAD_LOCAL_PART, TRUE }
#define BAD_DOMAIN(written)             { written, NULL, RELAIS_REASON_BAD_DOMAIN, FALSE }
#define BAD_CHARACTERS(written)         { written, NULL, RELAIS_REASON_BAD_CHARACTERS, FALSE }
#define CLEANED_BAD_CHARACTERS(written) { written, NULL, RELAIS_REASON_BAD_CHARACTERS, TRUE }
#define BAD_LONG(written)               { written, NULL, RELAIS_REASON_ADDRESS_TOO_LONG, FALSE }

static const Row rows[] = {
  /* Plain */
  GOOD ("a@b.fr", "a@b.fr"),
  GOOD ("zoe@exemple.fr", "zoe@exemple.fr"),
  GOOD ("Zoe@exemple.fr", "Zoe@exemple.fr"),
  GOOD ("ZOE@EXEMPLE.FR", "ZOE@exemple.fr"),
  GOOD ("zoe@Exemple.Fr", "zoe@exemple.fr"),
  GOOD ("zoe.martin@exemple.fr", "zoe.martin@exemple.fr"),
  GOOD ("z.o.e@exemple.fr", "z.o.e@exemple.fr"),
  GOOD ("zoe+list@exemple.fr", "zoe+list@exemple.fr"),
  GOOD ("zoe-martin@exemple.fr", "zoe-martin@exemple.fr"),
  GOOD ("zoe_martin@exemple.fr", "zoe_martin@exemple.fr"),
  GOOD ("_zoe@exemple.fr", "_zoe@exemple.fr"),
  GOOD ("zoe_@exemple.fr", "zoe_@exemple.fr"),
  GOOD ("-zoe@exemple.fr", "-zoe@exemple.fr"),
  GOOD ("zoe-@exemple.fr", "zoe-@exemple.fr"),
  GOOD ("+@exemple.fr", "+@exemple.fr"),
  GOOD ("1@exemple.fr", "1@exemple.fr"),
  GOOD ("123456@exemple.fr", "123456@exemple.fr"),
  GOOD ("o'brien@exemple.ie", "o'brien@exemple.ie"),
  GOOD ("'zoe@exemple.fr", "'zoe@exemple.fr"),
  GOOD ("zoe'@exemple.fr", "zoe'@exemple.fr"),
  GOOD ("!@exemple.fr", "!@exemple.fr"),
  GOOD ("#@exemple.fr", "#@exemple.fr"),
  GOOD ("$@exemple.fr", "$@exemple.fr"),
  GOOD ("%@exemple.fr", "%@exemple.fr"),
  GOOD ("&@exemple.fr", "&@exemple.fr"),
  GOOD ("*@exemple.fr", "*@exemple.fr"),
  GOOD ("/@exemple.fr", "/@exemple.fr"),
  GOOD ("=@exemple.fr", "=@exemple.fr"),
  GOOD ("?@exemple.fr", "?@exemple.fr"),
  GOOD ("^@exemple.fr", "^@exemple.fr"),
  GOOD ("`@exemple.fr", "`@exemple.fr"),
  GOOD ("{@exemple.fr", "{@exemple.fr"),
  GOOD ("|@exemple.fr", "|@exemple.fr"),
  GOOD ("}@exemple.fr", "}@exemple.fr"),
  GOOD ("~@exemple.fr", "~@exemple.fr"),
  GOOD ("!#$%&'*+-/=?^_`{|}~@exemple.fr", "!#$%&'*+-/=?^_`{|}~@exemple.fr"),
  GOOD ("zoe/ventes=1@exemple.fr", "zoe/ventes=1@exemple.fr"),
  GOOD ("zoe%exemple.org@exemple.fr", "zoe%exemple.org@exemple.fr"),
  GOOD ("zoe@sous.exemple.fr", "zoe@sous.exemple.fr"),
  GOOD ("zoe@a.b.c.d.e.f.fr", "zoe@a.b.c.d.e.f.fr"),
  GOOD ("zoe@1.fr", "zoe@1.fr"),
  GOOD ("zoe@123.fr", "zoe@123.fr"),
  GOOD ("zoe@1and1.fr", "zoe@1and1.fr"),
  GOOD ("zoe@a-b.fr", "zoe@a-b.fr"),
  GOOD ("zoe@a--b.fr", "zoe@a--b.fr"),
  GOOD ("zoe@a-b-c.co.uk", "zoe@a-b-c.co.uk"),
  GOOD ("zoe@exemple.museum", "zoe@exemple.museum"),
  GOOD ("zoe@exemple.photography", "zoe@exemple.photography"),
  GOOD ("zoe@exemple.FR", "zoe@exemple.fr"),
  GOOD ("zoe@EXEMPLE.museum", "zoe@exemple.museum"),
  GOOD ("zoe@3com.com", "zoe@3com.com"),
  GOOD ("zoe@x.com", "zoe@x.com"),
  GOOD ("zoe@b.co", "zoe@b.co"),
  GOOD ("zoe@xn--bcher-kva.example", "zoe@xn--bcher-kva.example"),
  GOOD ("zoe@XN--BCHER-KVA.example", "zoe@xn--bcher-kva.example"),
  GOOD ("zoe@exemple.xn--p1ai", "zoe@exemple.xn--p1ai"),
  GOOD ("zoe@exemple.XN--P1AI", "zoe@exemple.xn--p1ai"),
  GOOD ("zoe@exemple.xn--fiqs8s", "zoe@exemple.xn--fiqs8s"),
  GOOD ("zoe@bücher.example", "zoe@xn--bcher-kva.example"),
  GOOD ("zoe@Bücher.example", "zoe@xn--bcher-kva.example"),
  GOOD ("zoe@BÜCHER.EXAMPLE", "zoe@xn--bcher-kva.example"),
  GOOD ("Zoe@société.fr", "Zoe@xn--socit-esab.fr"),
  GOOD ("zoe@sous.bücher.example", "zoe@sous.xn--bcher-kva.example"),
  GOOD ("zoe@пример.рф", "zoe@xn--e1afmkfd.xn--p1ai"),
  GOOD ("zoe@例え.jp", "zoe@xn--r8jz45g.jp"),
  GOOD ("zoe@例え。jp", "zoe@xn--r8jz45g.jp"),
  GOOD ("zoe@exemple。fr", "zoe@exemple.fr"),
  GOOD ("zoe@ｅｘｅｍｐｌｅ.fr", "zoe@exemple.fr"),
  GOOD ("zoe@straße.example", "zoe@xn--strae-oqa.example"),
  GOOD ("zoe@localhost.localdomain", "zoe@localhost.localdomain"),
  GOOD ("postmaster@exemple.fr", "postmaster@exemple.fr"),
  GOOD ("no-reply@exemple.fr", "no-reply@exemple.fr"),

  /* ASCII blanks around it */
  GOOD (" zoe@exemple.fr", "zoe@exemple.fr"),
  GOOD ("zoe@exemple.fr ", "zoe@exemple.fr"),
  GOOD ("\tzoe@exemple.fr\t", "zoe@exemple.fr"),
  GOOD ("  \t zoe@exemple.fr \r\n", "zoe@exemple.fr"),
  GOOD ("zoe@exemple.fr\r", "zoe@exemple.fr"),
  GOOD ("zoe@exemple.fr\n", "zoe@exemple.fr"),
  GOOD ("\n\nzoe@exemple.fr", "zoe@exemple.fr"),
  GOOD ("\013zoe@exemple.fr\014", "zoe@exemple.fr"),
  GOOD ("\001zoe@exemple.fr", "zoe@exemple.fr"),
  GOOD ("zoe@exemple.fr\177", "zoe@exemple.fr"),
  GOOD ("\032zoe@exemple.fr", "zoe@exemple.fr"),

  /* Marks around it */
  CLEANED ("\302\240zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\302\240", "zoe@exemple.fr"),
  CLEANED ("\342\200\213zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\213", "zoe@exemple.fr"),
  CLEANED ("\342\200\214zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\214", "zoe@exemple.fr"),
  CLEANED ("\342\200\215zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\215", "zoe@exemple.fr"),
  CLEANED ("\342\200\216zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\216", "zoe@exemple.fr"),
  CLEANED ("\342\200\217zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\217", "zoe@exemple.fr"),
  CLEANED ("\342\200\207zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\207", "zoe@exemple.fr"),
  CLEANED ("\342\200\257zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\200\257", "zoe@exemple.fr"),
  CLEANED ("\342\201\240zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\342\201\240", "zoe@exemple.fr"),
  CLEANED ("\357\273\277zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr\357\273\277", "zoe@exemple.fr"),
  CLEANED (" \302\240 zoe@exemple.fr \302\240 ", "zoe@exemple.fr"),
  CLEANED ("\302\240\342\200\213\357\273\277zoe@exemple.fr\342\201\240", "zoe@exemple.fr"),

  /* Marks and control characters inside it */
  CLEANED ("zoe\342\200\213@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@\342\200\213exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple\342\200\213.fr", "zoe@exemple.fr"),
  CLEANED ("z\357\273\277oe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exem\342\201\240ple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.f\342\200\216r", "zoe@exemple.fr"),
  CLEANED ("zoe\001@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exe\002mple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple\177.fr", "zoe@exemple.fr"),
  CLEANED ("z\033oe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("\302\240z\342\200\213oe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("zoe\342\200\213@bücher.example", "zoe@xn--bcher-kva.example"),

  /* Names and brackets */
  CLEANED ("<zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé Martin <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("\"Martin, Zoé\" <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé<zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé <zoe@exemple.fr> ", "zoe@exemple.fr"),
  CLEANED (" <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("< zoe@exemple.fr >", "zoe@exemple.fr"),
  CLEANED ("<\302\240zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("zoe@exemple.fr <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("\"zoe@exemple.fr\" <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("'ZOE@exemple.fr' <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé (Ventes) <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("A <B> <zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("mailto:zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("MAILTO:zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("Mailto: zoe@exemple.fr", "zoe@exemple.fr"),
  CLEANED ("<mailto:zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé <mailto:zoe@exemple.fr>", "zoe@exemple.fr"),
  CLEANED ("\342\200\213Zoé <zoe@exemple.fr>\342\200\213", "zoe@exemple.fr"),
  CLEANED ("Zoé <zoe@EXEMPLE.fr>", "zoe@exemple.fr"),
  CLEANED ("Zoé <zoe@exem\342\200\213ple.fr>", "zoe@exemple.fr"),
  CLEANED ("O'Brien <o'brien@exemple.ie>", "o'brien@exemple.ie"),
  CLEANED ("Bücher <a@bücher.example>", "a@xn--bcher-kva.example"),

  /* Empty */
  BAD_EMPTY (""),
  BAD_EMPTY (" "),
  BAD_EMPTY ("\t"),
  BAD_EMPTY ("   "),
  BAD_EMPTY ("\r\n"),
  BAD_EMPTY ("\001"),
  CLEANED_BAD_EMPTY ("\302\240"),
  CLEANED_BAD_EMPTY ("\342\200\213"),
  CLEANED_BAD_EMPTY ("\357\273\277"),
  CLEANED_BAD_EMPTY ("\342\200\213\302\240 "),
  CLEANED_BAD_EMPTY ("< >"),
  CLEANED_BAD_EMPTY ("<\302\240>"),
  CLEANED_BAD_EMPTY ("Zoé <   >"),
  CLEANED_BAD_EMPTY ("Zoé <>"),

  /* No @ */
  BAD_NO_AT ("zoe"),
  BAD_NO_AT ("zoe.exemple.fr"),
  BAD_NO_AT ("n/a"),
  BAD_NO_AT ("N/A"),
  BAD_NO_AT ("-"),
  BAD_NO_AT ("0"),
  BAD_NO_AT ("NULL"),
  BAD_NO_AT ("inconnu"),
  BAD_NO_AT ("zoe exemple.fr"),
  BAD_NO_AT ("zoe(at)exemple.fr"),
  BAD_NO_AT ("zoe[at]exemple.fr"),
  BAD_NO_AT ("zoe at exemple.fr"),
  BAD_NO_AT ("<>"),
  BAD_NO_AT ("<"),
  BAD_NO_AT (">"),
  BAD_NO_AT ("mailto:"),
  BAD_NO_AT ("é"),
  BAD_NO_AT ("12/03/1980"),
  BAD_NO_AT ("0612345678"),
  BAD_NO_AT ("www.exemple.fr"),
  BAD_NO_AT ("http://exemple.fr"),
  BAD_NO_AT ("zoe﹫exemple.fr"),
  BAD_NO_AT ("zoe＠exemple.fr"),
  BAD_NO_AT ("<zoe"),
  CLEANED_BAD_NO_AT ("<zoe>"),
  CLEANED_BAD_NO_AT ("Zoé <zoe.exemple.fr>"),
  CLEANED_BAD_NO_AT ("mailto:zoe"),
  CLEANED_BAD_NO_AT ("<mailto:>"),

  /* Several */
  BAD_SEVERAL ("zoe@@exemple.fr"),
  BAD_SEVERAL ("zoe@exemple@fr"),
  BAD_SEVERAL ("zoe@exemple.fr@"),
  BAD_SEVERAL ("@@"),
  BAD_SEVERAL ("@zoe@exemple.fr"),
  BAD_SEVERAL ("zoe@exemple.fr;luc@exemple.fr"),
  BAD_SEVERAL ("zoe@exemple.fr, luc@exemple.fr"),
  BAD_SEVERAL ("zoe@exemple.fr luc@exemple.fr"),
  BAD_SEVERAL ("zoe@exemple.fr/luc@exemple.fr"),
  BAD_SEVERAL ("<zoe@exemple.fr>, <luc@exemple.fr>"),
  BAD_SEVERAL ("Zoé <zoe@exemple.fr>, Luc <luc@exemple.fr>"),
  BAD_SEVERAL ("luc@exemple.fr <zoe@exemple.fr>"),
  BAD_SEVERAL ("luczoe@exemple.fr <zoe@exemple.fr>"),
  BAD_SEVERAL ("zoe@exemple.fra <zoe@exemple.fr>"),
  BAD_SEVERAL ("luc@exemple.fr zoe@exemple.fr <zoe@exemple.fr>"),
  BAD_SEVERAL ("\"zoe@home\"@exemple.fr"),
  BAD_SEVERAL ("zoe@exemple.fr ou luc@exemple.fr"),
  BAD_SEVERAL ("zoé@exemple.fr, luc@exemple.fr"),
  CLEANED_BAD_SEVERAL ("zoe@exemple.fr\nluc@exemple.fr"),
  CLEANED_BAD_SEVERAL ("mailto:zoe@exemple.fr,luc@exemple.fr"),
  CLEANED_BAD_SEVERAL ("<zoe@exemple.fr,luc@exemple.fr>"),

  /* Before the @ */
  BAD_LOCAL ("@exemple.fr"),
  BAD_LOCAL (".zoe@exemple.fr"),
  BAD_LOCAL ("zoe.@exemple.fr"),
  BAD_LOCAL ("zo..e@exemple.fr"),
  BAD_LOCAL (".@exemple.fr"),
  BAD_LOCAL ("..@exemple.fr"),
  BAD_LOCAL ("zo\"e@exemple.fr"),
  BAD_LOCAL ("\"zoe\"@exemple.fr"),
  BAD_LOCAL ("zo(e@exemple.fr"),
  BAD_LOCAL ("zo)e@exemple.fr"),
  BAD_LOCAL ("zo,e@exemple.fr"),
  BAD_LOCAL ("zo:e@exemple.fr"),
  BAD_LOCAL ("zo;e@exemple.fr"),
  BAD_LOCAL ("zo<e@exemple.fr"),
  BAD_LOCAL ("zo>e@exemple.fr"),
  BAD_LOCAL ("zo[e@exemple.fr"),
  BAD_LOCAL ("zo\\e@exemple.fr"),
  BAD_LOCAL ("zo]e@exemple.fr"),
  BAD_LOCAL ("<zoe@exemple.fr"),
  BAD_LOCAL ("(zoe)@exemple.fr"),
  BAD_LOCAL ("@bücher.example"),
  BAD_LOCAL (".zoe@bücher.example"),
  BAD_LOCAL ("mail:zoe@exemple.fr"),
  CLEANED_BAD_LOCAL ("mailto:.zoe@exemple.fr"),
  CLEANED_BAD_LOCAL ("<.zoe@exemple.fr>"),
  CLEANED_BAD_LOCAL ("<@exemple.fr>"),
  CLEANED_BAD_LOCAL (".z\342\200\213oe@exemple.fr"),

  /* After the @ */
  BAD_DOMAIN ("zoe@"),
  BAD_DOMAIN ("zoe@."),
  BAD_DOMAIN ("zoe@fr"),
  BAD_DOMAIN ("zoe@exemple"),
  BAD_DOMAIN ("zoe@localhost"),
  BAD_DOMAIN ("zoe@.fr"),
  BAD_DOMAIN ("zoe@.exemple.fr"),
  BAD_DOMAIN ("zoe@exemple."),
  BAD_DOMAIN ("zoe@exemple.fr."),
  BAD_DOMAIN ("zoe@exemple..fr"),
  BAD_DOMAIN ("zoe@-exemple.fr"),
  BAD_DOMAIN ("zoe@exemple-.fr"),
  BAD_DOMAIN ("zoe@exemple.-fr"),
  BAD_DOMAIN ("zoe@exemple.fr-"),
  BAD_DOMAIN ("zoe@exemple.f"),
  BAD_DOMAIN ("zoe@exemple.f1"),
  BAD_DOMAIN ("zoe@exemple.1"),
  BAD_DOMAIN ("zoe@exemple.123"),
  BAD_DOMAIN ("zoe@127.0.0.1"),
  BAD_DOMAIN ("zoe@[127.0.0.1]"),
  BAD_DOMAIN ("zoe@[IPv6:::1]"),
  BAD_DOMAIN ("zoe@exem_ple.fr"),
  BAD_DOMAIN ("zoe@_dmarc.fr"),
  BAD_DOMAIN ("zoe@exemple.fr>"),
  BAD_DOMAIN ("zoe@exemple.fr;"),
  BAD_DOMAIN ("zoe@exemple.fr,"),
  BAD_DOMAIN ("zoe@exemple,fr"),
  BAD_DOMAIN ("zoe@exemple;fr"),
  BAD_DOMAIN ("zoe@exemple:25"),
  BAD_DOMAIN ("zoe@exemple.fr:25"),
  BAD_DOMAIN ("zoe@exemple.fr/"),
  BAD_DOMAIN ("zoe@exemple.fr/x"),
  BAD_DOMAIN ("zoe@exemple.fr?subject=x"),
  BAD_DOMAIN ("zoe@exem+ple.fr"),
  BAD_DOMAIN ("zoe@exem'ple.fr"),
  BAD_DOMAIN ("zoe@exemple.fr\""),
  BAD_DOMAIN ("zoe@exem(ple).fr"),
  BAD_DOMAIN ("zoe@exemple.fr)"),
  BAD_DOMAIN ("zoe@exem\\ple.fr"),
  BAD_DOMAIN ("zoe@exem!ple.fr"),
  BAD_DOMAIN ("zoe@exemple.xn--"),
  BAD_DOMAIN ("zoe@bücher"),
  BAD_DOMAIN ("zoe@bücher.1"),
  BAD_DOMAIN ("zoe@bücher..example"),
  BAD_DOMAIN ("zoe@-bücher.example"),
  BAD_DOMAIN ("zoe@bücher-.example"),
  BAD_DOMAIN ("zoe@bücher.example."),
  BAD_DOMAIN ("zoe@.bücher.example"),
  BAD_DOMAIN ("zoe@bü_cher.example"),
  BAD_DOMAIN ("zoe@exemple.f\302\240r"),
  BAD_DOMAIN ("zoe@\302\240exemple.fr"),
  BAD_DOMAIN ("zoe@exemple\343\200\200.fr"),
  BAD_DOMAIN ("zoe@a℀b.fr"),
  BAD_DOMAIN ("zoe@exemple\342\200\256.fr"),

  /* Characters no address can have */
  BAD_CHARACTERS ("zoe martin@exemple.fr"),
  BAD_CHARACTERS ("zoe @exemple.fr"),
  BAD_CHARACTERS ("zoe@ exemple.fr"),
  BAD_CHARACTERS ("zoe@exemple .fr"),
  BAD_CHARACTERS ("zoe@exemple. fr"),
  BAD_CHARACTERS ("zoe@exemple.fr x"),
  BAD_CHARACTERS ("Zoé zoe@exemple.fr"),
  BAD_CHARACTERS ("zoé@exemple.fr"),
  BAD_CHARACTERS ("ZOÉ@exemple.fr"),
  BAD_CHARACTERS ("josé.garcía@exemple.es"),
  BAD_CHARACTERS ("пример@пример.рф"),
  BAD_CHARACTERS ("日本@exemple.jp"),
  BAD_CHARACTERS ("zoe\302\240m@exemple.fr"),
  BAD_CHARACTERS ("zo\342\200\214e@exemple.fr"),
  BAD_CHARACTERS ("zo\342\200\215e@exemple.fr"),
  BAD_CHARACTERS ("zo\314\201e@exemple.fr"),
  BAD_CHARACTERS ("zo\342\200\256e@exemple.fr"),
  BAD_CHARACTERS ("zo�e@exemple.fr"),
  BAD_CHARACTERS ("“zoe”@exemple.fr"),
  BAD_CHARACTERS ("o’brien@exemple.ie"),
  BAD_CHARACTERS ("zo\302\255e@exemple.fr"),
  BAD_CHARACTERS ("zoe@exemple.fr <>"),
  BAD_CHARACTERS ("zoe@exemple.fr (maison)"),
  BAD_CHARACTERS ("zoe@exemple.fr le soir"),
  BAD_CHARACTERS ("😀@exemple.fr"),
  CLEANED_BAD_CHARACTERS ("zoe\t@exemple.fr"),
  CLEANED_BAD_CHARACTERS ("zoe@exem\tple.fr"),
  CLEANED_BAD_CHARACTERS ("zoe@exem\nple.fr"),
  CLEANED_BAD_CHARACTERS ("zo\re@exemple.fr"),
  CLEANED_BAD_CHARACTERS ("Zoé <zoe martin@exemple.fr>"),
  CLEANED_BAD_CHARACTERS ("<zoé@exemple.fr>"),
  CLEANED_BAD_CHARACTERS ("mailto:zoe martin@exemple.fr"),

  /* Invisible in the domain, dropped as the network does */
  GOOD ("zoe@exem\302\255ple.fr", "zoe@exemple.fr"),
  GOOD ("zoe@exem\342\200\215ple.fr", "zoe@exemple.fr"),

  /* Lengths */
  GOOD ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@exemple.fr", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@exemple.fr"),
  BAD_LOCAL ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@exemple.fr"),
  GOOD ("a@ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.fr", "a@ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.fr"),
  BAD_DOMAIN ("a@dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.fr"),
  GOOD ("lllllllllllllllllllllllllllllllllllllllllllllllllllllllllll@ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.fr", "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllll@ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.fr"),
  BAD_LONG ("llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll@ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.fr"),
  BAD_LONG ("llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll@exemple.fr"),
  BAD_LONG ("a@d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.fr"),
  GOOD ("a@d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.fr", "a@d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.fr"),
  BAD_LONG ("a@d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.d.fra"),
  BAD_DOMAIN ("a@üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.fr"),
};

static void
test_every_address_is_judged_as_the_table_says (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      /* No zero at the end, so that reading past it is seen. */
      g_autofree char *exact = g_memdup2 (rows[i].written, strlen (rows[i].written));
      RelaisAddress address;
      RelaisReason reason = relais_address_read ((RelaisText) { exact, strlen (rows[i].written) }, &address);

      if (reason != rows[i].reason || (rows[i].sent != NULL && !g_str_equal (address.text, rows[i].sent)) ||
          address.cleaned != rows[i].cleaned)
        {
          g_test_message ("row %u, “%s”: reason %s, sent “%s”, cleaned %d", i, rows[i].written, relais_reason_to_code (reason),
                          address.text, address.cleaned);
          g_test_fail ();
        }
      if (reason == RELAIS_REASON_NONE)
        g_assert_cmpuint (address.length, ==, strlen (address.text));
    }
}

/* What is sent must be the same when it is read again: a report can be a segment. */
static void
test_what_is_sent_is_read_back_as_it_is (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      RelaisAddress first, second;

      if (rows[i].sent == NULL)
        continue;
      g_assert_cmpint (relais_address_read ((RelaisText) { rows[i].written, strlen (rows[i].written) }, &first), ==, RELAIS_REASON_NONE);
      g_assert_cmpint (relais_address_read ((RelaisText) { first.text, first.length }, &second), ==, RELAIS_REASON_NONE);
      g_assert_cmpstr (first.text, ==, second.text);
      g_assert_false (second.cleaned);
    }
}

/* Plain addresses go a short way, and what is odd goes the long one. A blank
 * in front is odd: both have to judge alike, whatever one byte is. */
static void
test_the_short_way_and_the_long_way_agree (void)
{
  static const char * const seeds[] = { "zoe.l@mail.example.com", "a@b.co", "a-b@x--1.c-d.ef", "Z@xn--p1ai.xn--p1ai", "zoe@example" };
  guint n_good = 0, n_bad = 0;

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    for (gsize at = 0; at < strlen (seeds[i]); at++)
      for (guint c = 0; c < 128; c++)
        {
          g_autofree char *odd = g_strconcat (" ", seeds[i], NULL);
          RelaisAddress first, second;
          RelaisReason reason;

          odd[at + 1] = c;
          reason = relais_address_read ((RelaisText) { odd + 1, strlen (seeds[i]) }, &first);
          g_assert_cmpint (relais_address_read ((RelaisText) { odd, strlen (seeds[i]) + 1 }, &second), ==, reason);
          g_assert_cmpint (first.cleaned, ==, second.cleaned);
          if (reason == RELAIS_REASON_NONE)
            g_assert_cmpmem (first.text, first.length + 1, second.text, second.length + 1);
          n_good += reason == RELAIS_REASON_NONE;
          n_bad += reason != RELAIS_REASON_NONE;
        }
  g_assert_cmpuint (n_good, >, 1000);
  g_assert_cmpuint (n_bad, >, 1000);
}

static void
test_a_zero_inside_is_taken_away (void)
{
  static const char written[] = "zoe\0@exemple.fr";
  RelaisAddress address;

  g_assert_cmpint (relais_address_read ((RelaisText) { written, sizeof written - 1 }, &address), ==, RELAIS_REASON_NONE);
  g_assert_cmpstr (address.text, ==, "zoe@exemple.fr");
  g_assert_true (address.cleaned);
}

static void
test_addresses_are_compared_without_case_and_within_bounds (void)
{
  g_autofree char *huge = g_strnfill (1000, 'A');
  char folded[RELAIS_ADDRESS_SIZE];

  g_assert_cmpuint (relais_address_fold ("Zoe@Exemple.FR", 14, folded), ==, 14);
  g_assert_cmpstr (folded, ==, "zoe@exemple.fr");
  g_assert_cmpuint (relais_address_fold ("Zoe@Exemple.FR", 3, folded), ==, 3);
  g_assert_cmpstr (folded, ==, "zoe");
  /* The same domain, as someone writes it and as the network knows it. */
  g_assert_cmpuint (relais_address_fold ("Bob@München.de", 15, folded), ==, 21);
  g_assert_cmpstr (folded, ==, "bob@xn--mnchen-3ya.de");
  relais_address_fold ("zoë@exemple.fr", 15, folded);
  g_assert_cmpstr (folded, ==, "zoë@exemple.fr");
  relais_address_fold ("zoë@caf\xe9.fr", 12, folded);
  g_assert_cmpstr (folded, ==, "zoë@caf\xe9.fr");
  g_assert_cmpuint (relais_address_fold ("", 0, folded), ==, 0);
  g_assert_cmpstr (folded, ==, "");
  g_assert_cmpuint (relais_address_fold (huge, 1000, folded), ==, RELAIS_ADDRESS_SIZE - 1);
  g_assert_cmpuint (strlen (folded), ==, RELAIS_ADDRESS_SIZE - 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/every-address-is-judged-as-the-table-says", test_every_address_is_judged_as_the_table_says);
  g_test_add_func ("/address/what-is-sent-is-read-back-as-it-is", test_what_is_sent_is_read_back_as_it_is);
  g_test_add_func ("/address/the-short-way-and-the-long-way-agree", test_the_short_way_and_the_long_way_agree);
  g_test_add_func ("/address/a-zero-inside-is-taken-away", test_a_zero_inside_is_taken_away);
  g_test_add_func ("/address/addresses-are-compared-without-case-and-within-bounds",
                   test_addresses_are_compared_without_case_and_within_bounds);

  return g_test_run ();
}
