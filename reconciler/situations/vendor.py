"""What this vendor does its own way: habits of its server, and what is done about them."""

from reconciler.situations.situation import ERROR, INFO, WARN, Default, Situation

SITUATIONS = (
    Situation(
        "V10",
        ERROR,
        Default.STOP,
        "Vendor accepts and does nothing",
        "The vendor accepted a change of {name} ({what}), and what is read back is as before. It "
        "counts as refused{others}.",
        "Look in the vendor's portal whether the change is allowed there; the switch for "
        "management through the identity provider may be off.",
    ),
    Situation(
        "V11",
        ERROR,
        Default.STOP,
        "Too many attributes refused",
        "The vendor refused {errors:change|changes} of names and addresses ({limit}). No more of "
        "these were sent; accounts, seats and removals went on.",
        "Read the errors: the vendor may not let these attributes be changed. Take them out of "
        "`attribute_mapping` if so.",
    ),
    Situation(
        "V12",
        INFO,
        Default.GO_ON,
        "Attribute written the vendor's way",
        "This vendor keeps {path} {how}: {count:account says|accounts say} the same as Entra "
        "otherwise written ({users}), and nothing is sent for it.",
    ),
    Situation(
        "V13",
        WARN,
        Default.REPORT,
        "Attribute that the vendor does not change",
        "This vendor keeps its own value of {path} for an account that exists, whatever it is "
        "sent: {who}. It is not sent again.",
        "Change it in the vendor's portal, or take the row out of `attribute_mapping`; it is tried "
        "again after 30 days.",
    ),
)
