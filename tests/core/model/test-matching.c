/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relais-matching.h"

#include <locale.h>
#include <string.h>

#include "relais-error.h"

/* Headers as programs export them and as people type them. The expectations
 * were written by hand from what the columns hold. */
typedef struct
{
  const char *what;
  const char *columns;    /* held apart by | */
  const char *samples;    /* one value a column, held apart by |; NULL = none */
  const char *email;
  const char *first_name;
  const char *last_name;
  const char *phone;
} Sheet;

static const Sheet sheets[] = {
  /* Customer Insights and Dynamics */
  { "Customer Insights contact",
    "ContactId|FirstName|LastName|FullName|DateOfBirth|Gender|EMail|Telephone|PostCode|StreetAddress|City|State|Country|"
    "CreatedOn|Loyalty Tier|Email Subscriber|Income|Occupation|CustomerSatisfaction",
    NULL, "EMail", "FirstName", "LastName", "Telephone" },
  { "Customer Insights loyalty",
    "LoyaltyId|ContactId|FirstName|LastName|FullName|DateOfBirth|Gender|EMail|Telephone|RewardPoints|CreditCard|CreatedOn",
    "CNTID_1|LID_1|Abbie|Moss|Abbie Moss|5/8/1986|Female|abbie@example.com|983.566.0706x9509|23|4026|2018-05-08",
    "EMail", "FirstName", "LastName", "Telephone" },
  { "subscriber column first", "Email Subscriber|EMail", "1|zoe@example.com", "EMail", NULL, NULL, NULL },
  { "subscriber column first, no values", "Email Subscriber|EMail", NULL, "EMail", NULL, NULL, NULL },
  { "only a subscriber column", "Email Subscriber|City", NULL, NULL, NULL, NULL, NULL },
  { "only a subscriber column, yes and no", "Email Subscriber|City", "Yes|Lyon", NULL, NULL, NULL, NULL },
  { "the address of a subscriber", "Subscriber Email|City", "zoe@example.com|Lyon", "Subscriber Email", NULL, NULL, NULL },
  { "CDM customer profile",
    "customerProfileId|firstName|lastName|middleName|primaryEmail|secondaryEmail|primaryPhone|mobilePhone|homePhone|companyName|"
    "jobTitle|postalCode|countryOrRegion|doNotEmail|donotBulkEmail|doNotContact",
    NULL, "primaryEmail", "firstName", "lastName", "primaryPhone" },
  { "CDM, secondary first", "secondaryEmail|primaryEmail|mobilePhone|homePhone", NULL, "primaryEmail", NULL, NULL, "mobilePhone" },
  { "semantic types", "IdentityServiceEmail|PersonFirstName|PersonLastName|PersonFullName|LocationCity", NULL,
    "IdentityServiceEmail", "PersonFirstName", "PersonLastName", NULL },
  { "Dataverse names",
    "contactid|firstname|lastname|fullname|emailaddress1|emailaddress2|emailaddress3|telephone1|mobilephone|fax|"
    "donotbulkemail|donotemail|donotphone|jobtitle|parentcustomerid",
    NULL, "emailaddress1", "firstname", "lastname", "mobilephone" },
  { "Dataverse, second address first", "emailaddress3|emailaddress2|emailaddress1|telephone2|telephone1", NULL,
    "emailaddress1", NULL, NULL, "telephone1" },
  { "Dynamics contacts in English",
    "(Do Not Modify) Contact|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|First Name|Last Name|Full Name|Email|"
    "Company Name|Business Phone|Mobile Phone|Do not allow Bulk Emails|Do not allow Emails|Status",
    NULL, "Email", "First Name", "Last Name", "Mobile Phone" },
  { "Dynamics contacts in French",
    "(Ne pas modifier) Contact|Prénom|Nom|Nom complet|Courrier électronique|Nom de la société|Téléphone (bureau)|"
    "Téléphone mobile|Ne pas autoriser les courriers électroniques en nombre|Raison du statut",
    NULL, "Courrier électronique", "Prénom", "Nom", "Téléphone mobile" },
  { "Dynamics lead", "Topic|First Name|Last Name|Email Address 1|Email Address 2|Business Phone|Owner|Owner Email", NULL,
    "Email Address 1", "First Name", "Last Name", "Business Phone" },

  /* Salesforce */
  { "Salesforce report",
    "Salutation|First Name|Last Name|Title|Account Name|Mailing Street|Mailing City|Mailing Zip/Postal Code|Phone|Fax|Mobile|Email|"
    "Account Owner|Email Opt Out|Fax Opt Out|Do Not Call",
    NULL, "Email", "First Name", "Last Name", "Mobile" },
  { "Salesforce object",
    "Id|IsDeleted|AccountId|LastName|FirstName|Salutation|Name|Phone|Fax|MobilePhone|HomePhone|OtherPhone|AssistantPhone|Email|"
    "HasOptedOutOfEmail|EmailBouncedReason|EmailBouncedDate|IsEmailBounced|LastActivityDate",
    NULL, "Email", "FirstName", "LastName", "MobilePhone" },
  { "Salesforce in French",
    "Civilité|Prénom|Nom de famille|Titre|Nom du compte|Rue postale|Téléphone|Télécopie|Mobile|Adresse e-mail|"
    "Désinscription d'e-mails|Propriétaire du compte",
    NULL, "Adresse e-mail", "Prénom", "Nom de famille", "Mobile" },
  { "Salesforce leads", "Lead ID|First Name|Last Name|Company / Account|Email|Lead Source|Lead Status|Lead Owner|Phone", NULL,
    "Email", "First Name", "Last Name", "Phone" },
  { "Salesforce custom", "Email__c|First_Name__c|Last_Name__c|Mobile__c|Opt_In_Email__c", NULL,
    "Email__c", "First_Name__c", "Last_Name__c", "Mobile__c" },

  /* HubSpot */
  { "HubSpot contacts",
    "Record ID|First Name|Last Name|Email|Phone Number|Contact owner|Primary Associated Company ID|Last Activity Date|Lead Status|"
    "Marketing contact status|Create Date|Associated Company",
    NULL, "Email", "First Name", "Last Name", "Phone Number" },
  { "HubSpot all properties",
    "Email Domain|Email|Work email|Member email|Email hard bounce reason|Unsubscribed from all email|Marketing emails opened|"
    "Marketing emails delivered|Opted out of email: Newsletter|First Name|Last Name|Mobile Phone Number|Phone Number|Fax Number",
    NULL, "Email", "First Name", "Last Name", "Mobile Phone Number" },
  { "HubSpot in French",
    "ID de fiche d'informations|Prénom|Nom|E-mail|Numéro de téléphone|Propriétaire du contact|Statut du lead|Date de création|"
    "Désinscription de tous les e-mails",
    NULL, "E-mail", "Prénom", "Nom", "Numéro de téléphone" },
  { "HubSpot domain only", "Email Domain|Company name|Phone Number", "example.com|Boulangerie|+33 1 23 45 67 89", NULL, NULL, NULL, "Phone Number" },

  /* Mailchimp */
  { "Mailchimp audience",
    "Email Address|First Name|Last Name|Address|Phone Number|Birthday|MEMBER_RATING|OPTIN_TIME|OPTIN_IP|CONFIRM_TIME|CONFIRM_IP|"
    "LATITUDE|LONGITUDE|GMTOFF|DSTOFF|TIMEZONE|CC|REGION|LAST_CHANGED|LEID|EUID|NOTES|TAGS",
    NULL, "Email Address", "First Name", "Last Name", "Phone Number" },
  { "Mailchimp merge tags", "EMAIL|FNAME|LNAME|ADDRESS|PHONE|BIRTHDAY", NULL, "EMAIL", "FNAME", "LNAME", "PHONE" },
  { "Mailchimp in French", "Adresse e-mail|Prénom|Nom|Adresse|Numéro de téléphone|Anniversaire|NOTES|TAGS", NULL,
    "Adresse e-mail", "Prénom", "Nom", "Numéro de téléphone" },
  { "Mailchimp with SMS", "Email Address|First Name|Last Name|SMS Phone Number|SMS Marketing Status|Email Marketing Status", NULL,
    "Email Address", "First Name", "Last Name", "SMS Phone Number" },

  /* Brevo, Sendinblue */
  { "Brevo contacts", "CONTACT ID|EMAIL|FIRSTNAME|LASTNAME|SMS|WHATSAPP|DOUBLE_OPT-IN|OPT_IN|ADDED_TIME|MODIFIED_TIME", NULL,
    "EMAIL", "FIRSTNAME", "LASTNAME", "SMS" },
  { "Sendinblue in French", "EMAIL;|NOM|PRENOM|SMS|DATE_INSCRIPTION|DOUBLE_OPT-IN", NULL, "EMAIL;", "PRENOM", "NOM", "SMS" },
  { "Brevo blacklists", "EMAIL_BLACKLISTED|SMS_BLACKLISTED|EMAIL|NOM|PRENOM|SMS", "false|false|zoe@example.com|Dupont|Zoé|33612345678",
    "EMAIL", "PRENOM", "NOM", "SMS" },
  { "Brevo events", "Email_ID|Statut de l'e-mail|Sujet|Adresse e-mail|Date d'envoi", NULL, "Adresse e-mail", NULL, NULL, NULL },

  /* Shops */
  { "Shopify customers",
    "Customer ID|First Name|Last Name|Email|Accepts Email Marketing|Default Address Company|Default Address Address1|"
    "Default Address City|Default Address Zip|Default Address Phone|Phone|Accepts SMS Marketing|Total Spent|Total Orders|Note|Tax Exempt|Tags",
    NULL, "Email", "First Name", "Last Name", "Phone" },
  { "Shopify orders",
    "Name|Email|Financial Status|Paid at|Accepts Marketing|Currency|Billing Name|Billing Phone|Shipping Name|Shipping Phone|Vendor|Phone",
    "#1001|zoe@example.com|paid|2021-05-08|yes|EUR|Zoé Dupont|0612345678|Zoé Dupont|0612345678|Toiles|0612345678",
    "Email", NULL, NULL, "Phone" },
  { "Shopify in French",
    "Prénom|Nom de famille|E-mail|Accepte l'e-mail marketing|Entreprise|Adresse 1|Ville|Téléphone|Accepte le marketing par SMS|Total dépensé",
    NULL, "E-mail", "Prénom", "Nom de famille", "Téléphone" },
  { "PrestaShop customers in French",
    "ID|Titre de civilité|Prénom|Nom|Adresse e-mail|Ventes|Activé|Newsletter|Offres partenaires|Date d'inscription|Dernière visite",
    NULL, "Adresse e-mail", "Prénom", "Nom", NULL },
  { "PrestaShop table",
    "id_customer|id_shop|id_gender|company|siret|firstname|lastname|email|passwd|birthday|newsletter|ip_registration_newsletter|optin|website|active",
    NULL, "email", "firstname", "lastname", NULL },
  { "PrestaShop import", "Titre de civilité ID|Adresse électronique *|Mot de passe *|Date de naissance|Nom *|Prénom *|Newsletter (0/1)|Opt-in (0/1)",
    NULL, "Adresse électronique *", "Prénom *", "Nom *", NULL },
  { "PrestaShop addresses", "Alias *|E-mail du client *|Fabricant|Société|Nom *|Prénom *|Adresse 1 *|Code postal *|Ville *|Téléphone|Téléphone mobile",
    NULL, "E-mail du client *", "Prénom *", "Nom *", "Téléphone mobile" },
  { "WooCommerce customers",
    "customer_id|user_login|user_email|display_name|first_name|last_name|billing_first_name|billing_last_name|billing_email|billing_phone|"
    "shipping_first_name|shipping_last_name|shipping_phone",
    NULL, "user_email", "first_name", "last_name", "billing_phone" },
  { "WooCommerce orders",
    "Order Number|Order Status|First Name (Billing)|Last Name (Billing)|Company (Billing)|Email (Billing)|Phone (Billing)|"
    "First Name (Shipping)|Last Name (Shipping)",
    NULL, "Email (Billing)", "First Name (Billing)", "Last Name (Billing)", "Phone (Billing)" },
  { "WooCommerce in French",
    "N° de commande|État de commande|Prénom (facturation)|Nom (facturation)|E-mail (facturation)|Téléphone (facturation)|Prénom (livraison)|Nom (livraison)",
    NULL, "E-mail (facturation)", "Prénom (facturation)", "Nom (facturation)", "Téléphone (facturation)" },
  { "Magento customers", "ID|Name|Email|Group|Phone|ZIP|Country|State/Province|Customer Since|Web Site|Confirmed email|Date of Birth", NULL,
    "Email", NULL, NULL, "Phone" },
  { "Magento import", "email|_website|_store|confirmation|created_at|firstname|lastname|middlename|gender|password_hash|_address_telephone", NULL,
    "email", "firstname", "lastname", NULL },

  /* Outlook and Google */
  { "Outlook in English",
    "First Name|Middle Name|Last Name|Title|Suffix|Nickname|Given Yomi|Surname Yomi|E-mail Address|E-mail 2 Address|E-mail 3 Address|"
    "Home Phone|Home Phone 2|Business Phone|Business Phone 2|Mobile Phone|Car Phone|Other Phone|Primary Phone|Pager|Business Fax|Home Fax|"
    "Company Main Phone|Assistant's Phone|E-mail Type|E-mail Display Name|Manager's Name",
    NULL, "E-mail Address", "First Name", "Last Name", "Primary Phone" },
  { "Outlook in French",
    "Titre|Prénom|Deuxième prénom|Nom|Suffixe|Société|Service|Télécopie (bureau)|Téléphone (bureau)|Téléphone 2 (bureau)|"
    "Télécopie (domicile)|Téléphone (domicile)|Tél. mobile|Récepteur de radiomessagerie|Adresse de messagerie|Type de messagerie|"
    "Nom complet de l'adresse de messagerie|Adresse de messagerie 2|Responsable",
    NULL, "Adresse de messagerie", "Prénom", "Nom", "Tél. mobile" },
  { "Google contacts, old",
    "Name|Given Name|Additional Name|Family Name|Yomi Name|Given Name Yomi|Family Name Yomi|Nickname|Birthday|E-mail 1 - Type|E-mail 1 - Value|"
    "E-mail 2 - Type|E-mail 2 - Value|Phone 1 - Type|Phone 1 - Value|Phone 2 - Type|Phone 2 - Value",
    NULL, "E-mail 1 - Value", "Given Name", "Family Name", "Phone 1 - Value" },
  { "Google contacts, new",
    "First Name|Middle Name|Last Name|Phonetic First Name|Phonetic Middle Name|Phonetic Last Name|Name Prefix|Name Suffix|Nickname|"
    "E-mail 1 - Label|E-mail 1 - Value|Phone 1 - Label|Phone 1 - Value|Labels",
    NULL, "E-mail 1 - Value", "First Name", "Last Name", "Phone 1 - Value" },
  { "Thunderbird", "First Name|Last Name|Display Name|Nickname|Primary Email|Secondary Email|Screen Name|Work Phone|Home Phone|Fax Number|Pager Number|Mobile Number",
    NULL, "Primary Email", "First Name", "Last Name", "Mobile Number" },
  { "Thunderbird in French", "Prénom|Nom de famille|Nom à afficher|Surnom|Première adresse électronique|Adresse électronique secondaire|Tél. professionnel|Tél. personnel|Fax|Portable",
    "Zoé|Dupont|Zoé Dupont|Zo|zoe@example.com|z@example.com|0123456789|0123456780||0612345678",
    "Première adresse électronique", "Prénom", "Nom de famille", "Portable" },
  { "Apple contacts", "Prénom|Nom|Entreprise|Adresse e-mail (domicile)|Adresse e-mail (bureau)|Téléphone (mobile)|Téléphone (bureau)", NULL,
    "Adresse e-mail (domicile)", "Prénom", "Nom", "Téléphone (mobile)" },

  /* Other programs */
  { "Pipedrive", "Person - Name|Person - First name|Person - Last name|Person - Email - Work|Person - Phone - Work|Person - Owner|Person - Marketing status",
    NULL, "Person - Email - Work", "Person - First name", "Person - Last name", "Person - Phone - Work" },
  { "Zoho CRM", "Record Id|Contact Owner|Contact Owner.id|First Name|Last Name|Email|Secondary Email|Phone|Mobile|Home Phone|Email Opt Out|Created By|Modified By",
    NULL, "Email", "First Name", "Last Name", "Mobile" },
  { "Klaviyo", "Klaviyo ID|Email|First Name|Last Name|Phone Number|Email Marketing Consent|SMS Marketing Consent|Email Suppressions|First Active", NULL,
    "Email", "First Name", "Last Name", "Phone Number" },
  { "ActiveCampaign", "ID|Email|First Name|Last Name|Phone|Organization|Date Created|IP|Tags", NULL, "Email", "First Name", "Last Name", "Phone" },
  { "Mailjet", "email|prénom|nom|pays|newsletter_sub", NULL, "email", "prénom", "nom", NULL },
  { "Stripe", "id|Description|Email|Name|Created (UTC)|Delinquent|Card ID", NULL, "Email", NULL, NULL, NULL },
  { "Eventbrite", "Order #|Order Date|First Name|Last Name|Email|Quantity|Ticket Type|Buyer Email|Home Phone|Cell Phone", NULL,
    "Email", "First Name", "Last Name", "Cell Phone" },
  { "HelloAsso", "Référence commande|Date de la commande|Statut de la commande|Nom adhérent|Prénom adhérent|Nom payeur|Prénom payeur|Email payeur|Numéro de téléphone", NULL,
    "Email payeur", "Prénom adhérent", "Nom adhérent", "Numéro de téléphone" },
  { "Typeform", "#|What's your first name?|Your email address|Submit Date (UTC)|Network ID", "1|Zoé|zoe@example.com|2021-05-08|ab12",
    "Your email address", "What's your first name?", NULL, NULL },
  { "Gravity Forms", "Name (Prefix)|Name (First)|Name (Middle)|Name (Last)|Name (Suffix)|Email|Phone|Consent (Consent)|Entry Id|User IP", NULL,
    "Email", "Name (First)", "Name (Last)", "Phone" },
  { "Wix", "Prénom|Nom de famille|E-mail 1|Téléphone 1|Statut d'abonné à l'e-mail|Dernière activité|Source", NULL,
    "E-mail 1", "Prénom", "Nom de famille", "Téléphone 1" },
  { "Square", "Reference ID|First Name|Last Name|Email Address|Phone Number|Nickname|Company Name|Email Subscription Status", NULL,
    "Email Address", "First Name", "Last Name", "Phone Number" },
  { "LinkedIn connections", "First Name|Last Name|URL|Email Address|Company|Position|Connected On", NULL, "Email Address", "First Name", "Last Name", NULL },
  { "SAP in French", "N° client|Nom 1|Nom 2|Rue|Code postal|Localité|Adresse e-mail|N° téléphone 1|N° télécopie", NULL,
    "Adresse e-mail", NULL, "Nom 1", "N° téléphone 1" },
  { "Sage", "Code client|Intitulé|Contact|Prénom contact|Nom contact|Téléphone contact|Télécopie|E-mail contact|Code représentant", NULL,
    "E-mail contact", "Prénom contact", "Nom contact", "Téléphone contact" },
  { "cash register", "NUM_CARTE|CIVILITE|NOM|PRENOM|ADR1|CP|VILLE|TEL_FIXE|TEL_PORTABLE|E_MAIL|OPTIN_EMAIL|OPTIN_SMS|DT_NAISSANCE", NULL,
    "E_MAIL", "PRENOM", "NOM", "TEL_PORTABLE" },
  { "school", "Nom de l'élève|Prénom de l'élève|Courriel du père|Courriel de la mère|Nom|Prénom|Courriel", NULL, "Courriel", "Prénom", "Nom", NULL },
  { "association", "N° adhérent|Nom d'usage|Nom de naissance|Prénom usuel|Date de naissance|Mél|Tél. fixe|Tél. portable|Cotisation payée", NULL,
    "Mél", "Prénom usuel", "Nom d'usage", "Tél. portable" },
  { "typographic apostrophe", "Prénom|Nom d’usage|Adresse électronique|N° de téléphone", NULL,
    "Adresse électronique", "Prénom", "Nom d’usage", "N° de téléphone" },
  { "Quebec", "Prénom|Nom de famille|Courriel|Cellulaire|Téléphone résidence|Code postal", NULL, "Courriel", "Prénom", "Nom de famille", "Cellulaire" },
  { "Belgium", "Voornaam|Prénom|Nom|Adresse mail|GSM|Langue", NULL, "Adresse mail", "Prénom", "Nom", "GSM" },
  { "Switzerland", "Anrede|Vorname|Nachname|E-Mail|Natel", NULL, "E-Mail", "Vorname", "Nachname", "Natel" },

  /* Which of several wins */
  { "the person before the buyer", "Buyer Email|Buyer Phone|Email|Phone", NULL, "Email", NULL, NULL, "Phone" },
  { "the buyer where there is nobody else", "Nom de l’acheteur|Prénom de l’acheteur|Email de l’acheteur|Événement", NULL,
    "Email de l’acheteur", "Prénom de l’acheteur", "Nom de l’acheteur", NULL },
  { "plain before billing and shipping", "Billing Email|Shipping Email|Email", NULL, "Email", NULL, NULL, NULL },
  { "one's own before the office's", "E-mail pro|E-mail perso|Tél. pro|Tél. perso", NULL, "E-mail perso", NULL, NULL, "Tél. perso" },
  { "permissions around", "Optin email|Optin SMS|Mail|Mobile|Optin courrier|Accord e-mail|Refus SMS", NULL, "Mail", NULL, NULL, "Mobile" },
  { "adviser and customer", "Nom du conseiller|Prénom du conseiller|Email du conseiller|Téléphone du conseiller|Nom|Prénom|Email|Téléphone", NULL,
    "Email", "Prénom", "Nom", "Téléphone" },
  { "adviser alone", "Nom du conseiller|Prénom du conseiller|Email du conseiller|Téléphone du conseiller", "Petit|Léa|lea@example.com|0123456789",
    NULL, NULL, NULL, NULL },
  { "store and customer", "Nom du magasin|Email du magasin|Téléphone du magasin|NOM|PRENOM|EMAIL|TEL", NULL, "EMAIL", "PRENOM", "NOM", "TEL" },
  { "the name in use", "Nom de naissance|Nom d'usage|Prénom|Courriel", NULL, "Courriel", "Prénom", "Nom d'usage", NULL },
  { "purchases are no names", "First purchase|Last purchase|First order|Last order|Email", NULL, "Email", NULL, NULL, NULL },
  { "whole name beside its parts", "Nom complet|Nom|Prénom|Email", NULL, "Email", "Prénom", "Nom", NULL },
  { "direct mail is none", "Direct Mail|E-mail de bienvenue|E-mail", "oui|oui|zoe@example.com", "E-mail", NULL, NULL, NULL },
  { "direct mail without values", "Direct Mail|Voice mail|Mail postal", NULL, NULL, NULL, NULL, NULL },
  { "two languages", "Prénom / First name|Nom / Last name|Courriel / Email|Téléphone / Phone", NULL,
    "Courriel / Email", "Prénom / First name", "Nom / Last name", "Téléphone / Phone" },
  { "both names in one", "Nom / Prénom|First and last name|Email", NULL, "Email", NULL, NULL, NULL },
  { "questions", "What is your first name?|Quel est votre nom ?|What is your email?|Quel est votre numéro de téléphone ?|Is your email valid?", NULL,
    "What is your email?", "What is your first name?", "Quel est votre nom ?", "Quel est votre numéro de téléphone ?" },

  /* Values decide */
  { "an address column without a telling name", "Identifiant de connexion|Contact|Ville", "12|zoe@example.com|Lyon", "Contact", NULL, NULL, NULL },
  { "Adresse with streets", "Nom|Prénom|Adresse|Ville", "Dupont|Zoé|3 rue du Port|Lyon", NULL, "Prénom", "Nom", NULL },
  { "Adresse without values", "Nom|Prénom|Adresse|Ville", NULL, NULL, "Prénom", "Nom", NULL },
  { "Adresse with addresses", "Nom|Prénom|Adresse|Ville", "Dupont|Zoé|zoe@example.com|Lyon", "Adresse", "Prénom", "Nom", NULL },
  { "values over resemblance", "Mail Zone|Coordonnées", "Nord|zoe@example.com", "Coordonnées", NULL, NULL, NULL },
  { "yes and no under the exact name", "Email|Adresse de contact", "oui|zoe@example.com", "Adresse de contact", NULL, NULL, NULL },
  { "a hash and an address", "Email Hash|Email", "0bc83cb571cd1c50ba6f3e8a78ef1346|zoe@example.com", "Email", NULL, NULL, NULL },
  { "MD5 first", "email_md5|email_sha256|email", NULL, "email", NULL, NULL, NULL },
  { "the seller's address is not the customer's", "Nom|Prénom|Email du vendeur", "Dupont|Zoé|vendeur@example.com", NULL, "Prénom", "Nom", NULL },
  { "the owner's address is not the customer's", "Contact Owner Email|Contact Email", "sales@example.com|zoe@example.com", "Contact Email", NULL, NULL, NULL },
  { "no header", "1|2|3|4", "Zoé|Dupont|zoe@example.com|0612345678", "3", NULL, NULL, NULL },
  { "no header, nothing like an address", "1|2|3", "Zoé|Dupont|Lyon", NULL, NULL, NULL, NULL },
  { "second address has the values", "Email|Email 2", "|zoe@example.com", "Email 2", NULL, NULL, NULL },
  { "SMS as a yes or no", "Email|SMS|Portable", "zoe@example.com|oui|0612345678", "Email", NULL, NULL, "Portable" },
  { "names with addresses in brackets", "Expéditeur habituel|Personne", "x|Zoé Dupont <zoe@example.com>", "Personne", NULL, NULL, NULL },
  { "Nom as a yes or no", "Nom|Email", "1|zoe@example.com", "Email", NULL, NULL, NULL },

  /* Names that are none */
  { "whole name only", "Nom complet|Email", NULL, "Email", NULL, NULL, NULL },
  { "whole name, both words", "Nom et prénom|Courriel", NULL, "Courriel", NULL, NULL, NULL },
  { "whole name, other order", "Prénom et nom|Courriel", NULL, "Courriel", NULL, NULL, NULL },
  { "whole name, no conjunction", "Prénom Nom|Courriel", NULL, "Courriel", NULL, NULL, NULL },
  { "company", "Nom de la société|Nom de l'entreprise|E-mail", NULL, "E-mail", NULL, NULL, NULL },
  { "product", "Nom du produit|Nom du magasin|Nom de la campagne|E-mail", NULL, "E-mail", NULL, NULL, NULL },
  { "user name", "Username|Nom d'utilisateur|Email", "zdupont|zdupont|zoe@example.com", "Email", NULL, NULL, NULL },
  { "spouse", "Prénom du conjoint|Nom du conjoint|Prénom|Nom|Email", NULL, "Email", "Prénom", "Nom", NULL },

  /* Telephones */
  { "fax alone", "Email|Fax|Télécopie", NULL, "Email", NULL, NULL, NULL },
  { "fixed line alone", "Email|Téléphone fixe", NULL, "Email", NULL, NULL, "Téléphone fixe" },
  { "fixed after plain", "Email|Téléphone fixe|Téléphone", NULL, "Email", NULL, NULL, "Téléphone" },
  { "country code beside it", "Phone Country Code|Phone Extension|Phone|Email", NULL, "Email", NULL, NULL, "Phone" },
  { "type beside it", "Type de téléphone|Téléphone|E-mail", NULL, "E-mail", NULL, NULL, "Téléphone" },
  { "customer number is no telephone", "N° client|Numéro|Email", "123456|987654|zoe@example.com", "Email", NULL, NULL, NULL },
  { "emergency telephone", "Téléphone d'urgence|Email", NULL, "Email", NULL, NULL, NULL },

  /* Marks */
  { "byte-order mark", "\357\273\277Email|Prénom", NULL, "\357\273\277Email", "Prénom", NULL, NULL },
  { "no-break spaces", "\302\240Adresse\302\240e-mail\302\240|Nom\342\200\257", NULL, "\302\240Adresse\302\240e-mail\302\240", NULL, "Nom\342\200\257", NULL },
  { "quotes", "\"Email\"|'Prénom'|« Nom »|“Portable”", NULL, "\"Email\"", "'Prénom'", "« Nom »", "“Portable”" },
  { "decomposed accents", "Pre\314\201nom|Nom|Te\314\201le\314\201phone|Adresse e\314\201lectronique", NULL,
    "Adresse e\314\201lectronique", "Pre\314\201nom", "Nom", "Te\314\201le\314\201phone" },
  { "required marks", "E-mail*|Prénom (obligatoire)|Nom : |Tél.", NULL, "E-mail*", "Prénom (obligatoire)", "Nom : ", "Tél." },
  { "capitals", "ADRESSE E-MAIL|PRÉNOM|NOM DE FAMILLE|N° DE TÉLÉPHONE", NULL,
    "ADRESSE E-MAIL", "PRÉNOM", "NOM DE FAMILLE", "N° DE TÉLÉPHONE" },
  { "empty names", "|Email|", NULL, "Email", NULL, NULL, NULL },
  { "one name twice", "Email|Email|Prénom", NULL, NULL, "Prénom", NULL, NULL },
};

