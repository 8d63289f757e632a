"""Attributes of a SCIM user (RFC 7643, section 4), as people call them. JSON has the paths."""

from config.attribute_mapping_targets import ENTERPRISE

_NAMES = {
    "userName": "user name",
    "active": "active",
    "externalId": "external id",
    "displayName": "display name",
    "nickName": "nickname",
    "title": "job title",
    "userType": "user type",
    "preferredLanguage": "preferred language",
    "locale": "locale",
    "timezone": "time zone",
    "name.formatted": "full name",
    "name.familyName": "last name",
    "name.givenName": "first name",
    "name.middleName": "middle name",
    "name.honorificPrefix": "title before the name",
    "name.honorificSuffix": "title after the name",
    'emails[type eq "work"].value': "work e-mail",
    'emails[type eq "home"].value': "private e-mail",
    'emails[type eq "other"].value': "other e-mail",
    'phoneNumbers[type eq "work"].value': "work phone",
    'phoneNumbers[type eq "home"].value': "private phone",
    'phoneNumbers[type eq "mobile"].value': "mobile phone",
    'phoneNumbers[type eq "other"].value': "other phone",
    'phoneNumbers[type eq "fax"].value': "fax",
    'phoneNumbers[type eq "pager"].value': "pager",
    'addresses[type eq "work"].formatted': "work address",
    'addresses[type eq "work"].streetAddress': "street of work",
    'addresses[type eq "work"].locality': "city of work",
    'addresses[type eq "work"].region': "region of work",
    'addresses[type eq "work"].postalCode': "postal code of work",
    'addresses[type eq "work"].country': "country of work",
    f"{ENTERPRISE}:employeeNumber": "employee number",
    f"{ENTERPRISE}:costCenter": "cost centre",
    f"{ENTERPRISE}:organization": "organisation",
    f"{ENTERPRISE}:division": "division",
    f"{ENTERPRISE}:department": "department",
}


def attribute_name(path: str) -> str:
    """The path itself, where nobody has another word for it."""
    return _NAMES.get(path, path)
