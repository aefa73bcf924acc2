/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-phone.h"

#include <string.h>

/* The expected forms were worked out by hand from the national numbering plans. */
typedef struct
{
  const char   *country;
  const char   *written;
  const char   *sent;
  RelaisReason  reason;
} Row;

#define AS_WRITTEN RELAIS_REASON_PHONE_AS_WRITTEN
#define LEFT_OUT RELAIS_REASON_PHONE_LEFT_OUT
#define SCIENTIFIC RELAIS_REASON_SCIENTIFIC_NUMBER

static const Row rows[] = {
  /* No country: as written, cleaned */
  { NULL, "", "" },
  { NULL, "   ", "" },
  { NULL, "06 12 34 56 78", "06 12 34 56 78" },
  { NULL, "  06 12 34 56 78\302\240", "06 12 34 56 78" },
  { NULL, "06\t12", "06 12" },
  { NULL, "+33 (0)6 12 34 56 78", "+33 (0)6 12 34 56 78" },
  { NULL, "983.566.0706x9509", "983.566.0706x9509" },
  { NULL, "001-811-506-2553x442", "001-811-506-2553x442" },
  { NULL, "-6854", "-6854" },
  { NULL, "appeler le soir", "", LEFT_OUT },
  { NULL, "n/a", "", LEFT_OUT },
  { NULL, "-", "", LEFT_OUT },
  { NULL, "voir fiche", "", LEFT_OUT },
  { NULL, "néant", "", LEFT_OUT },
  { NULL, "zoe@example.com", "", LEFT_OUT },
  { NULL, "zoe1975@example.com", "", LEFT_OUT },
  { "FR", "zoe1975@example.com", "", LEFT_OUT },
  { NULL, "0612345678 zoe@example.com", "0612345678 zoe@example.com" },
  { NULL, "0612345678@", "0612345678@" },
  { NULL, "\331\240\331\241\331\242", "\331\240\331\241\331\242" },
  { NULL, "3,36E+10", "", SCIENTIFIC },
  { NULL, "3.36E+10", "", SCIENTIFIC },
  { NULL, "3,36123E+10", "", SCIENTIFIC },
  { NULL, "3.3612345678e10", "", SCIENTIFIC },
  { NULL, "+3,36E+10", "", SCIENTIFIC },
  { NULL, "6E+08", "", SCIENTIFIC },
  { NULL, " 6,12E+08 ", "", SCIENTIFIC },
  { NULL, "3,36 E+10", "", SCIENTIFIC },
  { "FR", "3,36123\302\240E+10", "", SCIENTIFIC },
  { "FR", "\342\200\252+33 6 39 98 12 34\342\200\254", "+33639981234" },
  { NULL, "E10", "E10" },
  { NULL, "3,36E", "3,36E" },
  { NULL, "3,36E+", "3,36E+" },
  { NULL, "3,36E+10 fixe", "3,36E+10 fixe" },
  { NULL, "12e étage", "12e étage" },

  /* France */
  { "FR", "", "" },
  { "FR", " \302\240 ", "" },
  { "FR", "0612345678", "+33612345678" },
  { "fr", "0612345678", "+33612345678" },
  { "FR", "06 12 34 56 78", "+33612345678" },
  { "FR", "06.12.34.56.78", "+33612345678" },
  { "FR", "06-12-34-56-78", "+33612345678" },
  { "FR", "06/12/34/56/78", "+33612345678" },
  { "FR", "06\302\24012\302\24034\302\24056\302\24078", "+33612345678" },
  { "FR", "06\342\200\25712\342\200\25734\342\200\25756\342\200\25778", "+33612345678" },
  { "FR", "06\342\200\22112\342\200\22134\342\200\22156\342\200\22178", "+33612345678" },
  { "FR", "06–12–34–56–78", "+33612345678" },
  { "FR", "'0612345678", "+33612345678" },
  { "FR", "tel:0612345678", "+33612345678" },
  { "FR", "Tel:+33612345678", "+33612345678" },
  { "FR", "(06) 12 34 56 78", "+33612345678" },
  { "FR", "(0)6 12 34 56 78", "+33612345678" },
  { "FR", "+33612345678", "+33612345678" },
  { "FR", "+33 6 12 34 56 78", "+33612345678" },
  { "FR", "+33 (0)6 12 34 56 78", "+33612345678" },
  { "FR", "+33(0)612345678", "+33612345678" },
  { "FR", "+33 ( 0 ) 6 12 34 56 78", "+33612345678" },
  { "FR", "+33 06 12 34 56 78", "+33612345678" },
  { "FR", "(+33) 6 12 34 56 78", "+33612345678" },
  { "FR", "(+33)0612345678", "+33612345678" },
  { "FR", "+ 33 6 12 34 56 78", "+33612345678" },
  { "FR", "0033612345678", "+33612345678" },
  { "FR", "00 33 6 12 34 56 78", "+33612345678" },
  { "FR", "0033 (0)6 12 34 56 78", "+33612345678" },
  { "FR", "0033(0)612345678", "+33612345678" },
  { "FR", "33612345678", "+33612345678" },
  { "FR", "33 6 12 34 56 78", "+33612345678" },
  { "FR", "612345678", "+33612345678" },
  { "FR", "6 12 34 56 78", "+33612345678" },
  { "FR", "123456789", "+33123456789" },
  { "FR", "01 23 45 67 89", "+33123456789" },
  { "FR", "0745678901", "+33745678901" },
  { "FR", "0987654321", "+33987654321" },
  { "FR", "0612345678\342\200\213", "+33612345678" },
  /* …left as written */
  { "FR", "0800 123 456", "0800 123 456", AS_WRITTEN },
  { "FR", "08 92 12 34 56", "08 92 12 34 56", AS_WRITTEN },
  { "FR", "+33 892 12 34 56", "+33 892 12 34 56", AS_WRITTEN },
  { "FR", "892123456", "892123456", AS_WRITTEN },
  { "FR", "3949", "3949", AS_WRITTEN },
  { "FR", "36 31", "36 31", AS_WRITTEN },
  { "FR", "112", "112", AS_WRITTEN },
  { "FR", "15", "15", AS_WRITTEN },
  { "FR", "06 12 34 56", "06 12 34 56", AS_WRITTEN },
  { "FR", "06 12 34 56 7", "06 12 34 56 7", AS_WRITTEN },
  { "FR", "06 12 34 56 78 9", "06 12 34 56 78 9", AS_WRITTEN },
  { "FR", "06 12 34 56 78 / 07 12 34 56 78", "06 12 34 56 78 / 07 12 34 56 78", AS_WRITTEN },
  { "FR", "06 12 34 56 78 ou 07 12 34 56 78", "06 12 34 56 78 ou 07 12 34 56 78", AS_WRITTEN },
  { "FR", "+33 6 12 34 56", "+33 6 12 34 56", AS_WRITTEN },
  { "FR", "+33 6 12 34 56 78 90", "+33 6 12 34 56 78 90", AS_WRITTEN },
  { "FR", "0612345678 (bureau)", "0612345678 (bureau)", AS_WRITTEN },
  { "FR", "01 23 45 67 89 poste 12", "01 23 45 67 89 poste 12", AS_WRITTEN },
  { "FR", "01 23 45 67 89 x12", "01 23 45 67 89 x12", AS_WRITTEN },
  { "FR", "983.566.0706x9509", "983.566.0706x9509", AS_WRITTEN },
  { "FR", "-6854", "-6854", AS_WRITTEN },
  { "FR", "0", "0", AS_WRITTEN },
  { "FR", "00", "00", AS_WRITTEN },
  { "FR", "0000000000", "0000000000", AS_WRITTEN },
  { "FR", "+", "", LEFT_OUT },
  { "FR", "++33612345678", "++33612345678", AS_WRITTEN },
  { "FR", "+33+612345678", "+33+612345678", AS_WRITTEN },
  { "FR", "33+612345678", "33+612345678", AS_WRITTEN },
  { "FR", "inconnu", "", LEFT_OUT },
  { "FR", "N/A", "", LEFT_OUT },
  { "FR", "06 12 34 56 7O", "06 12 34 56 7O", AS_WRITTEN },
  { "FR", "+0612345678", "+0612345678", AS_WRITTEN },
  { "FR", "06,12,34,56,78", "06,12,34,56,78", AS_WRITTEN },
  { "FR", "3,36E+10", "", SCIENTIFIC },
  { "FR", "6.12345678E8", "", SCIENTIFIC },
  { "FR", "00612345678", "00612345678", AS_WRITTEN },

  /* Overseas departments: one plan, several calling codes */
  { "FR", "0262 12 34 56", "+262262123456" },
  { "FR", "0263 12 34 56", "+262263123456" },
  { "FR", "0692 12 34 56", "+262692123456" },
  { "FR", "06 93 12 34 56", "+262693123456" },
  { "FR", "0269 12 34 56", "+262269123456" },
  { "FR", "0639 12 34 56", "+262639123456" },
  { "FR", "0590 12 34 56", "+590590123456" },
  { "FR", "0690 12 34 56", "+590690123456" },
  { "FR", "0691 12 34 56", "+590691123456" },
  { "FR", "0594 12 34 56", "+594594123456" },
  { "FR", "0694 12 34 56", "+594694123456" },
  { "FR", "0596 12 34 56", "+596596123456" },
  { "FR", "0696 12 34 56", "+596696123456" },
  { "FR", "0697 12 34 56", "+596697123456" },
  { "RE", "0692 12 34 56", "+262692123456" },
  { "RE", "06 12 34 56 78", "+33612345678" },
  { "RE", "692123456", "+262692123456" },
  { "RE", "262692123456", "+262692123456" },
  { "YT", "0639 12 34 56", "+262639123456" },
  { "GP", "0690 12 34 56", "+590690123456" },
  { "MQ", "0696 12 34 56", "+596696123456" },
  { "GF", "0694 12 34 56", "+594694123456" },
  { "FR", "+262 692 12 34 56", "+262692123456" },
  { "FR", "+262 (0)692 12 34 56", "+262692123456" },
  { "FR", "+590 690 12 34 56", "+590690123456" },
  { "FR", "+33 692 12 34 56", "+33 692 12 34 56", AS_WRITTEN },
  { "FR", "0709 12 34 56", "0709 12 34 56", AS_WRITTEN },
  { "FR", "+33 709 12 34 56", "+33709123456" },
  { "NC", "75 12 34", "+687751234" },
  { "PF", "87 12 34 56", "+68987123456" },

  /* Foreign numbers beside the chosen country's */
  { "FR", "+32 475 12 34 56", "+32475123456" },
  { "FR", "0032475123456", "+32475123456" },
  { "FR", "+41 79 123 45 67", "+41791234567" },
  { "FR", "+44 (0)20 7946 0958", "+442079460958" },
  { "FR", "+1 (202) 555-0123", "+12025550123" },
  { "FR", "001 202 555 0123", "+12025550123" },
  { "FR", "+39 06 1234 5678", "+390612345678" },
  { "FR", "+86 138 0013 8000", "+8613800138000" },
  { "FR", "+81 90 1234 5678", "+819012345678" },
  { "FR", "+1 202 555 012", "+1 202 555 012", AS_WRITTEN },
  { "FR", "+86 138", "+86 138", AS_WRITTEN },
  { "FR", "+999 1234 5678 9012 3456", "+999 1234 5678 9012 3456", AS_WRITTEN },

  /* Other countries */
  { "BE", "0475 12 34 56", "+32475123456" },
  { "BE", "02 123 45 67", "+3221234567" },
  { "BE", "475123456", "475123456", AS_WRITTEN },
  { "BE", "1234", "1234", AS_WRITTEN },
  { "CH", "079 123 45 67", "+41791234567" },
  { "CH", "+41 (0) 44 668 18 00", "+41446681800" },
  { "CH", "0041 79 123 45 67", "+41791234567" },
  { "LU", "621 123 456", "+352621123456" },
  { "LU", "26 12 34", "+352261234" },
  { "MC", "06 12 34 56 78", "06 12 34 56 78", AS_WRITTEN },
  { "MC", "93 15 00 00", "+37793150000" },
  { "MC", "+377 6 12 34 56 78", "+377612345678" },
  { "US", "(202) 555-0123", "+12025550123" },
  { "US", "202.555.0123", "+12025550123" },
  { "US", "1-202-555-0123", "+12025550123" },
  { "US", "12025550123", "+12025550123" },
  { "US", "+1 202 555 0123", "+12025550123" },
  { "US", "011 33 6 12 34 56 78", "+33612345678" },
  { "US", "555-0123", "555-0123", AS_WRITTEN },
  { "US", "(102) 555-0123", "(102) 555-0123", AS_WRITTEN },
  { "US", "(202) 155-0123", "(202) 155-0123", AS_WRITTEN },
  { "US", "983.566.0706x9509", "983.566.0706x9509", AS_WRITTEN },
  { "US", "001-811-506-2553x442", "001-811-506-2553x442", AS_WRITTEN },
  { "US", "001-811-506-2553", "+18115062553" },
  { "US", "911", "911", AS_WRITTEN },
  { "CA", "514-555-0123", "+15145550123" },
  { "CA", "1 (514) 555-0123", "+15145550123" },
  { "GB", "020 7946 0958", "+442079460958" },
  { "GB", "07700 900123", "+447700900123" },
  { "GB", "+44 7700 900123", "+447700900123" },
  { "GB", "7700 900123", "7700 900123", AS_WRITTEN },
  { "GB", "999", "999", AS_WRITTEN },
  { "IE", "085 012 3456", "+353850123456" },
  { "DE", "030 123456", "+4930123456" },
  { "DE", "0151 23456789", "+4915123456789" },
  { "DE", "+49 (0)151 23456789", "+4915123456789" },
  { "DE", "123456", "123456", AS_WRITTEN },
  { "AT", "0664 1234567", "+436641234567" },
  { "ES", "612 34 56 78", "+34612345678" },
  { "ES", "34612345678", "+34612345678" },
  { "ES", "912 345 678", "+34912345678" },
  { "ES", "112", "112", AS_WRITTEN },
  { "IT", "06 1234 5678", "+390612345678" },
  { "IT", "347 123 4567", "+393471234567" },
  { "IT", "+39 347 123 4567", "+393471234567" },
  { "IT", "0039 02 1234567", "+39021234567" },
  { "PT", "912 345 678", "+351912345678" },
  { "NL", "06 12345678", "+31612345678" },
  { "NL", "+31 (0)20 123 4567", "+31201234567" },
  { "DK", "12 34 56 78", "12 34 56 78", AS_WRITTEN },
  { "DK", "20 12 34 56", "+4520123456" },
  { "SE", "070-123 45 67", "+46701234567" },
  { "NO", "412 34 567", "+4741234567" },
  { "FI", "040 1234567", "+358401234567" },
  { "PL", "512 345 678", "+48512345678" },
  { "CZ", "601 123 456", "+420601123456" },
  { "MA", "06 12 34 56 78", "+212612345678" },
  { "MA", "+212 6 12 34 56 78", "+212612345678" },
  { "TN", "20 123 456", "+21620123456" },
  { "DZ", "0551 23 45 67", "+213551234567" },
  { "SN", "77 123 45 67", "+221771234567" },
  { "CI", "07 01 23 45 67", "+2250701234567" },

  /* A country nobody knows */
  { "ZZ", "0612345678", "0612345678", AS_WRITTEN },
  { "ZZ", "", "" },
};

