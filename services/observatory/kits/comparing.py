"""What one version of a kit changes against another, and against what is here."""

from collections.abc import Mapping
from typing import Final, Literal

from observatory.kits.manifest import Manifest
from observatory.kits.methods import methods
from observatory.kits.schemas import Difference
from observatory.structures import versions

Step = Literal["PATCH", "MINOR", "MAJOR"]
_STEPS: Final[tuple[Step, ...]] = ("PATCH", "MINOR", "MAJOR")


def _line(name: str) -> tuple[str, int]:
    """Split `codelist HDF:CL_AREA(1.2.0)` into what it is and its MAJOR version."""
    named, _, version = name.removesuffix(")").partition("(")
    return named, _major(version)


def _major(version: str) -> int:
    found = versions.parse(version)
    assert found is not None  # noqa: S101  # the wire lets nothing else in
    return found.major


def gone(before: Manifest, now: Manifest) -> list[str]:
    """Name the structures of a kit that another has not, nor a version of the same MAJOR."""
    there = {_line(name) for name in now.artefacts}
    return [name for name in sorted(before.artefacts) if _line(name) not in there]


def step(before: Manifest, now: Manifest) -> tuple[Step, list[str]]:
    """Say how large a step of the version the changes take, and what takes it."""
    missing = gone(before, now) + [
        f"{name} {version}"
        for name, version in before.methods.items()
        if name not in now.methods or _major(now.methods[name]) != _major(version)
    ]
    if missing:
        return "MAJOR", missing
    added = [name for name in now.artefacts if name not in before.artefacts]
    added += [
        f"{name} {version}"
        for name, version in now.methods.items()
        if before.methods.get(name) != version
    ]
    return ("MINOR", added) if added else ("PATCH", [])


def is_step(least: Step, before: str, now: str) -> bool:
    """Tell whether a later version is at least that step away."""
    old, new = versions.parse(before), versions.parse(now)
    assert old is not None and new is not None  # noqa: PT018, S101  # likewise
    made: Step = "MAJOR" if new.major > old.major else "MINOR" if new.minor > old.minor else "PATCH"
    return _STEPS.index(made) >= _STEPS.index(least)


def difference(now: Manifest, before: Manifest | None, here: Mapping[str, str]) -> Difference:
    """Compare a kit with the hashes of the structures that are here, and with the one before."""
    known = {name: each.version for name, each in methods().items()}
    earlier = {} if before is None else before.methods
    artefacts, carried = sorted(now.artefacts.items()), sorted(now.methods.items())
    return Difference(
        created=[name for name, _ in artefacts if name not in here],
        unchanged=[name for name, digest in artefacts if here.get(name) == digest],
        conflicting=[name for name, digest in artefacts if here.get(name, digest) != digest],
        gone=[] if before is None else gone(before, now),
        methods_added={name: version for name, version in carried if name not in earlier},
        methods_changed={
            name: f"{earlier[name]} → {version}"
            for name, version in carried
            if earlier.get(name, version) != version
        },
        methods_gone={
            name: version for name, version in sorted(earlier.items()) if name not in now.methods
        },
        methods_unknown=[
            f"{name} {version}" for name, version in carried if known.get(name) != version
        ],
    )
