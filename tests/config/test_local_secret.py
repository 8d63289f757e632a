"""Secrets that the machine has: read when they are needed, refused where others may read them."""

from pathlib import Path

import pytest

from config.local_secret import read_local
from config.secret_reference import SecretReference, SecretUnavailable


def test_a_secret_is_read_when_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", " canary\n")
    assert read_local(SecretReference.parse("env:TOKEN")) == "canary"
    (tmp_path / "token").touch(mode=0o600)
    (tmp_path / "token").write_text("canary\n")
    reference = SecretReference.parse(f"file:{tmp_path}/token")
    assert read_local(reference) == "canary"
    assert "canary" not in f"{reference!r} {reference}"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_secret_may_have_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    """As editors and PowerShell write it on Windows."""
    (tmp_path / "token").touch(mode=0o600)
    (tmp_path / "token").write_text("canary\r\n", encoding=encoding)
    assert read_local(SecretReference.parse(f"file:{tmp_path}/token")) == "canary"


def test_a_secret_that_is_not_there_is_named_by_its_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    with pytest.raises(SecretUnavailable, match="env:TOKEN is not set"):
        read_local(SecretReference.parse("env:TOKEN"))
    with pytest.raises(SecretUnavailable, match="No such file"):
        read_local(SecretReference.parse(f"file:{tmp_path}/nothing"))


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("canary")
    (tmp_path / "token").chmod(0o640)
    with pytest.raises(SecretUnavailable, match="chmod 600") as caught:
        read_local(SecretReference.parse(f"file:{tmp_path}/token"))
    assert "canary" not in str(caught.value)


def test_a_credential_of_systemd_is_in_the_folder_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the mode that systemd gives it: where it works with ACLs, the group's bits are set."""
    (tmp_path / "scim-token").write_text("canary\n")
    (tmp_path / "scim-token").chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_local(SecretReference.parse("cred:scim-token")) == "canary"
    with pytest.raises(SecretUnavailable, match="cred:another cannot be read: No such file"):
        read_local(SecretReference.parse("cred:another"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(SecretUnavailable, match="LoadCredential="):
        read_local(SecretReference.parse("cred:scim-token"))
