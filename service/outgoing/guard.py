"""Where the service may connect to: not into the network it stands in, unless the settings allow it."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from models.errors import TidyplanError
from models.faults import describe

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WEB = ("http", "https")
"""The schemes of addresses that are allowed unless a caller names others."""

_PORTS = {"http": 80, "https": 443, "smtp": 25, "smtps": 465, "mailto": 25, "mailtos": 587}
_ODD = re.compile(r"[\s\\\x00-\x20\x7f]")
_NAME = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_MORE_REFUSED = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # a cloud's own services, at an address that looks public
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",  # what stands for addresses of IPv4, of whatever kind
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
)


class Refused(TidyplanError):
    """The service does not connect to that place."""


class Unreachable(TidyplanError):
    """Another system did not answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place to connect to, with the addresses that were checked.

    Parameters
    ----------
    scheme
        In small letters; "" if only a host was given.
    host
        In ASCII, in small letters, without brackets and without a dot at the end.
    port
        The port; 0 if it is not known.
    addresses
        What the name stands for; connect to these, and do not look it up again. Empty if it was not looked up.
    """

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """Says where the service may connect to.

    Parameters
    ----------
    hosts
        Names that are allowed whatever they stand for.
    networks
        Addresses that are allowed although they are not public.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, allowed: Iterable[str]) -> "Guard":
        """Make a guard that allows hosts and networks besides what is public.

        Parameters
        ----------
        allowed
            Names such as "mail.internal", addresses and networks such as "10.1.0.0/16".

        Returns
        -------
        The guard.

        Raises
        ------
        ValueError
            If one is neither.
        """
        hosts, networks = set(), []
        for text in allowed:
            try:
                networks.append(ip_network(text.strip("[]")))
            except ValueError:
                host = text.lower().rstrip(".")
                if not _NAME.fullmatch(host) or _is_numeric(host):
                    raise ValueError(f"{describe(text)} is neither a host nor a network such as 10.1.0.0/16.") from None
                hosts.add(host)
        return cls(frozenset(hosts), tuple(networks))

    def also(self, host: str) -> "Guard":
        """Make a guard that allows one more host, which whoever runs the service has named."""
        more = Guard.of([host])
        return Guard(self.hosts | more.hosts, self.networks + more.networks)

    def read(self, where: str, schemes: Iterable[str] = WEB) -> Target:
        """Read an address or a host, and refuse it if it says by itself that it leads where nothing may go.

        Parameters
        ----------
        where
            "https://example.com/hooks", or a host alone: "example.com", "[2606:4700::1111]".
        schemes
            Those that are allowed.

        Returns
        -------
        What it says; nothing was looked up.

        Raises
        ------
        Refused
            With the reason.
        """
        if not where or _ODD.search(where):
            raise Refused(f"{describe(where)} is no address: it is empty, or has spaces or backslashes. Check it.")
        scheme, host, port = _parts(where, tuple(schemes))
        address = _literal(host, where)
        if address is not None:
            self._ensure_allowed(address, host, where)
        elif not _NAME.fullmatch(host):
            raise Refused(f"{describe(host)} in {describe(where)} is no name of a host. Check the spelling.")
        return Target(scheme, host, port)

    def check(self, where: str, schemes: Iterable[str] = WEB) -> Target:
        """Look up where an address or a host leads to, and refuse what may not be connected to.

        Parameters
        ----------
        where, schemes
            As for `read`.

        Returns
        -------
        The place, with the addresses to connect to.

        Raises
        ------
        Refused
            If it is no address, leads to one that is not allowed, or has none.
        """
        target = self.read(where, schemes)
        try:
            found = socket.getaddrinfo(target.host, target.port or None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Refused(f"The host {target.host} cannot be found: {error}. Check its name.") from None
        self.ensure_allowed(target.host, (str(each[4][0]) for each in found))
        addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
        return Target(target.scheme, target.host, target.port, addresses)

    def ensure_allowed(self, host: str, addresses: Iterable[str]) -> None:
        """Refuse a host if one of the addresses that its name stands for is not allowed.

        Raises
        ------
        Refused
            With the address.
        """
        for text in addresses:
            self._ensure_allowed(ip_address(text), host, host)

    def _ensure_allowed(self, address: Address, host: str, where: str) -> None:
        if host.lower().rstrip(".") in self.hosts or any(address in network for network in self.networks):
            return
        if not is_public(address):
            leads = "is" if host == str(address) else f"leads to {address}, which is"
            raise Refused(
                f"{describe(where)} {leads} not a public address. Use a public one, or have TIDYPLAN_OUTGOING_ALLOW"
                " name the host or its network."
            )


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, and to nobody in particular in front of it.

    Parameters
    ----------
    address
        Of either version; one that stands for another one is not public.

    Returns
    -------
    Whether it is.
    """
    if isinstance(address, IPv6Address) and (address.scope_id or address.ipv4_mapped or address.is_site_local):
        return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    known = any(address.version == network.version and address in network for network in _MORE_REFUSED)
    return address.is_global and not (special or known)


def _parts(where: str, schemes: tuple[str, ...]) -> tuple[str, str, int]:
    """Split an address into scheme, host and port."""
    has_scheme = "://" in where
    try:
        parts = urlsplit(
            where if has_scheme else f"//{where if where.count(':') < 2 or '[' in where else f'[{where}]'}"
        )
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(f"{describe(where)} is no address: {error}. Check it.") from None
    if has_scheme and parts.scheme not in schemes:
        raise Refused(f"{describe(where)} begins with {parts.scheme}://. Use {' or '.join(schemes)}.")
    if "@" in parts.netloc:
        raise Refused(
            f"The address of {host or 'a host'} has a name or a password in it. Put them into their own fields."
        )
    if "%" in host:
        raise Refused(f"{describe(host)} has a zone or an escape in it. Write the host alone.")
    if not has_scheme and (parts.path or parts.query or parts.fragment):
        raise Refused(f"{describe(where)} is no host. Write a whole address, with {schemes[0]}://, or the host alone.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise Refused(f"{describe(host)} is no name of a host. Write it in ASCII, as xn--….") from None
    host = host.lower()
    return parts.scheme, host.removesuffix("."), port if port is not None else _PORTS.get(parts.scheme, 0)


def _is_numeric(host: str) -> bool:
    """Whether a host ends in a number, so that some would take it for an address."""
    return bool(_NUMBER.fullmatch(host.rpartition(".")[2]))


def _literal(host: str, where: str) -> Address | None:
    """Read a host that is an address, in the one notation that everybody reads alike."""
    try:
        return ip_address(host)
    except ValueError:
        if _is_numeric(host) or ":" in host:
            raise Refused(
                f"{describe(host)} in {describe(where)} is an address in an unusual notation."
                " Write it as four decimal numbers, such as 192.0.2.1, or as IPv6 in brackets."
            ) from None
        return None
