"""Every problem of a configuration is named with its file, line and key, and all at once."""

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.attribute_mapping import GUIDE_MAPPING
from config.directory import DirectoryFile, DirectorySettings
from config.examples import STARTING_FILE
from config.load import ConfigError, load
from config.policy import Policy
from config.seats import SeatContract
from config.settings import Settings

EXAMPLE = STARTING_FILE.read_text()
DIRECTORY = EXAMPLE[EXAMPLE.index("directory:") : EXAMPLE.index("# Or an export")]
NOBODY = "00000000-0000-0000-0000-000000000000"


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "seatsync.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        load(path)
    except ConfigError as error:
        return [str(problem).removeprefix(f"{path}") for problem in error.problems]
    return []


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_starting_file_is_a_good_one(tmp_path: Path) -> None:
    assert problems(tmp_path, EXAMPLE) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (
            "products: [Sales]}",
            "products: [Slaes]}",
            'products[0]: "Slaes" is not known; did you mean "Sales"?',
        ),
        ("{Sales: 50,", "{Salse: 50,", 'seats.Salse: "Salse" is not known; did you mean "Sales"?'),
        ("{Sales: 50,", "{Sales: [50],", "seats.Sales: expected a number of seats"),
        ("{Sales: 50,", f"{{Sales: 0x{'f' * 5000},", "seats.Sales: expected a number of seats"),
        (
            "max_revokes:",
            "max_revoke:",
            'policy.max_revoke: "max_revoke" is not known; did you mean "max_revokes"?',
        ),
        (
            "  name: ZoomInfo ",
            "  nmae: ZoomInfo ",
            'vendor.nmae: "nmae" is not known; did you mean "name"?',
        ),
        (
            "token_lifetime: 90d",
            "token_lifetime: 91d",
            "vendor.token_lifetime: the vendor offers 90 days, 180 days and 1 year",
        ),
        (
            "token_lifetime: 90d",
            "token_lifetime: 2161h",
            "the vendor offers 90 days, 180 days and 1 year",
        ),
        (
            "token_issued: 2026-09-01",
            "token_issued: soon",
            "vendor.token_issued: expected a date such as 2026-09-01",
        ),
        ("token_issued: 2026-09-01", "token_issued: 9999-12-31", "expected at most 2099-12-31"),
        ("max_revokes: 5", "max_revokes: many", "policy.max_revokes: expected a whole number"),
        ("max_revokes: 5", "max_revokes: -1", "policy.max_revokes: expected at least 0"),
        ("cloud: global", "delta: often", "directory.delta: expected true or false"),
        (
            "cloud: global",
            "full_read_after_runs: 0",
            "directory.full_read_after_runs: expected at least 1",
        ),
        ("idp: true", "idp: perhaps", "vendor.managed_through_idp: expected true or false"),
        ("approvals: 1", "approvals: 3", "policy.approvals: expected at most 2"),
        ("[ceo@example.com]", "ceo@example.com", "policy.protected: expected a list"),
        ("[Sales, Marketing, Talent]", "[]", "products: expected at least one entry"),
        ("name: Sales Team,", "name: 365,", "subscription_sets[0].name: expected text"),
        ("{secret: env:SEATSYNC_CLIENT_SECRET}", "s3cr3t-t0ken", "expected keys and values"),
        (
            "{secret: env:SEATSYNC_CLIENT_SECRET}",
            "{secret: s3cr3t-t0ken}",
            "directory.credential.secret: expected env:NAME, file:PATH, cred:NAME",
        ),
        (
            "{secret: env:SEATSYNC_CLIENT_SECRET}",
            "{}",
            "directory.credential: expected exactly one of secret, certificate, ",
        ),
        (
            "{secret: env:SEATSYNC_CLIENT_SECRET}",
            "{secret: env:A, certificate: app.pem}",
            "directory.credential: expected exactly one of secret, certificate, ",
        ),
        (
            "{secret: env:SEATSYNC_CLIENT_SECRET}",
            "{certificate: app.pfx, password: s3cr3t-t0ken}",
            "directory.credential.password: expected env:NAME, file:PATH, cred:NAME",
        ),
        (
            "{secret: env:SEATSYNC_CLIENT_SECRET}",
            "{certificate: app.pfx, pasword: s3cr3t-t0ken}",
            'directory.credential.pasword: "pasword" is not known; did you mean "password"?',
        ),
        (
            "{secret: env:SEATSYNC_CLIENT_SECRET}",
            "{managed_identity: sistem}",
            "directory.credential.managed_identity: expected 'system' or 'user'",
        ),
        (
            "  credential: {secret: env:SEATSYNC_CLIENT_SECRET}",
            "  file: export.json",
            'directory.client_id: "client_id" is not known',
        ),
        (
            "  # enterprise_app",
            "  entreprise_app",
            '"entreprise_app" is not known; did you mean "enterprise_app"?',
        ),
        ("reports: reports", "reports: 5", "reports: expected the path of a file"),
        ("products: [Sales]}", "products: [Sales, Sales]}", '"Sales" is there twice'),
        ("https://scim.example", "https://:s3cr3t-t0ken@scim.example", "without user"),
        ("https://scim.example", "https://scim.example:99999", "this is not an address"),
        (
            "https://scim.example",
            "http://scim.example",
            "vendor.base_url: expected an https:// address",
        ),
        (
            "https://scim.example",
            "https://me@scim.example",
            "vendor.base_url: expected https://host/path, without user",
        ),
        (
            "env:SEATSYNC_SCIM_TOKEN",
            "s3cr3t-t0ken",
            "vendor.token: expected env:NAME, file:PATH, cred:NAME",
        ),
        ("reports: reports", "keep: 7d\nreports: reports", "keep: expected 8d or more"),
        ("name: Sales Team,", "name: Sales & Team,", '"&" at 7 is not allowed'),
        ("name: Sales Team,", "name: ab,", "this one has 2"),
        ("name: Sales Team,", f"name: {'x' * 36},", "this one has 36"),
        ("Everybody who sells", "x" * 46, "subscription_sets[0].description: "),
        (
            "products: [Sales]}",
            "products: []}",
            "subscription_sets[0].products: the set grants nothing",
        ),
        ("name: Marketing Team", "name: Sales Team", "is bound to two sets"),
        (
            "[Sales, Marketing, Talent]",
            "[Sales, Sales, Marketing]",
            'products: "Sales" is there twice',
        ),
        ("cloud: global", "cloud: globe", "directory.cloud: expected 'global', 'usgov'"),
        (
            "cloud: global",
            "cloud: {authority: http://a.example, graph: https://g.example}",
            "directory.cloud.authority: expected an https://",
        ),
        (
            "cloud: global",
            "cloud: {authority: https://a.example}",
            "directory.cloud.graph: this key is needed",
        ),
        ("# membership: {", "membership: groops # {", "vendor.membership: expected 'groups'"),
        (
            "# membership: {attribute: userType}",
            "membership: {attribute: userName}",
            'vendor.membership.attribute: "userName" is no attribute of a SCIM user that can hold',
        ),
        ("sqlite:///seatsync.db", "mysql://db", "store: "),
        (
            "0000-0000-0000-000000000000   # Entra",
            "0000-0000-0000-00000000000   # Entra",
            "directory.tenant_id: expected an id such as",
        ),
        ("reports: reports", "reports: reports\nreports: x", 'duplicate key "reports"'),
        ("policy:", "policy: &anchor", "anchors, aliases and tags are not used here"),
        ("cloud: global", "cloud: !!python/object:os.system x", "anchors, aliases and tags"),
        (
            '# schedule: {at: ["03:00"]}',
            'schedule: {at: ["3 pm"]}',
            "schedule.at[0]: expected a time",
        ),
        ('# schedule: {at: ["03:00"]}', "schedule: {}", "schedule: give one of"),
        *(
            ('# schedule: {at: ["03:00"]}', f"schedule: {{{bad}}}", said)
            for bad, said in [
                ("every: 0m", "schedule.every: expected at least 1m"),
                ('at: ["03:00"], every: 40m', "schedule: give one of"),
                ('cron: "0 3 * *"', "schedule.cron: expected five fields as in crontab"),
                ('cron: "0 25 * * *"', "schedule.cron: bad hour; expected five fields"),
                ('cron: "0 0 30 2 *"', "schedule.cron: bad day-of-month"),
                ('cron: "0 3 * * *", time_zone: Europe/Berln', "such as Europe/Berlin"),
                ('cron: "0 3 * * *", time_zone: ../etc/passwd', "is no time zone"),
            ]
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(
    tmp_path: Path, good: str, bad: str, said: str
) -> None:
    text = EXAMPLE.replace(good, bad, 1)
    assert text != EXAMPLE
    told = problems(tmp_path, text)
    (problem,) = (problem for problem in told if said in problem)
    assert abs(int(problem.split(":")[1]) - line_of(text, bad)) <= 1
    assert "s3cr3t-t0ken" not in "".join(told)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = EXAMPLE.replace("max_revokes", "max_revoke").replace("90d  ", "91d  ")
    assert len(problems(tmp_path, text)) == 2


def test_a_policy_asks_two_people_or_nobody(tmp_path: Path) -> None:
    text = EXAMPLE.replace("approvals: 1", "approvals: 2").replace(
        "auto_apply: false", "auto_apply: true"
    )
    (problem,) = problems(tmp_path, text)
    assert "policy: auto_apply asks nobody and approvals: 2 asks two people" in problem


def test_a_policy_asks_people_who_sign_in_or_nobody(tmp_path: Path) -> None:
    text = EXAMPLE.replace("approval: command", "approval: sign_in").replace(
        "auto_apply: false", "auto_apply: true"
    )
    (problem,) = problems(tmp_path, text)
    assert "policy: auto_apply asks nobody and approval: sign_in asks people" in problem


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "credential: {secret: env:SEATSYNC_CLIENT_SECRET}",
            "credential: {managed_identity: system}",
            "people need directory.sign_in_client_id",
        ),
        (
            DIRECTORY,
            f"directory: {{file: export.json, tenant_id: {NOBODY}}}\n",
            "nobody can sign in to an export",
        ),
    ],
)
@pytest.mark.parametrize("approval", ["sign_in", "device_code"])
def test_people_are_asked_to_sign_in_where_they_can(
    tmp_path: Path, old: str, new: str, said: str, approval: str
) -> None:
    text = EXAMPLE.replace("approval: command", f"approval: {approval}")
    assert problems(tmp_path, text) == []
    (problem,) = problems(tmp_path, text.replace(old, new))
    assert said in problem


