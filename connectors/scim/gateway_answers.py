"""Answers of a gateway in front of the SCIM server: redirects, and web pages."""

from codecs import BOM_UTF8
from urllib.parse import urljoin, urlsplit

import requests

_PAGES = (b"<!doctype html", b"<html")


def said_by_another(response: requests.Response, content: bytes, base_url: str) -> str:
    """In words, what such an answer is, or "". A redirect is reported, and never followed."""
    if response.is_redirect:
        return _moved(response.url, response.headers["Location"], base_url)
    if content[:1024].removeprefix(BOM_UTF8).lstrip().lower().startswith(_PAGES):
        return "a gateway or a sign-in page answered (HTML), and not the SCIM server"
    return ""


def _moved(asked: str, location: str, base_url: str) -> str:
    """In words, where the redirect leads; the new base address, if the whole server has moved."""
    target = urljoin(asked, location)
    resource = urlsplit(asked).path.removeprefix(urlsplit(base_url).path)
    moved = urlsplit(target)._replace(query="", fragment="").geturl().rstrip("/")
    if moved.endswith(resource):
        return f"it has moved; set vendor.base_url to {moved.removesuffix(resource)}"
    return f"it redirects to {target}, which is no SCIM server's; look at vendor.base_url"
