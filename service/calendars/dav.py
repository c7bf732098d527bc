"""Speaking CalDAV with one calendar: what changed since last time, files read and written under their ETags.

RFC 4791, with sync tokens (RFC 6578) where the server has them, and lists of ETags where it has none.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from models.errors import TidyplanError
from service.calendars.multistatus import (
    CALDAV,
    DAV,
    Found,
    Multistatus,
    multiget,
    propfind,
    read_multistatus,
)
from service.outgoing import Guard
from service.outgoing.sending import Answer, send

SECONDS = 30.0
MOST_BYTES = 20_000_000
AT_ONCE = 40
"""Files that are asked for at once."""

_XML = "application/xml; charset=utf-8"
_TEMPORARY = (408, 425, 429, 500, 502, 503, 504)


class Unwilling(TidyplanError):
    """The calendar server refuses, and will again: somebody has to change something."""


class Failing(TidyplanError):
    """The calendar server cannot answer at the moment."""


class Overtaken(TidyplanError):
    """The file has another ETag than expected, or is there although it should not be."""


class Gone(TidyplanError):
    """There is no such file."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to prove who asks.

    Parameters
    ----------
    username, password
        For Basic authentication.
    token
        A bearer token, which goes before them.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def headers(self) -> dict[str, str]:
        """The header that says so."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if self.username or self.password:
            pair = b64encode(f"{self.username}:{self.password}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        return {}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a calendar, as it was read."""

    etag: str
    content: bytes


class Collection:
    """One calendar on a server.

    Parameters
    ----------
    guard
        Says where requests may go.
    url
        Of the calendar.
    login
        Who asks.
    """

    def __init__(self, guard: Guard, url: str, login: Login) -> None:
        parts = urlsplit(url)
        self._guard, self._login, self._headers = guard, login, login.headers()
        self.home = f"{parts.scheme}://{parts.netloc}"
        self.path = normal(parts.path if parts.path.endswith("/") else f"{parts.path}/")

    def at(self, href: str) -> "Collection":
        """Another folder of the same server, whatever host an href names: nobody else is told the password."""
        return Collection(self._guard, f"{self.home}{normal(href)}", self._login)

    def name(self) -> str | None:
        """Read what the calendar is called; None if it is no calendar.

        Raises
        ------
        Unwilling, Gone, Failing
            If the server does not answer as it should.
        """
        found = self.properties(propfind("d:displayname", "d:resourcetype"), "0")
        here = next((each for each in found if normal(each.href) == self.path), None)
        return None if here is None or f"{{{CALDAV}}}calendar" not in here.kinds else here.text(DAV, "displayname")

    def properties(self, body: bytes, depth: str = "1") -> tuple[Found, ...]:
        """Ask for properties of the calendar and of its files."""
        return read_multistatus(self._ask("PROPFIND", self.path, body, 207, depth=depth).body).found

    def read(self, hrefs: Iterable[str]) -> Iterator[tuple[str, File | None]]:
        """Read some files.

        Parameters
        ----------
        hrefs
            Of files in this calendar.

        Yields
        ------
        Each href with its file; None if there is none.
        """
        wanted = sorted(set(hrefs))
        for first in range(0, len(wanted), AT_ONCE):
            some = wanted[first : first + AT_ONCE]
            answer = read_multistatus(self._ask("REPORT", self.path, multiget(some), 207, depth="1").body)
            told = {normal(each.href): each for each in answer.found}
            for href in some:
                yield href, _file(told[href]) if href in told else self.read_one(href)

    def read_one(self, href: str) -> File | None:
        """Read one file; None if there is none."""
        try:
            answer = self._ask("GET", href, None, 200)
        except Gone:
            return None
        return File(answer.headers.get("ETag", ""), answer.body)

    def write(self, href: str, content: bytes, etag: str | None) -> str:
        """Write a file.

        Parameters
        ----------
        href, content
            Where and what.
        etag
            What it must have at present; None if there must be none.

        Returns
        -------
        Its new ETag; "" if the server does not say.

        Raises
        ------
        Overtaken
            If it is not as expected.
        Gone
            If the calendar, or the file that was expected, is not there.
        """
        condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        answer = self._ask("PUT", href, content, 200, 201, 204, **headers)
        told = answer.headers.get("ETag", "")
        return "" if told.startswith("W/") else told

    def remove(self, href: str, etag: str) -> None:
        """Delete a file; one that is gone already is fine.

        Raises
        ------
        Overtaken
            If it has another ETag.
        """
        try:
            self._ask("DELETE", href, None, 200, 202, 204, **{"If-Match": etag})
        except Gone:
            return

    def holds(self, href: str) -> bool:
        """Tell whether a path is that of a file in the calendar."""
        return href.startswith(self.path) and href != self.path and not href.endswith("/")

    def asked(self, method: str, body: bytes, depth: str) -> Multistatus | None:
        """Ask something about the calendar that not every server answers; None where it refuses that very question.

        Raises
        ------
        Unwilling, Failing
            If the server does not answer at all.
        """
        answer = self._send(method, self.path, body, {"Depth": depth, "Content-Type": _XML})
        if answer.status == 207:
            return read_multistatus(answer.body)
        if answer.status in (401, 404, *_TEMPORARY):
            self._refuse(answer, method, self.path)
        return None

    def _ask(
        self, method: str, href: str, body: bytes | None, *expected: int, depth: str | None = None, **headers: str
    ) -> Answer:
        told = dict(headers) if depth is None else {"Depth": depth, "Content-Type": _XML, **headers}
        answer = self._send(method, href, body, told)
        if answer.status not in expected:
            self._refuse(answer, method, href)
        return answer

    def _send(self, method: str, href: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        url = f"{self.home}{href}"
        answer = send(
            self._guard,
            method,
            url,
            headers={**self._headers, **headers},
            body=body,
            seconds=SECONDS,
            most_bytes=MOST_BYTES,
        )
        if not answer.complete:
            raise Unwilling(f"{url} answers more than {MOST_BYTES} bytes. Divide the calendar.")
        return answer

    def _refuse(self, answer: Answer, method: str, href: str) -> None:
        status, place = answer.status, f"{self.home}{href}"
        if status == 412:
            raise Overtaken(f"{place} was changed meanwhile.")
        if status in (404, 409, 410):
            raise Gone(f"There is no {place}. Check the address of the calendar.")
        if status in (401, 403):
            raise Unwilling(f"{place} refuses {method} with {status}. Check the name, the password and the rights.")
        if status in _TEMPORARY:
            raise Failing(f"{place} answered {method} with {status}. Try again later.")
        raise Unwilling(f"{place} answered {method} with {status}. Check the address of the calendar.")


def normal(href: str) -> str:
    """Write an href as all hrefs are compared: a path, escaped in one way."""
    return quote(unquote(urlsplit(href).path), safe="/-._~!$&'()*+,;=:@")


def _file(found: Found) -> File | None:
    content = found.text(CALDAV, "calendar-data")
    return File(found.text(DAV, "getetag"), content.encode()) if found.status == 200 and content else None
