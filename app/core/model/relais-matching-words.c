/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What words of headers mean, in French, in English, and a few in German and Dutch
 * where they stand in lists of French speakers. */

#include "relais-matching-words-private.h"

#include <string.h>

#include "relais-header-words-private.h"

#define EXACT 100

typedef struct
{
  const char *phrase;
  int         score;
} Phrase;

/* What the words of a header are, once blind and side words are taken away. */
static const Phrase email_names[] = {
  { "email", EXACT }, { "emails", 95 }, { "email address", EXACT }, { "email adress", EXACT }, { "email adresse", EXACT },
  { "email addresses", 95 }, { "adresse email", EXACT }, { "adresses email", 95 }, { "address email", EXACT },
  { "mail", EXACT }, { "mails", 95 }, { "mail address", EXACT }, { "mail adresse", EXACT }, { "adresse mail", EXACT },
  { "adresses mail", 95 }, { "courriel", EXACT }, { "courriels", 95 }, { "adresse courriel", EXACT },
  { "courrier electronique", EXACT }, { "adresse courrier electronique", EXACT }, { "adresse electronique", EXACT },
  { "adresses electroniques", 95 }, { "electronic address", EXACT }, { "electronic mail", EXACT },
  { "electronic mail address", EXACT }, { "adresse messagerie", EXACT }, { "messagerie", 70 },
  { "messagerie electronique", EXACT }, { "adresse messagerie electronique", EXACT }, { "mel", EXACT },
  { "adresse mel", EXACT }, { "identity service email", EXACT }, { "login email", 80 }, { "email login", 80 },
  { "account email", 90 }, { "email compte", 90 }, { "e adresse", 80 }, { "eml", 80 },
};

static const Phrase first_names[] = {
  { "first name", EXACT }, { "first", EXACT }, { "firstname", EXACT }, { "name first", EXACT }, { "fname", EXACT },
  { "f name", 90 }, { "given name", EXACT }, { "givenname", EXACT }, { "forename", EXACT }, { "christian name", EXACT },
  { "prenom", EXACT }, { "prenoms", 95 }, { "prenom usuel", EXACT }, { "prenom usage", EXACT },
  { "premier prenom", EXACT }, { "person first name", EXACT }, { "preferred name", 60 }, { "vorname", EXACT },
};

static const Phrase last_names[] = {
  { "last name", EXACT }, { "last", EXACT }, { "name last", EXACT }, { "lname", EXACT }, { "l name", 90 },
  { "family name", EXACT }, { "surname", EXACT }, { "nom", 95 }, { "noms", 90 }, { "nom famille", EXACT },
  { "nom usage", 98 }, { "nom usuel", 98 }, { "nom patronymique", 95 }, { "patronyme", EXACT }, { "nom marital", 90 }, { "nom marital usage", 95 },
  { "nom epouse", 85 }, { "nom epoux", 85 }, { "nom naissance", 60 }, { "nom jeune fille", 60 },
  { "maiden name", 60 }, { "birth name", 60 }, { "person last name", EXACT }, { "nachname", EXACT },
};

/* Telephones: each of the words must be one of these; the best of them counts. */
static const Phrase phone_words[] = {
  { "mobile", 100 }, { "mobiles", 98 }, { "portable", 100 }, { "cell", 100 }, { "cellular", 100 },
  { "cellulaire", 100 }, { "cellphone", 100 }, { "gsm", 100 }, { "sms", 95 }, { "natel", 100 }, { "handy", 100 },
  { "phone", 90 }, { "phones", 88 }, { "telephone", 90 }, { "telephones", 88 }, { "tel", 90 }, { "telephonique", 90 },
  { "telefoon", 90 }, { "telefon", 90 }, { "ph", 80 },
  { "fixe", 75 }, { "landline", 75 }, { "ligne", 0 }, { "line", 0 }, { "direct", 0 }, { "directe", 0 },
};

