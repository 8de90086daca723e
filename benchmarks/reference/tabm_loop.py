"""TabM on one table, trained by a loop without estimator, curve, checkpoint or choice of device."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch.nn import functional
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.tabm import TabM

__all__ = ["epoch_seconds"]


def epoch_seconds(
    features: pd.DataFrame,
    answers: pd.Series[Any],
    is_inner: npt.NDArray[np.bool_],
    params: Mapping[str, Any],
    *,
    epochs: int,
) -> float:
    """Return the median CPU seconds of an epoch, with its evaluation."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    texts = features.select_dtypes(["object", "string"])
    codes = np.column_stack([pd.factorize(texts[name])[0] + 1 for name in texts])
    numbers = features.drop(columns=texts.columns).to_numpy(np.float64)
    bins = int(params["bins"])
    positions = np.column_stack([pd.Series(column).rank(pct=True) * bins for column in numbers.T])
    standard = (numbers - numbers.mean(axis=0)) / numbers.std(axis=0)
    x = torch.tensor(positions).float(), torch.tensor(standard).float(), torch.tensor(codes).int()
    y = torch.tensor(answers.to_numpy()).float()
    network = TabM(
        FeatureEmbedding(
            numeric=numbers.shape[1],
            bins=bins,
            sizes=[int(most) + 1 for most in codes.max(axis=0)],
            size=int(params["embedding"]),
        ),
        outputs=1,
        members=int(params["members"]),
        width=int(params["width"]),
        depth=int(params["depth"]),
        dropout=float(params["dropout"]),
    )
    optimiser = torch.optim.AdamW(
        network.parameters(),
        lr=params["learning_rate"],
        weight_decay=params["weight_decay"],
        fused=True,
    )
    training, inner = (torch.tensor(np.flatnonzero(part)) for part in (~is_inner, is_inner))
    seconds = []
    for _ in range(epochs):
        started = time.process_time()
        network.train()
        for rows in torch.split(training[torch.randperm(len(training))], int(params["batch_rows"])):
            scores = network(*(part[rows] for part in x))[:, :, 0]
            loss = functional.binary_cross_entropy_with_logits(
                scores, y[rows][:, None].expand_as(scores)
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
        network.eval()
        with torch.no_grad():
            judged = torch.cat(
                [
                    torch.sigmoid(network(*(part[rows] for part in x))).mean(dim=1)[:, 0]
                    for rows in torch.split(inner, 2048)
                ]
            )
            functional.binary_cross_entropy(judged, y[inner])
        seconds.append(time.process_time() - started)
    return median(seconds)
