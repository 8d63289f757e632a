"""Evidence is verified by the program in docs/evidence.md, which uses nothing of ours."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from company import Company
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_httpserver import HTTPServer
from stamping import Stamping

from connectors.evidence.host_key import public_pem

DOCS = Path(__file__).parents[2] / "docs" / "evidence.md"
Line = dict[str, Any]


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


@pytest.fixture
def evidence(company: Company) -> Path:
    """Of a plan that was approved and applied."""
    company.run("plan")
    plan = company.json("show")
    assert company.run("approve", plan["id"], "--reason", "the first seats").exit_code == 0
    assert company.run("apply", plan["id"]).exit_code == 0
    assert company.run("audit export", plan["id"]).exit_code == 0
    return company.folder / "reports" / plan["id"] / "evidence.intoto.jsonl"


@pytest.fixture
def auditor(company: Company, tmp_path: Path) -> Auditor:
    return Auditor(tmp_path, company.run("audit key").stdout)


def statements(evidence: Path) -> list[tuple[str, Any]]:
    payloads = [json.loads(line)["payload"] for line in evidence.read_text().splitlines()]
    told = [json.loads(base64.b64decode(payload)) for payload in payloads]
    return [(one["predicateType"].split(":")[3], one["predicate"]) for one in told]


def test_it_tells_the_plan_its_approval_and_what_was_read_back(
    company: Company, evidence: Path, auditor: Auditor
) -> None:
    verified = auditor.verify(evidence)
    assert verified.returncode == 0, verified.stderr
    assert "the first seats" in verified.stdout
    (_, plan), (_, approval), (_, results), (_, trail) = found = statements(evidence)
    assert [what for what, _ in found] == ["plan", "approval", "results", "trail"]
    assert json.loads(plan["plan"]) == company.json("show")
    assert approval["reason"] == "the first seats"
    assert {one["result"] for one in results["operations"]} == {"done"}
    assert len(results["operations"]) == len(json.loads(plan["plan"])["operations"])
    assert trail["head"] == json.loads(company.run("audit checkpoint").stdout)["head"]
    assert evidence.stat().st_mode & 0o777 == 0o600


def other_payload(line: Line) -> None:
    payload = base64.b64decode(line["payload"]).replace(b"first", b"other")
    line["payload"] = base64.b64encode(payload).decode()


def other_type(line: Line) -> None:
    line["payloadType"] = "application/json"


def other_signature(line: Line) -> None:
    signature = bytearray(base64.b64decode(line["signatures"][0]["sig"]))
    signature[0] ^= 1
    line["signatures"][0]["sig"] = base64.b64encode(signature).decode()


@pytest.mark.parametrize("alter", [other_payload, other_type, other_signature])
def test_an_altered_line_is_refused(
    evidence: Path, auditor: Auditor, alter: Callable[[Line], None]
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
    company: Company, evidence: Path, auditor: Auditor
) -> None:
    first = evidence.read_text()
    company.run("plan")
    company.run("audit export")
    (other,) = set(company.folder.glob("reports/*/*.jsonl")) - {evidence}
    swapped, *_ = other.read_text().splitlines(keepends=True)
    evidence.write_text(first.replace(first.splitlines(keepends=True)[0], swapped))
    assert "not all of it is about this plan" in auditor.verify(evidence).stderr


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_what_was_left_out_is_missed(evidence: Path, auditor: Auditor, missing: int) -> None:
    lines = evidence.read_text().splitlines(keepends=True)
    evidence.write_text("".join(lines[:missing] + lines[missing + 1 :]))
    assert "not all that was exported" in auditor.verify(evidence).stderr


def test_a_plan_that_nobody_approved_has_no_such_statement(
    company: Company, auditor: Auditor
) -> None:
    company.run("plan")
    assert company.run("audit export").exit_code == 0
    (evidence,) = company.folder.glob("reports/*/*.jsonl")
    assert [what for what, _ in statements(evidence)] == ["plan", "trail"]
    assert auditor.verify(evidence).returncode == 0


def test_the_key_stays_the_same_and_is_its_owners_alone(company: Company) -> None:
    first = company.run("audit key").stdout
    assert company.run("audit key").stdout == first
    path = company.folder / "evidence.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in first.encode()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda path: path.write_bytes(b""), "holds no Ed25519 key", id="empty"),
        pytest.param(lambda path: path.chmod(0o644), "can be read by others", id="readable"),
        pytest.param(lambda path: path.unlink() or path.mkdir(0o700), "directory", id="a folder"),
    ],
)
def test_a_key_that_cannot_sign_is_told_and_left_alone(
    company: Company, spoil: Callable[[Path], object], why: str
) -> None:
    company.run("audit key")
    company.run("plan")
    spoil(company.folder / "evidence.key")
    refused = company.run("audit export")
    assert refused.exit_code == 1
    assert why in refused.stderr


@pytest.mark.skipif(not (which("openssl") and which("curl")), reason="openssl or curl is not here")
def test_a_checkpoint_is_stamped_and_verified_as_the_docs_say(
    company: Company, httpserver: HTTPServer, tmp_path: Path
) -> None:
    company.run("plan")
    stamping = Stamping(tmp_path)
    httpserver.expect_request("/", method="POST").respond_with_handler(stamping)
    stamp, verify = re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.DOTALL)

    def shell(commands: str) -> "subprocess.CompletedProcess[str]":
        at = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return subprocess.run(
            ["/bin/sh", "-ec", commands.replace("https://tsa.example/", httpserver.url_for("/"))],
            env={**os.environ, "PATH": at, "SEATSYNC_CONFIG": str(company.config)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert shell(stamp).returncode == 0
    verified = shell(verify)
    assert verified.returncode == 0, verified.stderr
    assert "Time stamp: " in verified.stdout
    assert "1 checkpoints agree" in verified.stdout
    checkpoint = tmp_path / "checkpoint.json"
    checkpoint.write_text(checkpoint.read_text().replace("T", "t", 1))
    assert shell(verify).returncode != 0
