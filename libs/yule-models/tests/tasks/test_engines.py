import re

import pytest
from yule_models.errors import MissingLibraryError, ModelParameterError
from yule_models.tasks import engines


@pytest.mark.parametrize(
    ("kind", "package"),
    [("gbdt", "lightgbm"), ("linear", "scikit-learn"), ("constant", "numpy"), ("neural", "torch")],
)
def test_an_engine_is_named_with_its_minor_version(kind: str, package: str) -> None:
    assert re.fullmatch(rf"{package} \d+\.\d+", engines.engine_of(kind))


def test_an_unknown_kind_has_no_engine() -> None:
    with pytest.raises(ModelParameterError, match="There is no kind of model 'forest'"):
        engines.engine_of("forest")


def test_an_engine_that_is_not_installed_is_named() -> None:
    with pytest.raises(MissingLibraryError, match="needs no-such-engine, which is not installed"):
        engines.versioned("no-such-engine")
