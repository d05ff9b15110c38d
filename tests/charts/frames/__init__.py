"""What fills the pictures in tests: a module a page, each with its ``FRAMES``."""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

import pyarrow as pa

from explainer.texts import Texts

Frames = Callable[[Texts, int], dict[str, pa.Table]]  # from texts and a seed of 0, 1 or 2


def of(module: ModuleType, names: str, frames: Callable[[str], Frames]) -> dict[Callable[..., dict], Frames]:
    """Pair pictures of a module, given by their names, with what fills them."""
    return {getattr(module, name): frames(name) for name in names.split()}


def all_frames() -> dict[Callable[..., dict], Frames]:
    """Return what fills the pictures of all pages."""
    found: dict[Callable[..., dict], Frames] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").FRAMES
    return found