def test_who_approves_signs_in_to_an_app_of_its_own_or_to_the_one_that_reads() -> None:
    credential = {"managed_identity": "system"}
    ids = {"tenant_id": NOBODY, "client_id": NOBODY}
    own = ids | {"sign_in_client_id": "11111111-1111-1111-1111-111111111111"}
    assert (
        DirectorySettings.model_validate(ids | {"credential": {"secret": "env:S"}}).sign_in_app
        == NOBODY
    )
    assert DirectorySettings.model_validate(ids | {"credential": credential}).sign_in_app is None
    assert DirectorySettings.model_validate(own | {"credential": credential}).sign_in_app != NOBODY


def test_a_mistake_elsewhere_hides_no_disagreement(tmp_path: Path) -> None:
    text = (
        EXAMPLE.replace("token_lifetime: 90d", "token_lifetime: 91d")
        .replace("products: [Sales]}", "products: [Slaes]}")
        .replace("name: Marketing Team", "name: Sales Team")
        .replace("{Sales: 50,", "{Salse: 50,")
    )
    paths = [problem.split(": ")[1] for problem in problems(tmp_path, text)]
    assert paths == [
        "vendor.token_lifetime",
        "subscription_sets[0].products[0]",
        "subscription_sets[1].name",
        "seats.Salse",
    ]


