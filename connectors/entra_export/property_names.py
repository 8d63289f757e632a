"""What an export's keys and columns may be called: by Graph's names, and a few of our own.

Properties alone: a relationship such as ``memberOf`` says nothing that is read here, and must not
look as if it did.
"""

from config.graph_user import EXTENSION_ATTRIBUTES, USER_PROPERTIES, is_user_property
from connectors.files.column_names import ColumnNames

# What the Entra admin center's "Download users" has beside them.
FURTHER = (
    "alternateEmailAddress",
    "directorySynced",
    "identityIssuer",
    "invitationState",
    "telephoneNumber",
)

# Microsoft Graph v1.0, "group resource type".
GROUP = """
allowExternalSenders assignedLabels assignedLicenses autoSubscribeNewMembers classification
createdDateTime creationOptions deletedDateTime description displayName expirationDateTime
groupTypes hasMembersWithLicenseErrors hideFromAddressLists hideFromOutlookClients id infoCatalogs
isArchived isAssignableToRole isManagementRestricted isSubscribedByMail licenseProcessingState mail
mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesDomainName
onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesProvisioningErrors
onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncBehavior onPremisesSyncEnabled
organizationId preferredDataLocation preferredLanguage proxyAddresses renewedDateTime
resourceBehaviorOptions resourceProvisioningOptions securityEnabled securityIdentifier
serviceProvisioningErrors theme uniqueName unseenCount visibility writebackConfiguration
"""


class UserNames(ColumnNames):
    """Of a user, where apps may have added properties of their own to a tenant's."""

    def known(self, given: str) -> str:
        """As `ColumnNames.known`; such a property is known as it is written."""
        name = given.strip()
        return name if is_user_property(name) else super().known(given)


_USER = (*sorted(USER_PROPERTIES | EXTENSION_ATTRIBUTES), *FURTHER)

USER_KEYS = UserNames(_USER)
GROUP_KEYS = ColumnNames([*GROUP.split(), "members", "memberGroups"])
FILE_KEYS = ColumnNames(["groups", "users", "deletedUsers", "deletedGroups", "exported"])
COLUMNS = UserNames([*_USER, "groupId", "group", "memberType", "deleted"])
