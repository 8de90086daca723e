"""The arguments of an estimator's constructor, as scikit-learn reads and replaces them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from yule_models.errors import ModelParameterError

__all__ = ["WithArguments"]


class WithArguments:
    """Something whose constructor stores its arguments, and does nothing else."""

    ARGUMENTS: ClassVar[tuple[str, ...]]
    """Their names."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002  # scikit-learn's name
        """Return the arguments of the constructor, as scikit-learn's `clone` asks for them."""
        return {name: getattr(self, name) for name in self.ARGUMENTS}

    def set_params(self, **arguments: Any) -> Self:
        """Replace arguments of the constructor; a fitted estimator stays as it was fitted.

        Raises:
            ModelParameterError: If the constructor has no such argument.
        """
        for name, value in arguments.items():
            if name not in self.ARGUMENTS:
                raise ModelParameterError(
                    f"An estimator has no argument {name!r}; it has {', '.join(self.ARGUMENTS)}.",
                    path=(name,),
                )
            setattr(self, name, value)
        return self
