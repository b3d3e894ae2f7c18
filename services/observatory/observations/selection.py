"""What is asked of a dataflow, independent of the API that it was asked through.

A `Selection` is the one thing that the readers in `queries` take. The SDMX and the native routes
parse their own syntax into it; its `canonical` form goes into the entity tag, so that the same
question has the same tag whichever way it was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from observatory.observations import periods
from observatory.observations.periods import Period
from observatory.observations.readings import Wording
from observatory.structures.catalogue import MEASURE, OBSERVED, TIME, Flow
from observatory.structures.classing import Key

Operator = Literal["eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew"]
OPERATORS: Final = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
"""Of SDMX-REST 2: equal … greater or equal, contains, contains not, starts with, ends with."""

Labels = Literal["id", "name", "both", "split"]
"""Codes, their names, both in one column (SDMX-CSV 1.0), or both in a column each."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison; of TIME_PERIOD, the value is a period as SDMX writes it."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Condition:
    """At least one of the tests holds for the component: a dimension, the value, an attribute."""

    component: str
    tests: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which observations, as of which release, in which order and how many.

    All conditions hold at once. `as_of` and `updated_after` are ordinals of visible releases
    (`Vintages.at`). Unknown codes and components select nothing, they are no error (SDMX-REST).
    """

    flow: Flow
    as_of: int
    conditions: tuple[Condition, ...] = ()
    keys: tuple[Mapping[str, str], ...] = ()
    """Codes by dimension; a series must fit one of them, where there is any (SDMX key lists)."""

    updated_after: int | None = None
    """Only what changed since that release, deletions as rows with ACTION D."""

    include_history: bool = False
    """Every version that was live in some release up to `as_of`, with VALID_FROM and VALID_TO."""

    fills_gaps: bool = False
    """A figure that is missing takes the nearest earlier value, named by FILLED_FROM."""

    first_n: int | None = None
    last_n: int | None = None
    """Per series, the first and the last periods that have an observation."""

    mrnev: int | None = None
    """Per series, the last periods that have a value: one that is hidden is none (World Bank)."""

    initial: bool = False
    """Each value as the first release that had it gave it, with VALID_FROM (ALFRED)."""

    limit: int | None = None
    offset: int = 0
    after: tuple[int, ...] | None = None
    """Keyset of the last row that was read, with `sort=()`: numbers of its series, its period and,
    in a history, its release."""

    sort: tuple[tuple[str, bool], ...] = ()
    """Components and whether they descend; without it by series, then period."""

    attributes: frozenset[str] | None = None
    """Names of the attributes wanted; None is all of the flow."""

    labels: Labels = "id"
    reads: Wording | None = None
    """Adds the sentence that reads each figure, where it is known what the figures are."""

    tells_release: bool = False
    """Adds the ordinal of the release that brought each version."""

    def restricted(self, key: Mapping[str, str]) -> "Selection":
        """Add conditions that fix dimensions to one code each."""
        fixed = tuple(
            Condition(name, (Comparison("eq", code),)) for name, code in sorted(key.items())
        )
        return replace(self, conditions=(*self.conditions, *fixed))

    def read_with(self, key: Key) -> "Selection":
        """Add the class that a reading key gives to each figure, where its sentence is told."""
        return replace(self, reads=None if self.reads is None else replace(self.reads, key=key))

    def wants(self, attribute: str) -> bool:
        """Tell whether an attribute is to be read."""
        return self.attributes is None or attribute in self.attributes

    @property
    def is_whole(self) -> bool:
        """Tell whether it leaves out no series and no period of the flow."""
        return not (self.conditions or self.keys)

    @property
    def is_cut(self) -> bool:
        """Tell whether it takes a few periods of each series only."""
        return not (self.first_n is None and self.last_n is None and self.mrnev is None)

    @property
    def looks_back(self) -> bool:
        """Tell whether it reads versions that no longer live."""
        return self.include_history or self.initial

    @property
    def tells_deletions(self) -> bool:
        """Tell whether rows have an ACTION: R for a version, D for a deletion."""
        return self.include_history or self.updated_after is not None

    @property
    def canonical(self) -> str:
        """Write the question in one way only, without the release: that has its own place."""
        parts: list[Any] = [self.flow.artefact.urn]
        parts += sorted(
            f"{each.component}:{','.join(sorted(f'{t.operator}={t.value}' for t in each.tests))}"
            for each in set(self.conditions)
        )
        parts.append(sorted(sorted(each.items()) for each in self.keys))
        parts += [self.updated_after, self.include_history, self.first_n, self.last_n]
        parts += [self.mrnev, self.initial, self.fills_gaps, self.reads, self.tells_release]
        parts += [self.limit, self.offset, self.after, self.sort, self.labels]
        parts.append(None if self.attributes is None else sorted(self.attributes))
        return repr(parts)


def period(text: str) -> Period | None:
    """Read a period of a request; one with a time of day means its day."""
    return periods.parse(text.partition("T")[0])


def is_component(flow: Flow, name: str) -> bool:
    """Tell whether a condition may be about this name."""
    return flow.dimension(name) is not None or name in {TIME, MEASURE} or name in OBSERVED
