"""Evidence is verified by the program in docs/evidence.md, which uses nothing of ours."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_httpserver import HTTPServer

from connectors.evidence.host_key import public_pem
from support.counterparts.timestamp_authority import TimestampAuthority
from support.scenarios.company import Company

DOCS = Path(__file__).parents[3] / "docs" / "evidence.md"
VendorInterceptor = dict[str, Any]


class Auditor:
    """Somebody elsewhere, with the public key, the verifier from the docs, and Python."""

    def __init__(self, folder: Path, public_key: str) -> None:
        self.key, self.program = folder / "seatsync.pem", folder / "verify.py"
        self.key.write_text(public_key)
        (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
        self.program.write_text(code)

    def verify(self, evidence: Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-I", self.program, self.key, evidence],
            capture_output=True,
            text=True,
            check=False,
        )


@dataclass(frozen=True)
class Exported:
    """Evidence of a plan that was approved and applied, and of one that was only planned."""

    plan: Any
    applied: str
    planned: str
    key: str
    head: str
    config: Path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    company = Company(tmp_path_factory.mktemp("company"))
    with company.sandbox:
        company.configure()
        company.run("plan")
        plan = json.loads(Path(company.json("show")["paths"]["plan"]).read_bytes())["plan"]
        assert company.run("approve", plan["id"], "--reason", "the first seats").exit_code == 0
        assert company.run("apply", plan["id"]).exit_code == 0
        head = json.loads(company.run("audit checkpoint").stdout)["head"]
        assert company.run("audit export", plan["id"]).exit_code == 0
        company.run("plan")
        assert company.run("audit export").exit_code == 0
        key = company.run("audit key").stdout
    applied = company.folder / "reports" / plan["id"] / "evidence.intoto.jsonl"
    assert applied.stat().st_mode & 0o777 == 0o600
    (planned,) = set(company.folder.glob("reports/*/*.jsonl")) - {applied}
    return Exported(plan, applied.read_text(), planned.read_text(), key, head, company.config)


@pytest.fixture
def evidence(exported: Exported, tmp_path: Path) -> Path:
    """Of the plan that was applied: a copy, to be altered."""
    path = tmp_path / "evidence.intoto.jsonl"
    path.write_text(exported.applied)
    return path


@pytest.fixture
def auditor(exported: Exported, tmp_path: Path) -> Auditor:
    return Auditor(tmp_path, exported.key)


def statements(evidence: Path) -> list[tuple[str, Any]]:
    payloads = [json.loads(line)["payload"] for line in evidence.read_text().splitlines()]
    told = [json.loads(base64.b64decode(payload)) for payload in payloads]
    return [(one["predicateType"].split(":")[3], one["predicate"]) for one in told]


def test_it_tells_the_plan_its_approval_and_what_was_read_back(
    exported: Exported, evidence: Path, auditor: Auditor
) -> None:
    verified = auditor.verify(evidence)
    assert verified.returncode == 0, verified.stderr
    assert "the first seats" in verified.stdout
    (_, plan), (_, approval), (_, results), (_, trail) = found = statements(evidence)
    assert [what for what, _ in found] == ["plan", "approval", "results", "trail"]
    assert json.loads(plan["plan"]) == exported.plan
    assert approval["reason"] == "the first seats"
    assert {one["result"] for one in results["operations"]} == {"done"}
    assert len(results["operations"]) == len(json.loads(plan["plan"])["operations"])
    assert trail["head"] == exported.head


def other_payload(line: VendorInterceptor) -> None:
    payload = base64.b64decode(line["payload"]).replace(b"first", b"other")
    line["payload"] = base64.b64encode(payload).decode()


def other_type(line: VendorInterceptor) -> None:
    line["payloadType"] = "application/json"


def other_signature(line: VendorInterceptor) -> None:
    signature = bytearray(base64.b64decode(line["signatures"][0]["sig"]))
    signature[0] ^= 1
    line["signatures"][0]["sig"] = base64.b64encode(signature).decode()


@pytest.mark.parametrize("alter", [other_payload, other_type, other_signature])
def test_an_altered_line_is_refused(
    evidence: Path, auditor: Auditor, alter: Callable[[VendorInterceptor], None]
) -> None:
    lines = [json.loads(line) for line in evidence.read_text().splitlines()]
    alter(lines[1])
    evidence.write_text("\n".join(map(json.dumps, lines)))
    refused = auditor.verify(evidence)
    assert refused.returncode != 0
    assert "InvalidSignature" in refused.stderr


def test_what_another_key_signed_is_refused(evidence: Path, auditor: Auditor) -> None:
    auditor.key.write_bytes(public_pem(Ed25519PrivateKey.generate()))
    assert "InvalidSignature" in auditor.verify(evidence).stderr


def test_another_plans_statement_among_them_is_refused(
    exported: Exported, evidence: Path, auditor: Auditor
) -> None:
    other, *_ = exported.planned.splitlines()
    evidence.write_text("\n".join([other, *exported.applied.splitlines()[1:]]))
    assert "not all of it is about this plan" in auditor.verify(evidence).stderr


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_what_was_left_out_is_missed(evidence: Path, auditor: Auditor, missing: int) -> None:
    lines = evidence.read_text().splitlines(keepends=True)
    evidence.write_text("".join(lines[:missing] + lines[missing + 1 :]))
    assert "not all that was exported" in auditor.verify(evidence).stderr


def test_a_plan_that_nobody_approved_has_no_such_statement(
    exported: Exported, evidence: Path, auditor: Auditor
) -> None:
    evidence.write_text(exported.planned)
    assert [what for what, _ in statements(evidence)] == ["plan", "trail"]
    assert auditor.verify(evidence).returncode == 0


@pytest.mark.skipif(not (which("openssl") and which("curl")), reason="openssl or curl is not here")
def test_a_checkpoint_is_stamped_and_verified_as_the_docs_say(
    exported: Exported, httpserver: HTTPServer, tmp_path: Path
) -> None:
    stamping = TimestampAuthority(tmp_path)
    httpserver.expect_request("/", method="POST").respond_with_handler(stamping)
    stamp, verify = re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.DOTALL)

    def shell(commands: str) -> "subprocess.CompletedProcess[str]":
        at = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return subprocess.run(
            ["/bin/sh", "-ec", commands.replace("https://tsa.example/", httpserver.url_for("/"))],
            env={**os.environ, "PATH": at, "SEATSYNC_CONFIG": str(exported.config)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert shell(stamp).returncode == 0
    verified = shell(verify)
    assert verified.returncode == 0, verified.stderr
    assert "Time stamp: " in verified.stdout
    assert "1 checkpoint agrees" in verified.stdout
    checkpoint = tmp_path / "checkpoint.json"
    checkpoint.write_text(checkpoint.read_text().replace("T", "t", 1))
    assert shell(verify).returncode != 0