def test_a_set_that_makes_admins_needs_no_product(tmp_path: Path) -> None:
    text = EXAMPLE.replace("products: [Sales], admin: true", "products: [], admin: true")
    assert text != EXAMPLE
    assert problems(tmp_path, text) == []


def test_one_group_cannot_be_pinned_twice(tmp_path: Path) -> None:
    pin = "group_id: abcdefab-0000-0000-0000-000000000000"
    text = EXAMPLE.replace("name: Sales Team,", f"name: Sales Team, {pin},").replace(
        "name: Marketing Team,",
        f"name: Marketing Team, {pin.upper().replace('GROUP_ID', 'group_id')},",
    )
    (told,) = problems(tmp_path, text)
    assert "subscription_sets[1].group_id" in told


def test_every_row_of_the_mapping_is_judged_at_its_line(tmp_path: Path) -> None:
    text = """attribute_mapping:
  userName: mail
  externalId: mailNickname
  password: mail
  title: Upper([x])
  active: true
"""
    told = problems(tmp_path, text + EXAMPLE)
    assert told == [
        ':4: attribute_mapping.password: "password" is not an attribute of a SCIM user '
        "that can be set",
        ':5: attribute_mapping.title: character 1: "Upper" is not known; did you mean "ToUpper"?',
        ":6: attribute_mapping.active: expected an attribute's name or an expression",
    ]


