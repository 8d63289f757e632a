"""The buttons of the portal's page: the guide's own, and what may happen while one rehearses.

Each is a real change of the tenant or the vendor, takes a form's fields, and says what it did.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connectors.sandbox.admin_portal import Portal, PortalError
from connectors.sandbox.availability import Availability, Pace
from connectors.sandbox.portal_json import called
from connectors.sandbox.tenant import Resource, Tenant

Form = Mapping[str, Any]

PACES = {
    Pace.QUICK: "is quick again.",
    Pace.SLOW: "is slow: it answers every other request with 429, wait a second.",
    Pace.DOWN: "is down: it answers every request with 503, come back in an hour.",
}


_NAMES = ("id", "userPrincipalName", "displayName")


class PortalForms:
    """`buttons` by the path that a button's form is sent to. One that refuses its form raises
    PortalError, and nothing was changed.
    """

    def __init__(
        self, portal: Portal, tenant: Tenant, vendor: Availability, graph: Availability
    ) -> None:
        self._portal, self._tenant = portal, tenant
        self.buttons: dict[str, Callable[[Form], str]] = {
            "/new-token": self._new_token,
            "/delete-token": self._delete_token,
            "/create-set": self._create_set,
            "/switch": self._switch,
            "/expire-token": self._expire_token,
            "/pace": partial(_set_pace, "The vendor", vendor),
            "/graph-pace": partial(_set_pace, "Microsoft Graph", graph),
            "/leave": self._leave,
            "/return": self._return,
            "/rename-group": self._rename_group,
        }

    def _new_token(self, form: Form) -> str:
        self._portal.generate_token(form.get("lifetime", ""))
        return "There is a new API token; the previous one is invalid."

    def _delete_token(self, _: Form) -> str:
        self._portal.delete_token()
        return "The API token was deleted: nobody connects before there is a new one."

    def _expire_token(self, _: Form) -> str:
        self._portal.expire_token()
        return "The API token has expired."

    def _create_set(self, form: Form) -> str:
        name = form.get("name", "")
        products = tuple(form["products"])
        self._portal.create_set(name, form.get("description", ""), products, "admin" in form)
        return f'There is a subscription set "{name}".'

    def _switch(self, form: Form) -> str:
        if form.get("to") not in {"on", "off"}:
            raise PortalError("Manage Users through IdP: on or off")
        self._portal.managed_through_idp = form["to"] == "on"
        return f"Manage Users through IdP is {form['to']}."

    def _leave(self, form: Form) -> str:
        user = _found(self._tenant.users, form.get("user", ""), "user")
        self._tenant.delete_user(user["id"])
        return f"{called(user)} left: deleted in Entra ID."

    def _return(self, form: Form) -> str:
        user = _found(self._tenant.deleted, form.get("user", ""), "deleted user")
        self._tenant.restore_user(user["id"])
        return f"{called(user)} is back: restored in Entra ID, in the same groups."

    def _rename_group(self, form: Form) -> str:
        group, name = _found(self._tenant.groups, form.get("group", ""), "group"), form.get("name")
        if not name:
            raise PortalError("Name of the group: there is none")
        self._tenant.rename_group(group["id"], name)
        return f'The group "{group["displayName"]}" is called "{name}" in Entra ID.'


def _set_pace(server: str, availability: Availability, form: Form) -> str:
    try:
        availability.pace = Pace(form.get("to", ""))
    except ValueError:
        raise PortalError(f"{server}: {', '.join(Pace)}") from None
    return f"{server} {PACES[availability.pace]}"


def _found(those: Mapping[str, Resource], wanted: str, kind: str) -> Resource:
    """By id, user principal name or display name."""
    for resource in those.values():
        if wanted in {resource[name] for name in _NAMES if name in resource}:
            return resource
    raise PortalError(f'There is no {kind} "{wanted}" in Entra ID')
