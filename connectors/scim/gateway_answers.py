"""Answers that no SCIM server gives, but whoever stands before it: redirects, and pages."""

from codecs import BOM_UTF8
from urllib.parse import urljoin, urlsplit

import requests

_PAGES = (b"<!doctype html", b"<html")


def said_by_another(response: requests.Response, content: bytes, base_url: str) -> str:
    """What such an answer is, in words, or "". A redirect is named, and never followed."""
    if response.is_redirect:
        return _moved(response.url, response.headers["Location"], base_url)
    if content[:1024].removeprefix(BOM_UTF8).lstrip().lower().startswith(_PAGES):
        return "a gateway or a sign-in page answered (HTML), and not the SCIM server"
    return ""


def _moved(asked: str, location: str, base_url: str) -> str:
    """Where all of the server has moved, that is what the configuration should say."""
    target = urljoin(asked, location)
    resource = urlsplit(asked).path.removeprefix(urlsplit(base_url).path)
    moved = urlsplit(target)._replace(query="", fragment="").geturl().rstrip("/")
    if moved.endswith(resource):
        return f"it has moved; set vendor.base_url to {moved.removesuffix(resource)}"
    return f"it redirects to {target}, which is no SCIM server's; look at vendor.base_url"
