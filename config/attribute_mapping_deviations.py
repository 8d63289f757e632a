"""Where an attribute mapping is another than the guide's six rows, and what that means."""

from collections.abc import Iterator

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.graph_user import ENTRA_NAMES, USER_PROPERTIES, is_user_property
from config.mapping_expressions.syntax_tree import AttributeExpression
from config.suggest import nearest

_WITHOUT = {
    'emails[type eq "work"].value': "accounts get no mail address",
    "name.givenName": "accounts get no given name, and vendors may refuse such",
    "name.familyName": "accounts get no surname, and vendors may refuse such",
}

_OTHERWISE = {
    "userName": "single sign-on finds an account by this name, so it has to be what Entra sends as "
    "the user's name identifier",
    'emails[type eq "work"].value': "the vendor writes to this address, and an account that exists "
    "before is linked by it unless rows say `matching`",
    "name.givenName": "the vendor shows it",
    "name.familyName": "the vendor shows it",
}


def deviations(mapping: AttributeMapping) -> Iterator[str]:
    """A sentence each. `active` and `externalId` are as in the guide in effect, or refused."""
    for target, guides in GUIDE_MAPPING.rows:
        row, meant = mapping[target], guides.expression
        if row is None:
            yield f"the guide's row {target} is missing: {_WITHOUT[target]}"
        elif row.expression != meant and isinstance(meant, AttributeExpression):
            yield f"{target} is not {meant.name}, as in the guide: {_OTHERWISE[target]}"
    for target in mapping.targets:
        if target not in GUIDE_MAPPING.targets:
            yield f"the guide has no row {target}: a vendor may ignore it, or refuse the account"
    for name in mapping.sources:
        if not is_user_property(name):
            near = nearest(name, {*USER_PROPERTIES, *ENTRA_NAMES})
            hint = f"; did you mean {near}?" if near else ""
            yield f"{name} is no property of Graph's users, and Graph refuses to read it{hint}"
    if mapping.matching != GUIDE_MAPPING.matching:
        yield _matching(mapping.matching)


def _matching(paths: tuple[str, ...]) -> str:
    if len(paths) == 1:
        return "an account that exists before is not linked (A5): its user name alone is not enough"
    return f"an account that exists before is linked if {' and '.join(paths)} both agree"
