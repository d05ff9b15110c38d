"""The pages in lecture order, in the six parts of the lecture's agenda: the only place that knows it."""

from pathlib import Path

PARTS: dict[str, tuple[str, ...]] = {
    "part_course": ("resources",),
    "part_frameworks": ("frameworks",),
    "part_history": ("history", "trends"),
    "part_networks": (
        "linear_regression",
        "linear_collapse",
        "vanishing_gradients",
        "activations",
        "neuron",
        "mlp",
        "universal_approximation",
        "depth",
        "playground",
    ),
    "part_lego": ("lego", "classification", "softmax"),
    "part_first_network": ("first_network",),
}

HOME = "home"
PAGES = (HOME, *(page for pages in PARTS.values() for page in pages))
FOLDER = Path(__file__).parent.parent / "pages"


def is_built(page: str) -> bool:
    """Tell whether the page can be opened; the others stand on the map as plain text."""
    return (FOLDER / f"{page}.py").is_file()


def built_pages() -> list[str]:
    """Return the names of the pages that can be opened, in lecture order."""
    return [page for page in PAGES if is_built(page)]
