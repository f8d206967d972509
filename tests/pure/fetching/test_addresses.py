"""Global unicast and nothing else."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims.fetching.addresses import PROVIDERS, SPECIAL4, SPECIAL6, refusal
from tests.pure.fetching.addresses_table import REACHED, REFUSED

V4 = st.ip_addresses(v=4)
# how one IPv4 address stands within an IPv6 address
FORMS = {
    "mapped": lambda ip, _: 0xFFFF << 32 | ip,
    "translated": lambda ip, _: 0xFFFF << 48 | ip,
    "compatible": lambda ip, _: ip,
    "nat64": lambda ip, _: 0x64FF9B << 96 | ip,
    "nat64, local": lambda ip, rest: 0x64FF9B0001 << 80 | rest % (1 << 48) << 32 | ip,
    "6to4": lambda ip, rest: 0x2002 << 112 | ip << 80 | rest % (1 << 80),
    "teredo, client": lambda ip, rest: 0x20010000 << 96 | rest % (1 << 64) << 32 | ip ^ 0xFFFFFFFF,
    "teredo, server": lambda ip, rest: 0x20010000 << 96 | ip << 64 | rest % (1 << 64),
    "isatap": lambda ip, rest: (1 << 125) + (rest % (1 << 61) << 64) | 0x5EFE << 32 | ip,
    "isatap, global": lambda ip, rest: (1 << 125) + (rest % (1 << 61) << 64) | 0x02005EFE << 32 | ip,
}


@pytest.mark.parametrize(("address", "reason"), REFUSED)
def test_is_refused_with_its_reason(address: str, reason: str) -> None:
    assert refusal(address) == reason


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    assert len({address for address, _ in REFUSED}) == len(REFUSED) >= 60


@pytest.mark.parametrize("address", REACHED)
def test_is_reached(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    "address",
    ["64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::127.0.0.1", "fec0::1", "168.63.129.16", "224.0.0.1", "ff0e::1"],
)
def test_what_python_calls_global_is_refused_all_the_same(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("network", [row[0] for row in PROVIDERS + SPECIAL4 + SPECIAL6])
def test_a_network_is_refused_from_its_first_address_to_its_last(network: str) -> None:
    net = ip_network(network)
    assert refusal(net[0])
    assert refusal(net[-1])


@pytest.mark.parametrize(
    "words", ["", "localhost", "127.1", "0x7f.0.0.1", "017.0.0.1", "1.2.3.4/32", "::1]", "１.1.1.1"]
)
def test_what_is_no_address_is_refused(words: str) -> None:
    assert refusal(words) == "not-an-address"


def test_addresses_may_come_as_objects() -> None:
    assert refusal(IPv4Address("10.0.0.1")) == "private"
    assert refusal(IPv6Address("2606:4700:4700::1111")) is None


@pytest.mark.parametrize("form", FORMS)
@given(ip=V4, rest=st.integers(0, (1 << 128) - 1))
@example(ip=IPv4Address("127.0.0.1"), rest=0)
@example(ip=IPv4Address("169.254.169.254"), rest=(1 << 128) - 1)
@example(ip=IPv4Address("93.184.216.34"), rest=1)
def test_no_form_of_ipv4_within_ipv6_is_reached(form: str, ip: IPv4Address, rest: int) -> None:
    assert refusal(IPv6Address(FORMS[form](int(ip), rest)))


@given(ip=st.ip_addresses())
def test_nothing_is_reached_that_python_would_not_reach(ip: IPv4Address | IPv6Address) -> None:
    if refusal(ip) is None:
        assert ip.is_global
        assert not ip.is_multicast
        assert not ip.is_reserved


@given(ip=st.ip_addresses(v=6))
def test_a_zone_is_never_reached(ip: IPv6Address) -> None:
    assert refusal(f"{ip}%eth0") == "zone"


@given(ip=st.ip_addresses())
def test_text_and_object_mean_the_same(ip: IPv4Address | IPv6Address) -> None:
    assert refusal(str(ip)) == refusal(ip) == refusal(ip_address(str(ip)))
