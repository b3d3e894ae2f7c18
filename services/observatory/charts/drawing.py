"""Draws Vega-Lite specifications, in a process of its own.

The engine holds Python's lock as long as it draws, so a service must not draw in its own process.
Run as a program it reads frames from stdin and answers each with a frame: four bytes of length,
then the bytes. What is asked is JSON; an empty answer could not be drawn. It ends with its stdin.
"""

import json
import os
import struct
import sys
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

HEAD = struct.Struct(">I")


def draw(form: str, spec: dict[str, Any], scale: float) -> bytes:
    """Draw a specification as `svg` or `png`; nothing is fetched, data come with it."""
    import vl_convert  # noqa: PLC0415  # it starts a JavaScript engine

    if form == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=scale, allowed_base_urls=[]))
    svg = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    told = spec["description"]
    named = f'<svg role="img" aria-label={quoteattr(told)} '
    svg = svg.replace("<svg ", named, 1).replace(">", f"><desc>{escape(told)}</desc>", 1)
    return svg.encode()


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer frames until there are no more."""
    while head := source.read(HEAD.size):
        asked = json.loads(source.read(HEAD.unpack(head)[0]))
        try:
            picture = draw(asked["form"], asked["spec"], asked["scale"])
        except ValueError:  # what the engine raises for a specification that it cannot draw
            picture = b""
        sink.write(HEAD.pack(len(picture)) + picture)
        sink.flush()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the engine prints is no frame
    main(sys.stdin.buffer, answers)
