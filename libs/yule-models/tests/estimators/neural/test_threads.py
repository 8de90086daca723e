import pytest
import torch
from yule_models.estimators.neural.threads import isolated


def test_seed_and_threads_hold_inside_and_are_put_back() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    drawn = []
    for _ in range(2):
        with isolated(threads=threads + 1, seed=5):
            assert torch.get_num_threads() == threads + 1
            drawn.append(torch.rand(3).tolist())
    assert drawn[0] == drawn[1]
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_they_are_put_back_after_an_error() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    with pytest.raises(RuntimeError, match="shape"), isolated(threads=threads + 1, seed=5):
        torch.rand(3).reshape(2)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
