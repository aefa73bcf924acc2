/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-matching.h"

#include <string.h>

#include "relais-header-words-private.h"

/* How the suggestion works: the words of a header give a name score for each
 * target, from the tables below; what its values look like adds to it or takes
 * from it; the best column of at least ENOUGH is suggested. A word of
 * other_matters takes a column out altogether, whatever its values are. */

typedef enum
{
  TARGET_EMAIL,
  TARGET_FIRST_NAME,
  TARGET_LAST_NAME,
  TARGET_PHONE,
  N_TARGETS,
} Target;

#define ENOUGH       40
#define NEVER        (-1000)
#define EXACT        100
#define RESEMBLES    40
/* What values are worth for the email column. */
#define ARE_ADDRESSES   60
#define ARE_NOT         (-60)
/* Worse than a person's own address or telephone; and no person's name. */
#define OF_COMPANY (-20)

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
  { "account email", 90 }, { "email compte", 90 }, { "e adresse", 80 },
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
  { "nom usage", 98 }, { "nom usuel", 98 }, { "nom patronymique", 95 }, { "patronyme", EXACT }, { "nom marital", 90 },
  { "nom epouse", 85 }, { "nom epoux", 85 }, { "nom naissance", 60 }, { "nom jeune fille", 60 },
  { "maiden name", 60 }, { "birth name", 60 }, { "person last name", EXACT }, { "nachname", EXACT },
};

/* Telephones: each of the words must be one of these; the best of them counts. */
static const Phrase phone_words[] = {
  { "mobile", 100 }, { "mobiles", 98 }, { "portable", 100 }, { "cell", 100 }, { "cellular", 100 },
  { "cellulaire", 100 }, { "cellphone", 100 }, { "gsm", 100 }, { "sms", 95 }, { "natel", 100 },
  { "phone", 90 }, { "phones", 88 }, { "telephone", 90 }, { "telephones", 88 }, { "tel", 90 }, { "telephonique", 90 },
  { "fixe", 75 }, { "landline", 75 }, { "ligne", 0 }, { "line", 0 }, { "direct", 0 }, { "directe", 0 },
};

/* Side words: they say which of several addresses or telephones it is. */
static const Phrase side_words[] = {
  { "primary", 12 }, { "principal", 12 }, { "principale", 12 }, { "main", 12 }, { "preferred", 12 },
  { "prefere", 12 }, { "preferee", 12 }, { "premiere", 12 }, { "1", 0 }, { "01", 0 }, { "default", 0 }, { "defaut", 0 },
  { "billing", -2 }, { "facturation", -2 }, { "facture", -2 }, { "invoice", -2 },
  { "personal", -6 }, { "perso", -6 }, { "personnel", -6 }, { "personnelle", -6 }, { "private", -6 },
  { "prive", -6 }, { "privee", -6 }, { "home", -8 }, { "domicile", -8 }, { "maison", -8 },
  { "work", -9 }, { "pro", -9 }, { "professionnel", -9 }, { "professionnelle", -9 }, { "business", -9 },
  { "bureau", -9 }, { "office", -9 }, { "travail", -9 }, { "shipping", -10 }, { "livraison", -10 },
  { "delivery", -10 }, { "company", OF_COMPANY }, { "societe", OF_COMPANY }, { "entreprise", OF_COMPANY },
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
  "donateur", "participant", "person", "personne", "profile", "properties", "prospect", "of", "par", "attributes",
  "recipient", "destinataire", "s", "the", "user", "users", "usr", "utilisateur", "user1", "value", "valeur", "votre",
  "vos", "your", "obligatoire", "required", "requis", "text", "texte", "crm", "wp", "cdm", "msdynci",
};

