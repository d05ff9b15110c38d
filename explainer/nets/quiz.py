"""The course's first quiz: a network for images with two blanks, and how many numbers it learns.

The task is that of F. Ulyankin's course, github.com/FUlyankin/deep_learning_pytorch, quizes/quiz01 (MIT
licence), in our words; the answers are computed by the rules of bricks.
"""

import re
from dataclasses import dataclass

from explainer.nets import bricks as pile
from explainer.nets.bricks import Brick

SIDE, N_CLASSES = 40, 10  # of the images


@dataclass(frozen=True, eq=False)
class Quiz:
    """The quiz's network with the reader's numbers in its blanks: does it fit, where not, and its counts.

    ``verdict`` is "in_wrong", "out_wrong" or "blanks_right"; ``expected`` and ``given`` are what the first
    brick that does not fit wants and gets. ``counts`` are those of its three Linear bricks, with the right
    blanks; ``n_parameters`` their sum.
    """

    code: str
    verdict: str
    expected: int
    given: str
    counts: tuple[int, ...]

    @property
    def said(self) -> dict[str, object]:
        """Return the numbers of the verdict and of the answer."""
        named = dict(zip(("first", "second", "third"), self.counts, strict=True))
        return named | {"expected": self.expected, "given": self.given, "n": self.n_parameters}

    @property
    def n_parameters(self) -> int:
        """Count what the right network learns."""
        return sum(self.counts)

    def judge(self, answer: str) -> str:
        """Name what a count that somebody has typed is, or what was forgotten in it."""
        if not plain(answer):
            return "count_open"
        mistakes = {
            self.n_parameters: "count_right",
            self.n_parameters + 50: "count_bias",
            self.n_parameters - 110: "count_no_bias",
        }
        return mistakes.get(int(plain(answer)), "count_wrong")


def _network(n_in: int, n_out: int) -> list[Brick]:
    middle = Brick("linear", 100, 50, bias=False)
    return [Brick("linear", n_in, 100), Brick("relu"), middle, Brick("relu"), Brick("linear", 50, n_out)]


def fill(n_in: int, n_out: int) -> Quiz:
    """Put numbers into the blanks and judge the network."""
    n_pixels = SIDE**2
    made, right = _network(n_in, n_out), _network(n_pixels, N_CLASSES)
    shapes, misfit = pile.joints(made, (n_pixels,))
    if misfit:
        verdict, expected, given = "in_wrong", misfit.expected, pile.shape_text(misfit.given)
    else:
        verdict = "blanks_right" if shapes[-1] == (N_CLASSES,) else "out_wrong"
        expected, given = N_CLASSES, pile.shape_text(shapes[-1])
    counts = tuple(pile.n_parameters(brick) for brick in right if brick.n_out)
    return Quiz(pile.code(made, (n_pixels,)), verdict, expected, given, counts)


def plain(text: str) -> str:
    """Return a number as it was typed without what parts its thousands."""
    return text.strip().replace(" ", "").replace(",", "")


def refuse_count(text: str) -> tuple[str, str] | None:
    """Return why a text is no count of parameters, of six digits; an empty one is no answer yet."""
    digits = plain(text)
    return None if not digits or re.fullmatch(r"[1-9][0-9]{5}", digits) else ("count", text)
