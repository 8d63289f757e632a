"""The two scopes together."""

from support.worlds.world import NOW, World

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Both": ["Sales", "Marketing"]}


def test_every_person_ends_in_exactly_one_situation_of_each_scope() -> None:
    from reconciler.decisions.classify import decide
    from reconciler.facts.build import collect_facts
    from reconciler.facts.set_bindings import judge_sets
    from reconciler.model.snapshot import PlanContext, in_order

    w = World(sets=TEAMS, seats={"Sales": 10, "Marketing": 10})
    w.settled("ana", "Sales Team")
    w.person("bob", "Sales Team", "Both")
    w.account("cyd", "Both")
    w.person("cyd")
    snapshot, settings = in_order(w.snapshot()), w.settings()
    people = collect_facts(
        settings, snapshot, judge_sets(settings, snapshot), PlanContext("", NOW, "")
    ).people
    decisions = decide(people)
    by_person = dict(
        zip(
            people.entra["userPrincipalName"],
            zip(decisions.user.code, decisions.account.code, strict=True),
            strict=True,
        )
    )
    assert by_person == {
        "ana@example.org": ("", "A1"),
        "bob@example.org": ("U1", "A2"),
        "cyd@example.org": ("U3", "A11"),
    }
