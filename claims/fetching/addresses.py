"""Which addresses may be reached (pure): global unicast and nothing else, by tables with their sources.

Python's `is_global` does not do: it lets NAT64, 6to4, IPv4-compatible and site-local addresses through, and
multicast, and knows of no provider's own addresses.
"""

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IANA4 = "IANA IPv4 Special-Purpose Address Registry"
IANA6 = "IANA IPv6 Special-Purpose Address Registry"
MULTICAST4 = "RFC 5771"
MULTICAST6 = "RFC 4291, 2.7"

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

# network, reason, source. The first that holds the address names the reason, so narrow ones stand first.
PROVIDERS: tuple[tuple[str, str, str], ...] = (
    ("169.254.169.254/32", "metadata", "AWS, Azure, Google Cloud, DigitalOcean, Hetzner, OpenStack: instance metadata"),
    ("169.254.169.253/32", "metadata", "AWS: resolver of a VPC"),
    ("169.254.169.123/32", "metadata", "AWS: time service"),
    ("169.254.170.2/32", "metadata", "AWS ECS: credentials of a task"),
    ("169.254.170.23/32", "metadata", "AWS EKS: credentials of a pod"),
    ("169.254.42.42/32", "metadata", "Scaleway: instance metadata"),
    ("169.254.0.23/32", "metadata", "Tencent Cloud: instance metadata"),
    ("168.63.129.16/32", "metadata", "Azure: WireServer, resolver and agent, an address from global space"),
    ("100.100.100.200/32", "metadata", "Alibaba Cloud: instance metadata"),
    ("100.88.222.5/32", "metadata", "Tencent Cloud: instance metadata, older"),
    ("192.80.8.124/32", "metadata", "Equinix Metal, once Packet: instance metadata, an address from global space"),
    ("192.0.0.192/32", "metadata", "Oracle Cloud, classic: instance metadata"),
    ("fd00:ec2::/32", "metadata", "AWS: instance metadata (::254), resolver (::253), time, EKS credentials (::23)"),
    ("fd20:ce::254/128", "metadata", "Google Cloud: instance metadata over IPv6"),
    ("fd00:c1::a9fe:a9fe/128", "metadata", "Oracle Cloud: instance metadata over IPv6"),
    ("fd00:42::42/128", "metadata", "Scaleway: instance metadata over IPv6"),
    ("fe80::a9fe:a9fe/128", "metadata", "OpenStack: instance metadata over IPv6"),
    ("199.36.153.4/30", "provider", "Google Cloud: restricted.googleapis.com, reached from inside only"),
    ("199.36.153.8/30", "provider", "Google Cloud: private.googleapis.com, reached from inside only"),
    ("2600:2d00:2:1000::/64", "provider", "Google Cloud: restricted.googleapis.com over IPv6"),
    ("2600:2d00:2:2000::/64", "provider", "Google Cloud: private.googleapis.com over IPv6"),
    ("161.26.0.0/16", "provider", "IBM Cloud: service endpoints, reached from inside only"),
    ("166.8.0.0/14", "provider", "IBM Cloud: service endpoints, reached from inside only"),
)
SPECIAL4: tuple[tuple[str, str, str], ...] = (
    ("0.0.0.0/8", "unspecified", IANA4),
    ("10.0.0.0/8", "private", IANA4),
    ("100.64.0.0/10", "shared", IANA4),
    ("127.0.0.0/8", "loopback", IANA4),
    ("169.254.0.0/16", "link-local", IANA4),
    ("172.16.0.0/12", "private", IANA4),
    ("192.0.0.0/24", "reserved", IANA4),
    ("192.0.2.0/24", "documentation", IANA4),
    ("192.31.196.0/24", "anycast", f"{IANA4}: AS112-v4, answers for private zones"),
    ("192.52.193.0/24", "anycast", f"{IANA4}: automatic multicast tunnels"),
    ("192.88.99.0/24", "6to4", f"{IANA4}: relays of 6to4, given up"),
    ("192.168.0.0/16", "private", IANA4),
    ("192.175.48.0/24", "anycast", f"{IANA4}: AS112, answers for private zones"),
    ("198.18.0.0/15", "benchmark", IANA4),
    ("198.51.100.0/24", "documentation", IANA4),
    ("203.0.113.0/24", "documentation", IANA4),
    ("224.0.0.0/4", "multicast", MULTICAST4),
    ("255.255.255.255/32", "broadcast", IANA4),
    ("240.0.0.0/4", "reserved", IANA4),
)
SPECIAL6: tuple[tuple[str, str, str], ...] = (
    ("::/128", "unspecified", IANA6),
    ("::1/128", "loopback", IANA6),
    ("::ffff:0:0/96", "mapped", IANA6),
    ("::ffff:0:0:0/96", "translated", "RFC 2765: IPv4-translated"),
    ("::/96", "compatible", "RFC 4291, 2.5.5.1: IPv4-compatible, given up"),
    ("64:ff9b::/96", "nat64", IANA6),
    ("64:ff9b:1::/48", "nat64", f"{IANA6}: prefix for local use"),
    ("100::/64", "reserved", f"{IANA6}: discarded"),
    ("100:0:0:1::/64", "reserved", f"{IANA6}: dummy prefix"),
    ("2001::/32", "teredo", IANA6),
    ("2001:2::/48", "benchmark", IANA6),
    ("2001:10::/28", "reserved", f"{IANA6}: ORCHID, given up"),
    ("2001:20::/28", "reserved", f"{IANA6}: ORCHIDv2"),
    ("2001::/23", "reserved", f"{IANA6}: protocol assignments"),
    ("2001:db8::/32", "documentation", IANA6),
    ("2002::/16", "6to4", IANA6),
    ("2620:4f:8000::/48", "anycast", f"{IANA6}: AS112, answers for private zones"),
    ("3ffe::/16", "reserved", "RFC 3701: 6bone, given up"),
    ("3fff::/20", "documentation", IANA6),
    ("5f00::/16", "reserved", f"{IANA6}: segment routing"),
    ("fc00::/7", "private", f"{IANA6}: unique local"),
    ("fe80::/10", "link-local", IANA6),
    ("fec0::/10", "site-local", "RFC 3879: given up, still routed inside by some"),
    ("ff00::/8", "multicast", MULTICAST6),
)
# RFC 4291, 2.4: all that IANA has given out as global unicast begins with 001
GLOBAL6 = ip_network("2000::/3")
# RFC 5214, 6.1: what stands before the IPv4 address that an ISATAP address tunnels to; the mask leaves out its u and g
ISATAP, ISATAP_MASK = 0x00005EFE, 0xFCFFFFFF


@cache
def _tables() -> dict[int, tuple[tuple[Network, str], ...]]:
    rows = [(ip_network(net), reason) for net, reason, _ in PROVIDERS + SPECIAL4 + SPECIAL6]
    return {version: tuple(row for row in rows if row[0].version == version) for version in (4, 6)}


def refusal(ip: str | Address) -> str | None:
    """Why this address may not be reached, as a stable code; None if it may. What is no address is refused too."""
    try:
        address = ip_address(ip)
    except ValueError:
        return "not-an-address"
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return "zone"
    for network, reason in _tables()[address.version]:
        if address in network:
            return reason
    return _refusal6(address) if isinstance(address, IPv6Address) else None


def _refusal6(address: IPv6Address) -> str | None:
    if address not in GLOBAL6:
        return "reserved"
    if (int(address) >> 32) & ISATAP_MASK == ISATAP:
        return "isatap"
    return None
