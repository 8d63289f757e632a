"""Reads the sign-ins to an enterprise application, and proves that none is missing.

Graph: "List signIns" (v1.0), the newest first: interactive ones, and successful federated ones.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.audit_logs.sign_ins.sign_ins_request_builder import SignInsRequestBuilder

from connectors.entra.answers import Json, with_ids
from connectors.entra.reading.find_set_groups import quote
from connectors.entra.transport import GraphTransport
from connectors.errors import CounterpartError, Unreachable
from connectors.id_validation import is_object_id
from reconciler.model.phrasing import Plural
from reconciler.model.sign_ins import SignIn, SignInsRead

PAGE = 250
"""Sign-ins in one page. Graph gives up to 1,000, each of some kilobytes, and an answer is taken up
to a size (`transport.LIMITS`)."""

LATE = timedelta(hours=3)
"""So long after it a sign-in may come into the log, and so between two readings of it."""

Query = SignInsRequestBuilder.SignInsRequestBuilderGetQueryParameters


async def read_sign_ins(
    transport: GraphTransport, application: str, since: datetime, now: datetime
) -> SignInsRead:
    """All pages from `since` to `now`, read twice: Graph does not count sign-ins, so the reading is
    whole if both have the same ones, but for those that came in between.

    A fault of the second reading leaves those of the first, unproven.

    Raises:
        CounterpartError: of the first, see `GraphTransport.pages`.
    """
    first = await _list(transport, application, since)
    try:
        second = await _list(transport, application, since)
    except CounterpartError as error:
        return SignInsRead(now, tuple(first.values()), str(error))
    lost = first.keys() - second.keys()
    new = [one for key, one in second.items() if key not in first and one.at < now - LATE]
    differ = len(lost) + len(new)
    because = f"two readings differ in {Plural(differ):sign-in|sign-ins}" if differ else ""
    return SignInsRead(now, tuple((first | second).values()), because)


async def are_there_sign_ins(transport: GraphTransport, application: str) -> bool:
    """Asks for the newest one alone; raises as `GraphTransport.pages`."""
    pages = transport.pages(_asked(transport, f"appId eq {quote(application)}", top=1))
    return bool((await anext(pages)).resources)


async def _list(transport: GraphTransport, application: str, since: datetime) -> dict[str, SignIn]:
    begins = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"appId eq {quote(application)} and createdDateTime ge {begins}"
    found: list[Json] = await transport.collected(
        _asked(transport, text, PAGE), list, lambda all_, page: all_.extend(page.resources)
    )
    return {one.id: one for one in map(_sign_in, with_ids(found))}


def _asked(transport: GraphTransport, text: str, top: int) -> RequestInformation:
    return transport.graph.audit_logs.sign_ins.to_get_request_information(
        RequestConfiguration(query_parameters=Query(filter=text, top=top))
    )


def _sign_in(item: Json) -> SignIn:
    """Of a failed one Graph may not know the user; then that is ""."""
    user, status = item.get("userId") or "", item.get("status")
    code = status.get("errorCode") if isinstance(status, dict) else None
    if not isinstance(code, int) or not (is_object_id(user) or (code and not user)):
        raise Unreachable("reading a page", "a sign-in has no user or no status")
    return SignIn(item["id"], user.lower(), _moment(item.get("createdDateTime")), code == 0)


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Unreachable("reading a page", "a sign-in has no time") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
