"""The settings of a vendor at some address."""

from pathlib import Path

from config.vendor import VendorSettings


def vendor_at(base_url: str, folder: Path) -> VendorSettings:
    """Its token is canary-token, in a file of the folder."""
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text("canary-token")
    return VendorSettings.model_validate(
        {
            "name": "ZoomInfo",
            "base_url": base_url,
            "token": f"file:{token}",
            "token_issued": "2026-09-01",
            "token_lifetime": "90d",
            "managed_through_idp": True,
            "max_requests_per_second": 1000,
        }
    )
