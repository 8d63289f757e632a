"""The JSON body of a response, with secrets masked before anything else sees it."""

from codecs import BOM_UTF8
from typing import Any

import orjson

from config.secret_redaction import LONG, without_secrets


def json_of(content: bytes) -> Any:
    """The JSON with `***` in place of every secret that it repeats; None if it is not JSON.

    It is looked through as orjson writes it: however it was escaped, a secret stands in it plainly.
    A byte order mark is no part of it (RFC 8259, section 8.1).
    """
    try:
        body = orjson.loads(content.removeprefix(BOM_UTF8))
        plain = orjson.dumps(body).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the latter: nested too deeply
        return None
    clean = without_secrets(plain, LONG)
    return body if clean == plain else orjson.loads(clean)
