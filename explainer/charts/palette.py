"""One meaning, one colour, on every page: Okabe and Ito's palette, told apart by everyone.

Shapes, dashes or words stand beside every colour. One grey serves light and dark backgrounds: it has a
contrast of at least 4 : 1 on both.
"""

MODEL = "#0072B2"
GREY = "#767676"
ERROR = "#D55E00"
CLASSES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9")
SHAPES = ("circle", "triangle-up", "square", "diamond", "cross")
POSITIVE, NEGATIVE = "#0072B2", "#E69F00"

SOLID: list[int] = []  # [1, 0] looks alike and is drawn dash by dash, pixel by pixel
DASHED: list[int] = [8, 5]
DOTTED: list[int] = [2, 4]
DASHDOTTED: list[int] = [14, 3, 3, 3]