/* "N° de téléphone" and "Phone Number" are telephones, "N° de client" is not. */
static const char * const number_words[] = {
  "n", "no", "nr", "num", "numero", "numeros", "number", "numbers", "nos",
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
  /* measures and properties of an address */
  "hash", "hashed", "hache", "hachee", "md", "sha", "crypte", "encrypted", "domain", "domaine", "domains", "provider",
  "fournisseur", "type", "label", "libelle", "etiquette", "status", "statut", "state", "etat", "date", "time", "heure",
  "timestamp", "id", "ids", "identifiant", "guid", "uuid", "count", "nombre", "nb", "total", "bounce", "bounced", "rebond",
  "bounces", "verified", "verifie", "verifiee", "verification", "valid", "valide", "validity", "validation", "confirmed",
  "confirme", "confirmation", "invalid", "invalide", "quality", "qualite", "score", "rating", "rate", "taux", "source", "origine",
  "ip", "link", "lien", "url", "has", "is", "a ouvert", "check", "flag", "indicator", "indicateur", "reason", "raison",
  "sent", "envoye", "envoyes", "open", "opens", "opened", "ouvert", "ouverts", "ouverture", "click", "clicks", "clicked",
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

/* What the values of a column look like. */
typedef struct
{
  guint n;
  guint n_addresses;
  guint n_telephones;
  guint n_flags;    /* yes, non, 1, … */
  guint n_figures;  /* nothing but digits and signs */
  guint n_phrases;  /* more than one word */
} Values;

typedef struct
{
  GStrv    words;     /* (owned): all of them */
  GStrv    core;      /* (owned): without blind and side words */
  int      side;      /* what side words and figures add up to */
  gboolean second;    /* side words make it the second of its kind */
  gboolean company;   /* side words make it a company's */
  gboolean other;     /* about something else */
  gboolean twice;     /* another column has the same name */
  gboolean used;
  Values   values;
} Column;

static void
clear_column (Column *column)
{
  g_strfreev (column->words);
  g_strfreev (column->core);
}

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

/* Values */

static gboolean
looks_like_address (const char *value)
{
  const char *at = strchr (value, '@');
  const char *blank = strpbrk (value, " \t");

  if (at == NULL || at == value || strchr (at + 1, '@') != NULL || strchr (at, '.') == NULL)
    return FALSE;

  /* Zoé <zoe@example.com> */
  return blank == NULL || (strchr (value, '<') != NULL && strchr (value, '>') > at);
}

static gboolean
looks_like_flag (const char *value)
{
  static const char * const flags[] = {
    "0", "1", "yes", "no", "y", "n", "true", "false", "oui", "non", "o", "vrai", "faux", "x", "on", "off", "subscribed",
    "unsubscribed", "not subscribed", "opt-in", "opt-out", "allow", "do not allow", "abonné", "désabonné", "autoriser",
  };
  g_autofree char *folded = g_utf8_strdown (value, -1);

  return has_word (flags, G_N_ELEMENTS (flags), folded);
}

/* Six digits or more, and nothing but what is written around them. */
static gboolean
looks_like_telephone (const char *value)
{
  guint digits = 0;

  for (const char *at = value; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_ascii_isdigit (*at))
        digits++;
      else if (c >= 0x80 ? !g_unichar_isspace (c) : strchr (" +-./()'xXeE,", (char) c) == NULL)
        return FALSE;
    }

  return digits >= 6;
}

static gboolean
looks_like_figures (const char *value)
{
  return strpbrk (value, "0123456789") != NULL && strspn (value, "0123456789 +-./:,()") == strlen (value);
}

static void
study_values (Values             *values,
              const char * const *samples)
{
  for (guint i = 0; samples != NULL && samples[i] != NULL; i++)
    {
      g_autofree char *value = g_strstrip (g_strdup (samples[i]));

      if (*value == '\0')
        continue;
      values->n++;
      values->n_addresses += looks_like_address (value);
      values->n_flags += looks_like_flag (value);
      values->n_telephones += looks_like_telephone (value);
      values->n_figures += looks_like_figures (value);
      values->n_phrases += strchr (value, ' ') != NULL;
    }
}

/* Names */

static void
sort_words (Column *column)
{
  g_autoptr (GStrvBuilder) core = g_strv_builder_new ();

  for (guint i = 0; column->words[i] != NULL; i++)
    {
      const char *word = column->words[i];
      const Phrase *side = find_word (side_words, G_N_ELEMENTS (side_words), word);

      if (side != NULL)
        {
          column->side += side->score;
          column->second |= side->score <= -30;
          column->company |= side->score == OF_COMPANY;
        }
      else if (!has_word (blind_words, G_N_ELEMENTS (blind_words), word))
        g_strv_builder_add (core, word);
    }
  column->core = g_strv_builder_end (core);
}