/* Side words: they say which of several addresses or telephones it is. */
static const Phrase side_words[] = {
  { "primary", 12 }, { "principal", 12 }, { "principale", 12 }, { "main", 12 }, { "preferred", 12 },
  { "prefere", 12 }, { "preferee", 12 }, { "premiere", 12 }, { "1", 0 }, { "01", 0 }, { "default", 0 }, { "defaut", 0 },
  { "billing", -2 }, { "facturation", -2 }, { "facture", -2 }, { "invoice", -2 },
  { "personal", -6 }, { "perso", -6 }, { "personnel", -6 }, { "personnelle", -6 }, { "private", -6 },
  { "prive", -6 }, { "privee", -6 }, { "home", -8 }, { "domicile", -8 }, { "residence", -8 }, { "maison", -8 },
  { "work", -9 }, { "pro", -9 }, { "professionnel", -9 }, { "professionnelle", -9 }, { "business", -9 },
  { "bureau", -9 }, { "office", -9 }, { "travail", -9 }, { "shipping", -10 }, { "livraison", -10 },
  { "delivery", -10 }, { "buyer", -4 }, { "acheteur", -4 }, { "payeur", -4 },
  { "guest", -4 }, { "invite", -4 }, { "attendee", -4 }, { "company", RELAIS_SIDE_COMPANY }, { "societe", RELAIS_SIDE_COMPANY }, { "entreprise", RELAIS_SIDE_COMPANY },
  { "2", -30 }, { "02", -30 }, { "3", -32 }, { "03", -32 }, { "4", -34 }, { "5", -36 }, { "secondary", -30 },
  { "secondaire", -30 }, { "second", -30 }, { "seconde", -30 }, { "deuxieme", -30 }, { "alternate", -30 },
  { "alternative", -30 }, { "alternatif", -30 }, { "other", -30 }, { "autre", -30 }, { "backup", -30 },
  { "secours", -30 }, { "recovery", -30 }, { "recuperation", -30 }, { "old", -35 }, { "ancien", -35 },
  { "ancienne", -35 }, { "previous", -35 }, { "former", -35 },
  /* "Email Subscriber" is a yes or no; "Subscriber Email" may be an address: its values decide. */
  { "subscriber", -70 }, { "abonne", -70 }, { "abonnee", -70 }, { "inscrit", -70 }, { "inscrite", -70 },
};

/* Blind words change nothing. */
static const char * const blind_words[] = {
  "a", "au", "aux", "c", "client", "cliente", "clients", "contact", "contacts", "customer", "cust", "d", "de", "des",
  "du", "en", "et", "fields", "fld", "in", "l", "la", "le", "les", "lead", "member", "membre", "adherent", "adherente",
  "donateur", "participant", "person", "personne", "profile", "properties", "prospect", "of", "attributes",
  "recipient", "destinataire", "patient", "what", "is", "quel", "quelle", "est", "ou", "s", "the", "user", "users", "usr", "utilisateur", "user1", "value", "valeur", "votre",
  "vos", "your", "obligatoire", "required", "requis", "text", "texte", "crm", "wp", "cdm", "msdynci",
};

/* "N° de téléphone" and "Phone Number" are telephones, "N° de client" is not. */
static const char * const number_words[] = {
  "n", "no", "nr", "nbr", "num", "numero", "numeros", "number", "numbers", "nos",
};

