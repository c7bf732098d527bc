"""What a CalDAV server answers: a list of resources with some of their properties (RFC 4918)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from models.errors import TidyplanError

DAV, CALDAV, SERVER = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
_NAMES = f'xmlns:d="{DAV}" xmlns:c="{CALDAV}" xmlns:s="{SERVER}"'


class BadAnswer(TidyplanError):
    """A server answered what is no answer to what it was asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """One resource of an answer.

    Parameters
    ----------
    href
        As the server writes it.
    status
        Its own status; 200 if it only has properties.
    properties
        Texts by name, as `{namespace}name`; of properties that it has.
    kinds
        What kinds of resources it is, likewise.
    """

    href: str
    status: int = 200
    properties: dict[str, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()

    def text(self, namespace: str, name: str) -> str:
        """Read a property; "" if it has none."""
        return self.properties.get(f"{{{namespace}}}{name}", "")


@dataclass(frozen=True, slots=True)
class Multistatus:
    """A whole answer.

    Parameters
    ----------
    found
        The resources.
    token
        The sync token, if there is one.
    """

    found: tuple[Found, ...]
    token: str = ""


def read_multistatus(body: bytes) -> Multistatus:
    """Read an answer.

    Raises
    ------
    BadAnswer
        If it is none.
    """
    # No entities, no network, and none of the limits lifted: the server is not to be trusted.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswer(f"The calendar server answered what is no XML: {error}. Check the address.") from None
    if root is None or root.tag != f"{{{DAV}}}multistatus":
        tag = "nothing" if root is None else str(root.tag)[:100]
        raise BadAnswer(f"The calendar server answered {tag} instead of a multistatus. Check the address.")
    return Multistatus(tuple(_resources(root)), (root.findtext(f"{{{DAV}}}sync-token") or "").strip())


def sync_collection(token: str) -> bytes:
    """Ask what changed since a token; since ever without one."""
    return _document(
        "d:sync-collection",
        f"<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop>",
    )


def multiget(hrefs: list[str]) -> bytes:
    """Ask for some files."""
    wanted = "".join(f"<d:href>{escape(href)}</d:href>" for href in hrefs)
    return _document("c:calendar-multiget", f"<d:prop><d:getetag/><c:calendar-data/></d:prop>{wanted}")


def propfind(*names: str) -> bytes:
    """Ask for properties, such as "d:getetag"."""
    return _document("d:propfind", f"<d:prop>{''.join(f'<{name}/>' for name in names)}</d:prop>")


def _document(name: str, content: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><{name} {_NAMES}>{content}</{name}>'.encode()


def _resources(root: "etree._Element") -> Iterator[Found]:
    for response in root.iterchildren(f"{{{DAV}}}response"):
        href = (response.findtext(f"{{{DAV}}}href") or "").strip()
        own = response.findtext(f"{{{DAV}}}status")
        properties: dict[str, str] = {}
        kinds: set[str] = set()
        for part in response.iterchildren(f"{{{DAV}}}propstat"):
            if _status(part.findtext(f"{{{DAV}}}status")) // 100 == 2:
                for each in part.iterfind(f"{{{DAV}}}prop/*"):
                    properties[str(each.tag)] = "".join(str(text) for text in each.itertext()).strip()
                    if each.tag == f"{{{DAV}}}resourcetype":
                        kinds |= {str(kind.tag) for kind in each}
        if href:
            yield Found(href, 200 if own is None else _status(own), properties, frozenset(kinds))


def _status(line: str | None) -> int:
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0