static gboolean
is_other_matter (const char * const *words)
{
  for (guint i = 0; i < G_N_ELEMENTS (other_matters); i++)
    if (relais_header_words_contain (words, other_matters[i]))
      return TRUE;

  return FALSE;
}

/* The words as they stand come first: "L Name" without its blind L is no longer a last name. */
static int
score_names (const Column *column,
             const Phrase *phrases,
             gsize         n_phrases)
{
  int whole = score_phrases (phrases, n_phrases, (const char * const *) column->words);
  int core;

  if (whole > 0)
    return whole;
  core = score_phrases (phrases, n_phrases, (const char * const *) column->core);

  return core > 0 ? core + column->side : 0;
}

static int
score_email_name (const Column *column)
{
  static const char * const kernels[] = { "email", "mail", "courriel", "mel" };
  int score = score_names (column, email_names, G_N_ELEMENTS (email_names));

  if (score != 0)
    return score;
  for (guint i = 0; i < G_N_ELEMENTS (kernels); i++)
    if (g_strv_contains ((const char * const *) column->core, kernels[i]))
      return RESEMBLES + MIN (column->side, 0);

  return 0;
}

static int
score_phone_name (const Column *column)
{
  int best = 0;

  for (guint i = 0; column->core[i] != NULL; i++)
    {
      const Phrase *word = find_word (phone_words, G_N_ELEMENTS (phone_words), column->core[i]);

      if (word != NULL)
        best = MAX (best, word->score);
      else if (!has_word (number_words, G_N_ELEMENTS (number_words), column->core[i]))
        return 0;
    }

  /* A word like "fixe" tells more than the "téléphone" beside it. */
  for (guint i = 0; column->core[i] != NULL && best == 90; i++)
    if (strcmp (column->core[i], "fixe") == 0 || strcmp (column->core[i], "landline") == 0)
      best = 75;

  return best > 0 ? best + column->side : 0;
}

/* Scores */

static int
score_email (const Column *column)
{
  const Values *values = &column->values;
  int score = score_email_name (column);

  if (values->n == 0)
    return score;
  if (2 * values->n_addresses >= values->n)
    return score + ARE_ADDRESSES;
  /* One bad address proves nothing; yes and no do. */
  if (values->n_addresses == 0 && (values->n >= 3 || values->n_flags == values->n))
    return NEVER;

  return score + ARE_NOT / 2;
}

static int
score_person_name (const Column *column,
                   const Phrase *phrases,
                   gsize         n_phrases)
{
  const Values *values = &column->values;

  if (values->n > 0 && 2 * (values->n_addresses + values->n_flags + values->n_figures) > values->n)
    return NEVER;
  if (column->second || column->company)
    return NEVER;

  return score_names (column, phrases, n_phrases);
}

static int
score_phone (const Column *column)
{
  const Values *values = &column->values;
  int score = score_phone_name (column);

  /* Only values whose name says so: digits alone may be customer numbers. */
  if (values->n > 0 && values->n_flags == values->n)
    return NEVER;
  if (values->n >= 3 && 3 * values->n_telephones < values->n)
    return score + ARE_NOT;

  return score;
}

static int
score (const Column *column,
       Target        target)
{
  if (column->used || column->other || column->twice)
    return NEVER;

  switch (target)
    {
    case TARGET_EMAIL:
      return score_email (column);
    case TARGET_FIRST_NAME:
      return score_person_name (column, first_names, G_N_ELEMENTS (first_names));
    case TARGET_LAST_NAME:
      return score_person_name (column, last_names, G_N_ELEMENTS (last_names));
    case TARGET_PHONE:
      return score_phone (column);
    case N_TARGETS:
    default:
      g_return_val_if_reached (NEVER);
    }
}

