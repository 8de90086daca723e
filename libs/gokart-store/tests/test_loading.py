import gc

import pytest
from gokart_store import collector_at_rest


def test_the_collector_rests_inside_and_leaves_alone_what_was_loaded() -> None:
    frozen = gc.get_freeze_count()
    try:
        with collector_at_rest():
            assert not gc.isenabled()

        assert gc.isenabled()
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()


def test_it_works_again_after_an_import_that_fails() -> None:
    with pytest.raises(ImportError, match="no_such_module"), collector_at_rest():
        import no_such_module  # noqa: F401  # type: ignore[import-not-found]
    gc.unfreeze()

    assert gc.isenabled()
