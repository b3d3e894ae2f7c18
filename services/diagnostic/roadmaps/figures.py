"""What a company makes of its roadmap, in the statements of all who show it."""

import orjson

from diagnostic.roadmaps.lifecycle import RUNNING, SET_ASIDE
from diagnostic.roadmaps.priority import EFFORT

STATE = """jsonb_build_object('id', n.id, 'position', n.position, 'own_title', n.title,
    'status', n.status, 'reason', n.reason, 'owner_id', n.owner_id, 'starts_on', n.starts_on,
    'due_on', n.due_on, 'progress', n.progress, 'note', n.note, 'version', n.version,
    'changed_at', n.changed_at)"""
"""What a company makes of the action `n`, beside what the catalogue says."""


def among(states: frozenset[str]) -> str:
    """Write that the action `n` is in one of these states."""
    return f"n.status IN ({', '.join(repr(str(one)) for one in sorted(states))})"


_KEPT = f"NOT {among(SET_ASIDE)}"
_DUE = among(RUNNING)
_EFFORT = f"('{orjson.dumps(EFFORT).decode()}'::jsonb ->> (n.content ->> 'effort'))::int"


def progress(roadmap: str, day: str) -> str:
    """Write how far a roadmap is, as JSON (`ProgressRead`), on a day in Paris.

    Shares are of the effort of what is kept; without any they are null.
    """
    whole = f"nullif(sum({_EFFORT}) FILTER (WHERE {_KEPT}), 0)"
    return f"""(
        SELECT json_build_object(
            'kept', count(*) FILTER (WHERE {_KEPT}),
            'done', count(*) FILTER (WHERE n.status = 'done'),
            'done_share', round(coalesce(
                sum({_EFFORT}) FILTER (WHERE n.status = 'done'), 0)::numeric / {whole}, 4),
            'share', round(sum({_EFFORT} * n.progress) FILTER (WHERE {_KEPT})
                / 100.0 / {whole}, 4),
            'late', count(*) FILTER (WHERE {_DUE} AND n.due_on < {day}),
            'next_due_on', min(n.due_on) FILTER (WHERE {_DUE} AND n.due_on >= {day}))
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = {roadmap}
    )"""  # noqa: S608  # pieces of ours
