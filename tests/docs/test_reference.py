"""Pages that repeat what the code says are held against it."""

import subprocess
import sys

from documents import ROOT


def test_the_case_file_s_page_is_what_the_schema_says() -> None:
    command = [sys.executable, ROOT / "tools/write_case_reference.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
