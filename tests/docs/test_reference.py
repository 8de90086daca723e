"""Pages that repeat what the code says are held against it."""

import subprocess
import sys

import pytest
from documents import ROOT


@pytest.mark.parametrize(
    "tool", ["write_case_reference.py", "write_method_pages.py", "write_sql_reference.py"]
)
def test_a_page_is_what_the_code_says(tool: str) -> None:
    command = [sys.executable, ROOT / "tools" / tool, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
