"""Seeds for private random generators, derived instead of drawn."""

from gokart_store.canonical import digest

__all__ = ["derive_seed"]


def derive_seed(run_seed: int, *parts: str | int) -> int:
    """Derive a seed in [0, 2**31) from the run's seed and the name of what is to be seeded.

    Example:
        >>> derive_seed(0, "gbdt", 3) == derive_seed(0, "gbdt", 3)
        True
        >>> derive_seed(0, "gbdt", 3) == derive_seed(0, "gbdt", 4)
        False
    """
    return int(digest([run_seed, *parts])[:16], 16) % 2**31
