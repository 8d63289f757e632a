"""The properties of a user in Microsoft Graph, as `$select` takes them.

From the table "Properties" of Graph's page "user resource type" (v1.0). Relationships, such as
manager, are none of them: `$select` does not read these.
"""

import re
from typing import Any

IS_SOFT_DELETED = "IsSoftDeleted"
"""Entra computes it: deleted, disabled, or out of scope ("Customize user provisioning
attribute-mappings")."""

# What mapping expressions call otherwise than Graph ("Property differences between Azure AD Graph
# and Microsoft Graph"), and the user principal name as it is ("How provisioning works", B2B users).
_GRAPH_PROPERTIES = {
    "objectId": "id",
    "originalUserPrincipalName": "userPrincipalName",
    "dirSyncEnabled": "onPremisesSyncEnabled",
    "facsimileTelephoneNumber": "faxNumber",
    "immutableId": "onPremisesImmutableId",
    "lastDirSyncTime": "onPremisesLastSyncDateTime",
    "mobile": "mobilePhone",
    "physicalDeliveryOfficeName": "officeLocation",
}

ENTRA_NAMES = frozenset({*_GRAPH_PROPERTIES, IS_SOFT_DELETED})
"""What only mapping expressions call so."""

USER_PROPERTIES = frozenset(
    [
        "aboutMe",
        "accountEnabled",
        "ageGroup",
        "assignedLicenses",
        "assignedPlans",
        "birthday",
        "businessPhones",
        "city",
        "companyName",
        "consentProvidedForMinor",
        "country",
        "createdDateTime",
        "creationType",
        "customSecurityAttributes",
        "deletedDateTime",
        "department",
        "displayName",
        "employeeHireDate",
        "employeeId",
        "employeeLeaveDateTime",
        "employeeOrgData",
        "employeeType",
        "externalUserState",
        "externalUserStateChangeDateTime",
        "faxNumber",
        "givenName",
        "hireDate",
        "id",
        "identities",
        "identityParentId",
        "imAddresses",
        "interests",
        "isManagementRestricted",
        "isResourceAccount",
        "jobTitle",
        "lastPasswordChangeDateTime",
        "legalAgeGroupClassification",
        "licenseAssignmentStates",
        "mail",
        "mailboxSettings",
        "mailNickname",
        "mobilePhone",
        "mySite",
        "officeLocation",
        "onPremisesDistinguishedName",
        "onPremisesDomainName",
        "onPremisesExtensionAttributes",
        "onPremisesImmutableId",
        "onPremisesLastSyncDateTime",
        "onPremisesProvisioningErrors",
        "onPremisesSamAccountName",
        "onPremisesSecurityIdentifier",
        "onPremisesSyncEnabled",
        "onPremisesUserPrincipalName",
        "otherMails",
        "passwordPolicies",
        "passwordProfile",
        "pastProjects",
        "postalCode",
        "preferredDataLocation",
        "preferredLanguage",
        "preferredName",
        "provisionedPlans",
        "proxyAddresses",
        "responsibilities",
        "schools",
        "securityIdentifier",
        "serviceProvisioningErrors",
        "showInAddressList",
        "signInActivity",
        "signInSessionsValidFromDateTime",
        "skills",
        "state",
        "streetAddress",
        "surname",
        "usageLocation",
        "userPrincipalName",
        "userType",
    ]
)

MULTI_VALUED = frozenset(
    [
        "businessPhones",
        "imAddresses",
        "interests",
        "otherMails",
        "pastProjects",
        "proxyAddresses",
        "responsibilities",
        "schools",
        "skills",
    ]
)
"""Of these a user has a list of texts."""

STRUCTURED_PROPERTIES = MULTI_VALUED | {
    "assignedLicenses",
    "assignedPlans",
    "customSecurityAttributes",
    "employeeOrgData",
    "identities",
    "licenseAssignmentStates",
    "mailboxSettings",
    "onPremisesExtensionAttributes",
    "onPremisesProvisioningErrors",
    "passwordProfile",
    "provisionedPlans",
    "serviceProvisioningErrors",
    "signInActivity",
}
"""Those of them that are collections, or objects with parts."""

# Graph, "Add custom data to resources by using extensions": the id is the app's, without hyphens.
_DIRECTORY_EXTENSION = re.compile(r"extension_[0-9A-Fa-f]{32}_\w+")


_EXCHANGE = "onPremisesExtensionAttributes"

EXTENSION_ATTRIBUTES = frozenset(f"extensionAttribute{number}" for number in range(1, 16))
"""Exchange's, which mapping expressions name as if they were properties of the user."""


def is_user_property(name: str) -> bool:
    """A property that every user has, or one that an app has added to the tenant's users."""
    known = name in USER_PROPERTIES or name in EXTENSION_ATTRIBUTES
    return known or bool(_DIRECTORY_EXTENSION.fullmatch(name))


def selectable(name: str) -> str:
    """What `$select` has to name so that Graph sends this property."""
    return _EXCHANGE if name in EXTENSION_ATTRIBUTES else name


def flattened(user: dict[str, Any]) -> dict[str, Any]:
    """A user as Graph sends it, with Exchange's attributes beside its properties."""
    inner = user.get(_EXCHANGE)
    return {**user, **inner} if isinstance(inner, dict) else user


def graph_property(name: str) -> str:
    """What Graph calls an attribute of a mapping expression."""
    return _GRAPH_PROPERTIES.get(name, name)
