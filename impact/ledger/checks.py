"""What a wrong setting of the witness would do is found at the start."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(deploy=True)
def check_witness(**_options: Any) -> list[checks.CheckMessage]:
    """A witness beside the database is cut off together with it."""
    file = settings.WITNESS_FILE
    if file and not Path(file).is_absolute():
        return [
            checks.Warning(
                "HEADLAMP_WITNESS_FILE is not an absolute path.",
                hint="Give a path on another disk or machine, such as /mnt/witness/headlamp.txt.",
                id="ledger.W001",
            )
        ]
    return []
