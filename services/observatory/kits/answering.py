"""Answers what a method makes of an input that somebody sends."""

import json

from pydantic import ValidationError

from observatory.kits.methods import methods
from observatory.kits.schemas import Result
from observatory.kits.service import InputRefused, MethodUnknown
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.validation import fault

_NO_JSON = Text("Un objet JSON est attendu.", "A JSON object is expected.")


def result(name: str, version: str, given: str) -> Result:
    """Compute a method on a JSON text; raises MethodUnknown, or InputRefused with every fault."""
    found = methods().get(name)
    if found is None or found.version != version:
        raise MethodUnknown(id=name, version=version)
    try:
        return Result(method=name, version=version, output=dict(found.compute(json.loads(given))))
    except ValidationError as invalid:
        faults = [
            fault({**each, "loc": ("query", "input", *each["loc"])}) for each in invalid.errors()
        ]
        raise InputRefused(faults) from invalid
    except (ValueError, ArithmeticError, RecursionError) as failure:
        raise InputRefused([Fault("/input", "input-unreadable", _NO_JSON, "query")]) from failure
