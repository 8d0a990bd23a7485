"""One POST to an address that somebody gave us: pinned, short, and nothing of the answer but its status."""

from dataclasses import dataclass

from impact.operations.outward.calling import CallError, Deadline, calling, target_of

LIMIT_S = 10.0  # for all of it, the DNS too, however slowly the other side drips
_AGENT = "Headlamp-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: the status that came back, if any, and the kind of error; "" is success."""

    status: int | None = None
    error: str = ""


def post(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Send a body and read the status. Redirects are not followed, nothing else is read."""
    deadline = Deadline(LIMIT_S)
    headers = {**headers, "User-Agent": _AGENT}
    try:
        target = target_of(url, deadline)
        call = calling("POST", target, deadline=deadline, headers=headers, body=body, quiet_s=LIMIT_S)
        with call as answer:
            status = answer.status
    except CallError as error:
        return Outcome(error=error.kind)
    return _judge(status)


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        return Outcome(status, "redirect, not followed")
    return Outcome(status, f"status {status}")
