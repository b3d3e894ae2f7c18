"""The tables of LHÉO 2.3 (http://lheo.gouv.fr, 2022-01-12) as our own rules.

`a?` may be missing, `a+` comes once or more, `a*` as often as one likes, `a{1,10}` one to ten
times; the order is that of the standard. Every sequence may end with `extras`.
"""

from typing import Any, Final

SEQUENCES: Final = """
formation = domaine-formation intitule-formation objectif-formation resultats-attendus \
contenu-formation certifiante contact-formation+ parcours-de-formation code-niveau-entree \
objectif-general-formation? certification{0,5} code-type-formation{0,5} code-niveau-sortie? \
url-formation? action+ organisme-formation-responsable identifiant-module? positionnement? \
sous-modules? modules-prerequis?
domaine-formation = code-FORMACODE{0,5} code-NSF{0,3} code-ROME{0,5}
contact-formation = type-contact? coordonnees
certification = code-RNCP? code-CERTIFINFO? code-RS? code-CPF? reference-code-FORMACODE?
code-type-formation = code-CPF? code-ELU?
url-formation = urlweb{1,3}
action = rythme-formation code-public-vise{1,10} info-public-vise? niveau-entree-obligatoire \
modalites-alternance modalites-enseignement conditions-specifiques prise-en-charge-frais-possible \
lieu-de-formation* modalites-entrees-sorties url-action? duree-cycle? session+ \
adresse-information? date-information{0,3} restauration? hebergement? transport? \
acces-handicapes? langue-formation{0,5} modalites-recrutement? modalites-pedagogiques? \
code-modalite-pedagogique{0,5} equipement* frais-restants? code-perimetre-recrutement? \
infos-perimetre-recrutement? prix-horaire-TTC? prix-total-TTC? duree-indicative? \
nombre-heures-centre? nombre-heures-entreprise? nombre-heures-total? \
detail-conditions-prise-en-charge? conventionnement? duree-conventionnee? organisme-formateur* \
organisme-financeur{0,8} enseignement*
organisme-formation-responsable = numero-activite SIRET-organisme-formation nom-organisme \
raison-sociale coordonnees-organisme contact-organisme+ renseignements-specifiques? potentiel? \
code-UAI-organisme-formation?
sous-modules = sous-module+
modules-prerequis = reference-module+
coordonnees = civilite? nom? prenom? ligne{0,3} adresse? telfixe? portable? fax? courriel? web?
lieu-de-formation = SIRET-lieu-formation? code-UAI-lieu-formation? coordonnees
url-action = urlweb{1,3}
session = periode adresse-inscription modalites-inscription? periode-inscription? \
etat-recrutement? recrutement* url-session? contact-session* reference-certification{0,5} \
blocs-competences* cycle*
adresse-information = adresse
date-information = date
equipement = type-equipement cout-indicatif-equipement? commentaire?
organisme-formateur = SIRET-formateur raison-sociale-formateur contact-formateur* potentiel? \
code-UAI-formateur? reference-certification{0,5}
organisme-financeur = code-financeur nb-places-financees?
enseignement = libelle-enseignement type-enseignement obligatoire commentaire?
SIRET-organisme-formation = SIRET
coordonnees-organisme = coordonnees
contact-organisme = type-contact? coordonnees
potentiel = code-FORMACODE{1,25}
code-UAI-organisme-formation = code-UAI
sous-module = reference-module type-module
adresse = denomination? ligne{1,4} codepostal ville departement? code-INSEE-commune? \
code-INSEE-canton? region? pays? geolocalisation?
telfixe = numtel{1,3}
portable = numtel{1,3}
fax = numtel{1,3}
web = urlweb{1,3}
SIRET-lieu-formation = SIRET
code-UAI-lieu-formation = code-UAI
periode = debut fin
adresse-inscription = adresse
periode-inscription = periode
recrutement = modalite-recrutement code-perimetre-recrutement? infos-perimetre-recrutement? \
a-distance? adresse? urlweb? nb-places? periode? heure-debut? heure-fin? commentaire?
url-session = urlweb{1,3}
contact-session = type-contact? coordonnees
reference-certification = reference-code-RNCP? reference-code-CERTIFINFO? reference-code-RS?
blocs-competences = validation-blocs reference-certification bloc-competences+
cycle = type-cycle annee-cycle* effectif-minimal? capacite-simultanee? capacite-cumulee? \
alternance?
SIRET-formateur = SIRET
contact-formateur = type-contact? coordonnees
code-UAI-formateur = code-UAI
geolocalisation = latitude longitude
bloc-competences = libelle-bloc code-bloc
alternance = type-alternance rythme-alternance?
rythme-alternance = unite-rythme-alternance unites-entreprise unites-centre
"""

