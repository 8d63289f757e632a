"""report.html in a real Chromium: it can be searched, sorted and linked to, and does no harm."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from time import perf_counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, ViewportSize

from jobs.report.page import report_html
from reconciler.model.plan import Plan
from support.counterparts.chromium import chromium, needs_chromium
from support.scenarios.company import Company
from support.worlds.plan_of_every_kind import HOSTILE, every_kind
from support.worlds.world import World, guid

SETTINGS = World().settings()
PLAN = every_kind()
SHOWN = "#people tr"

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a plan's page as a file. It must neither say nor ask anything."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(
        plan: Plan, anchor: str = "", now: datetime | None = None, **options: object
    ) -> Page:
        file = tmp_path / "report.html"
        file.write_bytes(report_html(plan, SETTINGS))
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        if now:
            page.clock.set_fixed_time(now)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{file.as_uri()}{anchor}")
        if page.locator("#rows").count() and options.get("java_script_enabled", True):
            page.locator(".tools").wait_for()  # the rows are unpacked
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert {url.partition("#")[0] for url in asked} == {(tmp_path / "report.html").as_uri()}


def many(count: int) -> Plan:
    """So many operations, each about somebody else with a display name."""
    operations = tuple(
        replace(
            PLAN.operations[index % len(PLAN.operations)],
            index=index,
            subject=replace(
                PLAN.operations[index % len(PLAN.operations)].subject,
                id=guid(f"person {index}"),
                name=f"person{index}@example.org",
            ),
        )
        for index in range(count)
    )
    called = {one.subject.id: f"Person {one.index} of Everybody" for one in operations}
    return replace(PLAN, operations=operations, display_names=called)


def names(page: Page) -> list[str]:
    return [text.partition("\n")[0] for text in page.locator("#people .who-name").all_inner_texts()]


def test_the_verdict_and_the_next_command_come_first(opened: Open) -> None:
    page = opened(PLAN, now=PLAN.basis.planned_at)
    assert page.locator("h1").inner_text().startswith("Stopped, mass revocation (R9): 1 person")
    stopped, following = (page.locator(one).bounding_box() for one in (".objection", ".next"))
    assert stopped is not None
    assert following is not None
    assert stopped["y"] < following["y"] < 400
    assert f"seatsync approve {PLAN.id} --override R9" in page.locator(".next").inner_text()


def test_a_page_whose_time_has_passed_says_so_by_itself(opened: Open) -> None:
    page = opened(PLAN, now=PLAN.basis.planned_at)
    assert not page.locator("#expired").is_visible()
    page.clock.set_fixed_time(PLAN.basis.expires_at)
    page.reload()
    assert page.locator(".next").inner_text().startswith("What next\n\nExpired")
    assert "seatsync approve" not in page.locator(".next").inner_text()


def test_whoever_loses_something_stands_above_the_others(opened: Open) -> None:
    page = opened(PLAN)
    effects = page.locator("#people .tag").all_inner_texts()
    assert effects[0] == "loses a seat"
    assert effects == sorted(effects, key=list(dict.fromkeys(effects)).index)


def test_a_search_leaves_who_fits(opened: Open) -> None:
    page = opened(PLAN)
    page.fill("#search", "LEAVER@")
    assert names(page) == ["leaver@example.org"]
    assert page.locator("#shown").inner_text().startswith("1 of ")
    page.fill("#search", "lea leaver")
    assert names(page) == ["leaver@example.org"]
    page.fill("#search", "nobody of this name")
    assert names(page) == []


def test_filters_go_by_what_happens_by_set_and_by_reason(opened: Open) -> None:
    page = opened(PLAN)
    page.select_option("#effect", "moves")
    assert names(page) == ["mover@example.org"]
    page.select_option("#effect", "")
    page.select_option("#set", "Marketing Team")
    assert names(page) == ["mover@example.org"]
    page.select_option("#set", "")
    page.select_option("#code", "U3")
    assert names(page) == ["leaver@example.org"]


def test_a_column_sorts_up_and_down(opened: Open) -> None:
    page = opened(replace(many(12), findings=(), waiting=()))
    page.click("th.who button")
    up = names(page)
    assert len(up) == 12
    assert up == sorted(up, key=str.lower)
    page.click("th.who button")
    assert names(page) == up[::-1]


def test_who_stays_as_they_are_is_found_with_the_reason(opened: Open) -> None:
    page = opened(PLAN)
    page.fill("#search", "tom tailor")
    assert names(page) == ["tom@example.org"]
    told = page.locator("#people").inner_text()
    assert "stays as is" in told
    assert "waits for Marketing Team, place 1" in told
    page.fill("#search", "several sets")
    assert names(page) == ["undecided@example.org"]


def joiners(count: int) -> Plan:
    world = World(seats={"Sales": count})
    for number in range(count):
        world.person(f"joiner{number:03}", "Sales Team")
    return world.plan()


def test_people_of_whom_the_same_is_said_share_a_row_that_opens(opened: Open) -> None:
    page = opened(joiners(250))
    (row,) = page.locator(SHOWN).all()
    assert "250 people" in row.inner_text()
    assert not page.locator("#people .who-name").first.is_visible()
    row.locator("summary").click()
    assert page.locator("#people .who-name").count() == 200
    row.locator("button").click()
    assert page.locator("#people .who-name").count() == 250
    assert page.evaluate("asCsv()").count("joiner") == 250
    page.fill("#search", "joiner249")
    assert names(page) == ["joiner249@example.org"]


def leavers(count: int) -> Plan:
    world = World()
    for number in range(count):
        world.account(f"leaver{number}", "Sales Team")
        world.person(f"leaver{number}")
    return world.plan()


@pytest.mark.parametrize("width", [390, 1280])
def test_those_who_lose_a_seat_are_all_named_before_anything_that_was_found(
    opened: Open, width: int
) -> None:
    """Whole, without a box that scrolls; the last of many after a click, and on paper."""
    page = opened(leavers(33), viewport={"width": width, "height": 900})
    losers = page.locator("#losers + section")
    assert losers.get_by_text("leaver9@").is_hidden()
    page.emulate_media(media="print")
    assert losers.get_by_text("leaver9@").is_visible()
    page.emulate_media(media="screen")
    losers.locator("summary").click()
    assert sum(line.is_visible() for line in losers.locator("li").all()) == 33
    assert losers.evaluate("box => box.scrollHeight <= box.clientHeight")
    assert page.evaluate(
        "at('losers').compareDocumentPosition(at('found')) & Node.DOCUMENT_POSITION_FOLLOWING"
    )


def test_a_link_leads_to_somebody_wherever_they_stand(opened: Open) -> None:
    plan = joiners(250)
    last, first = plan.operations[-1].subject, plan.operations[0].subject
    page = opened(plan, f"#user-{last.id}")
    found = page.locator(".found")
    assert last.name in found.inner_text()
    assert found.evaluate("row => row.getBoundingClientRect().top < innerHeight")
    page.fill("#search", "joiner042@")
    page.evaluate(f"location.hash = 'user-{first.id}'")
    page.wait_for_function("document.querySelector('.found')")
    assert first.name in page.locator(".found").inner_text()


def test_names_are_text_and_nothing_else(opened: Open) -> None:
    page = opened(PLAN)
    told = page.locator("#people").inner_text()
    assert "<script>alert(1)</script>@x" in told
    assert page.locator("script").count() == 2
    assert page.evaluate("document.querySelectorAll('#people script').length") == 0
    assert "\u202e" not in told
    assert HOSTILE["formula"] in told


def test_no_cell_of_the_copied_csv_is_a_formula(opened: Open) -> None:
    copied = opened(PLAN).evaluate("asCsv()")
    assert (
        copied.splitlines()[0] == "what,who,display_name,id,now,then,frees,takes,further,why,result"
    )
    assert "'=HYPERLINK(1)@x" in copied
    assert not re.search(r'(^|,)"?[=+@-]', copied, re.MULTILINE)


def test_without_scripts_everything_that_matters_can_be_read(opened: Open) -> None:
    page = opened(PLAN, java_script_enabled=False)
    told = page.locator("main").inner_text()
    for name in (
        "leaver@example.org",
        "mover@example.org",
        "In no set any more",
        "seatsync approve",
    ):
        assert name in told
    assert not page.locator(".tools").is_visible()
    people = {one.id for one in PLAN.mentioned if one.kind in {"user", "account"}}
    assert page.locator(SHOWN).count() == len(people | {o.subject.id for o in PLAN.operations})


def test_fifty_thousand_operations_are_a_light_page(
    opened: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = perf_counter()
    page = opened(many(50_000))
    first = page.evaluate("performance.getEntriesByType('paint').map(p => p.startTime).at(-1)")
    loaded = perf_counter() - began
    searched = page.evaluate(
        """() => {
          const began = performance.now();
          at("search").value = "person4999";
          filter();
          document.body.getBoundingClientRect();
          return performance.now() - began;
        }"""
    )
    size = (tmp_path / "report.html").stat().st_size
    elements = page.evaluate("document.querySelectorAll('*').length")
    assert page.locator(SHOWN).count() == 11
    assert elements < 5_000
    assert size <= 4 << 20
    with capsys.disabled():
        print(
            f"\n50,000 operations: {size / 1e6:.1f} MB, {elements} elements, painted after "
            f"{first:.0f} ms, written and loaded in {loaded:.1f} s, searched in {searched:.0f} ms"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_keeps_anybody_from_reading_it(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    """axe-core finds nothing serious. It is a script of others, which the page's policy forbids."""
    file = tmp_path / "report.html"
    file.write_bytes(report_html(PLAN, SETTINGS))
    viewport: ViewportSize = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    found = Axe().run(page).response["violations"]
    context.close()
    assert [one["help"] for one in found if one["impact"] in {"serious", "critical"}] == []


def test_the_demo_prints_on_four_pages(browser: Browser, company: Company) -> None:
    def planned() -> str:
        company.settle()
        company.run("plan")
        return str(company.json("show")["id"])

    with ThreadPoolExecutor(1) as elsewhere:  # playwright's loop runs in this thread
        plan_id = elsewhere.submit(planned).result()
    page = browser.new_page()
    page.goto((company.folder / "reports" / plan_id / "report.html").as_uri())
    pdf = page.pdf(format="A4")
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4
