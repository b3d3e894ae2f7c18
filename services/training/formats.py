"""The formats that this service imports, by name."""

from typing import Final

from training.certifications.importing import RNCP
from training.habilitations.gate import gated
from training.imports.formats import Formats
from training.offers.importing import LHEO
from training.providers.importing import PROVIDERS
from training.references import importing as references

FORMATS: Final[Formats] = {
    one.name: one
    for one in (gated(RNCP), gated(LHEO, only_own=True), gated(PROVIDERS), *references.FORMATS)
}