static const char *
target_name (guint target)
{
  static const char * const names[] = { "email", "first name", "last name", "phone" };

  return names[target];
}

static GPtrArray *
make_samples (const char *values)
{
  g_autoptr (GPtrArray) samples = NULL;
  g_auto (GStrv) cells = NULL;

  if (values == NULL)
    return NULL;
  samples = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  cells = g_strsplit (values, "|", -1);
  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

      /* The head of a real file has many rows of one kind. */
      for (guint j = 0; *cells[i] != '\0' && j < 5; j++)
        g_strv_builder_add (builder, cells[i]);
      g_ptr_array_add (samples, g_strv_builder_end (builder));
    }

  return g_steal_pointer (&samples);
}

static guint
compare (const char *what,
         guint       target,
         const char *suggested,
         const char *expected)
{
  if (g_strcmp0 (suggested, expected) == 0)
    return 0;
  g_test_message ("%s: %s is “%s”, expected “%s”", what, target_name (target), suggested, expected);

  return 1;
}

static void
test_whole_header_rows (void)
{
  guint n_wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sheets); i++)
    {
      const Sheet *sheet = &sheets[i];
      g_auto (GStrv) columns = g_strsplit (sheet->columns, "|", -1);
      g_autoptr (GPtrArray) samples = make_samples (sheet->samples);
      g_autoptr (RelaisMatching) matching = NULL;

      if (samples != NULL)
        g_assert_cmpuint (samples->len, ==, g_strv_length (columns));
      matching = relais_matching_suggest ((const char * const *) columns, samples, NULL);
      n_wrong += compare (sheet->what, 0, matching->email, sheet->email);
      n_wrong += compare (sheet->what, 1, matching->first_name, sheet->first_name);
      n_wrong += compare (sheet->what, 2, matching->last_name, sheet->last_name);
      n_wrong += compare (sheet->what, 3, matching->phone, sheet->phone);
    }

  g_assert_cmpuint (n_wrong, ==, 0);
}

