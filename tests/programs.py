"""Programs that some tests need: a machine without one is told how to get it, and CI has to have them all."""

import os
import shutil

import pytest


def needs(program: str, package: str) -> None:
    """Skip the test where a program is missing, saying which of Debian's packages has it; fail it in CI."""
    if shutil.which(program) is None:
        message = f"{program} is missing: apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def of_others() -> dict[str, str]:
    """The environment of somebody else's program: without the limits set to the product's own GDAL."""
    ours = {"OGR_SKIP", "GDAL_HTTP_PROXY", "GDAL_HTTPS_PROXY"}
    return {name: value for name, value in os.environ.items() if name not in ours}
