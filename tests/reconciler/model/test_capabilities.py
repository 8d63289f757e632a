"""What is known of a server, and what it was seen to refuse."""

from reconciler.model.capabilities import Capabilities


def test_what_is_refused_once_is_not_refused_twice() -> None:
    can = Capabilities()
    can.refuse("ana joins")
    can.refuse("bob joins")
    can.refuse("ana joins")
    assert can.refused == {"ana joins"}
