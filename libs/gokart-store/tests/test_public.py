import subprocess
import sys

import gokart_store
import pytest


def test_every_public_name_can_be_imported() -> None:
    for name in gokart_store.__all__:
        assert getattr(gokart_store, name) is not None


def test_an_unknown_name_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'gokart_store' has no attribute 'Stor'"):
        gokart_store.Stor  # noqa: B018


def test_small_things_do_not_load_gokart() -> None:
    code = (
        "import sys; from gokart_store import canonical_json, derive_seed, Resources, open_store;"
        "print(sorted({'gokart', 'luigi', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert completed.stdout.decode().strip() == "[]"
