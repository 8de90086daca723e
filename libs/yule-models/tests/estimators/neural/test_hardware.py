import pytest
import torch
from yule_models.errors import HardwareError
from yule_models.estimators.neural.hardware import Hardware, isolated


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


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_missed() -> None:
    with pytest.raises(HardwareError, match="torch finds none here"):
        Hardware.of(gpu=True)


@pytest.mark.parametrize("is_mixed", [False, True])
def test_mixed_precision_multiplies_in_bfloat16(is_mixed: bool) -> None:
    matrix = torch.rand(4, 4)
    with Hardware(device="cpu", is_mixed=is_mixed).precision():
        found = (matrix @ matrix).dtype
    assert found == (torch.bfloat16 if is_mixed else torch.float32)