/* Single headers and what each is taken for when it stands alone, without
 * values: e-mail, first name, last name, phone or nothing. */
static const char email_headers[] =
  "email|Email|EMAIL|eMail|EMail|e-mail|E-mail|E-Mail|E-MAIL|E mail|e_mail|e.mail|E‑mail|E–Mail|emails|E-mails|mail|Mail|MAIL|Mails|"
  "email address|Email Address|EmailAddress|email_address|EMAIL_ADDRESS|emailaddress|e-mail address|E-Mail-Adresse|Email adress|"
  "Mail address|mail_address|Adresse email|Adresse e-mail|Adresse E-mail|ADRESSE EMAIL|adresse_email|AdresseEmail|adresse-email|"
  "Adresse mail|adresse_mail|AdresseMail|Adresse Mail|Adresses mail|Adresse électronique|adresse electronique|Adresse_electronique|"
  "Adresses électroniques|Courriel|COURRIEL|courriels|Adresse courriel|Adresse de courriel|Courrier électronique|courrier_electronique|"
  "Adresse de courrier électronique|Adresse de messagerie|Adresse de messagerie électronique|Messagerie électronique|Messagerie|Mél|mel|"
  "MÉL.|Adresse mél|Electronic mail|Electronic mail address|Votre email|Votre adresse e-mail|Your email|Your e-mail address|"
  "Email client|E-mail du client|email_client|EmailClient|Client email|Customer email|customer_email|CustomerEmail|Cust Email|"
  "Email du contact|Contact Email|contact_email|contactemail|User email|user_email|useremail|E-mail utilisateur|Member email|Email adhérent|"
  "Lead email|Email prospect|Email 1|Email1|EMAIL_1|email01|E-mail (1)|E-mail 1 - Value|emailaddress1|Primary email|primary_email|"
  "PrimaryEmail|Email principal|E-mail principale|Main email|Preferred Email|E-mail préféré|Work email|Email pro|E-mail professionnel|"
  "Adresse e-mail professionnelle|Business Email|Personal Email|Email perso|E-mail personnel|Home Email|Billing Email|billing_email|"
  "Email facturation|E-mail de facturation|Adresse e-mail de facturation|shipping_email|Email 2|Secondary email|email secondaire|"
  "Autre e-mail|Alternate Email|contact.email|Contact: Email|[Email]|email*|*Email|Email :|  Email  |Email\302\240|\357\273\277email|"
  "“Email”|<email>|properties.email|Account Email|Person - Email - Work|Email__c|E-mail (obligatoire)|Email (required)|"
  "Courriel du client|Courriel professionnel|email_value|E-mail participant|Destinataire e-mail|Recipient email"
  "|adr_email|ADR_MAIL|AdrEmail|e-mail_1|EMAIL ADDRESS 1|email (work)|E-mail personnelle|mail_client|CourrielClient"
  "|courriel_1|Adresse électronique (courriel)|Adresse e-mail (courriel)|Email / Courriel|Courriel/E-mail|Contact e-mail"
  "|Login (email)|What is your email address?|Quelle est votre adresse e-mail ?|Email de l’acheteur|Buyer Email|Email payeur"
  "|Guest email|Attendee Email|Student email|mail1|CONTACT_EMAIL|crm_email|Recipient Email Address|EMAILADDRESS|emailAdress"
  "|E_MAIL|Courriel 1|Adresse de courriel électronique|Mail principal|Mail pro|Mail perso|Mailadresse|e-mail:"
  "|E-mail du destinataire|Adresse e-mail du participant|Adresse e-mail du client|Email invité|Patient email|Email élève"
  "|Adresse courriel du membre|EMail 1 Address|Adresse mél professionnelle|Email address (primary)|Billing: Email|user.email"
  "|attributes.email|data[email]|customer/email|Email Addr|email_addr|eml|Adresse Internet (e-mail)";