static void
test_telephones (void)
{
  guint n_wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      /* No zero at the end, so that reading past it is seen. */
      gsize n = strlen (rows[i].written);
      g_autofree char *exact = g_memdup2 (rows[i].written, n);
      char phone[RELAIS_PHONE_SIZE];
      gsize length;
      RelaisReason reason = relais_phone_read ((RelaisText) { exact, n }, rows[i].country, phone, &length);

      g_assert_cmpuint (length, ==, strlen (phone));
      if (reason == rows[i].reason && strcmp (phone, rows[i].sent) == 0)
        continue;
      g_test_message ("%s “%s”: “%s” (%s), expected “%s” (%s)", rows[i].country, rows[i].written, phone,
                      relais_reason_to_code (reason), rows[i].sent, relais_reason_to_code (rows[i].reason));
      n_wrong++;
    }

  g_assert_cmpuint (n_wrong, ==, 0);
}

static void
test_long_text_is_cut_between_characters_and_noted (void)
{
  g_autoptr (GString) text = g_string_new ("7");
  char phone[RELAIS_PHONE_SIZE];
  gsize length;

  while (text->len < 2 * RELAIS_PHONE_SIZE)
    g_string_append (text, "é");
  g_assert_cmpuint (relais_phone_read ((RelaisText) { text->str, text->len }, NULL, phone, &length), ==, AS_WRITTEN);
  g_assert_cmpuint (length, ==, RELAIS_PHONE_SIZE - 1);
  g_assert_true (g_utf8_validate (phone, -1, NULL));
  g_assert_true (g_str_has_prefix (text->str, phone));
}

