import re

import pytest
from yule_models.errors import MissingLibraryError
from yule_models.tasks import engines


@pytest.mark.parametrize(
    ("kind", "package"),
    [("gbdt", "lightgbm"), ("linear", "scikit-learn"), ("constant", "numpy"), ("neural", "torch")],
)
def test_an_engine_is_named_with_its_minor_version(kind: str, package: str) -> None:
    assert re.fullmatch(rf"{package} \d+\.\d+", engines.engine_of(kind))


def test_neural_fits_declare_more_memory() -> None:
    assert engines.memory_gib_of("neural") > engines.memory_gib_of("gbdt")


def test_an_engine_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines._ENGINES, "gbdt", "no-such-engine")
    with pytest.raises(MissingLibraryError, match="needs no-such-engine, which is not installed"):
        engines.engine_of("gbdt")