TEXTS: Final = """
1 255 intitule-formation modalites-inscription libelle-enseignement denomination
1 3000 objectif-formation resultats-attendus contenu-formation identifiant-module
1 3000 rythme-formation modalites-alternance conditions-specifiques reference-module
5 5 code-FORMACODE code-ROME reference-code-FORMACODE code-public-vise
5 5 code-modalite-pedagogique codepostal code-INSEE-commune
3 3 code-NSF
1 10 code-CERTIFINFO reference-code-CERTIFINFO
4 10 code-CPF code-ELU
3 400 urlweb
1 250 info-public-vise restauration hebergement transport acces-handicapes
1 250 nom-organisme raison-sociale
2 2 langue-formation region pays
0 3000 modalites-recrutement renseignements-specifiques
0 200 modalites-pedagogiques frais-restants
0 50 infos-perimetre-recrutement
0 150 duree-indicative
1 600 detail-conditions-prise-en-charge
11 11 numero-activite
1 50 civilite nom prenom ligne ville
3 160 courriel
1 500 commentaire libelle-bloc
0 250 raison-sociale-formateur
8 8 code-UAI
2 3 departement
4 5 code-INSEE-canton
1 25 numtel
2 5 heure-debut heure-fin
8 40 code-bloc
"""

INTEGERS: Final = """
99 duree-cycle annee-cycle
99999 nombre-heures-centre nombre-heures-entreprise nombre-heures-total duree-conventionnee
99999 cout-indicatif-equipement nb-places-financees nb-places effectif-minimal
99999 capacite-simultanee capacite-cumulee unites-entreprise unites-centre
"""

_YES: Final = {"0": False, "1": True}


def _codes(last: int, *left_out: int) -> dict[str, Any]:
    return {str(code): str(code) for code in range(last + 1) if code not in left_out}


KEYS: Final[dict[str, dict[str, Any]]] = {
    "certifiante niveau-entree-obligatoire prise-en-charge-frais-possible": _YES,
    "conventionnement obligatoire a-distance": _YES,
    "modalites-enseignement": {"0": "on_site", "1": "mixed", "2": "remote"},
    "modalites-entrees-sorties": {"0": "fixed_dates", "1": "permanent"},
    "etat-recrutement": {"1": "open", "2": "closed", "3": "suspended"},
    "validation-blocs": {"0": "partial", "1": "whole", "2": "mixed"},
    "parcours-de-formation": {
        "1": "group",
        "2": "individual",
        "3": "modular",
        "4": "mixed",
    },
    "positionnement": {"1": "regulatory", "2": "pedagogical"},
    "type-module": {"0": "unknown", "1": "mandatory", "2": "customisable"},
    "type-alternance": {"0": "any", "1": "apprenticeship", "2": "professional_contract"},
    "type-cycle": {"0": "initial", "1": "apprenticeship"},
    "unite-rythme-alternance": {
        "0": "hour",
        "1": "half_day",
        "2": "day",
        "3": "week",
        "4": "month",
    },
    "code-niveau-entree code-niveau-sortie": _codes(18, 9, 10),
    "objectif-general-formation": _codes(9, 0),
    "type-contact": _codes(14),
    "code-perimetre-recrutement": _codes(6),
    "type-equipement": _codes(11),
    "code-financeur": _codes(20),
    "type-enseignement": _codes(10, 0),
    "modalite-recrutement": _codes(9),
}

SINCE_2_3: Final = frozenset(
    """type-contact code-RS reference-code-FORMACODE code-UAI-organisme-formation
    code-UAI-lieu-formation code-UAI-formateur duree-cycle equipement enseignement recrutement
    url-session contact-session reference-certification blocs-competences cycle""".split()  # noqa: SIM905  # words, not lines
)
"""What LHÉO 2.2 does not have; written for it in `extras`, and found there again."""