static void
test_as_many_digits_as_fit_are_no_number (void)
{
  char digits[RELAIS_PHONE_SIZE];
  char phone[RELAIS_PHONE_SIZE];
  gsize length;

  memset (digits, '7', sizeof digits);
  g_assert_cmpuint (relais_phone_read ((RelaisText) { digits, sizeof digits - 1 }, "FR", phone, &length), ==, AS_WRITTEN);
  g_assert_cmpuint (length, ==, sizeof digits - 1);
  g_assert_cmpuint (relais_phone_read ((RelaisText) { digits, sizeof digits }, "FR", phone, &length), ==, AS_WRITTEN);
}

static void
test_countries_are_known_in_either_case (void)
{
  g_assert_true (relais_phone_knows_country ("FR"));
  g_assert_true (relais_phone_knows_country ("gp"));
  g_assert_true (relais_phone_knows_country ("US"));
  g_assert_false (relais_phone_knows_country ("ZZ"));
  g_assert_false (relais_phone_knows_country ("FRA"));
  g_assert_false (relais_phone_knows_country (""));
  g_assert_false (relais_phone_knows_country (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phone/telephones", test_telephones);
  g_test_add_func ("/phone/long-text-is-cut-between-characters-and-noted",
                   test_long_text_is_cut_between_characters_and_noted);
  g_test_add_func ("/phone/as-many-digits-as-fit-are-no-number", test_as_many_digits_as_fit_are_no_number);
  g_test_add_func ("/phone/countries-are-known-in-either-case", test_countries_are_known_in_either_case);

  return g_test_run ();
}
