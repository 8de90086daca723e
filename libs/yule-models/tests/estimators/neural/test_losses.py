import math

import torch
from yule_models.estimators.neural.losses import (
    combined,
    member_losses,
    predictions_of,
    target_losses,
)
from yule_models.testing import TARGETS

NAN = math.nan
SCORES = torch.tensor([[0.0, 1.0, 1.0, 1.0, 5.0], [2.0, 0.0, 0.0, 9.0, 7.0]])


def test_rows_without_a_label_do_not_count() -> None:
    labels = torch.tensor([[1.0, 0.0, 3.0], [NAN, NAN, 6.0]])
    losses = target_losses(SCORES, labels, torch.tensor([1.0, 3.0]), TARGETS)
    expected = torch.tensor([math.log(2), math.log(3), (1 * 4 + 3 * 1) / 4])
    torch.testing.assert_close(torch.stack(losses), expected)


def test_a_target_without_labels_has_no_loss() -> None:
    losses = target_losses(SCORES, torch.full((2, 3), NAN), torch.ones(2), TARGETS)
    assert torch.stack(losses).tolist() == [0, 0, 0]


def test_scores_become_probabilities_and_values() -> None:
    found = predictions_of(SCORES, TARGETS)
    assert found[0].tolist() == torch.tensor([0.5, 1 / 3, 1 / 3, 1 / 3, 5.0]).tolist()


def test_members_lose_each_by_itself() -> None:
    labels, weights = torch.tensor([[1.0, 0.0, 3.0], [0.0, NAN, 6.0]]), torch.tensor([1.0, 3.0])
    members = torch.stack([SCORES, -SCORES, SCORES + 1], dim=1)
    found = member_losses(members, labels, weights, TARGETS)
    apart = [
        torch.stack(target_losses(members[:, member], labels, weights, TARGETS))
        for member in range(3)
    ]
    torch.testing.assert_close(torch.stack(found), torch.stack(apart).mean(dim=0))


def test_members_predict_the_mean_of_their_predictions() -> None:
    members = torch.stack([SCORES, -SCORES, SCORES * 30], dim=1)
    found = predictions_of(combined(members, TARGETS), TARGETS)
    apart = [predictions_of(members[:, member], TARGETS) for member in range(3)]
    torch.testing.assert_close(found, torch.stack(apart).mean(dim=0))


def test_one_member_predicts_alone() -> None:
    assert torch.equal(combined(SCORES[:, None], TARGETS), SCORES)
