"""What a person sees while the platform starts: done steps with their time, then one panel."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table


class Screen:
    """Progress of a known number of steps; plain lines when nobody watches a terminal."""

    def __init__(self, steps: int) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            console=self.console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=steps)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bar while the steps run."""
        with self._progress:
            yield

    @contextmanager
    def step(self, doing: str) -> Iterator[list[str]]:
        """Time one step; what is put into the list is said beside it."""
        self._progress.update(self._task, description=escape(doing))
        begun = time.monotonic()
        said: list[str] = []
        yield said
        words = escape(f"{doing}: {', '.join(said)}" if said else doing)
        self.console.print(f"[green]✓[/] {words} [dim]{time.monotonic() - begun:.1f} s[/]")
        self._progress.advance(self._task)

    def note(self, sentence: str) -> None:
        """Say one thing that happened, in the order it happened."""
        self.console.print(f"[yellow]·[/] {escape(sentence)}")

    def line(self, text: str) -> None:
        """Print as it is, to be copied."""
        self.console.print(escape(text))

    def refuse(self, sentence: str) -> None:
        """Say why it cannot go on."""
        self.console.print(f"[red]✗[/] {escape(sentence)}")

    def panel(self, title: str, rows: list[tuple[str, str]]) -> None:
        """Show names and values in a frame; values may be several lines."""
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(name, escape(value))
        self.console.print(Panel(table, title=title, expand=False, border_style="green"))
