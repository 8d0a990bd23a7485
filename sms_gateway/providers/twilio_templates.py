"""The setting that names the approved templates of WhatsApp, by language: en:HX…,fr:HX…

SIDs: https://www.twilio.com/docs/content/content-api-resources
"""

import re

from django.core.checks import CheckMessage, Error

from sms_gateway.conversation.phrasebook import LANGUAGES

_SID = re.compile(r"HX[0-9a-fA-F]{32}")


def read_templates(written: str) -> tuple[dict[str, str], list[str]]:
    """The SIDs by language, in the order in which they are written, and what is wrong with the others."""
    templates: dict[str, str] = {}
    wrong: list[str] = []
    for entry in filter(None, (part.strip() for part in written.split(","))):
        language, _colon, sid = (piece.strip() for piece in entry.partition(":"))
        if language not in LANGUAGES:
            wrong.append(f"{language} is none of {', '.join(LANGUAGES)}")
        elif not _SID.fullmatch(sid):
            wrong.append(f"what stands for {language} is no SID of a template (HX and 32 of 0-9, a-f)")
        elif language in templates:
            wrong.append(f"{language} stands there twice")
        else:
            templates[language] = sid
    return templates, wrong


def template_findings(variable: str, written: str) -> list[CheckMessage]:
    """What is wrong with the setting, for the system check."""
    return [
        Error(
            f"{variable}: {wrong}.",
            hint="A language and the SID of its approved template: en:HX…,fr:HX…. See docs/sms.md.",
            id="headlamp.E111",
        )
        for wrong in read_templates(written)[1]
    ]
