"""Secrets are named in the case file, read where they are used, and found nowhere afterwards."""

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from refusal import Shop, refuse
from shop import run_yule

CANARY = "can4ry-in-a-coal-mine"


def test_credentials_in_urls_are_refused_and_not_repeated(shop: Shop) -> None:
    shop.edit("duckdb:data", f"duckdb:postgres://me:{CANARY}@db.example.com/shop")
    shop.edit(
        "case: shop\n",
        f"case: shop\nstore: s3://me:{CANARY}@bucket/state\n"
        f"tracking: {{uri: 'https://me:{CANARY}@mlflow.example.com'}}\n",
    )

    said = refuse(shop, "run", "--json")

    shown = "holds a user or a password, which would be shown in logs and reports."
    assert said == [
        f"case.yaml:2: `store` {shown} Leave it out.",
        f"case.yaml:3: `tracking.uri` {shown} Write ${{env:NAME}} or ${{file:PATH}} in its place.",
        f"case.yaml:4: `warehouse` {shown} Leave it out.",
    ]


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (
            "https://me:${env:YULE_TEST_NOT_SET}@mlflow.example.com",
            "${env:YULE_TEST_NOT_SET} names the environment variable 'YULE_TEST_NOT_SET', which is "
            "not set. Set it before you start yule.",
        ),
        (
            "${file:secrets/uri}",
            "${file:secrets/uri} names secrets/uri, which cannot be read: No such file or "
            "directory.",
        ),
    ],
)
def test_a_missing_secret_is_told_before_anything_is_computed(
    shop: Shop, uri: str, said: str
) -> None:
    shop.edit("case: shop\n", f"case: shop\ntracking: {{uri: '{uri}'}}\n")

    assert refuse(shop) == [f"case.yaml:2: `tracking.uri` cannot be used: {said}"]


@pytest.fixture
def gossip() -> Iterator[tuple[str, list[str]]]:
    """A server that lets nobody in and repeats every secret, and the secrets it was given."""
    given: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, _, token = self.headers.get("Authorization", "").partition(" ")
            secret = base64.b64decode(token).decode() if kind == "Basic" else ""
            given.append(secret)
            body = f"Who is {secret}?".encode()
            self.send_response(401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as in the base
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", given
        server.shutdown()


def test_a_secret_reaches_its_server_and_no_file_log_or_manifest(
    shop: Shop, gossip: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, given = gossip
    monkeypatch.setenv("YULE_TEST_SECRET", CANARY)
    uri = f"http://me:${{env:YULE_TEST_SECRET}}@{host}"
    shop.edit("case: shop\n", f"case: shop\ntracking: {{uri: '{uri}'}}\n")
    shop.edit("num_leaves: 4", "num_leaves: 5")

    completed = run_yule("run", shop.case, "--json")

    assert completed.returncode == 3, completed.stderr
    assert given[0] == f"me:{CANARY}"
    assert f"The run could not be written to MLflow at http://***@{host}: " in completed.stderr
    assert "Response body: 'Who is me:${env:YULE_TEST_SECRET}?'." in completed.stderr
    printed = json.loads(completed.stdout)
    assert printed["status"] == "succeeded"
    assert printed["tasks"]["computed"] > 0
    assert Path(printed["paths"]["predictions"]).exists()
    assert not holding(CANARY, shop, completed.stdout, completed.stderr)


def holding(secret: str, shop: Shop, *texts: str) -> list[str]:
    """Where a secret is found, as it is or in base64."""
    encoded = base64.b64encode(f"me:{secret}".encode())
    files = {str(path): path.read_bytes() for path in shop.folder.rglob("*") if path.is_file()}
    assert any("resolved.json" in name for name in files)
    assert any(name.endswith(".log") for name in files)
    printed = {f"printed {i}": text.encode() for i, text in enumerate(texts)}
    return [
        name
        for name, content in {**files, **printed}.items()
        if secret.encode() in content or encoded in content
    ]
