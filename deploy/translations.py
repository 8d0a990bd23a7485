"""Keep the catalogues: `extract` what is said, `compile` what was translated, `check` that both are true.

Only `extract` and the last part of `check` need the gettext package; the compiled catalogues are
committed, so that a machine without it speaks four languages.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "impact" / "locale"
LANGUAGES = ("fr", "pt", "sw")
PLURALS = {"fr": "(n > 1)", "pt": "(n != 1)", "sw": "(n != 1)"}
HEAD = """\
# Headlamp in another language; the licence is that of the rest.
msgid ""
msgstr ""
"Project-Id-Version: headlamp\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural={plural};\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?[\d.]*[a-zA-Z]|%[sd%]|\{\w*\}")
BREAKING_SPACE = re.compile(r"(?<=[^\s(]) [?!:;»]|« ")
STRAIGHT_APOSTROPHE = re.compile(r"\w'\w")


def extract(root: Path) -> None:
    """Bring the .po files of a checkout up to date with its code and templates."""
    languages = [part for language in LANGUAGES for part in ("-l", language)]
    ignored = [part for name in (".venv", "var", "tests", "bench") for part in ("-i", name)]
    quietly = ["--no-location", "--no-wrap", "--no-obsolete", "-e", "html,txt,py,svg", "-v", "0"]
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", *languages, *ignored, *quietly],
        cwd=root,
        check=True,
    )
    for language in LANGUAGES:
        tidy(root / "impact" / "locale" / language / "LC_MESSAGES" / "django.po", language)


def tidy(file: Path, language: str) -> None:
    """Write a catalogue's head anew: what gettext puts there changes with the clock and the machine."""
    body = file.read_text(encoding="utf-8").split("\n\n", 1)[1]
    file.write_text(HEAD.format(language=language, plural=PLURALS[language]) + body, encoding="utf-8")


def catalogue(language: str, locale: Path = LOCALE) -> Catalog:
    with (locale / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        found = read_po(file, locale=language)
    # Babel writes the time of day where a head has none; the same words are to give the same bytes.
    found.creation_date = found.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return found


def compiled(language: str) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, catalogue(language))
    return buffer.getvalue()


def compile_all() -> None:
    for language in LANGUAGES:
        (LOCALE / language / "LC_MESSAGES" / "django.mo").write_bytes(compiled(language))


def faults() -> list[str]:
    """What is wrong with the catalogues, one line each."""
    found = []
    for language in LANGUAGES:
        for message in catalogue(language):
            if not message.id:
                continue
            originals = message.id if isinstance(message.id, tuple | list) else (message.id,)
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            name = f"{language}: {originals[0]!r}"
            if message.fuzzy:
                found.append(f"{name} is fuzzy")
            if not all(said):
                found.append(f"{name} is not translated")
                continue
            wanted = set(PLACEHOLDER.findall(originals[-1]))
            for text in said:
                has = set(PLACEHOLDER.findall(text))
                if has != wanted and not (len(originals) > 1 and has <= wanted):
                    found.append(f"{name} has placeholders {sorted(has)}, not {sorted(wanted)}")
                if STRAIGHT_APOSTROPHE.search(text) and language == "fr":
                    found.append(f"{name} has a straight apostrophe: French print has ’")
                if BREAKING_SPACE.search(text) and language == "fr":
                    found.append(f"{name} may break before a sign or inside «»: write a no-break space")
        file = LOCALE / language / "LC_MESSAGES" / "django.mo"
        if not file.exists() or file.read_bytes() != compiled(language):
            found.append(f"{language}: django.mo is not what django.po says: run `make translations`")
    return found


def missing_messages() -> list[str]:
    """Messages of the code that no catalogue has yet. Needs xgettext."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "copy"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "var", "tests", "*.gz", "*_cache")
        )
        extract(copy)
        wanted = {message.id for message in catalogue("fr", copy / "impact" / "locale") if message.id}
    held = {message.id for message in catalogue("fr") if message.id}
    return [f"not in the catalogues: {message!r}" for message in sorted(map(str, wanted - held))]


def check() -> int:
    found = faults()
    if shutil.which("xgettext"):
        found += missing_messages()
    else:
        print("translations: xgettext is missing, so new messages were not looked for (package gettext)")
    for line in found:
        print(f"translations: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) > 1 else "check"
    if verb == "extract":
        extract(ROOT)
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        sys.exit(check())
    else:
        sys.exit(f"translations: no such verb: {verb}; say extract, compile or check")
