import pytest
from yule_models import ModelParameterError, check_params, preset_models
from yule_models.presets import PRESETS


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_names_valid_models_each_once(name: str) -> None:
    models = preset_models(name)
    assert len({model.name for model in models}) == len(models)
    for model in models:
        checked = check_params(model.kind, model.params)
        # What a preset says must differ from the default, or it says nothing.
        assert all(checked[key] != check_params(model.kind, {})[key] for key in model.params)


def test_each_preset_has_all_kinds_of_the_quicker_ones() -> None:
    fast, balanced, best = ({model.kind for model in preset_models(name)} for name in PRESETS)
    assert fast < balanced <= best


def test_unknown_presets_get_advice() -> None:
    with pytest.raises(
        ModelParameterError, match="no preset 'bets' of models; did you mean 'best'"
    ):
        preset_models("bets")
    with pytest.raises(
        ModelParameterError, match="no preset 'x' of models; there are fast, balanced, best"
    ):
        preset_models("x")
