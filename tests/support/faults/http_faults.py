"""Faults of Graph's answers as a client's socket meets them: status, cut body, reset, silence."""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import sleep
from typing import Any

from werkzeug.wrappers import Request, Response

from support.counterparts.small_tenant import guid

Spoil = Callable[[Request, Response], Response]

TRICKLE_SECONDS = 0.1


def status(code: int, **headers: str) -> Spoil:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, sound: Response("{}", status=code, headers=named)


def body(text: str) -> Spoil:
    return lambda request, sound: Response(text, mimetype="application/json")


def changed(change: Callable[[dict[str, Any], Request], object]) -> Spoil:
    """Another JSON body; an answer that is none comes as it is."""

    def spoil(request: Request, sound: Response) -> Response:
        try:
            content = json.loads(sound.get_data())
        except ValueError:
            return sound
        if not isinstance(content, dict) or "value" not in content:
            return sound
        return Response(json.dumps(change(content, request)), mimetype="application/json")

    return spoil


def reset(request: Request, sound: Response) -> Response:
    """The connection is torn down instead of an answer."""
    wire: socket.socket = request.environ["werkzeug.socket"]
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()
    return sound


def reset_in_mid_body(request: Request, sound: Response) -> Response:
    content = sound.get_data()

    def half() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        reset(request, sound)

    return Response(half(), headers={"Content-Length": str(len(content) + 1)})


def silent(request: Request, sound: Response) -> Response:
    """Nothing comes for longer than the client waits."""
    sleep(4 * TRICKLE_SECONDS)
    return sound


def trickling(request: Request, sound: Response) -> Response:
    """A byte now and then: never silent for long, and never at an end."""

    def drops() -> Iterator[bytes]:
        for _ in range(30):
            yield b" "
            sleep(TRICKLE_SECONDS)

    return Response(drops(), headers={"Content-Length": "30"}, mimetype="application/json")


def _without_link(content: dict[str, Any], request: Request) -> object:
    return {name: value for name, value in content.items() if name != "@odata.nextLink"}


def _ids_alone(content: dict[str, Any], request: Request) -> object:
    told = ("id", "@odata.type")
    alone = [
        {name: value if name in told else None for name, value in item.items()}
        if isinstance(item, dict)
        else item
        for item in content["value"]
    ]
    return {**content, "value": alone}


TOMORROW = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
YESTERDAY = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)

FAULTS: dict[str, Spoil] = {
    "429": status(429),
    "429, Retry-After in seconds": status(429, Retry_After="1"),
    "429, Retry-After as a date": status(429, Retry_After=YESTERDAY),
    "429, Retry-After tomorrow": status(429, Retry_After=TOMORROW),
    "429, Retry-After absurd": status(429, Retry_After="soon"),
    "500": status(500),
    "502": status(502),
    "503": status(503),
    "504": status(504),
    "400": status(400),
    "401": status(401),
    "403": status(403),
    "404": status(404),
    "reset": reset,
    "reset in mid-body": reset_in_mid_body,
    "silence": silent,
    "trickling": trickling,
    "cut JSON": lambda request, sound: Response(
        sound.get_data()[:-20], mimetype="application/json"
    ),
    "empty body": body(""),
    "HTML with status 200": body("<html>Sign in</html>"),
    "another object": body('{"value": null}'),
    "an empty list": changed(lambda content, request: {"value": []}),
    "an empty page": changed(lambda content, request: {**content, "value": []}),
    "a lost nextLink": changed(_without_link),
    "ids alone": changed(_ids_alone),
    "everything twice": changed(
        lambda content, request: {**content, "value": content["value"] * 2}
    ),
    "a nextLink to itself": changed(
        lambda content, request: {**content, "@odata.nextLink": request.url}
    ),
    "a nextLink elsewhere": changed(
        lambda content, request: {**content, "@odata.nextLink": "https://thief.example/v1.0/x"}
    ),
    "somebody else": changed(
        lambda content, request: {**content, "value": [{"id": guid("nobody")}]}
    ),
}
"""What may become of an answer, by name."""
