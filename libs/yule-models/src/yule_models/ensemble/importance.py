"""Which features matter, over folds and models."""

from collections.abc import Mapping, Sequence

__all__ = ["blend_importances", "mean_importances"]


def mean_importances(folds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean over folds of each feature's share, the largest first.

    Args:
        folds: Non-negative importances by feature, on any scale. Folds in which all are 0 are left
            out.

    Returns:
        Shares that sum to 1, or nothing where no fold knows.
    """
    shares = [
        {name: value / total for name, value in fold.items()}
        for fold in folds
        if (total := sum(fold.values())) > 0
    ]
    return blend_importances([(1 / len(shares), share) for share in shares])


def blend_importances(parts: Sequence[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Return the weighted mean of shares, the largest first, ties by name.

    Args:
        parts: Weights above 0 and shares by feature; parts without shares are left out.
    """
    known = [(weight, shares) for weight, shares in parts if shares]
    total = sum(weight for weight, _ in known)
    names = sorted({name for _, shares in known for name in shares})
    means = {
        name: sum(weight * shares.get(name, 0.0) for weight, shares in known) / total
        for name in names
    }
    return dict(sorted(means.items(), key=lambda item: (-item[1], item[0])))
