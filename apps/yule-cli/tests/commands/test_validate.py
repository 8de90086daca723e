from pathlib import Path

from typer.testing import CliRunner
from yule_cli.main import app


def test_a_valid_case_is_summed_up(case: Path) -> None:
    result = CliRunner().invoke(app, ["validate", str(case)])

    assert result.exit_code == 0, result.stderr
    assert "is valid. 1 feature method, 4 models on 1 forward fold;" in result.stdout


def test_the_resolved_case_is_printed_on_request(case: Path) -> None:
    result = CliRunner().invoke(app, ["validate", str(case), "--json"])

    assert result.exit_code == 0
    assert '"case": "shop"' in result.stdout


def test_problems_go_to_stderr_with_exit_code_2(case: Path) -> None:
    case.write_text(case.read_text().replace("horizon", "horizn"))

    result = CliRunner().invoke(app, ["validate", str(case)])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "case.yaml:8: `labels.horizn` is not a field of a case. Did you mean `horizon`?" in (
        result.stderr
    )
    assert "Traceback" not in result.stderr


def test_debug_shows_the_traceback(case: Path) -> None:
    case.write_text("")

    result = CliRunner().invoke(app, ["validate", str(case), "--debug"])

    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_nothing_is_computed(case: Path) -> None:
    CliRunner().invoke(app, ["validate", str(case)])

    assert not (case.parent / ".yule" / "store" / "cache").exists()
