"""StatDCAT-AP, and what data.gouv.fr's harvester takes of a catalogue."""

from observatory.catalogue.dcat import CONTEXT
from tests.shapes.compact import Profile

_PROFILE = Profile("statdcat", CONTEXT)
iri, faults = _PROFILE.iri, _PROFILE.faults