def test_every_key_of_a_row_is_judged_at_its_line(tmp_path: Path) -> None:
    text = """attribute_mapping:
  title:
    direct: jobTitle
    aply: on_create
  locale: {direct: country, apply: once}
"""
    assert problems(tmp_path, text + EXAMPLE) == [
        ':4: attribute_mapping.title.aply: "aply" is not known; did you mean "apply"?',
        ":5: attribute_mapping.locale.apply: expected 'always' or 'on_create'",
    ]


ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


@pytest.mark.parametrize(
    ("active", "said"),
    [
        (
            'Switch([IsSoftDeleted], , "False", "False", "True", "True")',
            [
                'where IsSoftDeleted is "True" this gives "True", and it has to give "False"',
                'where IsSoftDeleted is "False" this gives "False", and it has to give "True"',
            ],
        ),
        (
            'Switch([IsSoftDeleted], , "false", "True", "true", "False")',
            [
                'where IsSoftDeleted is "True" this gives nothing, and it has to give "False"',
                'where IsSoftDeleted is "False" this gives nothing, and it has to give "True"',
            ],
        ),
        (
            '"True"',
            ['where IsSoftDeleted is "True" this gives "True", and it has to give "False"'],
        ),
        (
            'Switch([IsSoftDeleted], , "False", "true", "True", "False")',
            ['where IsSoftDeleted is "False" this gives "true", and it has to give "True"'],
        ),
        (
            "accountEnabled",
            [
                'where IsSoftDeleted is "True" this gives whatever accountEnabled says, and',
                'where IsSoftDeleted is "False" this gives whatever accountEnabled says, and',
            ],
        ),
        (
            f'Switch([accountEnabled], , "False", "False", "True", {ACTIVE})',
            [
                'where IsSoftDeleted is "True" this gives "False" or nothing, and',
                'where IsSoftDeleted is "False" this gives "False" or "True" or nothing, and',
            ],
        ),
    ],
)
def test_active_must_follow_is_soft_deleted_whatever_else_is_so(
    tmp_path: Path, active: str, said: list[str]
) -> None:
    """Otherwise everybody is made inactive, or whoever leaves can still sign in."""
    rows = f"attribute_mapping:\n  userName: mail\n  externalId: objectId\n  active: {active}\n"
    told = problems(tmp_path, rows.replace('active: "True"', "active: '\"True\"'") + EXAMPLE)
    assert len(told) == len(said)
    for problem, words in zip(told, said, strict=True):
        assert problem.startswith(f":4: attribute_mapping.active: {words}")
        assert problem.endswith(f"the guide's row is {ACTIVE}")


def test_a_mapping_without_what_ends_an_account_is_refused(tmp_path: Path) -> None:
    rows = "attribute_mapping:\n  userName: userPrincipalName\n  externalId: objectId\n"
    (told,) = problems(tmp_path, rows + EXAMPLE)
    assert told == (
        ":1: attribute_mapping: active is needed: without it whoever leaves, or is disabled or "
        f"deleted, can still sign in; the guide's row is {ACTIVE}"
    )


def test_the_starting_file_shows_the_mapping_that_is_the_default(tmp_path: Path) -> None:
    start = EXAMPLE.index("# attribute_mapping:")
    end = EXAMPLE.index("\n\n", start)
    shown = re.sub(r"(?m)^# ", "", EXAMPLE[start:end])
    (tmp_path / "seatsync.yaml").write_text(EXAMPLE[:start] + shown + EXAMPLE[end:])
    settings = load(tmp_path / "seatsync.yaml")
    assert "\nattribute_mapping:" in (tmp_path / "seatsync.yaml").read_text()
    assert settings.attribute_mapping == GUIDE_MAPPING


