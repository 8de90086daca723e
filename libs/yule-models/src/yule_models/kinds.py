"""What there is to know of each kind of model. Nothing here loads a model library."""

from __future__ import annotations

from yule_models.network_parameters import TRANSFER, encoding, layers, learning
from yule_models.parameters import BySize, ColumnSigns, KindDescription, Parameter, Tried
from yule_models.search_range import SearchRange

__all__ = ["KINDS"]

_FEW_ROWS = 10_000
_SHARE = {"minimum": 0, "maximum": 1, "is_above_minimum": True}

KINDS = {
    description.kind: description
    for description in (
        KindDescription(
            kind="gbdt",
            summary="Gradient-boosted decision trees (LightGBM).",
            estimator="yule_models.estimators.gbdt:GbdtEstimator",
            engine="lightgbm",
            resumes=True,
            rivals=(
                ("monotone", "linear_tree", "LightGBM holds no linear leaves to a direction."),
            ),
            parameters={
                "learning_rate": BySize(
                    number=Parameter(
                        default=0.03,
                        doc="Weight of each tree;",
                        search=SearchRange(low=0.005, high=0.1, is_log=True),
                        **_SHARE,  # type: ignore[arg-type]
                    ),
                    of_few_rows=0.01,
                    few_rows=_FEW_ROWS,
                ),
                "num_leaves": BySize(
                    number=Parameter(
                        default=31,
                        doc="Most leaves of a tree;",
                        minimum=2,
                        maximum=131_072,
                        search=SearchRange(low=4, high=128, is_log=True),
                    ),
                    of_few_rows=8,
                    few_rows=_FEW_ROWS,
                ),
                "max_depth": Parameter(
                    default=-1, doc="Most levels of a tree; -1: any.", minimum=-1
                ),
                "min_data_in_leaf": Parameter(
                    default=20,
                    doc="Least rows of a leaf.",
                    minimum=1,
                    search=SearchRange(low=5, high=200, is_log=True),
                ),
                "feature_fraction": Parameter(
                    default=0.7,
                    doc="Share of features for each tree.",
                    search=SearchRange(low=0.3, high=1),
                    **_SHARE,  # type: ignore[arg-type]
                ),
                "bagging_fraction": Parameter(
                    default=0.8,
                    doc="Share of rows for each tree.",
                    search=SearchRange(low=0.5, high=1),
                    **_SHARE,  # type: ignore[arg-type]
                ),
                "bagging_freq": Parameter(
                    default=1, doc="Trees between two drawings of rows; 0: never."
                ),
                "lambda_l1": Parameter(default=0.0, doc="L1 regularisation of leaves."),
                "lambda_l2": Parameter(
                    default=1.0,
                    doc="L2 regularisation of leaves.",
                    search=SearchRange(low=0.01, high=30, is_log=True),
                ),
                "min_gain_to_split": Parameter(default=0.0, doc="Least gain of a split."),
                "cat_smooth": Parameter(default=10.0, doc="Smoothing of categorical splits."),
                "max_cat_to_onehot": Parameter(
                    default=4,
                    doc="Most categories of a column of which a split takes a single one.",
                    minimum=1,
                    maximum=1024,
                ),
                "max_bin": Parameter(
                    default=255, doc="Most bins of a number.", minimum=2, maximum=65_535
                ),
                "linear_tree": Parameter(default=False, doc="Whether leaves hold linear models."),
                "crosses": Parameter(
                    default=3,
                    doc="Most pairs of columns told by the mean of the target, where trees leave "
                    "them unexplained.",
                    maximum=20,
                ),
                "monotone": ColumnSigns(
                    doc="Numeric columns with which predictions may only rise (1), or only fall "
                    "(-1), all else being equal."
                ),
                "refit": Parameter(
                    default=True,
                    doc="Whether the rounds that early stopping chose are boosted again on all "
                    "rows, those it stopped by included.",
                ),
                "rounds": Parameter(default=2000, doc="Most trees.", minimum=1),
                "patience": Parameter(
                    default=100, doc="Trees without a better inner loss to stop after.", minimum=1
                ),
            },
        ),
        KindDescription(
            kind="neural",
            summary="A multi-layer perceptron over embeddings of every feature (torch).",
            estimator="yule_models.estimators.neural:NeuralEstimator",
            engine="torch",
            memory_gib=3,
            resumes=True,
            learns_together=True,
            parameters={
                **layers(width=64, widths=(32, 256), dropout=0.4),
                **learning(rate=1e-3, decay=1e-2, rows=256, epochs=60, patience=8),
                **TRANSFER,
            },
        ),
        KindDescription(
            kind="tabm",
            summary="TabM: an ensemble of perceptrons that share most of their weights (torch).",
            estimator="yule_models.estimators.neural:TabmEstimator",
            engine="torch",
            memory_gib=3,
            resumes=True,
            learns_together=True,
            parameters={
                "members": Parameter(default=32, doc="Perceptrons.", minimum=1, maximum=1024),
                **layers(width=64, widths=(32, 256), dropout=0.1),
                **learning(rate=3e-3, decay=3e-4, rows=512, epochs=60, patience=8),
                **TRANSFER,
            },
        ),
        KindDescription(
            kind="sequence",
            summary="A recurrent network over the last events of an entity, beside its features "
            "(torch).",
            estimator="yule_models.estimators.neural:SequenceEstimator",
            engine="torch",
            memory_gib=3,
            resumes=True,
            learns_together=True,
            reads_sequences=True,
            parameters={
                "units": Parameter(
                    default=32,
                    doc="Units of the recurrent layer over events.",
                    minimum=1,
                    search=SearchRange(low=16, high=128, is_log=True),
                ),
                "width": Parameter(
                    default=128,
                    doc="Units of a layer above.",
                    minimum=1,
                    search=SearchRange(low=64, high=256, is_log=True),
                ),
                "depth": Parameter(default=2, doc="Number of layers above.", minimum=1, maximum=32),
                **encoding(dropout=0.3),
                **learning(rate=1e-3, decay=1e-2, rows=256, epochs=40, patience=6),
            },
        ),
        KindDescription(
            kind="linear",
            summary="Regularised logistic or ridge regression on bins of numbers and categories: "
            "the baseline for features, and what trees are not.",
            estimator="yule_models.estimators.linear:LinearEstimator",
            engine="scikit-learn",
            memory_gib=3,
            parameters={
                "regularisation": Tried(
                    number=Parameter(
                        default=100.0,
                        doc="Strength of the L2 penalty;",
                        is_above_minimum=True,
                        search=SearchRange(low=0.1, high=10_000, is_log=True),
                    ),
                    values=(30_000, 3_000, 300, 30, 3, 0.3),
                ),
                "bins": BySize(
                    number=Parameter(
                        default=32,
                        doc="Bins of a number, between which it may turn; fewer where rows and "
                        "columns are many, and 0: none.",
                        maximum=256,
                    ),
                    of_few_rows=8,
                    few_rows=_FEW_ROWS,
                ),
                "refit": Parameter(
                    default=True,
                    doc="Whether the rows that are set aside are learned from too in the end.",
                ),
            },
        ),
        KindDescription(
            kind="constant",
            summary="The base rate, the baseline for everything.",
            estimator="yule_models.estimators.constant:ConstantEstimator",
            engine="numpy",
            parameters={},
        ),
    )
}
