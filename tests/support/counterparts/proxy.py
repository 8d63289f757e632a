"""A proxy on loopback that takes every host for one server, and remembers who asked for which."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class Proxy:
    """`asked` has the head of every CONNECT (RFC 9110, section 9.3.6); `refusal` answers them."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    refusal: str = ""


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """Tunnels end at this port of the machine itself."""
    proxy = Proxy()

    class Tunnel(StreamRequestHandler):
        def handle(self) -> None:
            head = b"".join(iter(self.rfile.readline, b"\r\n")).decode()
            proxy.asked.append(head)
            if proxy.refusal:
                self.wfile.write(f"HTTP/1.1 {proxy.refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            with socket.create_connection(("127.0.0.1", port)) as server:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                back = Thread(target=_pass_on, args=(server, self.connection), daemon=True)
                back.start()
                _pass_on(self.connection, server)
                back.join(5)

    class Server(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Tunnel) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        proxy.address = f"127.0.0.1:{server.server_address[1]}"
        yield proxy
        server.shutdown()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
