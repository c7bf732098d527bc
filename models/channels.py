"""Ways out: which services an Apprise URL may lead to, and with which options."""

from collections.abc import Mapping
from urllib.parse import unquote

from models.enums import DeliveryMethod as Method
from models.errors import Fault

_MAIL = frozenset({"from", "name", "smtp", "mode", "reply", "user", "pass"})
_JSON = frozenset({"method"})
OPTIONS: Mapping[str, frozenset[str]] = {
    "mailto": _MAIL,
    "mailtos": _MAIL,
    "json": _JSON,
    "jsons": _JSON,
    "twilio": frozenset({"from", "sid", "token"}),
    "vonage": frozenset({"from", "key", "secret", "ttl"}),
    "nexmo": frozenset({"from", "key", "secret", "ttl"}),
    "ntfy": frozenset({"priority", "tags", "mode", "auth", "token"}),
    "ntfys": frozenset({"priority", "tags", "mode", "auth", "token"}),
    "gotify": frozenset({"priority"}),
    "gotifys": frozenset({"priority"}),
    "pover": frozenset({"priority", "sound"}),
    "pbul": frozenset(),
}
"""The services that there are, and the options of each.

All of them talk to a server: none reads files or runs programs, and no option makes one do so, or adds recipients.
"""

_OF_ALL = frozenset({"verify", "format", "cto", "rto"})
_MORE = "+:-"
"""What begins the names of headers, of fields of the payload and of the query."""

METHODS: Mapping[Method, tuple[str, ...]] = {
    Method.EMAIL: ("mailto", "mailtos", "json", "jsons"),
    Method.SMS: ("twilio", "vonage", "nexmo", "json", "jsons"),
    Method.PUSH: ("ntfy", "ntfys", "gotify", "gotifys", "pover", "pbul", "json", "jsons"),
    Method.IN_APP: (),
}
"""The services of each method."""


def faults_in_channel(method: Method, url: str) -> list[Fault]:
    """Find what is wrong with a way out, without showing it.

    Parameters
    ----------
    method
        What it is for.
    url
        As Apprise writes it.

    Returns
    -------
    The faults.
    """
    known = METHODS[method]
    if not known:
        return [
            Fault("delivery_method", f'"{method}"', "email, sms or push", "What is told in the app needs no way out.")
        ]
    scheme, found, rest = url.partition("://")
    if not found or scheme.lower() not in known:
        advice = "Write it as Apprise does, such as mailtos://user:password@mail.example.com."
        names = ", ".join(f"{name}://" for name in known)
        return [Fault("url", "(not shown)", f"an address that begins with {names}", advice)]
    allowed = OPTIONS[scheme.lower()] | _OF_ALL
    pairs = (pair.partition("=")[0] for pair in rest.partition("?")[2].split("&") if pair)
    names_given = [unquote(name).lower() for name in pairs]
    if any(name[:1] not in _MORE and name not in allowed for name in names_given):
        expected = f"no option of {scheme.lower()}:// but {', '.join(sorted(allowed))}"
        return [Fault("url", "(not shown)", expected, "Recipients follow from the notification.")]
    return []