static const char first_name_headers[] =
  "First Name|first name|FirstName|firstName|firstname|FIRSTNAME|FIRST_NAME|first_name|first-name|First|Fname|FNAME|f_name|Given Name|"
  "GivenName|given_name|givenname|Forename|Christian Name|Prénom|prénom|PRÉNOM|prenom|PRENOM|Prenom|Prénoms|Prénom(s)|Prénom usuel|"
  "Prénom d’usage|Premier prénom|Prénom client|Prénom du client|prenom_client|PrenomClient|Prénom contact|Prénom du contact|Prénom adhérent|"
  "Prénom *|Votre prénom|Your first name|Customer First Name|customer_first_name|Contact First Name|Billing First Name|billing_first_name|"
  "Prénom (facturation)|shipping_first_name|Name (First)|Person - First name|Pre\314\201nom|\357\273\277Prénom|Prénom :|Vorname|User First Name"
  "|Prénom 1|Prénom de l’acheteur|First_Name__c|Buyer First Name|Attendee first name|given-name|First name:|PRENOMS"
  "|Prénom(s) *|Prénom du participant|Prénom (obligatoire)|Votre prénom *|What's your first name?|Quel est votre prénom ?"
  "|Prénom payeur|Prénom invité|Prénom de l’adhérent|contact.firstName|user.first_name|Guest First Name"
  "|Prénom du donateur|Prénom membre|Prénom patient|Recipient First Name|Prénom destinataire|First name (required)"
  "";

