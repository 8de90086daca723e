"""What every estimator must keep to when it is stored."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from yule_models.errors import EstimatorFormatError, NotFittedError
from yule_models.estimators.stored import ESTIMATOR_FILE
from yule_models.testing.fresh_process import predict_in_fresh_process
from yule_models.testing.rows import BINARY, TARGETS
from yule_models.testing.suite import OTHER, EstimatorSuite, bits_of

__all__ = ["StorageLaws"]

_SAFE_SUFFIXES = {".json", ".txt", ".safetensors"}


class StorageLaws(EstimatorSuite):
    """The same bits from the same bytes, and a clear refusal of any others."""

    def test_the_same_seed_gives_the_same_bytes(self, tmp_path: Path) -> None:
        """Two fits predict the same, and store the same files, each of a safe format."""
        one, other = self.fitted(), self.fitted()
        assert bits_of(one) == bits_of(other)
        contents = []
        for name, estimator in (("one", one), ("other", other)):
            folder = tmp_path / name
            folder.mkdir()
            estimator.save(folder)
            contents.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
        assert contents[0] == contents[1]
        assert {Path(name).suffix for name in contents[0]} <= _SAFE_SUFFIXES

    def test_a_stored_estimator_predicts_the_samebits_of(self, tmp_path: Path) -> None:
        """Saved and loaded in this process, with what else an estimator tells."""
        saved = self.fitted()
        saved.save(tmp_path)
        loaded = type(saved).load(tmp_path)
        assert bits_of(loaded) == bits_of(saved)
        assert loaded.importances() == saved.importances()
        assert loaded.best_step_ == saved.best_step_
        assert [target.name for target in loaded.targets] == [target.name for target in TARGETS]

    def test_a_stored_estimator_predicts_the_same_bits_elsewhere(self, tmp_path: Path) -> None:
        """Saved here, loaded in a fresh process."""
        estimator = self.fitted()
        found = predict_in_fresh_process(estimator, OTHER.features, tmp_path)
        assert found.tobytes() == bits_of(estimator)

    def test_what_is_not_fitted_is_refused(self, tmp_path: Path) -> None:
        """Neither predicted with nor saved."""
        with pytest.raises(NotFittedError, match="is not fitted; call fit first"):
            self.make().predict(OTHER.features)
        with pytest.raises(NotFittedError, match="is not fitted; call fit first"):
            self.make().save(tmp_path)

    @pytest.mark.parametrize("change", [{"format": 999}, {"kind": "another"}])
    def test_other_formats_are_refused(self, tmp_path: Path, change: dict[str, Any]) -> None:
        """A stored estimator of another kind, or of a later format."""
        estimator = self.fitted([BINARY])
        estimator.save(tmp_path)
        path = tmp_path / ESTIMATOR_FILE
        path.write_text(json.dumps(json.loads(path.read_text()) | change))
        with pytest.raises(EstimatorFormatError, match="fit it again"):
            type(estimator).load(tmp_path)

    def test_files_that_are_missing_or_damaged_are_named(self, tmp_path: Path) -> None:
        """Each file of the estimator, absent or cut short; and the description, key by key."""
        estimator = self.fitted([BINARY])
        estimator.save(tmp_path)
        for path in sorted(tmp_path.iterdir()):
            content = path.read_bytes()
            for damage in (None, content[: len(content) // 2]):
                path.unlink()
                if damage is not None:
                    path.write_bytes(damage)
                with pytest.raises(EstimatorFormatError, match=re.escape(str(path))):
                    type(estimator).load(tmp_path)
                path.write_bytes(content)
        path = tmp_path / ESTIMATOR_FILE
        description = json.loads(path.read_text())
        for key in description:
            path.write_text(json.dumps({k: v for k, v in description.items() if k != key}))
            with pytest.raises(EstimatorFormatError, match=re.escape(str(path))):
                type(estimator).load(tmp_path)

    def test_files_of_other_targets_are_refused(self, tmp_path: Path) -> None:
        """A description of more targets than the files know of."""
        estimator = self.fitted([BINARY])
        estimator.save(tmp_path)
        path = tmp_path / ESTIMATOR_FILE
        targets = [target.to_json() for target in TARGETS]
        path.write_text(json.dumps(json.loads(path.read_text()) | {"targets": targets}))
        with pytest.raises(EstimatorFormatError, match="does not hold what was stored"):
            type(estimator).load(tmp_path)
