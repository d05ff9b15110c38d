"""A callback that a memory of results does not see."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Quiet:
    """A ``tick`` that makes no difference to what is computed, nor to the memory of it: all are equal."""

    tick: Callable[[float], None] | None = field(default=None, compare=False)