static const char last_name_headers[] =
  "Last Name|last name|LastName|lastName|lastname|LASTNAME|LAST_NAME|last_name|last-name|Last|Lname|LNAME|l_name|Family Name|FamilyName|"
  "family_name|familyname|Surname|SURNAME|Nom|nom|NOM|Noms|Nom *|Nom :|Nom de famille|nom_de_famille|NomDeFamille|Nom famille|NOM DE FAMILLE|"
  "Nom d'usage|Nom d’usage|nom_usage|Nom usuel|Nom patronymique|Patronyme|Nom marital|Nom de naissance|Nom de jeune fille|Maiden name|"
  "Nom client|Nom du client|nom_client|NomClient|Nom contact|Nom du contact|Nom adhérent|Votre nom|Your last name|Customer Last Name|"
  "Contact Last Name|Billing Last Name|billing_last_name|Nom (facturation)|shipping_last_name|Name (Last)|Person - Last name|\357\273\277Nom|"
  "Nachname|User Last Name"
  "|Nom 1|Nom de l’acheteur|Last_Name__c|Buyer Last Name|Attendee last name|family-name|Last name:|NOM_FAMILLE"
  "|Nom du participant|Nom (obligatoire)|Votre nom *|What's your last name?|Quel est votre nom ?|Nom payeur|Nom invité"
  "|Nom de l’adhérent|contact.lastName|user.last_name|Guest Last Name|Nom du donateur|Nom membre"
  "|Nom patient|Recipient Last Name|Nom destinataire|Last name (required)|Nom d'épouse|Nom marital ou d'usage";

