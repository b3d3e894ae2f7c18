"""Quotas of days and months: counted here, kept in PostgreSQL, known to all gateways in seconds.

Each gateway adds what passed there every two seconds and takes over the sum. So where there are
several, a quota may be exceeded by what they let through in that time; `kill -9` loses as much.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from gateway.limits import queries
from gateway.limits.windows import Standing
from gateway.plans import Plan, Rule
from platformkit.paris import PARIS

_DAY_SECONDS: Final = 86_400
_MONTH_SECONDS: Final = 30 * _DAY_SECONDS
"""How `w` of a policy says a month; when it is renewed is told to the second."""


class Day:
    """A day of Europe/Paris, and when it and its month are over."""

    def __init__(self, now: float) -> None:
        self.date = datetime.fromtimestamp(now, PARIS).date()
        self.first = self.date.replace(day=1)
        self.ends = _midnight(self.date + timedelta(days=1))
        self.month_ends = _midnight((self.first + timedelta(days=31)).replace(day=1))


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), PARIS).timestamp()


def rules(plan: Plan) -> list[Rule]:
    """Give the rules of a plan's quotas, the day's first."""
    return [
        Rule(name, quota, seconds)
        for name, quota, seconds in (
            ("client-day", plan.per_day, _DAY_SECONDS),
            ("client-month", plan.per_month, _MONTH_SECONDS),
        )
        if quota is not None
    ]


class Quotas:
    """What every client has used of the running day and month; own requests count at once."""

    def __init__(self) -> None:
        self._today = Day(0)
        self._used: dict[tuple[date, str], int] = {}
        self._months: Counter[str] = Counter()
        self._unsent: Counter[tuple[date, str]] = Counter()

    def standing(self, client: str, rules: list[Rule], now: float) -> Standing | None:
        """Tell how the quota that binds first would stand after one request more."""
        today = self._day(now)
        found: Standing | None = None
        for rule in rules:
            of_day = rule.seconds == _DAY_SECONDS
            used = self._used.get((today.date, client), 0) if of_day else self._months[client]
            left = rule.quota - used - 1
            if found is None or left < found.left:
                ends = today.ends if of_day else today.month_ends
                found = Standing(rule, max(left, 0), ends - now, passed=left >= 0)
        return found

    def count(self, client: str, now: float) -> None:
        """Count a request that passed."""
        key = (self._day(now).date, client)
        self._used[key] = self._used.get(key, 0) + 1
        self._months[client] += 1
        self._unsent[key] += 1

    @property
    def is_unsent(self) -> bool:
        """Tell whether something passed that is not in the table yet."""
        return bool(self._unsent)

    async def send(self, connection: Any) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Add what passed here to the table; what could not be added is kept."""
        unsent, self._unsent = self._unsent, Counter()
        if not unsent:
            return
        days, clients = zip(*unsent, strict=True)
        try:
            await connection.execute(queries.ADD, days, clients, list(unsent.values()))
        except BaseException:
            self._unsent += unsent
            raise

    async def look(self, connection: Any, since: timedelta, now: float) -> None:  # noqa: ANN401  # likewise
        """Take over what passed at any gateway since then; own requests were sent before."""
        rows = await connection.fetch(queries.USED, self._day(now).first, since)
        for row in rows:
            key = (row["day"], row["client_id"])
            used = row["requests"] + self._unsent[key]  # those that passed meanwhile
            self._months[row["client_id"]] += used - self._used.get(key, 0)
            self._used[key] = used

    def _day(self, now: float) -> Day:
        if now >= self._today.ends:
            before, self._today = self._today, Day(now)
            if before.first != self._today.first:
                self._months.clear()
                self._used.clear()
        return self._today
