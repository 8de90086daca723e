"""One booster: its rows, its rounds, and what it leaves unexplained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from yule_models.estimators.fold_data import Floats
from yule_models.estimators.gbdt.checkpoint import BoosterCheckpoint, digest_of
from yule_models.estimators.gbdt.curve import BoosterCurve
from yule_models.estimators.gbdt.losses import answers_of
from yule_models.estimators.gbdt.rounds import Rounds
from yule_models.targets import Target

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["Boosting", "BoostingRows"]

_SEARCH = {"learning_rate": 0.1, "num_leaves": 31, "bagging_freq": 0, "linear_tree": False}
_SEARCH_ROUNDS = 100
_REFIT_ROUNDS = 1.1
"""More rows bear more rounds: as many times those that early stopping has chosen."""


@dataclass(frozen=True, kw_only=True)
class BoostingRows:
    """Rows that all have a label.

    Attributes:
        matrix: Numbers, then codes of categories, then means of the target, of n rows.
        labels: Of shape (n,).
        weights: Of shape (n,).
        groups: Of shape (n,), from 0 on: rows of a group do not tell each other their labels.
    """

    matrix: Floats
    labels: Floats
    weights: Floats
    groups: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[Any]) -> BoostingRows:
        """Return some of the rows, by their positions or as a mask."""
        return BoostingRows(
            matrix=self.matrix[rows],
            labels=self.labels[rows],
            weights=self.weights[rows],
            groups=self.groups[rows],
        )

    def parts(self, count: int, seed: int) -> npt.NDArray[np.int64]:
        """Return a part for each row, from 0 to `count` - 1, drawn for whole groups.

        The numbers of groups in two parts differ by one at most.
        """
        groups, codes = np.unique(self.groups, return_inverse=True)
        drawn = np.random.default_rng(seed).permutation(len(groups)) % count
        return np.asarray(drawn[codes.reshape(-1)])


@dataclass(frozen=True, kw_only=True)
class Boosting:
    """How a target is boosted.

    Attributes:
        target: The target.
        settings: LightGBM's parameters.
        categorical: Positions of the columns that hold codes.
        rounds: Most rounds.
        patience: Rounds without a better inner loss to stop after.
        position: Place of the target among all.
        checkpoints: Folder in which it is kept how far the rounds have come; None: nowhere.
    """

    target: Target
    settings: Mapping[str, Any]
    categorical: list[int]
    rounds: int
    patience: int
    position: int = 0
    checkpoints: Path | None = None

    def boost(
        self, rows: BoostingRows, inner: BoostingRows | None, curve: BoosterCurve
    ) -> tuple[lgb.Booster, int]:
        """Boost, and stop early by the inner rows where there are some.

        Args:
            rows: Rows to learn from.
            inner: Rows to stop early by.
            curve: Told of each round.

        Returns:
            The booster, and the rounds that early stopping chose, or all.
        """
        rounds = Rounds(
            settings=self.settings,
            training=lambda is_joined: self._dataset([rows], is_joined=is_joined),
            inner=None
            if inner is None
            else lambda training: self._dataset([inner], reference=training),
            most=self.rounds,
            patience=self.patience,
            tell=curve.tell,
            retell=curve.retell,
        )
        return rounds.boost(self._checkpoint("boost", rounds, [rows], inner))

    def boost_again(self, parts: Sequence[BoostingRows], *, chosen: int) -> lgb.Booster:
        """Boost all rows, now that the number of rounds is known.

        Args:
            parts: Those learned from and those stopped by.
            chosen: The rounds that early stopping chose.
        """
        rounds = Rounds(
            settings=self.settings,
            training=lambda is_joined: self._dataset(parts, is_joined=is_joined),
            inner=None,
            most=min(self.rounds, max(1, round(_REFIT_ROUNDS * chosen))),
        )
        return rounds.boost(self._checkpoint("refit", rounds, parts, None))[0]

    def _checkpoint(
        self,
        name: str,
        rounds: Rounds,
        parts: Sequence[BoostingRows],
        inner: BoostingRows | None,
    ) -> BoosterCheckpoint | None:
        """Return where the rounds are kept, if anywhere, under all that they follow from."""
        if self.checkpoints is None:
            return None
        import lightgbm as lgb

        facts = {
            "lightgbm": lgb.__version__,
            "settings": dict(self.settings),
            "categorical": self.categorical,
            "rounds": [rounds.most, rounds.patience],
            "parts": len(parts),
        }
        arrays = [
            array
            for part in (*parts, *([] if inner is None else [inner]))
            for array in (part.matrix, part.labels, part.weights)
        ]
        fit = digest_of(facts, arrays)
        return BoosterCheckpoint.of(self.checkpoints, name=f"{name}-{self.position}.json", fit=fit)

    def residuals(self, rows: BoostingRows) -> tuple[Floats, Floats]:
        """Return what boosters of one half of the rows leave unexplained of the other half.

        Returns:
            Of shape (n, outputs), and the gain of each column.
        """
        import lightgbm as lgb

        settings = dict(self.settings) | _SEARCH
        settings.pop("monotone_constraints", None)
        halves = rows.parts(2, settings["seed"])
        answers, gains = answers_of(self.target, rows.labels), np.zeros(rows.matrix.shape[1])
        left = np.empty_like(answers)
        for half in range(2):
            held = halves == half
            booster = lgb.train(
                settings,
                self._dataset([rows.take(~held)]),
                num_boost_round=min(_SEARCH_ROUNDS, self.rounds),
            )
            found = np.asarray(
                booster.predict(rows.matrix[held], num_threads=settings["num_threads"])
            )
            left[held] = answers[held] - found.reshape(held.sum(), -1)
            gains += booster.feature_importance("gain")
        return left, gains

    def _dataset(
        self,
        parts: Sequence[BoostingRows],
        *,
        reference: lgb.Dataset | None = None,
        is_joined: bool = False,
    ) -> lgb.Dataset:
        """Return LightGBM's form of rows, which it takes from several matrices as from one."""
        import lightgbm as lgb

        matrices = [part.matrix for part in parts]
        if is_joined and len(matrices) > 1:
            matrices = [np.vstack(matrices)]
        return lgb.Dataset(
            matrices if len(matrices) > 1 else matrices[0],
            np.concatenate([part.labels for part in parts]),
            weight=np.concatenate([part.weights for part in parts]),
            reference=reference,
            feature_name=[f"f{i}" for i in range(matrices[0].shape[1])],
            categorical_feature=self.categorical,
            params={"verbosity": -1, "num_threads": self.settings["num_threads"]},
        )