static const char phone_headers[] =
  "Phone|phone|PHONE|Phones|Phone Number|PhoneNumber|phone_number|phonenumber|Phone No.|Phone #|Phone 1|phone1|Telephone|telephone|TELEPHONE|"
  "telephone1|Telephone Number|TelephoneNumber|Tel|TEL|Tel.|tel_number|Téléphone|téléphone|TÉLÉPHONE|Te\314\201le\314\201phone|Tél|Tél.|TÉL|"
  "N° de téléphone|N°de téléphone|N° téléphone|N° Tel|N°TEL|No de téléphone|No. tél.|Nº de téléphone|№ téléphone|n° tél.|Numéro de téléphone|"
  "Numéro téléphone|numero_telephone|NumeroTelephone|Num tél|num_tel|NumTel|Numéro de tél.|Numéro de portable|N° portable|Numéro de mobile|"
  "Mobile|mobile|MOBILE|Mobile Phone|MobilePhone|mobile_phone|mobilephone|Mobile Number|mobile_number|Mobile No|Mobile Phone Number|"
  "Téléphone mobile|Téléphone (mobile)|Tél. mobile|tel_mobile|TelMobile|telmobile|Portable|portable|Tél. portable|Téléphone portable|tel_portable|"
  "TelPortable|Tél portable 1|Cell|Cell Phone|cell_phone|CellPhone|cellphone|Cell Number|Cellular|Cellulaire|GSM|gsm|Natel|SMS|"
  "Home Phone|HomePhone|home_phone|homephone|Téléphone domicile|Téléphone (domicile)|Tél. domicile|Tél. fixe|Téléphone fixe|tel_fixe|Fixe|Landline|"
  "Work Phone|work_phone|workphone|Business Phone|BusinessPhone|Téléphone bureau|Téléphone (bureau)|Téléphone professionnel|Tél. pro|Office Phone|"
  "Primary Phone|primaryPhone|Téléphone principal|Main Phone|Téléphone 1|Téléphone 2|Phone 2|Other Phone|Autre téléphone|Billing Phone|billing_phone|"
  "Téléphone (facturation)|Shipping Phone|Customer Phone|customer_phone|Contact Phone|contact_phone|Téléphone client|Téléphone du client|"
  "Téléphone contact|Votre téléphone|Your phone number|Phone 1 - Value|Person - Phone - Work|Company Phone|Ligne directe mobile"
  "|N° de tél. portable|Tel1|TEL_1|Tél 1|téléphone_1|Téléphone n°1|Phone (mobile)|Numéro de téléphone portable"
  "|Numero de telephone mobile|GSM client|Votre numéro de téléphone|Contact téléphonique|Portable 1|Mobile 1|Tél. 1"
  "|Phone number (mobile)|Cell #|Numéro GSM|Téléphone perso|Téléphone personnel|Tél perso|Tel domicile|Téléphone privé"
  "|Phone Home|Phone-Work|Tel pro|Mobile pro|PhoneNumber1|numero_portable|num_mobile|NumMobile|Tél. portable client"
  "|Buyer Phone|Téléphone de l’acheteur|What is your phone number?|Quel est votre numéro de téléphone ?|contact.phone"
  "|Mobile__c|Phone__c|Téléphone adhérent|Attendee phone|Téléphone destinataire|phone_mobile|tel.mobile|Handy"
  "|Téléphone résidence|Tél. résidence|Telefoon|Téléphone maison|N. tel|Mobile tel|Ph.|Phone Nbr|Nº tél";

