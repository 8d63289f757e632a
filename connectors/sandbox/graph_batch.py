"""Graph's JSON batching: requests in a request, each answered as if it had come by itself."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Request, Response

MOST = 20


def answer_each(request: Request, answer: Callable[[Request], Response]) -> list[dict[str, Any]]:
    """The answers, the last first: Graph gives them in any order.

    Raises:
        ValueError: the batch is malformed, or too large.
    """
    try:
        items = request.get_json()["requests"]
        inner = {item["id"]: _inner(request, item) for item in items}
    except (KeyError, TypeError) as error:
        raise ValueError("The batch is malformed.") from error
    if len(inner) != len(items) or len(items) > MOST:
        raise ValueError(f"A batch has at most {MOST} requests, each with an id of its own.")
    return [_told(key, answer(one)) for key, one in reversed(inner.items())]


def _inner(request: Request, item: dict[str, Any]) -> Request:
    path, _, query = item["url"].partition("?")
    body = json.dumps(item["body"]).encode() if "body" in item else b""
    return Request(
        {
            **request.environ,
            "REQUEST_METHOD": item["method"],
            "PATH_INFO": f"/v1.0{path}",
            "QUERY_STRING": query,
            "CONTENT_TYPE": item.get("headers", {}).get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
    )


def _told(key: str, response: Response) -> dict[str, Any]:
    content = response.get_data(as_text=True)
    try:
        body = json.loads(content)
    except ValueError:
        body = content
    headers = dict(response.headers)
    return {"id": key, "status": response.status_code, "headers": headers, "body": body}
