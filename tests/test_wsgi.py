import os
import subprocess
import sys
from pathlib import Path

_READ_AFTER_START = """
import sys
import threading
from datetime import UTC, datetime

import impact.wsgi
from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text

opened = []

def look(event, arguments):
    # Another thread is loading names meanwhile.
    if event == "open" and threading.current_thread() is threading.main_thread():
        opened.append(str(arguments[0]))

sys.addaudithook(look)
understanding = read_text("Police beat three women", Hints(datetime.now(UTC), "SL"), Gazetteer(()))
ours = [name for name in opened if "impact" in name or "langid" in name]
print(understanding.is_report, ours)
"""


def test_what_reading_needs_is_there_before_the_first_message() -> None:
    read = subprocess.run(
        [sys.executable, "-c", _READ_AFTER_START], capture_output=True, text=True, check=True
    )
    assert read.stdout.splitlines()[-1] == "True []"


_FORK_WHILE_LOADING = """
import os
import time

import impact.wsgi
from impact.places import gazetteer_store

def is_open():
    paths = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            paths.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except OSError:
            pass
    return any("sqlite3" in path for path in paths)

until = time.monotonic() + 30
while not is_open() and time.monotonic() < until:
    time.sleep(0.001)
was_open = is_open()
child = os.fork()
if child == 0:
    print(was_open, is_open(), gazetteer_store._held is not None, flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


def test_a_process_that_is_forked_while_names_are_loaded_gets_the_names_and_no_open_database(
    tmp_path: Path,
) -> None:
    forked = subprocess.run(
        [sys.executable, "-c", _FORK_WHILE_LOADING],
        env={**os.environ, "DATABASE_URL": f"spatialite:///{tmp_path}/headlamp.sqlite3"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert forked.stdout.splitlines()[-1] == "True False True"
