"""`seatsync demo --serve`: what is pressed in the browser, and what seatsync makes of it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, Page

from connectors.sandbox.portal_page import Command
from jobs.cli.main import main
from jobs.demo.serve import next_commands
from support.counterparts.chromium import chromium, needs_chromium

PROGRAM = "from jobs.cli.main import main; main()"


class ServedDemo:
    """A process of its own; `portal` is where its page is."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "seatsync.yaml"
        arguments = [sys.executable, "-c", PROGRAM, "demo", "--serve", str(folder)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.said: dict[str, str] = {}
        while "Configuration" not in self.said:
            what, _, told = self.process.stdout.readline().partition(":")
            assert told, self.process.wait()
            self.said[what] = told.strip()
        self.portal = self.said["Admin Portal"].partition(" ")[0]

    def run(self, *words: str, stdin: str = "") -> Result:
        """Playwright's loop runs in the thread of the test."""
        arguments = [*words, "--config", str(self.config)]
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(CliRunner().invoke, main, arguments, input=stdin).result()

    def end(self) -> int:
        with self.process as ended:
            ended.send_signal(signal.SIGTERM)
            return ended.wait()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDemo]:
    demo = ServedDemo(tmp_path_factory.mktemp("demo"))
    yield demo
    assert demo.end() == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, demo: ServedDemo) -> Iterator[Page]:
    """Without scripts. It has nothing to complain of, and asks nobody else."""
    complaints: list[str] = []
    asked: set[str] = set()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.goto(demo.portal)
    yield page
    context.close()
    assert complaints == []
    assert asked == {demo.portal.removeprefix("http://")}


def press(page: Page, button: str) -> str:
    """What the page says happened."""
    page.get_by_role("button", name=button, exact=True).click()
    return page.get_by_role("status").inner_text()


@needs_chromium
def test_what_happens_in_entra_id_is_in_the_next_plan(demo: ServedDemo, page: Page) -> None:
    page.get_by_label("Who is in a group with a set").select_option("Hugo Abel")
    assert press(page, "Somebody leaves") == "Hugo Abel left: deleted in Entra ID."
    page.get_by_label("Group to rename").select_option("ZoomInfo-Admins")
    page.get_by_label("Its new name").fill("ZoomInfo Admins")
    assert '"ZoomInfo Admins"' in press(page, "Rename the group")
    plan = demo.run("plan").stdout
    assert "G2" not in plan
    (leaver,) = (line for line in plan.splitlines() if "Hugo Abel" in line)
    assert leaver.startswith("loses a seat")
    page.get_by_label("In the recycle bin").select_option("Hugo Abel")
    assert "Hugo Abel is back" in press(page, "They come back")
    assert "Hugo Abel" in page.get_by_label("Who is in a group with a set").inner_text()


@needs_chromium
def test_an_expired_token_stops_provisioning_until_a_new_one_is_set(
    demo: ServedDemo, page: Page
) -> None:
    assert press(page, "The token expires") == "The API token has expired."
    assert "expired, nobody connects" in page.locator("#token").inner_text()
    refused = demo.run("plan")
    assert (refused.exit_code, "T2" in refused.stderr) == (1, True)
    page.get_by_label("I understand").check()
    press(page, "Generate New API Token")
    assert "seatsync token set" in page.locator(".told").inner_text()
    token = page.locator("#token code.pick").inner_text()
    assert demo.run("token", "set", "--lifetime", "1y", stdin=token).exit_code == 0
    page.reload()
    assert "seatsync token set" not in page.locator(".told").inner_text()


@needs_chromium
@pytest.mark.parametrize("server", ["The vendor", "Microsoft Graph"])
def test_a_server_that_goes_slow_or_down_and_is_quick_again(
    demo: ServedDemo, page: Page, server: str
) -> None:
    assert "slow" in press(page, f"{server} goes slow")
    assert demo.run("plan").exit_code == 2
    assert "down" in press(page, f"{server} goes down")
    missed = demo.run("plan")
    assert (missed.exit_code, "503" in missed.stderr) == (1, True)
    assert press(page, f"{server} is quick again") == f"{server} is quick again."


@needs_chromium
def test_the_guides_switch_and_its_dialog(page: Page) -> None:
    for to in ("off", "on"):
        page.get_by_role("switch", name=f"Turn {to}").click()
        assert page.get_by_role("status").inner_text() == f"Manage Users through IdP is {to}."
    page.get_by_text("Create Set", exact=True).click()
    page.get_by_label("Subscription Set Name").fill("Night Desk")
    page.get_by_label("Talent", exact=True).check()
    assert press(page, "Save Set") == 'There is a subscription set "Night Desk".'


@needs_chromium
def test_users_are_shown_with_their_status(page: Page) -> None:
    row = page.get_by_role("region", name="Users").get_by_role("row", name="ada.abel@")
    assert row.get_by_role("cell").all_inner_texts()[1:] == ["Sales Team", "Provisioned"]


@needs_chromium
def test_nothing_keeps_anybody_from_using_it(browser: Browser, demo: ServedDemo) -> None:
    """axe-core finds nothing serious. It is a script of others, which the page's policy forbids."""
    page = browser.new_page(bypass_csp=True)
    page.goto(demo.portal)
    for width, scheme in ((390, "light"), (1280, "dark"), (1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(page).response["violations"]
        assert [one["help"] for one in found if one["impact"] in {"serious", "critical"}] == []
    page.close()


SHOWN = {"token": "now", "token_expired": False, "pace": "quick", "graph_pace": "quick"}


@pytest.mark.parametrize(
    ("shown", "lines"),
    [
        ({}, ["plan", 'approve latest --reason "I read it"', "apply latest"]),
        ({"pace": "slow"}, ["plan --verbose", "approve …", "apply latest --verbose"]),
        ({"graph_pace": "slow"}, ["plan --verbose", "approve …", "apply latest --verbose"]),
        ({"pace": "down"}, ["plan", "status"]),
        ({"graph_pace": "down"}, ["plan", "status"]),
        ({"token": "another"}, ["token set --lifetime 1y"]),
        ({"token_expired": True}, ["plan"]),
        ({"token": ""}, ["plan"]),
    ],
)
def test_what_to_type_follows_from_what_is_shown(
    tmp_path: Path, shown: dict[str, object], lines: list[str]
) -> None:
    (tmp_path / "scim-token").write_text("now\n")
    export, *told = next_commands(tmp_path / "a seatsync.yaml", {**SHOWN, **shown})
    assert export == Command(
        f"export SEATSYNC_CONFIG='{tmp_path}/a seatsync.yaml'", "Once, in each terminal."
    )
    assert [one.line.partition(" ")[2] for one in told] == [
        line.replace("approve …", 'approve latest --reason "I read it"') for line in lines
    ]
