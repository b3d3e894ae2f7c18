"""The formats of the nomenclatures, one each; all become versions by the same merge."""

from functools import partial
from typing import Final

from training.imports.formats import AtOnce, Format
from training.references import geography, jobs, merging, reviewing, subjects

FORMATS: Final = tuple(
    Format(scheme, licence, opened, reviewing.review, merging.plan, partial(AtOnce, merging.merge))
    for scheme, licence, opened in (
        ("rome", "Licence Ouverte", jobs.opened_rome),
        ("esco", "Commission Decision 2011/833/EU", jobs.opened_esco),
        ("nsf", None, subjects.opened_nsf),
        ("formacode", None, subjects.opened_formacode),
        ("geography", "Licence Ouverte 2.0", geography.opened),
    )
)