def test_the_starting_files_policy_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").write_text(EXAMPLE)
    policy = load(tmp_path / "seatsync.yaml").policy
    assert policy.model_copy(update={"protected": ()}) == Policy()


def test_the_starting_file_shows_other_credentials_that_are_good_ones(tmp_path: Path) -> None:
    shown = re.findall(r"(?m)^  # (credential: \{.*\})", EXAMPLE)
    assert len(shown) == 3
    for credential in shown:
        text = EXAMPLE.replace("credential: {secret: env:SEATSYNC_CLIENT_SECRET}", credential)
        assert problems(tmp_path, text) == []


def test_the_starting_file_shows_an_export_that_is_a_good_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"(?m)^# (directory: .*)", EXAMPLE)
    start, end = EXAMPLE.index("directory:"), EXAMPLE.index("vendor:")
    assert problems(tmp_path, f"{EXAMPLE[:start]}{shown}\n{EXAMPLE[end:]}") == []


def test_seats_may_come_with_the_terms_on_which_they_were_bought(tmp_path: Path) -> None:
    terms = "{purchased: 50, price: 1200.50, currency: EUR, renews: 2027-03-31}"
    (tmp_path / "seatsync.yaml").write_text(EXAMPLE.replace("{Sales: 50,", f"{{Sales: {terms},"))
    contracts = load(tmp_path / "seatsync.yaml").seat_contracts
    assert contracts == {
        "Sales": SeatContract(
            purchased=50, price=Decimal("1200.50"), currency="EUR", renews=date(2027, 3, 31)
        ),
        "Marketing": SeatContract(purchased=10),
    }


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("{purchased: 50, price: 1200}", "seats.Sales: `price` and `currency` belong together"),
        ("{purchased: 50, currency: EUR}", "seats.Sales: `price` and `currency` belong together"),
        ("{purchased: 50, price: -1, currency: EUR}", "seats.Sales.price: expected at least 0"),
        ("{purchased: 50, price: many, currency: EUR}", "seats.Sales.price: expected a number"),
        ("{purchased: 50, price: 0.001, currency: EUR}", "seats.Sales.price: expected at most 2"),
        ("{purchased: 50, price: 1, currency: euro}", "seats.Sales.currency: expected a code"),
        ("{purchased: 50, renews: in March}", "seats.Sales.renews: expected a date"),
        ("{price: 1, currency: EUR}", "seats.Sales.purchased: this key is needed"),
        ("{purchased: 50, prise: 1}", 'seats.Sales.prise: "prise" is not known; did you mean "pri'),
        ("{purchased: [50]}", "seats.Sales.purchased: expected a number of seats"),
    ],
)
def test_terms_that_are_none(tmp_path: Path, terms: str, said: str) -> None:
    (told,) = problems(tmp_path, EXAMPLE.replace("{Sales: 50,", f"{{Sales: {terms},"))
    assert said in told


BOTH = "products: [Sales, Marketing], price: 1600, currency: EUR"


def with_bundles(*bundles: str) -> str:
    """Beside single seats of Sales for 1,200 EUR."""
    priced = EXAMPLE.replace("{Sales: 50,", "{Sales: {purchased: 50, price: 1200, currency: EUR},")
    return f"{priced}\nbundles:\n" + "".join(f"  {one}\n" for one in bundles)


def test_what_is_sold_together_has_a_pack_and_a_minimum(tmp_path: Path) -> None:
    given = with_bundles(f"Growth: {{{BOTH}}}", f"Ten: {{{BOTH}, pack: 10, minimum: 20}}")
    (tmp_path / "seatsync.yaml").write_text(given)
    settings = load(tmp_path / "seatsync.yaml")
    growth, ten = settings.bundles.values()
    assert (growth.products, growth.price) == (("Sales", "Marketing"), Decimal(1600))
    assert (growth.pack, growth.minimum) == (1, 0)
    assert (ten.pack, ten.minimum) == (10, 20)
    (tmp_path / "seatsync.yaml").write_text(with_bundles(f"Growth: {{{BOTH}}}"))
    assert load(tmp_path / "seatsync.yaml").digest == settings.digest  # no plan depends on them


