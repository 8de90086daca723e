from yule_cli.summary.settings import settings_of


def test_settings_are_what_results_depend_on() -> None:
    found = settings_of(
        {
            "seed": 3,
            "store": "/s",
            "source": {"root": "/r", "threads": 1, "snapshot": {"t": "ab"}},
            "code": {"commit": "c"},
        }
    )

    assert found == {"seed": "3", "snapshot.t": "ab"}


def test_secrets_and_long_values_are_cut_out() -> None:
    found = settings_of(
        {"api_token": "canary", "url": "postgres://me:canary@host/db", "text": "x" * 600}
    )

    assert "canary" not in str(found)
    assert found["url"] == "postgres://***@host/db"
    assert found["text"] == "x" * 499 + "…"
