"""When each milestone of a week is due, and what is late."""

from datetime import UTC, datetime, timedelta

from diagnostic.dashboards.milestones import Meeting, Milestone, due, standings

MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
END = MONDAY + timedelta(days=5)
KINDS = ("kickoff", "diagnostic", "feedback", "roadmap", "closing")


def meeting(kind: str, day: int) -> Meeting:
    start = MONDAY + timedelta(days=day)
    return Meeting(kind, start, start + timedelta(hours=3))


def test_milestones_are_due_by_the_sessions_of_the_week() -> None:
    week = [meeting(kind, day) for day, kind in enumerate(KINDS)]
    found = due(week, END)
    assert list(found) == list(Milestone)
    assert found[Milestone.CONFIRMED] == week[0].starts_at
    assert found[Milestone.DIAGNOSTIC_SUBMITTED] == week[1].ends_at
    assert found[Milestone.DIAGNOSTIC_VALIDATED] == week[2].starts_at
    assert found[Milestone.FEEDBACK_GIVEN] == week[2].ends_at
    assert found[Milestone.ROADMAP_MADE] == week[3].ends_at
    assert found[Milestone.ROADMAP_DELIVERED] == found[Milestone.CLOSING_ATTENDED]
    assert found[Milestone.CLOSING_ATTENDED] == week[4].ends_at


def test_the_last_session_of_a_kind_counts_and_the_week_where_there_is_none() -> None:
    found = due([meeting("diagnostic", 3), meeting("diagnostic", 1)], END)
    assert found[Milestone.DIAGNOSTIC_STARTED] == meeting("diagnostic", 3).ends_at
    assert found[Milestone.CLOSING_ATTENDED] == END


def test_late_is_what_was_due_and_is_not_done() -> None:
    due_at = dict.fromkeys(Milestone, MONDAY)
    done = {Milestone.CONFIRMED: END, Milestone.ROADMAP_MADE: None}
    for now, late in (
        (MONDAY, set()),
        (MONDAY + timedelta(seconds=1), set(Milestone) - {Milestone.CONFIRMED}),
    ):
        found = list(standings(done, due_at, now))
        assert {one.milestone for one in found if one.is_late} == late
        assert found[0].done_at == END