/* The column is about something else: a permission, a measure, another person. */
static const char * const other_matters[] = {
  /* permissions */
  "opt", "optin", "optout", "opted", "consent", "consentement", "consents", "permission", "permissions", "newsletter",
  "newsletters", "accept", "accepts", "accepted", "accepte", "acceptes", "acceptation", "agree", "agreed", "allow",
  "allowed", "autorise", "autorisation", "autoriser", "do not", "ne pas", "no email", "no bulk", "unsubscribe",
  "unsubscribed", "unsubscribes", "subscribed", "subscription", "subscriptions", "abonnement", "abonnements",
  "desabonne", "desabonnement", "desinscrit", "desinscription", "inscription", "blacklist", "blacklisted", "blackliste",
  "suppressed", "suppression", "preference", "preferences", "gdpr", "rgpd", "marketing", "stop", "eligible",
  "ok", "accord", "refus", "refuse", "canal", "channel", "par email", "par mail", "par courriel", "par telephone", "par tel", "par sms",
  /* measures and properties of an address */
  "hash", "hashed", "hache", "hachee", "md", "sha", "crypte", "encrypted", "domain", "domaine", "domains", "provider",
  "fournisseur", "type", "label", "libelle", "etiquette", "status", "statut", "state", "etat", "date", "time", "heure",
  "timestamp", "id", "ids", "identifiant", "guid", "uuid", "count", "nombre", "nb", "total", "bounce", "bounced", "rebond",
  "bounces", "verified", "verifie", "verifiee", "verification", "valid", "valide", "validity", "validation", "confirmed",
  "confirme", "confirmation", "invalid", "invalide", "quality", "qualite", "score", "rating", "rate", "taux", "source", "origine",
  "ip", "link", "lien", "url", "has", "is", "a ouvert", "check", "flag", "indicator", "indicateur", "reason", "raison",
  "sent", "sends", "envoi", "envoye", "envoyes", "welcome", "bienvenue", "reminder", "rappel", "relance", "complaint", "complaints",
  "plainte", "spam", "credit", "credits", "engagement", "merge", "zone", "postal", "postale", "direct mail", "voice mail", "voicemail", "open", "opens", "opened", "ouvert", "ouverts", "ouverture", "click", "clicks", "clicked",
  "clic", "clics", "delivered", "delivre", "replied", "campaign", "campagne", "template", "modele", "subject", "objet",
  "sujet", "format", "language", "langue", "frequency", "frequence", "last email", "dernier email", "first email",
  "last mail", "activity", "activite", "display", "affiche", "afficher", "notes", "note", "comment", "commentaire", "modified",
  "history", "historique", "signature", "image", "list", "liste", "lists", "listes", "group", "groupe",
  /* parts of a telephone, and what is none */
  "fax", "telecopie", "telecopieur", "pager", "telex", "extension", "ext", "poste", "prefix", "prefixe", "indicatif",
  "code", "country", "pays", "carrier", "operateur", "sip", "radio", "car", "isdn", "tty", "tdd", "app", "device",
  "appareil", "os",
  /* other people */
  "owner", "proprietaire", "manager", "responsable", "assistant", "assistante", "assistants", "parrain", "parrainage", "marraine",
  "referrer", "referral", "filleul", "conseiller", "conseillere", "vendeur", "vendeuse", "vendor", "commercial",
  "commerciale", "salesperson", "sales", "rep", "agent", "seller", "created", "cree", "creator", "createur",
  "updated", "sender", "expediteur", "reply", "conjoint", "conjointe", "spouse", "partner", "partenaire", "parent",
  "parents", "child", "children", "enfant", "enfants", "pere", "mere", "father", "mother", "emergency", "urgence", "shop", "store", "boutique",
  "magasin", "support", "supplier", "staff", "tuteur", "legal", "guardian", "gift", "cadeau", "by",
  /* spellings */
  "phonetic", "phonetique", "yomi", "furigana", "nickname", "surnom", "pseudo", "user name", "nom utilisateur", "nom d utilisateur", "alias", "initials", "initiales", "full",
  "complet", "middle", "suffix", "suffixe",
};

static const struct
{
  const Phrase *phrases;
  gsize         n_phrases;
} targets[RELAIS_N_TARGETS] = {
  [RELAIS_TARGET_EMAIL] = { email_names, G_N_ELEMENTS (email_names) },
  [RELAIS_TARGET_FIRST_NAME] = { first_names, G_N_ELEMENTS (first_names) },
  [RELAIS_TARGET_LAST_NAME] = { last_names, G_N_ELEMENTS (last_names) },
};

static gboolean
has_word (const char * const *words,
          gsize               n_words,
          const char         *word)
{
  for (gsize i = 0; i < n_words; i++)
    if (strcmp (words[i], word) == 0)
      return TRUE;

  return FALSE;
}

