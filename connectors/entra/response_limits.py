"""Reads each answer of Graph within its limits of size and number, before the SDK sees it."""

import httpx
from kiota_http.middleware.middleware import BaseMiddleware

from connectors.http.response_body import ACCEPTED, Body, Broken, Limits
from connectors.http.run_limits import Allowance


class Measured(BaseMiddleware):
    """The last of the SDK's middlewares. httpx itself would read an answer of any size.

    Raises `run_limits.NotTaken` beside what httpx raises.
    """

    def __init__(self, limits: Limits, allowance: Allowance) -> None:
        super().__init__()
        self._limits, self._allowance = limits, allowance

    async def send(
        self, request: httpx.Request, transport: httpx.AsyncBaseTransport
    ) -> httpx.Response:
        request.headers["Accept-Encoding"] = ACCEPTED
        response = await super().send(request, transport)
        try:
            body = Body(response.headers.get("Content-Encoding", ""), self._limits, self._allowance)
            async for piece in response.aiter_raw():
                body.add(piece)
            content = body.whole()
        except Broken as error:
            raise httpx.DecodingError(str(error), request=request) from error
        finally:
            await response.aclose()
        headers = httpx.Headers(response.headers)
        for unpacked in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(unpacked, None)
        return httpx.Response(
            response.status_code, headers=headers, content=content, request=request
        )