static const char other_headers[] =
  "Email Subscriber|EmailSubscriber|email_subscriber|Email opt-in|Email Opt In|email_optin|emailoptin|OptInEmail|optin|Opt-in|Opt-in e-mail|"
  "Email Opt Out|HasOptedOutOfEmail|Opted out of email|Email consent|Consentement email|consentement_email|Email Marketing|Accepts Email Marketing|"
  "Accepts Marketing|Accepte les e-mails|Newsletter|Inscrit à la newsletter|Abonné email|Email abonné|Désabonné e-mail|Unsubscribed from all email|"
  "doNotEmail|donotbulkemail|Do not allow Bulk Emails|Ne pas envoyer d’e-mail|Email Blacklisted|Email hash|email_md5|email_sha256|EmailHash|"
  "emailhash|Email haché|Email domain|EmailDomain|Domaine e-mail|Email type|Type d’e-mail|E-mail 1 - Label|E-mail Type|Email status|Statut e-mail|"
  "Email bounced|EmailBouncedReason|Email verified|E-mail validé|Email validity|Email count|Nombre d’e-mails|Nb emails ouverts|Last email sent|"
  "Dernier e-mail ouvert|Email ID|emailid|Email preference|Préférences e-mail|Email display name|E-mail Display Name|Email language|Email source|"
  "Owner email|Email du propriétaire|Manager Email|Email du commercial|E-mail conseiller|Email vendeur|Email du parrain|Courriel du père|"
  "Courriel de la mère|Sender email|Reply-to email|Store email|Adresse|Address|Adresse 1|Adresse postale|Adresse de livraison|Mailing Address|"
  "Mailing Street|Mailing City|Mailing list|Emailing|Full Name|FullName|fullname|full_name|Name|name|Nom complet|nom_complet|NomComplet|"
  "Nom et prénom|Prénom et nom|Nom Prénom|Nom / Prénom|Nom affiché|Display Name|display_name|displayname|Nom d’utilisateur|Username|user_name|"
  "Nickname|Surnom|Middle Name|middlename|Deuxième prénom|Second prénom|Nom de la société|Nom société|Nom de l’entreprise|Company Name|Company|Société|"
  "Nom du compte|Account Name|Nom du produit|Nom du magasin|Nom de la campagne|Nom de la liste|Nom du fichier|Prénom du conjoint|"
  "Nom du parrain|Phonetic First Name|Given Name Yomi|Contact owner|Fax|fax|FAX|Fax Number|Business Fax|Télécopie|Télécopie (bureau)|N° de fax|"
  "Pager|Phone type|Type de téléphone|Phone Country Code|Indicatif téléphonique|Phone extension|Poste téléphonique|SMS opt-in|Opt-in SMS|SMS consent|"
  "Accepts SMS Marketing|SMS Marketing Status|doNotPhone|Mobile app|Mobile device|Appareil mobile|WhatsApp|Owner phone|Assistant Phone|Téléphone d’urgence|"
  "Do Not Call|N° client|Numéro client|Numéro|Number|N°|N° de commande|Numéro de rue|Code postal|Ville|City|Country|Pays|Date de naissance|"
  "Birthday|Gender|Civilité|Salutation|Titre|Contact|Client|Customer|User|ID|id|Tags|Notes|Loyalty Tier|Total Spent|CreatedOn||#|1|12|é|日本語"
  "|Téléphone du conseiller|Phone consent|Consentement téléphone|Téléphone vérifié|Phone verified|Phone opt-in"
  "|Opt-in téléphone|Téléphone du magasin|Email du magasin|Email du conseiller|Nom du conseiller|Prénom du conseiller"
  "|Nom de la boutique|Nom du vendeur|Prénom de l’enfant|Nom de l’enfant|Nom de rue|Nom de la rue|Nom de la ville"
  "|Nom du pays|Nom du segment|Nom du programme|Nom de l’événement|Nom du département|Nom commercial|Nom de domaine"
  "|Nom de l’animal|Store name|Product name|Campaign name|List name|Country name|City name|Event name|Segment name|File name"
  "|First purchase date|First order|Last order|Last purchase|Last Visit|First visit|Last login|First seen|Last seen"
  "|First Email Sent At|Last Email Open|Email Sends|Email Clicks|Email frequency|Email_Status|EMAIL_VALID|email_valide"
  "|Email OK|Mail envoyé|E-mail de bienvenue|Welcome email|Relance e-mail|Email reminder|Date dernier e-mail"
  "|E-mail envoyé le|Plainte e-mail|Spam complaint email|Direct mail|Direct Mail Opt-in|Voice mail|Voicemail|Courrier"
  "|Courrier postal|Mail postal|Mail merge|Mailing zip|Mail Zone|Mobile OS|Mobile App Version|mobile_device_id|Mobile optin"
  "|Mobile carrier|Phone calls|Appels téléphoniques|Premier achat|Dernier achat|Première commande|Prénom et nom du conjoint"
  "|Nom du contact d’urgence|Email Subject|Objet de l’e-mail|Email template|Canal e-mail|Email channel|Contact par e-mail"
  "|Contact par téléphone|Joignable par téléphone|Accord e-mail|Accord SMS|OK SMS|Refus e-mail|Refus SMS|SMS status"
  "|Statut SMS|Nombre de SMS|SMS envoyés|SMS credits|Email credits|Téléphone (pays)|Phone region|Phone Ext."
  "|Prénom de la mère|Nom du père|Emergency contact name|Date of first email|Email engagement|Email Open Rate"
  "|Taux d’ouverture e-mail|Mode de contact préféré|Contact préféré|Name Prefix|Name Suffix|Nom du modèle|Nom de la marque"
  "|Brand name|First product|Last product|Last country|First utm source|Email newsletter|Newsletter par e-mail"
  "|Facture par e-mail|Envoi par e-mail";

static guint
check_headers (const char *headers,
               int         target,
               GHashTable *seen)
{
  g_auto (GStrv) cells = g_strsplit (headers, "|", -1);
  guint n_wrong = 0;

  for (guint i = 0; cells[i] != NULL; i++)
    {
      const char * const columns[] = { cells[i], NULL };
      g_autoptr (RelaisMatching) matching = relais_matching_suggest (columns, NULL, NULL);

      g_hash_table_add (seen, g_strdup (cells[i]));
      n_wrong += compare (cells[i], 0, matching->email, target == 0 ? cells[i] : NULL);
      n_wrong += compare (cells[i], 1, matching->first_name, target == 1 ? cells[i] : NULL);
      n_wrong += compare (cells[i], 2, matching->last_name, target == 2 ? cells[i] : NULL);
      n_wrong += compare (cells[i], 3, matching->phone, target == 3 ? cells[i] : NULL);
    }

  return n_wrong;
}

