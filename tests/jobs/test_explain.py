"""Why has Ada no seat? By the latest plan, or step by step by what is read now."""

from support.scenarios.company import Company


def test_who_waits_is_told_the_place_the_blocker_and_what_would_have_to_change(
    settled: Company,
) -> None:
    settled.configure(seats={"Sales": 32, "Marketing": 20, "Talent": 4})
    settled.run("plan")
    waiting = settled.json("show")["waiting"][0]
    for options in ([], ["--now"]):
        told = settled.run("explain", waiting["user"]["name"], *options)
        assert told.exit_code == 0
        assert f'for "{waiting["set"]}": place {waiting["position"]} of ' in told.stdout
        assert "release seats. (S2)" in told.stdout


def test_the_five_steps_have_their_evidence(settled: Company) -> None:
    writes = settled.writes
    name = "ada.abel@harbour.example"
    lines = settled.run("explain", name, "--now").stdout.splitlines()
    assert lines[0] == f"{name} (Ada Abel)"
    steps = [line.strip().partition(": ")[0] for line in lines[1:6]]
    assert steps == ["1 read", "2 in scope", "3 matched", "4 seat", "5 action"]
    assert "The user is enabled. (object id " in lines[1]
    assert 'In the group of "Marketing Team", "Sales Team".' in lines[2]
    assert "request " in lines[2]
    assert "An account is linked by its externalId. (account " in lines[3]
    assert "(U1)" in "".join(lines[6:])
    assert settled.writes == writes


def test_a_user_is_found_by_account_or_display_name_and_in_any_case(settled: Company) -> None:
    told = settled.run("explain", "ADA.ABEL@harbour.example", "--now").stdout
    assert told.startswith("ada.abel@harbour.example")
    account = told.partition("(account ")[2].partition(",")[0]
    object_id = told.partition("(object id ")[2].partition(")")[0]
    for name in (account, object_id, "ada abel"):
        again = settled.run("explain", name, "--now").stdout
        assert again.splitlines()[0] == told.splitlines()[0]


def test_a_misspelt_name_gets_the_near_ones(settled: Company) -> None:
    for options in ([], ["--now"]):
        settled.run("plan")
        told = settled.run("explain", "ada.able@harbour.example", *options)
        assert told.exit_code == 64
        assert "Similar: ada.abel@harbour.example" in told.stderr


def test_by_a_plan_that_says_nothing_of_somebody_it_says_so(settled: Company) -> None:
    settled.run("plan")
    told = settled.run("explain", "nobody@elsewhere.example")
    assert told.exit_code == 64
    assert "With --now everything is read again." in told.stderr


def test_before_a_plan_there_is_nothing_to_explain_by(company: Company) -> None:
    assert company.run("explain", "ada.abel@harbour.example").exit_code == 64
