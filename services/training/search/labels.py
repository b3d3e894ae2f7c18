"""What people read for the values of facets that are our own words or LHÉO's dictionary."""

from collections.abc import Mapping
from typing import Final

from platformkit.i18n import Text

LABELS: Final[Mapping[str, Mapping[str, Text]]] = {
    "kind": {
        "offer": Text("Offre de formation", "Training offer"),
        "certification": Text("Certification", "Certification"),
    },
    "mode": {
        "on_site": Text("En présence", "On site"),
        "mixed": Text("Mixte", "Mixed"),
        "remote": Text("À distance", "Remote"),
    },
    "entries": {
        "fixed_dates": Text("À dates fixes", "On fixed dates"),
        "permanent": Text("Toute l’année", "All year round"),
    },
    "certifying": {
        "true": Text("Certifiante", "Certifying"),
        "false": Text("Non certifiante", "Not certifying"),
    },
    "accessible": {
        "true": Text("Accueil des personnes handicapées décrit", "Disabled access described"),
        "false": Text("Accueil non décrit", "Access not described"),
    },
    "directory": {
        "RNCP": Text("RNCP", "RNCP"),
        "RS": Text("Répertoire spécifique", "Specific directory (RS)"),
        "REG": Text("Proposée par la Région", "Proposed by the Region"),
    },
    "audience": {
        "at_work": Text("Personnes en emploi", "People at work"),
        "young": Text("Jeunes", "Young people"),
        "job_seeker": Text("Demandeurs d’emploi", "Job seekers"),
        "disabled": Text("Personnes handicapées", "Disabled people"),
    },
    "job": {
        "existing": Text("Métiers existants", "Existing jobs"),
        "emerging": Text("Métiers émergents", "Emerging jobs"),
    },
    "ai_literacy_level": {
        "awareness": Text("Sensibilisation à l’IA", "AI awareness"),
        "user": Text("Usage de l’IA", "AI user"),
        "practitioner": Text("Pratique de l’IA", "AI practitioner"),
        "specialist": Text("Spécialiste de l’IA", "AI specialist"),
    },
    "next_session": {
        "starting_soon": Text("Commence dans les 60 jours", "Starts within 60 days"),
        "upcoming": Text("Commence plus tard", "Starts later"),
        "current": Text("Déjà commencée", "Already begun"),
    },
    "price_band": {
        "free": Text("Gratuit", "Free"),
        "to_500": Text("Jusqu’à 500 €", "Up to €500"),
        "to_1500": Text("De 500 à 1 500 €", "€500 to €1,500"),
        "to_5000": Text("De 1 500 à 5 000 €", "€1,500 to €5,000"),
        "over_5000": Text("Plus de 5 000 €", "Over €5,000"),
        "not_stated": Text("Prix non indiqué", "Price not stated"),
    },
    "hours_band": {
        "to_7": Text("Jusqu’à 7 heures", "Up to 7 hours"),
        "to_35": Text("De 8 à 35 heures", "8 to 35 hours"),
        "to_150": Text("De 36 à 150 heures", "36 to 150 hours"),
        "to_600": Text("De 151 à 600 heures", "151 to 600 hours"),
        "over_600": Text("Plus de 600 heures", "Over 600 hours"),
        "not_stated": Text("Durée non indiquée", "Duration not stated"),
    },
    "theme": {
        "ai_literacy": Text("Culture de l’IA", "AI literacy"),
        "ai_strategy": Text("Stratégie d’IA", "AI strategy"),
        "automation": Text("Automatisation", "Automation"),
        "cybersecurity": Text("Cybersécurité", "Cybersecurity"),
        "data": Text("Données", "Data"),
        "development": Text("Développement informatique", "Software development"),
        "digital_skills": Text("Compétences numériques", "Digital skills"),
        "generative_ai": Text("IA générative", "Generative AI"),
        "governance": Text("Gouvernance", "Governance"),
        "human_resources": Text("Ressources humaines", "Human resources"),
    },
    "funder": {
        "0": Text("Autre", "Other"),
        "2": Text("Conseil régional", "Regional council"),
        "3": Text("Fonds social européen", "European Social Fund"),
        "4": Text("France Travail (Pôle emploi)", "France Travail (Pôle emploi)"),
        "5": Text("Entreprise", "Company"),
        "7": Text("Agefiph", "Agefiph"),
        "8": Text("Conseil départemental", "Departmental council"),
        "9": Text("Commune", "Commune"),
        "10": Text("Bénéficiaire de l’action", "The learner"),
        "11": Text("État, ministère de l’emploi", "State, ministry of employment"),
        "12": Text("État, Éducation nationale", "State, ministry of education"),
        "13": Text("État, autre", "State, other"),
        "14": Text("Fonds européens, autre", "European funds, other"),
        "15": Text("Collectivité territoriale, autre", "Local authority, other"),
        "16": Text("Opco", "Skills operator (Opco)"),
        "17": Text("Transitions Pro", "Transitions Pro"),
        "18": Text("Ladom", "Ladom"),
        "19": Text("État, ministère de l’intérieur", "State, ministry of the interior"),
        "20": Text("OFII", "OFII"),
    },
    "level": {str(level): Text(f"Niveau {level}", f"Level {level}") for level in range(1, 9)},
}


def label(facet: str, value: str, found: str | None) -> str | None:
    """Return the label of a value: ours, else the one of a nomenclature, else none."""
    known = LABELS.get(facet, {}).get(value)
    return known() if known else found