@pytest.mark.parametrize(
    ("bundle", "said"),
    [
        (f"{{{BOTH.replace('EUR', 'USD')}}}", "USD here and EUR at seats.Sales: costs in two curr"),
        (f"{{{BOTH.replace('Sales', 'Sails')}}}", '"Sails" is not known; did you mean "Sales"?'),
        (f"{{{BOTH}, pack: 0}}", "bundles.Growth.pack: expected at least 1"),
        (f"{{{BOTH}, minimum: -1}}", "bundles.Growth.minimum: expected at least 0"),
        ("{products: [], price: 1, currency: EUR}", "bundles.Growth.products: expected"),
        ("{products: [Sales], price: 1}", "bundles.Growth.currency: this key is needed"),
        ("{products: [Sales], currency: EUR}", "bundles.Growth.price: this key is needed"),
        (f"{{{BOTH.replace('1600', '-1')}}}", "bundles.Growth.price: expected at least 0"),
    ],
)
def test_what_cannot_be_sold_together(tmp_path: Path, bundle: str, said: str) -> None:
    (told,) = problems(tmp_path, with_bundles(f"Growth: {bundle}"))
    assert said in told


def test_where_nothing_is_sold_together_prices_need_no_one_currency(tmp_path: Path) -> None:
    marketing = "Marketing: {purchased: 10, price: 9, currency: USD}"
    text = with_bundles().replace("\nbundles:\n", "").replace("Marketing: 10", marketing)
    assert problems(tmp_path, text) == []


@pytest.mark.parametrize("app", ["", "  enterprise_app: ZoomInfo\n"])
def test_sign_ins_are_read_of_an_application_by_its_id(tmp_path: Path, app: str) -> None:
    """Others may have the same name."""
    text = EXAMPLE.replace("  # sign_ins: true", f"{app}  sign_ins: true", 1)
    (told,) = problems(tmp_path, text)
    assert "directory: sign_ins: enterprise_app has to be the application id" in told
    by_id = f"  enterprise_app: {NOBODY.replace('0', '1')}\n  sign_ins: true"
    assert problems(tmp_path, EXAMPLE.replace("  # sign_ins: true", by_id, 1)) == []


def test_no_number_of_seats_is_judged_here(tmp_path: Path) -> None:
    text = EXAMPLE.replace("{Sales: 50, Marketing: 10}", "{Sales: -1, Marketing: 2.5, Talent: }")
    assert problems(tmp_path, text) == []


def test_a_store_with_a_password_is_named_by_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+psycopg://me:canary@db/seatsync"
    by_parameter = [
        f"postgresql+psycopg://me@db/seatsync?sslmode=require&{name}=canary"
        for name in ("password", "PASSWORD", "sslpassword", "pass%77ord")
    ]
    for plain in (url, *by_parameter):
        (told,) = problems(tmp_path, EXAMPLE.replace("sqlite:///seatsync.db", plain))
        assert "write env:NAME, file:PATH or cred:NAME" in told
        assert "canary" not in told
    by_name = EXAMPLE.replace("sqlite:///seatsync.db", "env:SEATSYNC_STORE")
    monkeypatch.delenv("SEATSYNC_STORE", raising=False)
    assert "env:SEATSYNC_STORE is not set" in problems(tmp_path, by_name)[0]
    monkeypatch.setenv("SEATSYNC_STORE", "canary")
    (told,) = problems(tmp_path, by_name)
    assert "expected sqlite:///FILE" in told
    assert "canary" not in told
    monkeypatch.setenv("SEATSYNC_STORE", url)
    settings = load(tmp_path / "seatsync.yaml")
    assert settings.store == url
    assert "canary" not in repr(settings)
    (tmp_path / "store-url").touch(mode=0o600)
    (tmp_path / "store-url").write_text(f"{url}\n")
    assert problems(tmp_path, EXAMPLE.replace("sqlite:///seatsync.db", "file:store-url")) == []
    assert load(tmp_path / "seatsync.yaml").store == url


