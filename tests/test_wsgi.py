import subprocess
import sys

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
