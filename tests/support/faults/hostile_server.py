"""A server that answers with any bytes, for as long as somebody listens."""

import socket
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import repeat
from threading import Event, Thread
from time import sleep
from typing import BinaryIO

MB = 1 << 20
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"

Pieces = Iterable[bytes]
Answer = Callable[[str], Pieces]
"""What to send, of the path that is asked for."""


def answering(answer: Answer, tls: ssl.SSLContext | None = None) -> AbstractContextManager[int]:
    """The port, on loopback, of a server that is asked before it answers."""

    def talk(line: socket.socket) -> Iterator[tuple[socket.socket, bytes]]:
        with tls.wrap_socket(line, server_side=True) if tls else line as secure:
            for piece in answer(_path(secure.makefile("rb"))):
                yield secure, piece

    return _serving(talk)


def trickling(content: bytes) -> AbstractContextManager[int]:
    """The port of a server that says this to whoever comes, slowly, before it is asked."""

    def talk(line: socket.socket) -> Iterator[tuple[socket.socket, bytes]]:
        with line:
            for piece in slowly(content):
                yield line, piece

    return _serving(talk)


@contextmanager
def _serving(
    talk: Callable[[socket.socket], Iterable[tuple[socket.socket, bytes]]],
) -> Iterator[int]:
    over = Event()

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            Thread(target=send, args=(line,), daemon=True).start()

    def send(line: socket.socket) -> None:
        try:
            for through, piece in talk(line):
                if over.is_set():
                    return
                through.sendall(piece)
        except OSError:
            pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)


def _path(request: BinaryIO) -> str:
    """Of a request that is read to its end.

    Raises:
        ConnectionResetError: the client has hung up before it asked.
    """
    asked = request.readline().decode().split(" ")
    if len(asked) < 2:
        raise ConnectionResetError
    path, length = asked[1], 0
    while line := request.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    request.read(length)
    return path.partition("?")[0]


def body(content: Pieces, encoding: str = "") -> Pieces:
    """Until the connection ends."""
    yield OK + (f"Content-Encoding: {encoding}\r\n\r\n" if encoding else "\r\n").encode()
    yield from content


def bomb(megabytes: int) -> Pieces:
    """As many megabytes of blanks in gzip: a thousandth of that on the wire."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    first = packer.compress(b" " * MB) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * MB) + packer.flush(zlib.Z_FULL_FLUSH)
    yield first
    yield from repeat(again, megabytes - 1)


def slowly(content: bytes, seconds: float = 0.05) -> Pieces:
    for at in range(len(content)):
        yield content[at : at + 1]
        sleep(seconds)


def values(megabytes: float) -> Pieces:
    """JSON that takes thirty times as much memory as it has bytes."""
    yield b'{"value":['
    yield from repeat(b"[]," * 1024, int(megabytes * MB / 3072))
    yield b"[]]}"


def wide(megabytes: int) -> Pieces:
    """JSON whose text takes four bytes for each character, because of one."""
    yield '{"value":["\N{GRINNING FACE}'.encode()
    yield from repeat(b"x" * MB, megabytes)
    yield b'"]}'
