"""The first page on a slow phone: seconds until it can be read and until its map can be used, beside limits.

    python -m bench.phone
    python -m bench.phone --address http://127.0.0.1:8000

Loads the demo into a folder of its own and serves it with gunicorn as deployed, unless the address of
a running server is given. Then Chromium, at 360 px, with 400 kbit/s, 400 ms latency and a processor slowed
down four times, opens the map with an empty cache, three times. Printed are the medians beside their limits,
and the bytes that came over the line.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browsing import ARGUMENTS, chromium_path

ROOT = Path(__file__).resolve().parent.parent
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 4
LIMITS = {
    "read_s": ("sentence and list to be read", 3.0),
    "map_s": ("map to be used", 8.0),
    "own_kb": ("kilobytes without Leaflet", 60.0),
    "all_kb": ("kilobytes with Leaflet", 150.0),
}
# Frames come only when what blocks drawing is there; then both are painted with the next one.
_WATCH = """
window.seen = {};
(function look() {
  const has = (one) => document.querySelector(one), now = performance.now();
  const isPainted = performance.getEntriesByName("first-contentful-paint").length > 0;
  if (isPainted && !seen.read && has("h1.sentence") && has(".incidents li:nth-child(3)")) seen.read = now;
  if (isPainted && has(".leaflet-marker-icon") && has(".leaflet-land-pane path")) {
    seen.map = now;
    document.documentElement.dataset.seen = "all";
  } else requestAnimationFrame(look);
})();
"""


def open_once(browser: Browser, address: str) -> dict[str, float]:
    """The figures of LIMITS for one visit with nothing in the cache."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", is_mobile=True)
    page = context.new_page()
    page.add_init_script(_WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": False})
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}
    line.on(
        "Network.requestWillBeSent", lambda sent: names.update({sent["requestId"]: sent["request"]["url"]})
    )
    line.on(
        "Network.loadingFinished", lambda done: sizes.update({done["requestId"]: done["encodedDataLength"]})
    )
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-seen]", state="attached", timeout=60_000)
    page.wait_for_load_state("networkidle")
    seen: dict[str, float] = page.evaluate("window.seen")
    came = {names[key].removeprefix(address): size for key, size in sizes.items() if size}
    context.close()
    whole = sum(came.values())
    leaflet = sum(size for name, size in came.items() if "/leaflet/" in name)
    return {
        "read_s": seen["read"] / 1000,
        "map_s": seen["map"] / 1000,
        "own_kb": (whole - leaflet) / 1000,
        "all_kb": whole / 1000,
    } | {f"  {name}": size / 1000 for name, size in came.items()}


def main(address: str, times: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        open_once(browser, address)  # the server's own first time
        visits = [open_once(browser, address) for _time in range(times)]
        browser.close()
    print("\n360 px, 400 kbit/s, 400 ms, a processor four times as slow, nothing in the cache")
    for name, (words, limit) in LIMITS.items():
        figure = statistics.median(visit[name] for visit in visits)
        print(f"{figure:8.1f} of {limit:5.0f}  {words}{'' if figure <= limit else '  OVER'}")
    for name, size in sorted(visits[-1].items(), key=lambda one: -one[1]):
        if name.startswith("  "):
            print(f"{size:8.1f} KB {name}")


@contextmanager
def served_demo() -> Iterator[str]:
    """The demo in a folder of its own behind gunicorn, until left."""
    with tempfile.TemporaryDirectory(prefix="headlamp-phone-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        keys = Path(folder, "env")
        keys.write_bytes(
            subprocess.run(
                [sys.executable, ROOT / "deploy/create_keys.py"], capture_output=True, check=True
            ).stdout
        )
        environment: dict[str, Any] = {
            **os.environ,
            "HEADLAMP_ENV_FILE": str(keys),
            "HEADLAMP_VAR": folder,
            "HEADLAMP_DEMO": "true",
            "HEADLAMP_REQUIRE_MFA": "false",
            "HEADLAMP_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        for command in (
            "migrate -v 0",
            "import_places --shipped",
            "import_areas --shipped",
            "load_demo",
            "collectstatic --noinput -v 0",
        ):
            subprocess.run(
                [sys.executable, "manage.py", *command.split()],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        gunicorn = (
            "-m gunicorn impact.wsgi --worker-class gthread --workers 2 --threads 16 --log-level warning"
        )
        server = subprocess.Popen(
            [sys.executable, *gunicorn.split(), "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=environment
        )
        try:
            for _wait in range(200):
                with socket.socket() as door:
                    if door.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--address", help="of a running server; otherwise the demo is loaded and served")
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.address:
        main(chosen.address, chosen.times)
    else:
        with served_demo() as demo:
            main(demo, chosen.times)
