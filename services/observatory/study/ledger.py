"""Keeps what a study says: each figure once, with its address, and the statements that use it."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

from observatory.observations.service import indicators_of
from observatory.structures.catalogue import TIME, Catalogue, Flow, Indicator
from observatory.study import rules
from observatory.study.cells import Cell, Reader, Sum
from observatory.study.schemas import Component, Figure, Rank, SectionId, Statement
from observatory.study.texts import TEMPLATES, written
from platformkit.i18n import language

DOOR: Final = "/v1"
OURS: Final = f"{DOOR}/observatory"


class Ledger:
    """The figures and statements of a study in the making, in the language of the request."""

    def __init__(self, reader: Reader, structures: Catalogue) -> None:
        self._reader, self._structures = reader, structures
        self.figures: dict[str, Figure] = {}
        self.statements: dict[SectionId, list[Statement]] = {}
        self.releases: dict[str, tuple[int, int]] = {}
        """Number of the dataflow and ordinal, by the name that figures call a release."""
        self.hidden = 0

    def branched(self) -> "Ledger":
        """Return a copy that can go on without changing this one."""
        other = Ledger(self._reader, self._structures)
        other.figures = dict(self.figures)
        other.statements = {name: list(each) for name, each in self.statements.items()}
        other.releases, other.hidden = self.releases, self.hidden
        return other

    def told(self, cells: Sequence[Cell]) -> list[Cell]:
        """Leave the cells that have a value, and count those that are hidden."""
        self.hidden += sum(each.is_hidden for each in cells)
        return [each for each in cells if each.value is not None]

    def observed(self, cell: Cell) -> Figure:
        """Give the figure of a cell that has a value."""
        assert cell.value is not None  # noqa: S101  # `told` leaves no other
        indicator = self._indicator(cell.flow, cell.key)
        key = {name: code for name, code in cell.key.items() if name not in indicator.key}
        asked = self._asked(cell.flow, cell.period, {name: (code,) for name, code in key.items()})
        decimals: int = indicator.artefact.content["decimals"]
        return self._figure(
            kind="observation",
            **_said(indicator),
            key=[Component(id=name, code=code) for name, code in cell.key.items()],
            period=cell.period,
            value=cell.value,
            shown=written(cell.value, decimals),
            low=cell.low,
            high=cell.high,
            numerator=cell.numerator,
            denominator=cell.denominator,
            status=cell.status,
            release=self._release(cell.flow, cell.ordinal),
            data=f"{_of(indicator)}/data.json?{asked}",
            provenance=f"{_of(indicator)}/provenance?{asked}",
        )

    def summed(self, found: Sum) -> Figure:
        """Give the figure of a sum."""
        indicator = self._indicator(found.flow, {})
        chosen = {found.by: (found.code,)} | dict(found.chosen)
        chosen[found.by] = (found.code,)
        asked = self._asked(found.flow, found.period, chosen)
        return self._figure(
            kind="sum",
            **_said(indicator),
            key=[
                Component(id=name, code=",".join(codes)) for name, codes in sorted(chosen.items())
            ],
            period=found.period,
            value=found.value,
            shown=written(found.value, indicator.artefact.content["decimals"]),
            release=self._release(found.flow, found.ordinal),
            data=f"{_of(indicator)}/aggregate.json?function=sum&by={found.by}&{asked}",
            cells=f"{_of(indicator)}/data.json?{asked}",
        )

    def live(self, name: str, value: float, shown: str, data: str, **more: Any) -> Figure:  # noqa: ANN401  # fields of Figure
        """Give a figure of a neighbour, of this moment."""
        return self._figure(
            kind="live", name=name, value=value, shown=shown, data=f"{DOOR}/{data}", **more
        )

    def record(self, name: str, data: str, source: str | None) -> Figure:
        """Give something of a neighbour that is no number."""
        return self._figure(
            kind="record", name=name, shown=name, data=f"{DOOR}/{data}", source=source
        )

    def say(
        self,
        section: SectionId,
        template: str,
        figures: Sequence[Figure],
        rank: Rank | None = None,
        **facts: object,
    ) -> None:
        """Add a statement to a section."""
        said = Statement(
            template=template,
            text=TEMPLATES[template](**facts),
            figures=[each.id for each in figures],
            rank=rank,
        )
        self.statements.setdefault(section, []).append(said)

    def rank(self, own: Cell, every: Sequence[Cell]) -> Rank | None:
        """Rank a cell among comparables of its dimension; None without enough of them."""
        if own.value is None or len(every) < rules.FEWEST:
            return None
        low, high = own.interval
        found = rules.standing(own.value, low, high, [each.value or 0.0 for each in every])
        indicator = self._indicator(own.flow, own.key)
        varying = {
            name: tuple(dict.fromkeys(each.key[name] for each in every))
            for name in own.key
            if name not in indicator.key
        }
        asked = self._asked(own.flow, own.period, varying)
        return Rank(
            position=found.position,
            of=found.of,
            median=found.median,
            verdict=found.verdict,
            comparables=f"{_of(indicator)}/data.json?{asked}",
        )

    def compared(self, own: Sum, every: Sequence[Sum]) -> Rank:
        """Rank a sum among those of all codes; whether it is strong or weak, no rule says."""
        indicator = self._indicator(own.flow, {})
        asked = self._asked(own.flow, own.period, own.chosen)
        return Rank(
            position=sum(each.value < own.value for each in every) + 1,
            of=len(every),
            median=median(each.value for each in every),
            verdict=None,
            comparables=f"{_of(indicator)}/aggregate.json?function=sum&by={own.by}&{asked}",
        )

    def _figure(self, **said: Any) -> Figure:  # noqa: ANN401  # fields of Figure
        known = self.figures.get(said["data"])
        if known is not None:
            return known
        empty = dict.fromkeys(Figure.model_fields) | {"key": []}
        made = Figure(**(empty | said | {"id": f"f{len(self.figures) + 1}"}))
        self.figures[said["data"]] = made
        return made

    def _indicator(self, flow: Flow, key: Mapping[str, str]) -> Indicator:
        """Choose the indicator that says most of a key."""
        fitting = [
            each
            for each in indicators_of(self._structures, flow)
            if each.key.items() <= key.items()
        ]
        return max(fitting, key=lambda each: (len(each.key), each.artefact.id))

    def _asked(self, flow: Flow, period: str, codes: Mapping[str, Sequence[str]]) -> str:
        """Write the question, as of the release that is read."""
        release = self._reader.release(flow.id)
        assert release is not None  # noqa: S101  # there is no cell without
        asked = {f"c[{name}]": ",".join(each) for name, each in codes.items()}
        instant = release.published_at.isoformat().replace("+00:00", "Z")
        return urlencode(asked | {f"c[{TIME}]": period, "asOf": instant})

    def _release(self, flow: Flow, ordinal: int) -> str:
        name = f"{flow.id}/{ordinal}"
        self.releases[name] = (flow.number, ordinal)
        return name


def _of(indicator: Indicator) -> str:
    return f"{OURS}/indicators/{indicator.artefact.id}"


def _said(indicator: Indicator) -> dict[str, Any]:
    return {
        "name": indicator.artefact.name(),
        "indicator": indicator.artefact.id,
        "sheet": f"{_of(indicator)}/sheet",
        "unit": indicator.artefact.content["unit"][language()],
    }
