"""The views of a plan: complete, private, and harmless whatever the names say."""

import csv
import dataclasses
import json
import os
import re
import resource
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from rich.console import Console

from connectors.files.disk import write_whole
from connectors.store.runs import SetRead
from jobs.output.excerpt import Excerpt
from jobs.output.printable import cell, shown
from jobs.report import terminal
from jobs.report.csv_files import errors_csv, operations_csv
from jobs.report.markdown_report import report_markdown
from jobs.report.page import STATIC, report_html
from jobs.report.plan_file import plan_json
from jobs.report.state import State
from jobs.report.store_context import StoreContext
from jobs.report.summary import summarise
from jobs.report.words import in_words
from jobs.report.workbook import report_xlsx
from jobs.report.write import report_folder, write_reports
from reconciler.idle.first_use import FirstUse
from reconciler.model.approval import Approval, Identity, Use
from reconciler.model.plan import Kind, Plan, SeatLine, Severity, parse
from reconciler.situations import SITUATIONS, guard_failed
from reconciler.situations.runs import GROUP_EMPTIED, MASS_REVOCATION
from support.worlds.plan_of_every_kind import HOSTILE, every_kind
from support.worlds.world import World, guid

PLAN = every_kind()
SETTINGS = World().settings()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


class Elements(HTMLParser):
    """Which elements a browser would build, and with which attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_example_has_everything() -> None:
    assert {operation.kind for operation in PLAN.operations} == set(Kind)
    assert {Severity.ERROR, Severity.WARNING} < {finding.severity for finding in PLAN.findings}
    assert PLAN.waiting
    assert PLAN.objections


def test_plan_json_holds_the_plan_byte_for_byte_beside_its_digest() -> None:
    content = plan_json(PLAN)
    outer = json.loads(content)
    assert outer["digest"] == PLAN.digest
    assert outer["plan"] == json.loads(PLAN.canonical)
    (body,) = re.findall(rb'"plan":(.*)}\n', content, re.DOTALL)
    assert f"sha256:{sha256(body).hexdigest()}" == PLAN.digest
    assert parse(body) == PLAN


def test_operations_csv_has_a_row_per_operation() -> None:
    written = rows(operations_csv(PLAN))
    assert [row["kind"] for row in written] == [str(o.kind) for o in PLAN.operations]
    assert {row["digest"] for row in written} == {PLAN.digest}
    move = next(row for row in written if row["kind"] == "move")
    assert move["what"] == "moves from Marketing Team to Sales Team"
    assert (move["takes"], move["frees"]) == ("Sales", "Marketing")
    assert move["reason"] == "U2 Moves to another set"


def test_products_are_told_apart_in_csv() -> None:
    both = next(o for o in PLAN.operations if len(o.takes) > 1)
    assert rows(operations_csv(PLAN))[both.index]["takes"] == "Marketing, Sales"


def test_errors_csv_has_what_needs_attention_guards_first() -> None:
    written = rows(errors_csv(PLAN))
    assert written[0]["code"] == "R9"
    assert "I" not in {row["severity"] for row in written}
    expected = [f for f in PLAN.findings if f.severity is not Severity.INFORMATION]
    assert len(written) == len(PLAN.objections) + len(expected)
    assert all(row["message"] for row in written)


def test_a_guard_weighs_in_errors_csv_what_its_situation_does() -> None:
    emptied = guard_failed(GROUP_EMPTIED, name="Sales Team", count=1)
    held = replace(PLAN, verdicts=(emptied, guard_failed(MASS_REVOCATION, limits="")))
    weights = {row["code"]: row["severity"] for row in rows(errors_csv(held))[:2]}
    assert weights == {code: str(SITUATIONS[code].severity) for code in ("R7", "R9")}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\x00=1", "\uff1d1", "\u202e=1", " =1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["ana\u202egro", "a\u200bna", "a\x1b[31mb", "a\r\nb", "a\u2028b", "a\ufeffb"]
)
def test_nothing_unseen_is_shown(text: str) -> None:
    assert shown(text).isprintable()


def test_hostile_names_stay_text_in_csv() -> None:
    for content in (operations_csv(PLAN), errors_csv(PLAN)):
        for row in rows(content):
            for value in row.values():
                assert not value.startswith(("=", "+", "-", "@"))
                assert "\u202e" not in value
                assert "\n" not in value


def test_hostile_names_stay_text_in_markdown_and_in_a_workbook() -> None:
    told = report_markdown(PLAN, State()).decode()
    assert r"\<script\>alert(1)\</script\>@x (\<script\>alert(1)\</script\>@x Jr)" in told
    assert not re.search(r"(?<!\\)[<>]|[\u202a-\u202e\u200b]", told)
    people = load_workbook(BytesIO(report_xlsx(PLAN, State())))["People"]
    assert {cell_.data_type for row in people.iter_rows() for cell_ in row} == {"s", "n"}
    called = {row[1]: row[2] for row in people.iter_rows(values_only=True)}
    assert called["leaver@example.org"] == "Lea Leaver"
    assert called[HOSTILE["formula"]] == f"{HOSTILE['formula']} Jr"


def named(*names: str) -> Plan:
    """A plan whose findings are about users of these names and ids."""
    finding = next(f for f in PLAN.findings if f.severity is Severity.ERROR)
    subjects = [replace(finding.subject, id=name, name=name) for name in names]
    return replace(PLAN, findings=tuple(replace(finding, subject=one) for one in subjects))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "name",
    [
        "ana;=1+1",
        "ana, +1",
        "ana;\u00a0@x",
        'ana;"=1+1"',
        'ana;""-1',
        "ana\t=1",
        "ana;\uff1d1",
        ";=1",
    ],
)
def test_no_cell_is_a_formula_whichever_separator_a_spreadsheet_goes_by(
    name: str, separator: str
) -> None:
    """Where numbers have a comma, it splits cells at semicolons, whatever the file says."""
    table = csv.reader(StringIO(errors_csv(named(name)).decode("utf-8-sig")), delimiter=separator)
    for cell_ in (cell_ for row in table for cell_ in row):
        assert not cell_.strip(' "\u00a0').startswith(("=", "+", "-", "@", "\uff1d"))


@pytest.mark.parametrize(
    "name",
    ["0042", "1E5", "12345678901234567890", "3-4", "2026-11-30", "1/2", "12:30", "5 %", ".5"],
)
def test_an_id_stays_the_text_it_is_in_a_spreadsheet(name: str) -> None:
    """Which would make 42, 100000, a rounded number or a day of them."""
    *_, row = rows(errors_csv(named(name)))
    assert (row["id"], row["name"]) == (f"'{name}", f"'{name}")


@pytest.mark.parametrize("name", ["ana", "u1", "2nd floor", "7f3a-91", "ana; ben, cyd - dee"])
def test_other_texts_are_as_they_are(name: str) -> None:
    *_, row = rows(errors_csv(named(name)))
    assert row["name"] == name


def test_numbers_are_numbers_and_letters_are_in_utf_8() -> None:
    assert operations_csv(PLAN).startswith(b"\xef\xbb\xbfplan,digest,index,")
    written = rows(operations_csv(PLAN))
    assert [row["index"] for row in written] == [str(o.index) for o in PLAN.operations]
    assert [row["needs"] for row in written] == [
        " ".join(map(str, o.needs)) for o in PLAN.operations
    ]


def test_hostile_names_make_no_elements_in_the_page() -> None:
    """Nor what approvers, the vendor and Graph said."""
    said = "<img src=x onerror=alert(1)>\u202e"
    now = PLAN.basis.planned_at
    approval = Approval(PLAN.id, PLAN.digest, Identity(said, said), said, now, (said,))
    results = dict.fromkeys(range(len(PLAN.operations)), ("failed", said))
    state = State((approval,), Use("run1", now), results)
    read = SetRead(said, "g1", False, said, 1, 1, 1, 0.1, True)
    seats = tuple(replace(line, product=said) for line in PLAN.seats)
    background = StoreContext(
        ((now, seats), (now, PLAN.seats), (now, seats)), (read,), (read,), now
    )
    hostile = report_html(replace(PLAN, seats=seats), SETTINGS, state, background).decode()
    assert hostile.count("&lt;img src=x") > 20
    assert "alert(1)" in hostile
    elements = Elements(hostile)
    tags = Counter(tag for tag, _ in elements.found)
    assert tags["script"] == 2  # the rows, and what shows them
    assert not tags.keys() & {"img", "iframe", "link", "form"}
    assert not re.search("[\u202a-\u202e\u200b]", hostile)
    for _, attributes in elements.found:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")


def test_what_was_not_read_whole_stands_first_and_beside_what_was_read_last_time() -> None:
    reads = (
        SetRead("Whole", "g1", True, "", 3, 1200, 1200, 0.5, True),
        SetRead("Cut", "g2", False, "page 2 is missing", 1, 100, 150, 0.5, False),
        SetRead("Lost", None, True, "", 0, 0, None, 0.0, False),
    )
    before = (
        dataclasses.replace(reads[0], members=1190),
        dataclasses.replace(reads[1], members=150),
    )
    background = StoreContext((), reads, before, PLAN.basis.planned_at)
    page = report_html(PLAN, SETTINGS, store_context=background).decode()
    section = page.partition("How the groups were read</h2>")[2].partition("</table>")[0]
    rows = [re.findall("<td[^>]*>(.*?)</td>", row) for row in section.split("<tr>")[2:]]
    told = [[" ".join(re.sub("<[^>]*>", " ", cell_).split()) for cell_ in row] for row in rows]
    assert told == [
        ["Cut g2", "in part : page 2 is missing", "100", "150", "1", "all members"],
        ["Lost", "no group", "0", "not read", "", ""],
        ["Whole g1", "yes", "1,200", "1,190", "3", "changes since last time"],
    ]
    beside_the_commands = page.partition("What next</h2>")[2].partition("</section>")[0]
    assert "Cut 150 &rarr; 100, Whole 1,190 &rarr; 1,200." in beside_the_commands


def test_the_page_says_where_nobody_loses_a_seat() -> None:
    world = World()
    world.person("ana", "Sales Team")
    assert "Nobody loses a seat." in report_html(world.plan(), world.settings()).decode()
    assert "Nobody loses a seat." not in report_html(PLAN, SETTINGS).decode()


def test_every_link_in_the_page_leads_somewhere() -> None:
    elements = Elements(report_html(PLAN, SETTINGS).decode()).found
    links = {attributes["href"] for _, attributes in elements if "href" in attributes}
    assert {"#found", "#seats", "#who", "#waiting", "#basis"} < links
    assert links <= {f"#{attributes['id']}" for _, attributes in elements if "id" in attributes}


def test_the_page_allows_nothing_from_outside_and_one_script_of_its_own() -> None:
    page = report_html(PLAN, SETTINGS).decode()
    elements = Elements(page)
    (policy,) = [a["content"] for tag, a in elements.found if tag == "meta" and "http-equiv" in a]
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'"
    )


def test_the_page_tells_what_why_and_what_next() -> None:
    page = report_html(PLAN, SETTINGS).decode()
    assert "Stopped, mass revocation (R9): 1 person would lose a seat, 1 would move" in page
    assert f"seatsync approve {PLAN.id} --override R9" in re.sub("<[^>]*>", "", page)
    assert PLAN.digest in page
    for name in ("leaver@example.org", "Marketing Team", "In no set any more"):
        assert name in page


def test_findings_of_one_code_keep_their_own_advice() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Marketing Team": ["Marketing"]},
        seats={"Sales": 1, "Marketing": 1},
    )
    for number in range(2):
        world.person(f"seller{number}", "Sales Team")
    for number in range(4):
        world.person(f"marketer{number}", "Marketing Team")
    page = report_html(world.plan(), SETTINGS).decode()
    assert "Buy 1 more, or release seats." in page
    assert "Buy 3 more, or release seats." in page


def test_what_is_to_be_typed_is_set_as_code() -> None:
    """In lines that end between words: no option is broken."""
    page = report_html(PLAN, SETTINGS).decode()
    assert 'approve it with <code><span class="word">--override</span> R9</code>.' in page


@pytest.mark.parametrize(("purchased", "marks"), [(5, 1), (None, 0)])
def test_what_was_purchased_is_marked_where_it_is_known(purchased: int | None, marks: int) -> None:
    line = SeatLine(
        product="Sales", purchased=purchased, used_before=3, unmanaged=0,
        frees=0, takes=0, used_after=3, waiting=0,
    )  # fmt: skip
    page = report_html(replace(PLAN, seats=(line,)), SETTINGS).decode()
    elements = Elements(page).found
    assert [tag for tag, _ in elements].count("line") == 1 + marks  # the legend has one
    (label,) = (
        a["aria-label"] for _, a in elements if str(a.get("aria-label")).startswith("Sales:")
    )
    assert str(label).endswith(f"{purchased or 'unknown'} purchased")


def test_pictures_of_until_now_tell_what_nobody_uses_and_how_soon_a_seat_is_used() -> None:
    (line, *_) = PLAN.seats
    days = (PLAN.basis.planned_at - timedelta(days=1), PLAN.basis.planned_at)
    seats = tuple((at, (replace(line, used_before=5, idle=3),)) for at in days)
    known = StoreContext(seats, first_uses={line.product: FirstUse(2.5, 0.12)})
    page = report_html(PLAN, SETTINGS, store_context=known).decode()
    assert "3 used by nobody</span></figcaption>" in page
    assert '<path class="idle" d="M0.00' in page
    assert "granted: first used after 2.5 days (median), 12 % never used." in page
    unwatched = StoreContext(tuple((at, (replace(line, used_before=5),)) for at in days))
    page = report_html(PLAN, SETTINGS, store_context=unwatched).decode()
    assert "Seats in use until now" in page
    assert "used by nobody" not in page
    assert "never used" not in page


def test_the_digest_is_not_folded_away() -> None:
    """Paper cannot be unfolded."""
    page = report_html(PLAN, SETTINGS).decode()
    before = page[: page.index(PLAN.digest)]
    assert before.count("<details") == before.count("</details>")


def test_ten_thousand_operations_all_stand_on_the_page() -> None:
    operation = next(o for o in PLAN.operations if o.kind is Kind.GRANT)
    people = [replace(operation.subject, id=f"id{index}") for index in range(10_000)]
    many = tuple(replace(operation, index=at, subject=one) for at, one in enumerate(people))
    page = report_html(replace(PLAN, operations=many), SETTINGS).decode()
    (rows,) = re.findall('id="rows">(.*?)</script>', page, re.DOTALL)
    told = [row[0] for row in json.loads(zlib.decompress(b64decode(rows)))["rows"]]
    assert told[:10_000] == sorted(one.id for one in people)
    assert page.count('<li id="user-id') == STATIC


def test_a_plan_that_cannot_be_applied_says_so() -> None:
    plan = World(vendor={"managed_through_idp": False}).plan()
    page = report_html(plan, SETTINGS).decode()
    assert "This plan cannot be applied" in page
    assert "seatsync approve" not in page


def test_every_operation_is_said_in_words() -> None:
    said = [in_words(operation) for operation in PLAN.operations]
    assert all(said)
    assert "is updated: user name: old@example.org \u2192 renamed@example.org" in said


def test_s2_the_waiting_list_tells_when_a_seat_comes_free() -> None:
    w = World(seats={"Sales": 1}, policy={"leave_grace": "7d"})
    w.account("lea", "Sales Team")
    w.person("lea")
    w.person("tom", "Sales Team")
    console = Console(width=200, record=True, file=StringIO())
    terminal.print_plan(w.plan(), console)
    for told in (report_html(w.plan(), SETTINGS).decode(), console.export_text()):
        assert "free on" in told.lower()
        assert "2026-12-01" in told


def test_a_change_that_nobody_would_see_is_told_in_words() -> None:
    w = World()
    w.account("zoe", "Sales Team", **{"name.givenName": "Zo\u00eb"})
    w.person("zoe", "Sales Team", givenName="Zoe\u0308")
    (said,) = [in_words(operation) for operation in w.plan().operations]
    assert (
        '(character 3, "\u00eb" (U+00EB latin small letter e with diaeresis) there and "e" with a '
        "combining diaeresis here)"
    ) in said


def test_the_summary_counts_what_is_there() -> None:
    summary = summarise(PLAN)
    assert sum(summary.operations.values()) == len(PLAN.operations)
    assert sum(summary.findings.values()) == len(PLAN.findings)
    assert summary.waiting == len(PLAN.waiting)
    assert summary.status == "blocked"
    assert summarise(World().plan()).headline.startswith("Nothing to do")


def test_the_terminal_shows_names_as_text() -> None:
    console = Console(width=200, record=True, file=StringIO())
    terminal.print_plan(PLAN, console, excerpt=Excerpt(str, lines=None))
    text = console.export_text()
    assert "<script>alert(1)</script>@x" in text
    assert "\u202e" not in text
    assert "R9" in text
    assert PLAN.digest in text


@pytest.mark.parametrize(("leaving", "at_a_glance"), [(1, False), (4, True)])
def test_a_guard_is_told_with_its_numbers_and_at_a_glance_where_it_is_near_its_limit(
    leaving: int, at_a_glance: bool
) -> None:
    limits = {"max_revokes": 5, "max_revoke_percent": 10, "max_set_revoke_percent": 25}
    world = World(seats={"Sales": 100}, policy=limits)
    for at in range(50):
        world.settled(f"ana{at}", "Sales Team")
    for at in range(leaving):
        world.members.remove(("Sales Team", guid(f"ana{at}"), "user"))
    plan = world.plan()
    said = f"{leaving} of 50 users ({2 * leaving} %) would lose seats; the limit is 5 users."
    page = unescape(report_html(plan, world.settings()).decode())
    verdicts = json.loads(plan_json(plan))["plan"]["verdicts"]
    glance = _on_terminal(plan)
    assert (f"Near its limit (R9): {said}" in glance) is at_a_glance
    assert f"guards pass; their numbers: seatsync show {plan.id} --limit 10" in glance
    assert said in _on_terminal(plan, Excerpt(str, lines=None))
    assert said in page
    assert any(said in verdict["message"] for verdict in verdicts)


def _on_terminal(plan: Plan, excerpt: Excerpt | None = None) -> str:
    console = Console(width=300, record=True, file=StringIO())
    terminal.print_plan(plan, console, excerpt=excerpt)
    return console.export_text()


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("there", [False, True])
def test_reports_are_private_and_whole(tmp_path: Path, there: bool) -> None:
    """Also in a folder that somebody has opened to others; the one above is then as it is."""
    settings = SETTINGS.model_copy(update={"reports": tmp_path / "new" / "reports"})
    if there:
        report_folder(settings, PLAN.id).mkdir(parents=True)
        report_folder(settings, PLAN.id).chmod(0o777)
        settings.reports.chmod(0o755)
    folder = write_reports(PLAN, settings)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert settings.reports.stat().st_mode & 0o777 == (0o755 if there else 0o700)
    assert {path.name for path in folder.iterdir()} == {
        "plan.json",
        "operations.csv",
        "errors.csv",
        "report.html",
    }
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    assert write_reports(PLAN, settings) == folder


@pytest.mark.parametrize("plan_id", ["../../x", "", "A", "x/y", "8f2\n", "8" * 33])
def test_no_plan_leads_out_of_the_reports_folder(plan_id: str) -> None:
    with pytest.raises(ValueError, match="not the id of a run"):
        report_folder(SETTINGS, plan_id)


def test_a_link_put_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    (tmp_path / ".plan.json.draft").symlink_to(tmp_path / "precious")
    write_whole(tmp_path / "plan.json", b"{}")
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("there", [True, False], ids=["to a folder", "to nothing"])
@pytest.mark.parametrize("which", ["reports", "reports/" + PLAN.id])
def test_a_link_in_place_of_a_folder_is_not_followed(
    tmp_path: Path, which: str, there: bool
) -> None:
    settings = SETTINGS.model_copy(update={"reports": tmp_path / "reports"})
    elsewhere = tmp_path / "elsewhere"
    if there:
        elsewhere.mkdir()
    (tmp_path / which).parent.mkdir(exist_ok=True)
    (tmp_path / which).symlink_to(elsewhere)
    with pytest.raises(OSError, match="is a link, or no folder"):
        write_reports(PLAN, settings)
    assert [*elsewhere.iterdir()] == [] if there else not elsewhere.exists()


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    report = write_whole(tmp_path / "report.html", b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_whole(report, b"x" * 200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert report.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [report]


def test_hostile_names_are_in_the_plan() -> None:
    told = {entry.subject.name for entry in (*PLAN.operations, *PLAN.findings)}
    assert told >= set(HOSTILE.values())
