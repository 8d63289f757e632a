"""No address of a metadata service is one of a vendor, of Graph or of an authority."""

import pytest
from pydantic import TypeAdapter, ValidationError

from config.field_types import Address
from config.link_local_addresses import answers_within


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "169.254.0.1",
        "2852039166",
        "0xa9fea9fe",
        "0xA9.0xFE.0xA9.0xFE",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.16689662",
        "169.254.169.254.",
        "\uff11\uff16\uff19.254.169.254",
        "169\u3002254\uff61169\uff0e254",
        "[fe80::1]",
        "fe80::1%eth0",
        "febf::",
        "[::ffff:169.254.169.254]",
        "::ffff:a9fe:a9fe",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "metadata.google.internal",
        "Metadata.Google.Internal.",
    ],
)
def test_a_metadata_service_is_no_address_however_it_is_written(host: str) -> None:
    assert answers_within(host)
    bracketed = f"[{host}]" if ":" in host and "[" not in host else host
    with pytest.raises(ValidationError, match="answers within a machine"):
        TypeAdapter(Address).validate_python(f"https://{bracketed}/scim/v2")


@pytest.mark.parametrize(
    "host",
    ["scim.example", "169.253.169.254", "10.0.0.1", "127.0.0.1", "::1", "fd00::1", "168.63.129.17",
     "2001:db8::a9fe:a9fe", "metadata.example", "metadata.google.internal.example"],
)  # fmt: skip
def test_other_addresses_are_a_matter_of_the_network(host: str) -> None:
    assert not answers_within(host)
