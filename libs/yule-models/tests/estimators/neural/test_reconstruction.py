"""Which features are guessed, and what of them is told meanwhile."""

import torch
from yule_models.encoding.vocabulary import MISSING
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.hardware import Hardware
from yule_models.estimators.neural.mlp import TabularMlp
from yule_models.estimators.neural.reconstruction import MaskedReconstruction
from yule_models.estimators.neural.rows import Rows


def test_what_is_missing_is_not_guessed_and_what_is_guessed_is_not_told() -> None:
    torch.manual_seed(0)
    embedding = FeatureEmbedding(numeric=2, bins=4, sizes=[3, 4], size=3)
    network = TabularMlp(embedding, outputs=1, width=8, depth=1, dropout=0.0)
    objective = MaskedReconstruction(
        network, numeric=2, sizes=[3, 4], width=8, hardware=Hardware.of(gpu=False)
    )

    def loss(first: float, other: int) -> float:
        """Return the loss of guessing one number and one category, both of which stand here."""
        rows = Rows(
            positions=torch.tensor([[first, torch.nan]]),
            standard=torch.tensor([[first, 0.0]]),
            codes=torch.tensor([[other, MISSING]]),
            labels=torch.zeros(1, 1),
            weights=torch.ones(1),
        )
        return float(objective._loss(rows, torch.ones(1, 4, dtype=torch.bool)))

    with torch.no_grad():
        nothing = torch.full((1, 2), torch.nan), torch.zeros(1, 2), torch.full((1, 2), MISSING)
        guess = objective.decoder(network.units(*nothing).mean(dim=1))[0]
        for first, other in ((0.5, 1), (3.0, 2)):
            error = (guess[0] - first) ** 2
            entropy = -torch.log_softmax(guess[2:5], dim=0)[other]
            torch.testing.assert_close(loss(first, other), float((error + entropy) / 2))