@pytest.mark.parametrize("path", ["userType", 'entitlements[type eq "seat"].value'])
def test_a_set_can_be_held_by_an_attribute_that_is_not_mapped(tmp_path: Path, path: str) -> None:
    text = EXAMPLE.replace(
        "# membership: {attribute: userType}", f"membership: {{attribute: '{path}'}}"
    )
    assert problems(tmp_path, text) == []
    rows = {
        "userName": "userPrincipalName",
        "active": ACTIVE,
        "externalId": "objectId",
        path: "jobTitle",
    }
    told = problems(tmp_path, f"{text}attribute_mapping: {json.dumps(rows)}")
    assert any("vendor.membership keeps the set here" in problem for problem in told)


def test_reading_a_configuration_needs_no_parser_of_expressions() -> None:
    program = "import sys, config.load; sys.exit('lark' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_missing_keys_are_named(tmp_path: Path) -> None:
    told = problems(tmp_path, "products: [Sales]\n")
    assert {problem.split(": ")[1] for problem in told} == {
        "directory",
        "vendor",
        "subscription_sets",
        "seats",
    }


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[unclosed",
        "a: 1\na: 2\n",
        "2026-01-01: date key\n",
        "1: number\nnull: nothing\ntrue: yes\n",
        '"[key]": 1\n"<name>": 2\n',
        "seats: {[key]: 1}\nattribute_mapping: {[key]: 1}\n",
    ],
)
def test_every_problem_names_file_and_line(tmp_path: Path, content: str) -> None:
    told = problems(tmp_path, content)
    assert told
    for problem in told:
        assert problem.startswith(":")
        assert int(problem.split(":")[1]) > 0


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.yaml"):
        with pytest.raises(ConfigError, match=f"{path}: the file cannot be read"):
            load(path)


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert problems(tmp_path_factory.mktemp("fuzz"), content) != []


LINES = EXAMPLE.splitlines()
JUNK = ["-1", "[]", "{}", "null", "1e400", '"\\u202e"', ".nan", "[key]", "-_", "=", "'['", "{a: 1}"]


@given(st.data())
def test_no_mutilated_configuration_brings_it_down(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "twice", "indent", "key", "value", "part"]))
        junk = data.draw(st.sampled_from(JUNK))
        key, _, value = lines[at].partition(":")
        if change == "drop":
            lines.pop(at)
        elif change == "twice":
            lines.insert(at, lines[at])
        elif change == "indent":
            lines[at] = "  " + lines[at]
        elif change == "key":
            lines[at] = f"{key[: len(key) - len(key.lstrip())]}{junk}:{value}"
        elif change == "value":
            lines[at] = f"{key}: {junk}"
        else:
            part = data.draw(st.sampled_from(re.findall(r"[\w-]+", lines[at]) or [" "]))
            lines[at] = lines[at].replace(part, junk, 1)
    for problem in problems(tmp_path_factory.mktemp("fuzz"), "\n".join(lines)):
        assert re.match(r":\d+: ", problem)
        assert not re.search(r"input should|pydantic|tuple|dictionary", problem, re.IGNORECASE)


def test_relative_paths_belong_to_the_files_folder(tmp_path: Path) -> None:
    text = (
        EXAMPLE.replace("env:SEATSYNC_SCIM_TOKEN", "file:token")
        .replace("{Sales: 50, Marketing: 10}", "{file: seats.csv}")
        .replace(
            "cloud: global",
            "cloud: {authority: https://a.example, graph: https://g.example, ca_file: ca.pem}",
        )
    )
    (tmp_path / "seatsync.yaml").write_text(text)
    settings = load(tmp_path / "seatsync.yaml")
    assert settings.store == f"sqlite:///{tmp_path}/seatsync.db"
    assert settings.reports == tmp_path / "reports"
    assert str(settings.vendor.token) == f"file:{tmp_path}/token"
    assert settings.seats.file == tmp_path / "seats.csv"  # type: ignore[union-attr]
    assert settings.directory.endpoints.ca_file == tmp_path / "ca.pem"


