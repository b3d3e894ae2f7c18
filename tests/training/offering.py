"""What the tests of offers share: LHÉO files made to measure."""

from typing import Final

NEW: Final = "http://lheo.gouv.fr/2.3"
SIRET: Final = "13002612300013"

_FACTS: Final = {
    "domain": "<code-FORMACODE>31028</code-FORMACODE><code-NSF>326</code-NSF>"
    "<code-ROME>M1805</code-ROME>",
    "title": "L’IA au secrétariat",
    "certifications": "<certification><code-RNCP>37873</code-RNCP></certification>",
    "after_level": "",
    "place": "<lieu-de-formation><coordonnees><adresse><ligne>1 rue X</ligne>"
    "<codepostal>59000</codepostal><ville>LILLE</ville></adresse></coordonnees>"
    "</lieu-de-formation>",
    "period": "<debut>20261005</debut><fin>20261106</fin>",
    "session": "",
    "sessions": "",
    "after_sessions": "",
    "contact": "<courriel>contact@exemple.test</courriel>",
    "siret": SIRET,
    "activity": "<numero-activite>32590000000</numero-activite>",
}


def formation(number: str, identity: str = "", **more: str) -> str:
    """Write a formation, one line; `more` replaces or adds pieces of it."""
    facts = {**_FACTS, **more}
    named = f' numero="{number}"' if number else ""
    known = f' id="{identity}"' if identity else ""
    return (
        f"<formation{named}{known}><domaine-formation>{facts['domain']}</domaine-formation>"
        f"<intitule-formation>{facts['title']}</intitule-formation>"
        "<objectif-formation>Objectif</objectif-formation>"
        "<resultats-attendus>Attestation</resultats-attendus>"
        "<contenu-formation>Contenu</contenu-formation><certifiante>1</certifiante>"
        f"<contact-formation><coordonnees>{facts['contact']}</coordonnees></contact-formation>"
        "<parcours-de-formation>3</parcours-de-formation>"
        "<code-niveau-entree>14</code-niveau-entree>"
        f"{facts['certifications']}{facts['after_level']}"
        '<action numero="A1"><rythme-formation>Jour</rythme-formation>'
        "<code-public-vise>80056</code-public-vise>"
        "<niveau-entree-obligatoire>0</niveau-entree-obligatoire>"
        "<modalites-alternance>Sans</modalites-alternance>"
        "<modalites-enseignement>1</modalites-enseignement>"
        "<conditions-specifiques>Aucune</conditions-specifiques>"
        "<prise-en-charge-frais-possible>1</prise-en-charge-frais-possible>"
        f"{facts['place']}<modalites-entrees-sorties>0</modalites-entrees-sorties>"
        f'<session numero="S1"><periode>{facts["period"]}</periode>'
        "<adresse-inscription><adresse><ligne>1 rue X</ligne><codepostal>59000</codepostal>"
        f"<ville>LILLE</ville></adresse></adresse-inscription>{facts['session']}</session>"
        f"{facts['sessions']}{facts['after_sessions']}</action>"
        f"<organisme-formation-responsable>{facts['activity']}"
        f"<SIRET-organisme-formation><SIRET>{facts['siret']}</SIRET></SIRET-organisme-formation>"
        "<nom-organisme>Université Exemple</nom-organisme>"
        "<raison-sociale>UNIVERSITE EXEMPLE</raison-sociale><coordonnees-organisme><coordonnees/>"
        "</coordonnees-organisme><contact-organisme><coordonnees/></contact-organisme>"
        "</organisme-formation-responsable></formation>"
    )


def lheo(*formations: str, namespace: str = NEW) -> bytes:
    """Write a file: its first formation is on line 3."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<lheo xmlns="{namespace}"><offres>\n'
    return (head + "\n".join(formations) + "\n</offres></lheo>\n").encode()
