"""What a driver says of the cluster itself: why nothing moves, and that its clock is another."""

from __future__ import annotations

from collections.abc import Callable

from yule_runner.executor import Held, Warned
from yule_runner.kubernetes.skew import Skew

__all__ = ["Troubles"]


class Troubles:
    """Tells each trouble once, for as long as it lasts; of clocks that differ it tells once in all.

    Args:
        tell: is given what there is to say.
        skew: what the cluster's answers say of its clock.
    """

    def __init__(self, *, tell: Callable[[Held | Warned], None], skew: Skew) -> None:
        self._tell, self._skew = tell, skew
        self._trouble = ""
        self._is_skew_told = False

    def look(self, trouble: str, task_ids: tuple[str, ...]) -> None:
        """Say what is new.

        Args:
            trouble: why the cluster does not answer; empty where it does.
            task_ids: of the tasks that have not ended.
        """
        if trouble and not self._trouble and task_ids:
            self._tell(Held(task_ids=task_ids, reason=trouble))
        self._trouble = trouble
        words = self._skew.words
        if words and not self._is_skew_told:
            self._tell(Warned(words=words))
            self._is_skew_told = True
