"""Names: valid whatever people write, the same each time, different for different work."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from yule_runner.kubernetes import job_name, label_value
from yule_runner.kubernetes.quantities import cpu_quantity, memory_quantity
from yule_runner.testing.kubernetes.api.metadata_rules import label_errors
from yule_runner.testing.kubernetes.api.names import label_name_errors
from yule_runner.testing.kubernetes.quantities import quantity

digests = st.text("0123456789abcdef", min_size=12, max_size=64)


@given(
    text=st.text(max_size=250),
    digest=digests,
    generation=st.integers(1, 999),
    completions=st.integers(1, 100_000),
)
def test_names_of_jobs_and_of_their_last_pod_are_valid(
    text: str, digest: str, generation: int, completions: int
) -> None:
    name = job_name("train", text, digest, generation=generation, completions=completions)

    assert not label_name_errors(f"{name}-{completions - 1}")
    assert name.endswith(f"-{digest[:12]}-g{generation}")
    again = job_name("train", text, digest, generation=generation, completions=completions)
    assert name == again


@given(text=st.text(max_size=250))
def test_label_values_are_valid(text: str) -> None:
    assert not label_errors({"yule.dev/run": label_value(text)}, "labels")


def test_texts_that_look_alike_get_different_labels() -> None:
    values = {label_value(text) for text in ("東京", "大阪", "a b", "a-b", "A b")}

    assert len(values) == 5


def test_a_case_of_200_characters_keeps_its_beginning() -> None:
    name = job_name("driver", "weekly " * 30, "7c1d9e02aaaabbbb")

    assert re.fullmatch(r"yule-driver-(weekly-)+[a-z-]*7c1d9e02aaaa-g1", name)
    assert len(name) <= 61


@given(amount=st.floats(0.001, 10_000))
def test_quantities_are_read_back_and_never_less_than_asked(amount: float) -> None:
    cores, gib = quantity(cpu_quantity(amount)), quantity(memory_quantity(amount))

    assert amount - 1e-6 <= cores <= amount + 0.0011
    assert amount - 1e-6 <= gib / 2**30 <= amount + 1 / 1024 + 1e-6
