"""How a dataflow is to be judged: its protection, in terms of the places of its key."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from observatory.disclosure.judgement import Terms
from observatory.disclosure.policy import Policy
from observatory.disclosure.tables import Hierarchy, Key
from observatory.observations import periods
from observatory.structures.catalogue import Code, Flow


@dataclass(frozen=True, slots=True)
class Protection:
    """The protection of a dataflow; `figures` are the codes of units' sums, by place."""

    terms: Terms
    figures: Mapping[int, frozenset[str]]
    adds_up_in_time: bool
    time: int

    def is_figure(self, codes: Sequence[str]) -> bool:
        """Tell whether a cell is a sum over units, and not a mean or a share."""
        return all(codes[place] in known for place, known in self.figures.items())

    def beside(self, codes: Sequence[str]) -> Key:
        """Return what a figure has in common with the means and shares that go with it."""
        return tuple("" if place in self.figures else code for place, code in enumerate(codes))

    def terms_over(self, texts: Iterable[str]) -> Terms:
        """Return the terms of a table of these periods."""
        if not self.adds_up_in_time:
            return self.terms
        return Terms(
            self.terms.source,
            [*self.terms.hierarchies, *_in_time(self.time, texts)],
            self.terms.rounding,
            self.terms.known,
        )


def protection_of(
    flow: Flow, codes: Mapping[str, Mapping[str, Code]], policy: Policy
) -> Protection | None:
    """Read the protection of a dataflow; None where it has none, or not of this policy."""
    given = flow.artefact.content.get("protection")
    if not given:
        return None
    source = policy.source(given["source"])
    if source is None:
        return None
    places = {each.id: place for place, each in enumerate(flow.dimensions)}
    hierarchies = []
    for name, place in places.items():
        parts: dict[str, list[str]] = defaultdict(list)
        for code in codes[name].values():
            if code.parent is not None:
                parts[code.parent].append(code.id)
        hierarchies.append(Hierarchy(name, place, parts))
    hierarchies += [
        Hierarchy(each["id"], places[each["dimension"]], each["parts"])
        for each in given["divisions"]
    ]
    return Protection(
        Terms(
            source,
            hierarchies,
            given["rounding"],
            frozenset((places[name], code) for name, of in given["known"].items() for code in of),
        ),
        {places[name]: frozenset(of) for name, of in given["figures"].items()},
        given["adds_up_in_time"],
        len(places),
    )


def _in_time(place: int, texts: Iterable[str]) -> list[Hierarchy]:
    """Divide each period into those of each shorter frequency that are in it."""
    known = [period for period in map(periods.parse, texts) if period is not None]
    found = []
    for frequency in periods.RANKS:
        parts = {
            longer.text: [
                each.text
                for each in known
                if each.frequency == frequency
                and longer.first <= each.first
                and each.last <= longer.last
            ]
            for longer in known
            if periods.RANKS[longer.frequency] < periods.RANKS[frequency]
        }
        found.append(Hierarchy(f"TIME_PERIOD-{frequency}", place, parts))
    return found
