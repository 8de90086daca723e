from pathlib import Path

import pytest
from yule_cli.secrets import SecretError, conceal, reveal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKEN", "a/b@c")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("NOTHING", raising=False)
    (tmp_path / "token.txt").write_text("from a file\n")
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    return tmp_path


def test_a_whole_reference_is_the_secret_as_it_is(folder: Path) -> None:
    assert reveal("${env:TOKEN}", folder=folder) == "a/b@c"
    assert reveal("${file:token.txt}", folder=folder) == "from a file"
    assert reveal(f"${{file:{folder}/token.txt}}", folder=Path("/")) == "from a file"


def test_a_part_of_a_url_is_percent_encoded(folder: Path) -> None:
    assert reveal("https://me:${env:TOKEN}@host", folder=folder) == "https://me:a%2Fb%40c@host"


def test_a_text_without_references_stays(folder: Path) -> None:
    assert reveal("sqlite:///$HOME/{x}", folder=folder) == "sqlite:///$HOME/{x}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${env:NOTHING}", "names the environment variable 'NOTHING', which is not set. Set it"),
        ("${env:EMPTY}", "names the environment variable 'EMPTY', which is empty"),
        ("${file:nothing}", "nothing, which cannot be read: No such file or directory"),
        ("${file:empty.txt}", "empty.txt, which is empty"),
        ("${file:bytes}", "bytes, which is not text in UTF-8"),
        ("${vault:a}", r"does not name a secret. Write \$\{env:NAME\} or \$\{file:PATH\}"),
        ("https://${TOKEN}@host", "does not name a secret"),
        ("${env:TOKEN", "does not name a secret"),
    ],
)
def test_what_cannot_be_read_is_named(folder: Path, text: str, message: str) -> None:
    with pytest.raises(SecretError, match=message) as caught:
        reveal(text, folder=folder)

    assert caught.value.exit_code == 2


def test_messages_hold_names_instead_of_secrets(folder: Path) -> None:
    text = "https://me:${env:TOKEN}@host/${file:token.txt}"

    message = conceal(f"no answer from {reveal(text, folder=folder)}: a/b@c", text, folder=folder)

    assert message == f"no answer from {text}: ${{env:TOKEN}}"
