"""Makes a national file of offers: 21,920 formations, 200 MB, 22 of them wrong (acceptance A3)."""

import random
from collections.abc import Iterator
from typing import Final

FORMATIONS: Final = 21_920
BAD_EVERY: Final = 1_000
FAULTS: Final = ("nsf", "month 13", "inverted")
"""Of one code in one formation; the schema sees the first only."""

SIRET: Final = "13002612300013"

_WORDS: Final = """
analyser les besoins de chaque public accueilli, préparer une séquence pédagogique évaluer la
qualité d’un service numérique dans l’entreprise protéger des données à caractère personnel
rédiger un compte rendu clair conduire un entretien professionnel mettre en œuvre une démarche
d’amélioration continue contrôler l’exécution des travaux négocier avec un fournisseur établir
un devis vérifier la conformité des pièces assurer la maintenance préventive piloter une équipe
pluridisciplinaire choisir un outil d’intelligence artificielle
""".split()  # noqa: SIM905  # words, not lines

_FORMATION: Final = """    <formation numero="{number}" id="f-{number}" \
uri="https://exemple.test/formations/{number}">
      <domaine-formation>
        <code-FORMACODE ref="V14" tag="principal">31028</code-FORMACODE>
        <code-NSF>{nsf}</code-NSF>
        <code-ROME>M1805</code-ROME>
      </domaine-formation>
      <intitule-formation>{title}</intitule-formation>
      <objectif-formation>{objectives}</objectif-formation>
      <resultats-attendus>{results}</resultats-attendus>
      <contenu-formation>{content}</contenu-formation>
      <certifiante>1</certifiante>
      <contact-formation>
        <coordonnees><courriel>formation@exemple.test</courriel></coordonnees>
      </contact-formation>
      <parcours-de-formation>3</parcours-de-formation>
      <code-niveau-entree>14</code-niveau-entree>
      <certification><code-RNCP>RNCP37873</code-RNCP></certification>
      <certification><code-RS>RS7423</code-RS></certification>
      <code-niveau-sortie>16</code-niveau-sortie>
      <url-formation><urlweb>https://exemple.test/f/{number}</urlweb></url-formation>
{actions}
      <organisme-formation-responsable>
        <numero-activite>32590000000</numero-activite>
        <SIRET-organisme-formation><SIRET>{siret}</SIRET></SIRET-organisme-formation>
        <nom-organisme>Université Exemple</nom-organisme>
        <raison-sociale>UNIVERSITE EXEMPLE</raison-sociale>
        <coordonnees-organisme>
          <coordonnees><courriel>contact@exemple.test</courriel></coordonnees>
        </coordonnees-organisme>
        <contact-organisme>
          <coordonnees><courriel>contact@exemple.test</courriel></coordonnees>
        </contact-organisme>
      </organisme-formation-responsable>
    </formation>
"""
_ACTION: Final = """      <action numero="A{number}">
        <rythme-formation>2 jours par semaine pendant 5 semaines</rythme-formation>
        <code-public-vise>80056</code-public-vise>
        <niveau-entree-obligatoire>0</niveau-entree-obligatoire>
        <modalites-alternance>Sans alternance</modalites-alternance>
        <modalites-enseignement>1</modalites-enseignement>
        <conditions-specifiques>Aucun prérequis technique</conditions-specifiques>
        <prise-en-charge-frais-possible>1</prise-en-charge-frais-possible>
        <lieu-de-formation>
          <coordonnees>
            <adresse>
              <denomination>Campus</denomination>
              <ligne>1 rue de l’Exemple</ligne>
              <codepostal>59000</codepostal>
              <ville>LILLE</ville>
              <departement>59</departement>
              <code-INSEE-commune>59350</code-INSEE-commune>
              <geolocalisation>
                <latitude>50.6292</latitude><longitude>3.0573</longitude>
              </geolocalisation>
            </adresse>
          </coordonnees>
        </lieu-de-formation>
        <modalites-entrees-sorties>0</modalites-entrees-sorties>
{sessions}
        <acces-handicapes>Référent handicap disponible</acces-handicapes>
        <langue-formation>FR</langue-formation>
        <prix-total-TTC>1200.00</prix-total-TTC>
        <nombre-heures-total>70</nombre-heures-total>
        <organisme-financeur>
          <code-financeur>2</code-financeur>
          <nb-places-financees>12</nb-places-financees>
        </organisme-financeur>
      </action>"""
_SESSION: Final = """        <session numero="S{number}">
          <periode><debut>2026{month:02}05</debut><fin>{end}</fin></periode>
          <adresse-inscription>
            <adresse>
              <ligne>1 rue de l’Exemple</ligne>
              <codepostal>59000</codepostal>
              <ville>LILLE</ville>
            </adresse>
          </adresse-inscription>
          <etat-recrutement>1</etat-recrutement>
        </session>"""


def _text(choice: random.Random, length: int) -> str:
    """Return prose of about that many bytes, of words that real offers are made of."""
    return " ".join(choice.choices(_WORDS, k=length // 8)).capitalize() + "."


def _action(number: int, first_end: str) -> str:
    ends = {1: first_end, 2: "20261126"}
    sessions = "\n".join(
        _SESSION.format(number=one, month=8 + one, end=end) for one, end in ends.items()
    )
    return _ACTION.format(number=number, sessions=sessions)


def _formation(place: int, fault: str | None, choice: random.Random) -> str:
    first_end = {"month 13": "20261326", "inverted": "20260726"}.get(fault or "", "20261026")
    return _FORMATION.format(
        number=number(place),
        nsf="3261" if fault == "nsf" else "326",
        title=_text(choice, 60),
        objectives=_text(choice, 900),
        results=_text(choice, 250),
        content=_text(choice, 1_500),
        actions=f"{_action(1, first_end)}\n{_action(2, '20261026')}",
        siret=SIRET,
    )


def number(place: int) -> str:
    """Return the number of the formation at a place."""
    return f"HDF-{place:06}"


def pieces(formations: int = FORMATIONS, bad_every: int = BAD_EVERY) -> Iterator[str]:
    """Yield the file piece by piece, the same every time; FAULTS take turns, from the half on."""
    choice = random.Random(1)  # noqa: S311  # prose
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<lheo xmlns="http://lheo.gouv.fr/2.3">\n  <offres>\n'
    for place in range(formations):
        is_bad = place % bad_every == bad_every // 2
        fault = FAULTS[place // bad_every % len(FAULTS)] if is_bad else None
        yield _formation(place, fault, choice)
    yield "  </offres>\n</lheo>\n"