static const Phrase *
find_word (const Phrase *phrases,
           gsize         n_phrases,
           const char   *word)
{
  for (gsize i = 0; i < n_phrases; i++)
    if (strcmp (phrases[i].phrase, word) == 0)
      return &phrases[i];

  return NULL;
}

static int
score_phrases (const Phrase       *phrases,
               gsize               n_phrases,
               const char * const *words)
{
  for (gsize i = 0; i < n_phrases; i++)
    if (relais_header_words_equal (words, phrases[i].phrase))
      return phrases[i].score;

  return 0;
}

/* "Prénom / First name" says the same in two languages. */
static int
score_twice_said (const Phrase       *phrases,
                  gsize               n_phrases,
                  const char * const *words)
{
  for (guint i = 1; words[0] != NULL && words[i] != NULL; i++)
    {
      g_autofree const char **head = g_memdup2 (words, (i + 1) * sizeof *words);
      int one, other;

      head[i] = NULL;
      one = score_phrases (phrases, n_phrases, head);
      other = score_phrases (phrases, n_phrases, words + i);
      if (one > 0 && other > 0)
        return MIN (one, other);
    }

  return 0;
}

/**
 * relais_matching_words_score:
 * @target: what a column may be; telephones are told word by word
 * @words: (array zero-terminated=1): of its header
 * @twice: whether the words may say it twice, in two languages
 *
 * Returns: how well the words as a whole name @target, 0 when they do not
 */
int
relais_matching_words_score (RelaisTarget        target,
                             const char * const *words,
                             gboolean            twice)
{
  int score = score_phrases (targets[target].phrases, targets[target].n_phrases, words);

  return score == 0 && twice ? score_twice_said (targets[target].phrases, targets[target].n_phrases, words) : score;
}

static gboolean
find_score (const Phrase *phrases,
            gsize         n_phrases,
            const char   *word,
            int          *score)
{
  const Phrase *found = find_word (phrases, n_phrases, word);

  if (found != NULL)
    *score = found->score;

  return found != NULL;
}

/**
 * relais_matching_word_is_side:
 * @word: of a header
 * @score: (out): what it adds or takes
 *
 * Returns: whether it says which of several addresses or telephones it is
 */
gboolean
relais_matching_word_is_side (const char *word,
                              int        *score)
{
  return find_score (side_words, G_N_ELEMENTS (side_words), word, score);
}

/**
 * relais_matching_word_is_phone:
 * @word: of a header
 * @score: (out): how well it names a telephone
 *
 * Returns: whether it belongs to the name of a telephone
 */
gboolean
relais_matching_word_is_phone (const char *word,
                               int        *score)
{
  return find_score (phone_words, G_N_ELEMENTS (phone_words), word, score);
}

/**
 * relais_matching_word_is_blind:
 * @word: of a header
 *
 * Returns: whether it changes nothing
 */
gboolean
relais_matching_word_is_blind (const char *word)
{
  return has_word (blind_words, G_N_ELEMENTS (blind_words), word);
}

/**
 * relais_matching_word_is_number:
 * @word: of a header
 *
 * Returns: whether it says "number"
 */
gboolean
relais_matching_word_is_number (const char *word)
{
  return has_word (number_words, G_N_ELEMENTS (number_words), word);
}

/**
 * relais_matching_words_are_other_matter:
 * @words: (array zero-terminated=1): of a header
 *
 * Returns: whether the column is about something else, whatever its values are
 */
gboolean
relais_matching_words_are_other_matter (const char * const *words)
{
  /* "What is your email address?" asks for one, "Is email valid" is about one. */
  if (g_strcmp0 (words[0], "what") == 0 && g_strcmp0 (words[1], "is") == 0)
    words += 2;

  for (guint i = 0; i < G_N_ELEMENTS (other_matters); i++)
    if (relais_header_words_contain (words, other_matters[i]))
      return TRUE;

  return FALSE;
}