@pytest.mark.parametrize(
    ("credential", "reference"),
    [
        ("{secret: file:app}", "secret"),
        ("{certificate: app, password: file:app}", "password"),
        ("{certificate: app}", "certificate"),
        ("{federated_token_file: app}", "federated_token_file"),
    ],
)
def test_a_credentials_file_belongs_to_the_same_folder(
    tmp_path: Path, credential: str, reference: str
) -> None:
    text = EXAMPLE.replace("{secret: env:SEATSYNC_CLIENT_SECRET}", credential)
    (tmp_path / "seatsync.yaml").write_text(text)
    directory = load(tmp_path / "seatsync.yaml").directory
    assert isinstance(directory, DirectorySettings)
    found = str(getattr(directory.credential, reference)).removeprefix("file:")
    assert found == f"{tmp_path}/app"


def test_an_export_can_stand_for_the_tenant(tmp_path: Path) -> None:
    start, end = EXAMPLE.index("directory:"), EXAMPLE.index("vendor:")
    directory = "directory: {file: export.json, tenant_id: 11111111-1111-1111-1111-111111111111}\n"
    (tmp_path / "seatsync.yaml").write_text(EXAMPLE[:start] + directory + EXAMPLE[end:])
    settings = load(tmp_path / "seatsync.yaml")
    assert settings.directory == DirectoryFile(
        file=tmp_path / "export.json", tenant_id="11111111-1111-1111-1111-111111111111"
    )


def test_the_digest_is_that_of_what_a_plan_depends_on(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        (tmp_path / "seatsync.yaml").write_text(text)
        return load(tmp_path / "seatsync.yaml").digest

    first = digest(EXAMPLE)
    assert digest(EXAMPLE.replace("reports: reports", "reports: elsewhere")) == first
    assert digest(EXAMPLE.replace("cloud: global", "delta: true")) == first
    told = "notifications: [{to: env:TELL}]\nhealth: {ping: https://a.example/b}\n"
    assert digest(f"{EXAMPLE}\n{told}reports_url: https://a.example/c\n") == first
    assert digest(EXAMPLE.replace("  approvals: 1 ", "  # approvals: 1 ")) == first  # its default
    assert digest(EXAMPLE.replace("max_revokes: 5", "max_revokes: 6")) != first
    assert digest(EXAMPLE.replace("approvers: []", "approvers: [ana]")) != first
    assert digest(EXAMPLE.replace("products: [Sales]}", "products: [Talent]}")) != first


def test_what_a_plan_depends_on_makes_the_same_settings_again(tmp_path: Path) -> None:
    """As JSON, from another folder, with a token that was recorded since, and without the rest."""
    (tmp_path / "seatsync.yaml").write_text(
        f"{EXAMPLE}\nattribute_mapping:\n  userName: Coalesce([mail], [userPrincipalName])\n"
        "  externalId: objectId\n"
        '  active: Switch([IsSoftDeleted], , "False", "True", "True", "False")\n'
    )
    settings = load(tmp_path / "seatsync.yaml").with_token_of(
        date(2026, 11, 1), timedelta(days=365)
    )
    again = Settings.model_validate(json.loads(json.dumps(settings.decisive)))
    assert again.digest == settings.digest
    assert again.vendor.token_expires == date(2027, 11, 1)
    assert {"store", "reports"}.isdisjoint(settings.decisive)


def test_a_patch_is_merged_key_by_key(tmp_path: Path) -> None:
    whole, other = tmp_path / "seatsync.yaml", tmp_path / "patch.yaml"
    whole.write_text(EXAMPLE)
    other.write_text("seats: {Sales: 60}\npolicy: {allow_guests: true}")
    patched, plain = load(whole, other), load(whole)
    assert patched.seats == {"Sales": 60, "Marketing": 10}
    assert patched.policy == plain.policy.model_copy(update={"allow_guests": True})


def test_lists_are_replaced_by_a_patch_and_faults_told_where_they_stand(tmp_path: Path) -> None:
    whole, other = tmp_path / "seatsync.yaml", tmp_path / "patch.yaml"
    whole.write_text(EXAMPLE.replace("{Sales: 50,", "{Sales: [50],"))
    other.write_text("\nsubscription_sets:\n  - {name: Sales Team, products: [Slaes]}\n")
    with pytest.raises(ConfigError) as told:
        load(whole, other)
    seats = line_of(whole.read_text(), "{Sales: [50]")
    assert {(p.file, p.line, p.path) for p in told.value.problems} == {
        (other, 3, "subscription_sets[0].products[0]"),
        (whole, seats, "seats.Sales"),
    }
