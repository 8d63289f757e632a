"""Addresses that mean another machine to everybody who asks: link-local, and clouds' metadata.

What answers there gives secrets of the machine to whoever can make it ask.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import inet_aton
from unicodedata import normalize

_NAMES = {"metadata.google.internal", "metadata", "instance-data", "instance-data.ec2.internal"}

# Amazon over IPv6, Alibaba, Oracle, and Azure's own endpoint beside 169.254.169.254.
_METADATA = {
    ip_address(text)
    for text in ("fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16")
}

# RFC 4291, section 2.5.5, and RFC 6052: an IPv4 address in the last four bytes.
_EMBEDDING = tuple(ip_network(text) for text in ("::/96", "::ffff:0:0/96", "64:ff9b::/96"))


def answers_within(host: str) -> bool:
    """Whether a name or an address, however it is written, is one of these. Nothing is looked up.

    2852039166, 0xa9fea9fe, 0251.0376.0251.0376 and ::ffff:169.254.169.254 are all the same one.
    """
    name = normalize("NFKC", host).replace("\u3002", ".").strip("[].").lower()
    address = _address(name)
    if address is None:
        return name in _NAMES
    return any(one.is_link_local or one in _METADATA for one in (address, _embedded(address)))


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name.partition("%")[0])
    except ValueError:
        pass
    try:
        return ip_address(inet_aton(name))
    except (OSError, ValueError):
        return None


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(address.packed[-4:])
    return address.sixtofour or address
