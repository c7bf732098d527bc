"""`tidyplan new`: writes a problem to start from and explains it."""

import json
from datetime import date
from pathlib import Path

from service.cli.files import BAD_INPUT, OK, Refused, writable, write
from service.cli.screen import complain, say, show_table
from service.cli.starter import WALK_THROUGH, starter


def run(output: Path, *, force: bool) -> int:
    """Write the starter problem.

    Parameters
    ----------
    output
        Where to.
    force
        Whether a file that is there may be replaced.

    Returns
    -------
    The exit code: 0 written, 2 it cannot be.
    """
    try:
        if output.is_file() and not force:
            complain(
                f"{output}: this file is there already. Add --force to replace it, or choose another name with -o."
            )
            raise Refused
        if not writable(output):
            raise Refused
        text = json.dumps(starter(date.today()), indent=2, ensure_ascii=False)  # noqa: DTZ011  # the user's own day
        write(output, (text + "\n").encode())
    except Refused:
        return BAD_INPUT
    show_table(f"What stands in {output}", ("field", "what it says"), WALK_THROUGH)
    say(f"Written to {output}. Change it, then: tidyplan solve {output} -o plan.json")
    say("All fields with their types: tidyplan schema problem")
    return OK
