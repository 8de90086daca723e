import pytest
import yule_models


def test_every_public_name_has_a_docstring() -> None:
    for name in yule_models.__all__:
        assert getattr(yule_models, name).__doc__, name


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'yule_models' has no attribute 'nothing'"):
        _ = yule_models.nothing
