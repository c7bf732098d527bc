"""Where the service may connect to: every notation of an address that is not public is refused."""

import ipaddress
import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, strategies as st

from service.outgoing.guard import Guard, Refused, is_public
from service.outgoing.watching import watched

NOTHING_ALLOWED = Guard()
LOOPBACK = Guard.of(["127.0.0.0/8"])

REFUSED = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://127.0.0.1.:80/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://example.com@127.0.0.1/",
    "http://user:password@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1%2eexample.com/",
    "http:// 127.0.0.1/",
    "http://127.0.0.1\t/",
    "http://[::1/",
    "http://example.com:99999/",
    "http://exa mple.com/",
    "http://-example.com/",
    "http:///etc/passwd",
    "http:example.com",
    "file:///etc/passwd",
    "gopher://example.com/",
    "ftp://example.com/",
    "//example.com/",
    "",
)


@pytest.mark.parametrize("where", REFUSED)
def test_addresses_that_are_not_public_are_refused(where: str) -> None:
    with pytest.raises(Refused):
        NOTHING_ALLOWED.check(where)


@given(st.ip_addresses(v=4), st.data())
def test_every_notation_of_an_address_of_ipv4_is_judged_alike(address: IPv4Address, data: st.DataObject) -> None:
    plain = int(address)
    first, rest = plain >> 24, plain & 0xFFFFFF
    odd = data.draw(
        st.sampled_from(
            [str(plain), hex(plain), f"0{plain:o}", f"{first}.{rest}", f"{first:#x}.{rest}", f"[::{address}]"]
        )
    )
    with pytest.raises(Refused):
        NOTHING_ALLOWED.read(f"http://{odd}/")
    if is_public(address):
        assert NOTHING_ALLOWED.read(f"http://{address}./x").host == str(address)
    else:
        with pytest.raises(Refused):
            NOTHING_ALLOWED.read(f"http://{address}/")


@given(st.ip_addresses(v=4))
def test_no_address_of_ipv6_that_stands_for_one_of_ipv4_is_public(address: IPv4Address) -> None:
    tail = int(address)
    for network in ("::ffff:0:0", "64:ff9b::", "::"):
        assert not is_public(IPv6Address(int(IPv6Address(network)) | tail))
    assert not is_public(IPv6Address((0x2002 << 112) | (tail << 80)))


@given(st.ip_addresses())
def test_what_is_public_is_global(address: IPv4Address | IPv6Address) -> None:
    assert not is_public(address) or (address.is_global and not address.is_multicast)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for where in (text, f"http://{text}/"):
        try:
            host = NOTHING_ALLOWED.read(where).host
        except Refused:
            continue
        assert host == host.lower()
        assert host.isascii()


def test_public_addresses_are_allowed() -> None:
    assert NOTHING_ALLOWED.check("https://8.8.8.8/hook").addresses == ("8.8.8.8",)
    assert NOTHING_ALLOWED.check("https://[2606:4700::1111]:8443/").port == 8443
    assert NOTHING_ALLOWED.read("https://Bücher.Example./x").host == "xn--bcher-kva.example"


def test_a_host_may_be_named_without_a_scheme() -> None:
    assert NOTHING_ALLOWED.read("mail.example.com:25").port == 25
    assert NOTHING_ALLOWED.read("2606:4700::1111").host == "2606:4700::1111"
    with pytest.raises(Refused):
        NOTHING_ALLOWED.read("example.com/path")


def test_callers_name_other_schemes() -> None:
    assert NOTHING_ALLOWED.read("smtp://mail.example.com", ("smtp",)).port == 25
    with pytest.raises(Refused, match="Use smtp"):
        NOTHING_ALLOWED.read("https://mail.example.com", ("smtp",))


def test_the_settings_allow_hosts_addresses_and_networks() -> None:
    assert LOOPBACK.check("http://127.0.0.1/").addresses == ("127.0.0.1",)
    assert Guard.of(["localhost"]).check("http://localhost./").host == "localhost"
    assert Guard.of(["10.1.2.3"]).read("http://10.1.2.3/").host == "10.1.2.3"
    with pytest.raises(Refused):
        Guard.of(["10.1.2.3"]).read("http://10.1.2.4/")
    assert Guard().also("127.0.0.1").check("127.0.0.1").addresses == ("127.0.0.1",)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "a b", "2130706433", "http://x", ""])
def test_what_is_no_host_and_no_network_cannot_be_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="neither a host nor a network"):
        Guard.of([text])


def test_a_name_with_one_address_that_is_not_public_is_refused() -> None:
    with pytest.raises(Refused, match=r"leads to 10\.0\.0\.1"):
        NOTHING_ALLOWED.ensure_allowed("example.com", ["8.8.8.8", "10.0.0.1"])


def test_unknown_hosts_are_refused_in_words() -> None:
    with pytest.raises(Refused, match=r"nowhere\.invalid cannot be found"):
        NOTHING_ALLOWED.check("https://nowhere.invalid/")


def test_what_libraries_look_up_is_watched_in_this_thread_only() -> None:
    found = []
    with watched(NOTHING_ALLOWED):
        with pytest.raises(Refused):
            socket.create_connection(("localhost", 9))
        other = threading.Thread(target=lambda: found.extend(socket.getaddrinfo("localhost", 9)))
        other.start()
        other.join()
        with watched(LOOPBACK.also("localhost")):
            assert socket.getaddrinfo("localhost", 9)
    assert found
    assert socket.getaddrinfo("localhost", 9)


def test_addresses_of_documentation_are_not_public() -> None:
    for text in ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"):
        assert not is_public(ip_address(text))
    assert is_public(ipaddress.ip_address("1.1.1.1"))