static void
test_single_headers (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_wrong = 0;

  n_wrong += check_headers (email_headers, 0, seen);
  n_wrong += check_headers (first_name_headers, 1, seen);
  n_wrong += check_headers (last_name_headers, 2, seen);
  n_wrong += check_headers (phone_headers, 3, seen);
  n_wrong += check_headers (other_headers, -1, seen);

  g_test_message ("%u distinct headers", g_hash_table_size (seen));
  g_assert_cmpuint (g_hash_table_size (seen), >=, 300);
  g_assert_cmpuint (n_wrong, ==, 0);
}

static void
test_custom_fields_take_columns_of_their_name (void)
{
  const char * const columns[] = { "EMail", "Loyalty Tier", "date_de_naissance", "Ville", NULL };
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func ((GDestroyNotify) relais_field_free);
  g_autoptr (RelaisMatching) matching = NULL;
  const RelaisFieldMatch *match;

  g_ptr_array_add (fields, relais_field_new (7, "LoyaltyTier", "text"));
  g_ptr_array_add (fields, relais_field_new (8, "Date de naissance", "date"));
  g_ptr_array_add (fields, relais_field_new (9, "Email", "text"));
  g_ptr_array_add (fields, relais_field_new (10, "Pays", "text"));
  g_ptr_array_add (fields, relais_field_new (11, "VILLE", "text"));
  g_ptr_array_add (fields, relais_field_new (12, "Ville", "text"));
  g_ptr_array_add (fields, relais_field_new (13, "…", "text"));
  matching = relais_matching_suggest (columns, NULL, fields);

  g_assert_cmpstr (matching->email, ==, "EMail");
  g_assert_cmpuint (matching->fields->len, ==, 3);
  match = g_ptr_array_index (matching->fields, 0);
  g_assert_cmpuint (match->field_id, ==, 7);
  g_assert_cmpstr (match->column, ==, "Loyalty Tier");
  match = g_ptr_array_index (matching->fields, 1);
  g_assert_cmpuint (match->field_id, ==, 8);
  g_assert_cmpstr (match->column, ==, "date_de_naissance");
  /* The column is not given away twice. */
  match = g_ptr_array_index (matching->fields, 2);
  g_assert_cmpuint (match->field_id, ==, 11);
  g_assert_true (relais_matching_check (matching, columns, NULL));
}

static void
test_a_column_of_whole_names_is_no_last_name (void)
{
  const char * const columns[] = { "Nom", "Email", NULL };
  g_autoptr (GPtrArray) samples = make_samples ("Zoé Dupont|zoe@example.com");
  g_autoptr (RelaisMatching) matching = relais_matching_suggest (columns, samples, NULL);

  g_assert_null (matching->last_name);
  g_assert_cmpstr (matching->email, ==, "Email");
}

static void
test_one_bad_address_does_not_hide_the_column (void)
{
  const char * const columns[] = { "Email", NULL };
  const char * const values[] = { "zoe.example.com", NULL };
  g_autoptr (GPtrArray) samples = g_ptr_array_new ();
  g_autoptr (RelaisMatching) matching = NULL;

  g_ptr_array_add (samples, (gpointer) values);
  matching = relais_matching_suggest (columns, samples, NULL);
  g_assert_cmpstr (matching->email, ==, "Email");
}

static void
assert_refused (const RelaisMatching *matching,
                const char * const   *columns,
                const char           *named,
                gboolean              of_file)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (relais_matching_check (matching, columns, &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
  g_assert_nonnull (strstr (error->message, named));

  g_clear_error (&error);
  g_assert_false (relais_matching_check_file (matching, columns, "été.csv", &error));
  g_assert_error (error, RELAIS_ERROR, RELAIS_ERROR_DEFINITION);
  g_assert_nonnull (strstr (error->message, named));
  g_assert_true (!of_file || strstr (error->message, "“été.csv”") != NULL);
}

static void
test_a_matching_is_checked_against_the_file (void)
{
  static const RelaisValueStyle unchosen = { RELAIS_DATE_ORDER_UNCHOSEN, 0 };
  const char * const columns[] = { "EMail", "Tier", "Tier 2", "Twice", "Twice", NULL };
  g_autoptr (RelaisMatching) matching = relais_matching_new ();

  assert_refused (matching, columns, "Email", FALSE);
  matching->email = g_strdup ("EMail");
  g_assert_true (relais_matching_check (matching, columns, NULL));

  matching->phone = g_strdup ("Téléphone");
  assert_refused (matching, columns, "“Téléphone”", TRUE);
  g_clear_pointer (&matching->phone, g_free);
  matching->last_name = g_strdup ("Twice");
  assert_refused (matching, columns, "“Twice”", TRUE);
  g_clear_pointer (&matching->last_name, g_free);

  /* One column may fill two fields, two columns may not fill one. */
  relais_matching_add_field (matching, 7, "Tier", unchosen);
  relais_matching_add_field (matching, 8, "Tier", unchosen);
  g_assert_true (relais_matching_check (matching, columns, NULL));
  relais_matching_add_field (matching, 7, "Tier 2", unchosen);
  assert_refused (matching, columns, "“Tier 2”", FALSE);
}

static void
test_a_copy_stands_alone (void)
{
  g_autoptr (RelaisMatching) matching = relais_matching_new ();
  g_autoptr (RelaisMatching) copy = NULL;
  const RelaisFieldMatch *match;

  matching->email = g_strdup ("EMail");
  relais_matching_add_field (matching, 7, "Né le", (RelaisValueStyle) { RELAIS_DATE_ORDER_DAY_FIRST, ',' });
  copy = relais_matching_copy (matching);
  g_clear_pointer (&matching, relais_matching_free);

  match = g_ptr_array_index (copy->fields, 0);
  g_assert_cmpstr (copy->email, ==, "EMail");
  g_assert_cmpstr (match->column, ==, "Né le");
  g_assert_cmpint (match->style.date_order, ==, RELAIS_DATE_ORDER_DAY_FIRST);
  g_assert_cmpint (match->style.decimal, ==, ',');
}

int
main (int    argc,
      char **argv)
{
  /* Messages show the headers. */
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matching/whole-header-rows", test_whole_header_rows);
  g_test_add_func ("/matching/single-headers", test_single_headers);
  g_test_add_func ("/matching/custom-fields-take-columns-of-their-name", test_custom_fields_take_columns_of_their_name);
  g_test_add_func ("/matching/a-column-of-whole-names-is-no-last-name", test_a_column_of_whole_names_is_no_last_name);
  g_test_add_func ("/matching/one-bad-address-does-not-hide-the-column", test_one_bad_address_does_not_hide_the_column);
  g_test_add_func ("/matching/a-matching-is-checked-against-the-file", test_a_matching_is_checked_against_the_file);
  g_test_add_func ("/matching/a-copy-stands-alone", test_a_copy_stands_alone);

  return g_test_run ();
}
