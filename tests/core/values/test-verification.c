/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-verification.h"

static void
assert_same (const RelaisVerification *one,
             const RelaisVerification *other)
{
  g_assert_cmpint (one->state, ==, other->state);
  g_assert_cmpint (one->all, ==, other->all);
  g_assert_cmpuint (one->delivered, ==, other->delivered);
  g_assert_cmpuint (one->asked, ==, other->asked);
  g_assert_cmpuint (one->same, ==, other->same);
  g_assert_cmpuint (one->different, ==, other->different);
  g_assert_cmpint (one->values_untold, ==, other->values_untold);
  g_assert_cmpstr (one->message, ==, other->message);
}

static void
test_a_text_tells_all (void)
{
  for (guint state = 0; state < RELAIS_N_VERIFICATION_STATES; state++)
    for (guint i = 0; i < 2; i++)
      {
        RelaisVerification verification = { state, i == 1, 1000001, 1000000, 999, 7, i == 0, (char *) (i == 1 ? "Not = “so” simple.\nmessage= twice" : NULL) };
        g_autofree char *text = relais_verification_to_text (&verification);
        RelaisVerification read;
        RelaisVerification copy;

        relais_verification_from_text (text, &read);
        assert_same (&read, &verification);
        relais_verification_copy (&copy, &read);
        assert_same (&copy, &verification);
        relais_verification_clear (&read);
        assert_same (&copy, &verification);
        relais_verification_clear (&copy);
        assert_same (&copy, &read);
      }
}

static void
test_what_another_version_wrote_does_no_harm (void)
{
  static const char * const texts[] = { NULL, "", "state", "state=dreaming", "colour=blue state= same=x", "= = =" };
  RelaisVerification read;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      relais_verification_from_text (texts[i], &read);
      assert_same (&read, &(RelaisVerification) { 0 });
    }
  relais_verification_from_text ("state=done colour=blue same=5", &read);
  assert_same (&read, &(RelaisVerification) { .state = RELAIS_VERIFICATION_DONE, .same = 5 });
}

static void
test_codes_are_stable (void)
{
  static const char * const kinds[] = { "not-found", "not-on-list", "unconfirmed", "unsubscribed", "bounced", "other-status", "other-value" };
  static const char * const states[] = { "none", "nothing", "done", "stopped", "failed" };

  G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == RELAIS_N_DIFFERENCE_KINDS);
  G_STATIC_ASSERT (G_N_ELEMENTS (states) == RELAIS_N_VERIFICATION_STATES);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_cmpstr (relais_difference_kind_to_code (i), ==, kinds[i]);
      g_assert_cmpint (relais_difference_kind_from_code (kinds[i]), ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_assert_cmpstr (relais_verification_state_to_code (i), ==, states[i]);
  g_assert_cmpint (relais_difference_kind_from_code ("of a later version"), ==, RELAIS_DIFFERENCE_STATUS);
  g_assert_cmpint (relais_difference_kind_from_code (NULL), ==, RELAIS_DIFFERENCE_STATUS);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verification/a-text-tells-all", test_a_text_tells_all);
  g_test_add_func ("/verification/what-another-version-wrote-does-no-harm", test_what_another_version_wrote_does_no_harm);
  g_test_add_func ("/verification/codes-are-stable", test_codes_are_stable);

  return g_test_run ();
}
