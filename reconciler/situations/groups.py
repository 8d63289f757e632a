"""Situations of groups and sets; most are found by the rules in `reconciler.facts.set_rules`."""

from reconciler.situations.situation import ERROR, INFO, WARN, Default, Situation

GROUP_MISSING = Situation(
    "G1",
    ERROR,
    Default.FREEZE,
    "Group missing",
    'There is no Entra group "{name}". Nobody in the set is changed, nor whoever left another '
    "set, for they may be in this one.",
    "Create the group, correct the set's name, or take the set out of the configuration.",
)

NAME_DIFFERS_A_LITTLE = Situation(
    "G2",
    ERROR,
    Default.FREEZE,
    "Name differs a little",
    'Set "{name}" is not group "{other}": they differ at {difference}. '
    "Nobody in the set is changed, nor whoever left another set, for they may be in this one.",
    "Rename one of them; names must match exactly.",
    facts={"other": str, "difference": str},
)

SEVERAL_GROUPS = Situation(
    "G3",
    ERROR,
    Default.FREEZE,
    "Several groups of one name",
    'Several groups are named "{name}" ({ids}). Nobody in the set is changed, nor whoever '
    "left another set, for they may be in this one.",
    "Pin the right one with `group_id`, or rename the others.",
    facts={"ids": str},
)

NAMES_CONFUSABLE = Situation(
    "G4",
    WARN,
    Default.GO_ON,
    "Two names are easily confused",
    '"{name}" and "{other}" differ only in case or separators. The exact one was used.',
    "Rename one of them.",
    facts={"other": str},
)

NAME_NOT_SYNCABLE = Situation(
    "G5",
    ERROR,
    Default.FREEZE,
    "Name cannot be synced",
    'Set "{name}" cannot be synced: {why}. Nobody in the set is changed.',
    "Allowed are 3 to 35 letters, digits, dots, hyphens and plain spaces.",
    facts={"why": str},
)

GROUP_RENAMED = Situation(
    "G6",
    ERROR,
    Default.FREEZE,
    "Group renamed",
    'The pinned group of set "{name}" is now called "{other}". Its members keep their seats.',
    "Rename the set at the vendor and here, or the group in Entra.",
    facts={"other": str},
)

ANOTHER_GROUP = Situation(
    "G7",
    ERROR,
    Default.FREEZE,
    "Another group of the same name",
    'The group of set "{name}" is not the one of before; a group of that name has the id '
    "{ids}. Nobody in the set is changed, nor whoever left another set, for they may be in "
    "this one.",
    "Make sure that it is the right group, then pin it with `group_id`.",
    facts={"ids": str},
)

GROUP_DELETED = Situation(
    "G8",
    ERROR,
    Default.FREEZE,
    "Group deleted",
    'Group "{name}" was deleted{when} and is in the recycle bin. Nobody in the set is '
    "changed, nor whoever left another set, for they may be in this one.",
    "Restore it within 30 days of its deletion, or take the set out of the configuration.",
    facts={"when": str},
)

GROUP_TYPE_UNSUITABLE = Situation(
    "G9",
    WARN,
    Default.FREEZE,
    "Group of an unsuitable type",
    'Group "{name}": {why}.',
    "Resume the rule of a paused group: until then its set is left as it is. Other types are "
    "read as usual.",
    facts={"why": str},
)

SET_GRANTS_NOTHING = Situation(
    "G10",
    ERROR,
    Default.FREEZE,
    "Set grants nothing",
    'Set "{name}" has no products and is not an admin set. Nobody in it was changed.',
    "Give it at least one product.",
)

PRODUCT_NOT_BOUGHT = Situation(
    "G11",
    ERROR,
    Default.FREEZE,
    "Product not bought",
    'Set "{name}" grants {products}, of which the seat inventory knows nothing. '
    "Nobody in the set is changed.",
    "Add the product to `seats`, or take it out of the set.",
    facts={"products": str},
)

SET_NOT_READY = Situation(
    "G12",
    WARN,
    Default.FREEZE,
    "Set not ready at the vendor",
    'Set "{name}" is not ready at the vendor: {why}. Nobody in it was changed.',
    "Leave exactly one group of exactly this name there.",
    facts={"why": str},
)

SET_REMOVED = Situation(
    "G13",
    ERROR,
    Default.HOLD,
    "Set removed from the configuration",
    'Set "{name}" is not configured any more, and {count:user holds|users hold} its '
    "seats. Their revokes are held.",
    "Put the set back; or approve this plan. It is not applied by itself.",
    facts={"count": int},
)

SET_RENAMED = Situation(
    "G14",
    INFO,
    Default.GO_ON,
    "Set renamed",
    'Set "{other}" is now called "{name}": the same group is bound to it, and no seat changes.',
    "Give the set its new name at the vendor, too.",
    facts={"other": str},
)

PRODUCT_REMOVED = Situation(
    "G15",
    WARN,
    Default.GO_ON,
    "Product removed from a set",
    '{products} was removed from "{name}": {count:seat comes|seats come} free. Nobody is changed.',
    "Nothing, if the set was changed in the vendor's portal as well.",
    facts={"products": str, "count": int},
)

PRODUCT_ADDED = Situation(
    "G16",
    INFO,
    Default.GO_ON,
    "Product added to a set",
    '"{name}" now includes {products}, which its {count:member holds|members hold} '
    "from now on{shortage}.",
    "Buy the seats that are missing, if any are, before the vendor refuses the next grant.",
    facts={"products": str, "count": int, "shortage": str},
)

GROUP_SHARED = Situation(
    "G17",
    ERROR,
    Default.FREEZE,
    "Two sets bound to one group",
    'Set "{name}" is bound to the same group as {others}; keep one. Nobody in them was changed.',
    "Take one of the sets out of the configuration, or pin another group.",
    facts={"others": str},
)

GROUP_CREATED = Situation(
    "G18",
    WARN,
    Default.CARRY_OUT,
    "Set's group is created",
    'The vendor has no SCIM group "{name}", so one is created. Whether its portal has a '
    "subscription set of this name cannot be seen over SCIM: its seats were not verified "
    "there.",
    "Create the set in the portal first, with exactly this name and its products; after "
    "applying, look there whether its users have their seats.",
)