static Column *
find_best (GArray *columns,
           Target  target)
{
  Column *best = NULL;
  int best_score = ENOUGH - 1;

  for (guint i = 0; i < columns->len; i++)
    {
      Column *column = &g_array_index (columns, Column, i);
      int its_score = score (column, target);

      if (its_score > best_score)
        {
          best = column;
          best_score = its_score;
        }
    }

  return best;
}

static void
take_column (GArray             *columns,
             const char * const *names,
             Column             *column,
             char              **into)
{
  if (column == NULL)
    return;
  column->used = TRUE;
  *into = g_strdup (names[column - &g_array_index (columns, Column, 0)]);
}

/* "Nom" holds whole names when nothing else holds the first ones. */
static gboolean
holds_whole_names (const Column *column)
{
  return column->values.n >= 3 && 10 * column->values.n_phrases >= 7 * column->values.n;
}

static GArray *
study_columns (const char * const *names,
               GPtrArray          *samples)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (Column));

  g_array_set_clear_func (columns, (GDestroyNotify) clear_column);
  for (guint i = 0; names[i] != NULL; i++)
    {
      Column column = { 0 };

      column.words = relais_header_words_split (names[i]);
      sort_words (&column);
      column.other = is_other_matter ((const char * const *) column.words);
      for (guint j = 0; names[j] != NULL; j++)
        column.twice |= j != i && strcmp (names[i], names[j]) == 0;
      if (samples != NULL && i < samples->len)
        study_values (&column.values, g_ptr_array_index (samples, i));
      g_array_append_val (columns, column);
    }

  return columns;
}

static gboolean
have_same_words (const char * const *one,
                 const char * const *other)
{
  g_autofree char *joined = g_strjoinv ("", (char **) one);
  g_autofree char *other_joined = g_strjoinv ("", (char **) other);

  return *joined != '\0' && strcmp (joined, other_joined) == 0;
}

/* A custom field takes the column that has its title for a name. */
static void
suggest_fields (RelaisMatching     *matching,
                GArray             *columns,
                const char * const *names,
                GPtrArray          *fields)
{
  static const RelaisValueStyle unchosen = { RELAIS_DATE_ORDER_UNCHOSEN, 0 };

  for (guint i = 0; i < fields->len; i++)
    {
      const RelaisField *field = g_ptr_array_index (fields, i);
      g_auto (GStrv) title = relais_header_words_split (field->title != NULL ? field->title : "");

      for (guint j = 0; j < columns->len; j++)
        {
          Column *column = &g_array_index (columns, Column, j);

          if (column->used || column->twice ||
              !have_same_words ((const char * const *) title, (const char * const *) column->words))
            continue;
          column->used = TRUE;
          relais_matching_add_field (matching, field->id, names[j], unchosen);
          break;
        }
    }
}

/**
 * relais_matching_suggest:
 * @columns: (array zero-terminated=1): names of the segment's columns
 * @samples: (nullable) (element-type GStrv): per column, some of its values
 * @fields: (nullable) (element-type RelaisField): custom fields of the account
 *
 * Guesses which column is which, from French and English names and from what
 * the values look like. When in doubt nothing is suggested: an empty choice is
 * seen, a wrong one may not be. Of several telephones the main one wins, then a
 * mobile one. No column is suggested twice, nor one whose name another one has.
 *
 * Returns: (transfer full): the suggestion; what was not found is %NULL
 */
RelaisMatching *
relais_matching_suggest (const char * const *columns,
                         GPtrArray          *samples,
                         GPtrArray          *fields)
{
  g_autoptr (RelaisMatching) matching = relais_matching_new ();
  g_autoptr (GArray) studied = study_columns (columns, samples);
  Column *last_name;

  take_column (studied, columns, find_best (studied, TARGET_EMAIL), &matching->email);
  take_column (studied, columns, find_best (studied, TARGET_FIRST_NAME), &matching->first_name);
  last_name = find_best (studied, TARGET_LAST_NAME);
  if (last_name != NULL && (matching->first_name != NULL || !holds_whole_names (last_name)))
    take_column (studied, columns, last_name, &matching->last_name);
  take_column (studied, columns, find_best (studied, TARGET_PHONE), &matching->phone);
  if (fields != NULL)
    suggest_fields (matching, studied, columns, fields);

  return g_steal_pointer (&matching);
}
