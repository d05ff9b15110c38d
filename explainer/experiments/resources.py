"""The experiments of the page "What to read and watch": which rows of the tables answer to the filters."""

from dataclasses import dataclass

import numpy as np

from explainer import facts

LANGUAGES = ("all_kinds", "russian", "english")
LEVELS = ("all_kinds", "popular", "beginner", "intermediate", "advanced")
FRAMEWORKS = ("all_kinds", "pytorch", "tensorflow")
PRICES = ("all_kinds", "free", "paid")
EXAMPLES = {
    "russian": {"resource_language": "russian", "resource_price": "free"},
    "pytorch": {"resource_framework": "pytorch"},
}


@dataclass(frozen=True, eq=False)
class Found:
    """The rows of the table ``resources`` that answer to the filters, in its order."""

    rows: np.ndarray


def _filtered(in_lecture: str, **wanted: str) -> Found:
    """Take the rows that have every wanted word in the column of its name; "all_kinds" wants nothing."""
    table = facts.load("resources")
    fits = (table["in_lecture"] == in_lecture).to_numpy()
    for column, word in wanted.items():
        if word != "all_kinds":
            fits = fits & np.array([word in str(words).split() for words in table[column]])
    return Found(np.flatnonzero(fits))


def shelf(
    *,
    resource_language: str = "all_kinds",
    resource_level: str = "all_kinds",
    resource_framework: str = "all_kinds",
    resource_price: str = "all_kinds",
) -> Found:
    """Find what the lecture recommends or links to."""
    return _filtered(
        "yes",
        language=resource_language,
        level=resource_level,
        framework=resource_framework,
        price=resource_price,
    )


def successors(
    *, new_language: str = "all_kinds", new_level: str = "all_kinds", new_framework: str = "all_kinds"
) -> Found:
    """Find what one would read and watch today instead."""
    return _filtered("no", language=new_language, level=new_level, framework=new_framework)


@dataclass(frozen=True, eq=False)
class Topics:
    """The rows of the table ``topics`` of one part of the course, or of both."""

    rows: np.ndarray


def topics(*, topics_part: str = "both_parts") -> Topics:
    """Take the topics of the course: its "basics", its "architectures", or "both_parts"."""
    part = facts.load("topics")["part"]
    return Topics(np.flatnonzero((part == topics_part) | (topics_part == "both_parts")))
