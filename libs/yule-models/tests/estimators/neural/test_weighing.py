import math

import torch
from yule_models.estimators.neural.weighing import GivenWeights, LearnedWeights, weighing_of
from yule_models.targets import Target

CLASS, NUMBER = Target(name="churned"), Target(name="spend", kind="regression")
KNOWN = torch.tensor([True, True])


def test_losses_count_by_the_weights_of_their_targets() -> None:
    heavy = Target(name="spend", kind="regression", weight=3.0)
    assert GivenWeights([CLASS, heavy])(torch.tensor([0.5, 2.0]), KNOWN).item() == 6.5


def test_uncertainties_are_learned_from_losses_that_stay_as_large_as_they_are() -> None:
    weighing = LearnedWeights([CLASS, NUMBER])
    losses = torch.tensor([0.1, 4.0])
    optimiser = torch.optim.Adam(weighing.parameters(), lr=0.1)
    for _ in range(200):
        optimiser.zero_grad()
        weighing(losses, KNOWN).backward()
        optimiser.step()
    # Where the loss is smallest: half of the log-variance's slope meets what is left of the loss.
    expected = torch.tensor([2 * 0.1, 4.0])
    torch.testing.assert_close(weighing.log_variances.exp(), expected, rtol=1e-3, atol=1e-3)


def test_a_target_without_labels_in_a_batch_teaches_no_uncertainty() -> None:
    weighing = LearnedWeights([CLASS, NUMBER])
    loss = weighing(torch.tensor([math.log(2), 0.0]), torch.tensor([True, False]))
    loss.backward()
    assert weighing.log_variances.grad is not None
    assert weighing.log_variances.grad.tolist()[1] == 0


def test_a_single_target_is_not_weighed_against_itself() -> None:
    assert not list(weighing_of([CLASS], is_learned=True).parameters())
    assert list(weighing_of([CLASS, NUMBER], is_learned=True).parameters())
