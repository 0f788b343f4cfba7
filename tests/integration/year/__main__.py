"""A whole year at a booth, counted beside: ``python -m tests.integration.year [--days 365] [--seed 1]``.

Upstream: ``story``, ``recount``.
Downstream: ``make year``.

The last line is one JSON object; it ends with 1 where the booth and the notebook do not agree.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click
from rich.progress import Progress

from tests.integration.year.recount import recount
from tests.integration.year.story import Story
from tests.support.station import booth_in


@click.command()
@click.option("--days", default=365, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(days: int, seed: int) -> None:
    """Live through a year and hold the booth against the notebook."""
    with tempfile.TemporaryDirectory() as place, booth_in(Path(place)) as booth:
        story = Story(booth, seed)
        with Progress() as progress:
            task = progress.add_task("days", total=days)
            story.live(days, lambda day: progress.update(task, completed=day + 1))
        found = recount(story)
        for line, session in found.off[:10]:
            click.echo(f"{line} {session}")
    agrees = not found.off and not found.unknown and not found.totals and found.months_agree
    figures = {
        "days": days,
        "sessions": found.sessions,
        "exact": found.exact,
        "power_cuts": story.cuts,
        "off": len(found.off),
        "unknown": len(found.unknown),
        "totals_off": len(found.totals),
        "months_agree": found.months_agree,
        "minutes": dict(found.minutes),
    }
    click.echo(json.dumps(figures))
    sys.exit(0 if agrees else 1)


if __name__ == "__main__":
    main()
