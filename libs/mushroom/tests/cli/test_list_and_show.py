import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from mushroom import method_names


def test_list_names_all_with_what_they_say(mushroom: Any) -> None:
    lines = mushroom("methods", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(method_names())
    assert (
        "users_as_of        The attributes of each entity as they were known at a time"
        in "\n".join(lines)
    )


def test_list_has_a_team_s_methods(mushroom: Any) -> None:
    catalog = Path("catalog.yaml")
    catalog.write_text("methods: ours\n" + catalog.read_text())
    Path("ours").mkdir()
    Path("ours/kpis.sql").write_text("/* summary: Ours. */ SELECT 1 AS one ORDER BY one")
    found = json.loads(mushroom("methods", "list", "--json", "--catalog", "catalog.yaml").stdout)
    assert {"name": "kpis", "summary": "Ours.", "place": "ours/kpis.sql"} in found


def test_show_has_everything(mushroom: Any) -> None:
    shown = mushroom("methods", "show", "sessions").stdout
    for part in (
        "  events: events\n",
        "  gap_minutes: int64 of at least 0, 30 unless given\n"
        "      A pause that is longer begins a new session.",
        "  seconds: int64\n",
        "Note\n  A session that is under way at `since` is cut there.",
        "Query (mushroom/methods/builtin/sessions.sql)\n  WITH\n",
    ):
        assert part in shown
    sample = mushroom("methods", "show", "population_sample").stdout
    assert "  share: float64 from 0 to 1, required\n" in sample
    needs = mushroom("methods", "show", "stratified_sample").stdout
    assert "users: attributes with no versions and the column stratum" in needs


def test_show_for_programs(mushroom: Any) -> None:
    found = json.loads(mushroom("methods", "show", "active_users", "--json").stdout)
    assert found["parameters"]["period"]["one_of"] == ["day", "week", "month"]
    assert found["text"].startswith("/*\nname: active_users")


def test_python_m_mushroom_is_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mushroom", "methods", "run", "nothing"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "A method runs over data: give --catalog FILE and --warehouse URL.\n"


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    script = "import sys; sys.modules['typer'] = None\nfrom mushroom.cli.entry import main\nmain()"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "The mushroom command needs an extra: pip install 'mushroom[cli]'.\n"
