"""The example again, when all is stored: its time, beside that of its imports alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from harness import BenchmarkError, Result, copy_example, say, timed, yule_run

_TURNS = 5
_MOST_S, _MOST_AFTER_IMPORTS_S = 4.0, 2.0


def measure() -> Result:
    """Run the case once for its results, then again and again, in turns with its imports."""
    ours, imports, inside = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        case, modules = copy_example(Path(folder) / "example"), f"{folder}/modules.json"
        say("The first run, which computes.")
        yule_run(case)
        timed(["-m", "reference.rerun", str(case), modules])
        for turn in range(_TURNS):
            seconds, summary = yule_run(case)
            if summary["tasks"]["computed"]:
                raise BenchmarkError("The rerun computed something.")
            ours.append(seconds)
            inside.append(summary["seconds"])
            imports.append(timed(["-m", "reference.imports", modules])[0])
            say(f"Turn {turn + 1} of {_TURNS}: {ours[-1]:.2f} s, imports {imports[-1]:.2f} s.")
    after = median(all_s - imports_s for all_s, imports_s in zip(ours, imports, strict=True))
    return Result(
        ours=median(ours),
        reference=median(imports),
        unit="s",
        goal=f"at most {_MOST_S} s, of which {_MOST_AFTER_IMPORTS_S} s after imports",
        is_met=median(ours) <= _MOST_S and after <= _MOST_AFTER_IMPORTS_S,
        details={"after_imports_s": after, "turns_s": ours, "imports_s": imports},
    )
