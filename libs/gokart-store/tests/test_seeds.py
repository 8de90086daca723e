from gokart_store import derive_seed
from hypothesis import given
from hypothesis import strategies as st

parts = st.lists(st.text() | st.integers(), max_size=4)


@given(st.integers(0, 2**64), parts)
def test_seeds_fit_every_library(run_seed: int, parts: list[str | int]) -> None:
    assert 0 <= derive_seed(run_seed, *parts) < 2**31


def test_seeds_depend_on_every_part_and_stay_what_they_are() -> None:
    seeds = [
        derive_seed(0),
        derive_seed(1),
        derive_seed(0, "gbdt", 3),
        derive_seed(0, "gbdt", 4),
        derive_seed(0, "gbdt3"),
        derive_seed(0, 3, "gbdt"),
    ]

    assert len(set(seeds)) == len(seeds)
    assert seeds[2] == GOLDEN


GOLDEN = 1192191698
