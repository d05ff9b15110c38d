"""A language small enough to be safe: lines like ``c = b * a; d = c + 1``, read but never executed as Python.

A program is a few lines ``name = expression``, parted by semicolons. Names are single letters; numbers,
+ - * / and the functions exp, log and max are all there is. The text is taken apart by Python's own
parser, and every node that is not on the list below is refused with a reason. Names that no line defines
are the inputs; the place in the alphabet is what they are worth: a = 1, b = 2, …
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Tree = str | float | tuple  # a name, a number, or an operation with its arguments: ("+", "a", 1.0)

LONGEST = 200  # characters
LARGEST = 1e6  # of a number that is written
N_LINES, N_INPUTS, N_OPERATIONS, DEEPEST, WIDEST = 4, 3, 10, 7, 3
FUNCTIONS = {"exp": 1, "log": 1, "max": 2}  # with the number of their arguments
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ALIKE = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", ":": "/"})
_TOKEN = re.compile(
    r"(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?P<word>[A-Za-z_]+)|(?P<sign>[-+*/(),=;])|(?P<space> +)"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3}


class Refusal(ValueError):  # noqa: N818 (it is an answer, not a failure)
    """Why a text is no program: the name of a sentence, and the piece of the text that it speaks of."""

    def __init__(self, reason: str, piece: str = "") -> None:
        super().__init__(f"{reason}: {piece}")
        self.reason, self.piece = reason, piece


@dataclass(frozen=True)
class Program:
    """The inputs in alphabetical order, and the lines (name, tree) in theirs; the last line is the result."""

    inputs: tuple[str, ...]
    lines: tuple[tuple[str, Tree], ...]


def parse(text: str) -> Program:
    """Read a program of at most ``LONGEST`` characters.

    Raises
    ------
    Refusal
        If the text is anything but lines of the language, or too large for a picture.
    """
    if len(text) > LONGEST:
        raise Refusal("too_long")
    text = text.translate(_ALIKE)
    _check_words(text)
    try:
        statements = ast.parse(text.strip(" ;"), mode="exec").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refusal("grammar") from error
    if not statements:
        raise Refusal("empty")
    if len(statements) > N_LINES:
        raise Refusal("too_many_lines")
    lines: dict[str, Tree] = {}
    inputs: set[str] = set()
    for statement in statements:
        name, value = _line(statement, last=statement is statements[-1])
        tree = _tree(value)
        inputs |= names(tree) - set(lines)
        name = name or next(letter for letter in "yzxwvuts" if letter not in inputs | set(lines))
        if name in lines:
            raise Refusal("twice", name)
        if name in inputs:
            raise Refusal("used_before", name)
        if not names(tree):
            raise Refusal("no_name", write(tree))
        lines[name] = tree
    _check_size(inputs, lines)
    return Program(tuple(sorted(inputs)), tuple(lines.items()))


def refusal(text: str) -> tuple[str, str] | None:
    """Return why a text is no program, as reason and piece, or nothing if it is one."""
    try:
        parse(text)
    except Refusal as no:
        return no.reason, no.piece
    return None


def worth(name: str) -> float:
    """Return what an input is worth: its place in the alphabet, as on the slide, where a = 1 and b = 2."""
    return float(ord(name) - ord("a") + 1)


def names(tree: Tree) -> set[str]:
    """Return the names in a tree."""
    if isinstance(tree, tuple):
        return set().union(*map(names, tree[1:]))
    return {tree} if isinstance(tree, str) else set()


def evaluate(tree: Tree, values: Mapping[str, object], do: Mapping[str, Callable]) -> object:
    """Walk through a tree: ``do`` has for every operation what happens to the values of its arguments.

    With tensors for values it computes; with stand-ins that note what is done to them it records a graph.
    """
    if isinstance(tree, tuple):
        return do[tree[0]](*(evaluate(part, values, do) for part in tree[1:]))
    return values[tree] if isinstance(tree, str) else tree


def write(tree: Tree, number: Callable[[float], str] = "{:g}".format) -> str:
    """Write a tree with as few parentheses as it needs: ``c + 1``, ``exp(a * b)``."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, float):
        return number(tree)
    sign, *parts = tree
    if sign in FUNCTIONS:
        return f"{sign}({', '.join(write(part, number) for part in parts)})"
    texts = [write(part, number) for part in parts]
    ranks = [_RANK.get(part[0], 4) if isinstance(part, tuple) else 4 for part in parts]
    if sign == "neg":
        return f"-{texts[0]}" if ranks[0] == 4 else f"-({texts[0]})"
    left = texts[0] if ranks[0] >= _RANK[sign] else f"({texts[0]})"
    # a - (b + c) and a - (-b) keep their parentheses.
    plain = ranks[1] > _RANK[sign] and not texts[1].startswith("-")
    return f"{left} {sign} {texts[1] if plain else f'({texts[1]})'}"


def symbolic(tree: Tree) -> str:
    """Write a tree as the slide writes symbols: capital names, and numbers as ``Constant(1)``."""

    def upper(tree: Tree) -> Tree:
        if isinstance(tree, tuple):
            return tree[0], *map(upper, tree[1:])
        return tree.upper() if isinstance(tree, str) else tree

    return write(upper(tree), "Constant({:g})".format)


def _check_words(text: str) -> None:
    """Refuse whatever is no word of the language, before any parser sees it."""
    at, before = 0, ""
    depth = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            letter = text[at]
            if not letter.isprintable() or letter.isspace():
                raise Refusal("unprintable")
            raise Refusal("cyrillic" if _CYRILLIC.match(letter) else "sign", letter)
        kind, word = token.lastgroup, token[0]
        if kind == "word" and before == "number":
            raise Refusal("missing_times", word[:10])
        if kind == "word" and not (word in FUNCTIONS or re.fullmatch("[a-z]", word)):
            raise Refusal("word", word[:20])
        if kind == "number" and (before == "number" or float(word) > LARGEST or len(word) > 12):
            raise Refusal("number", word[:12])
        if word in "*/" and before == word:
            raise Refusal("power" if word == "*" else "double", word * 2)
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth > 2 * DEEPEST:
            raise Refusal("too_large")
        if kind != "space":
            before = word if kind == "sign" else kind
        at = token.end()


def _line(statement: ast.stmt, *, last: bool) -> tuple[str, ast.expr]:
    """Return name and value of a line; the last one may be without a name."""
    if isinstance(statement, ast.Expr) and last:
        return "", statement.value
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        raise Refusal("no_assignment")
    (target,) = statement.targets
    if not isinstance(target, ast.Name) or target.id in FUNCTIONS:
        raise Refusal("no_assignment")
    return target.id, statement.value


def _tree(node: ast.expr, depth: int = 0) -> Tree:
    """Turn what Python's parser made into a tree, if every node of it is on the list."""
    if depth > 4 * DEEPEST:
        raise Refusal("too_large")
    match node:
        case ast.Name(id=name) if name not in FUNCTIONS:
            return name
        case ast.Name(id=name):
            raise Refusal("arguments", name)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _tree(operand, depth + 1)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _fold(("neg", _tree(operand, depth + 1)))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return _fold((_SIGNS[type(sign)], _tree(left, depth + 1), _tree(right, depth + 1)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            if len(args) != FUNCTIONS[name] or any(isinstance(arg, ast.Starred) for arg in args):
                raise Refusal("arguments", name)
            return _fold((name, *(_tree(arg, depth + 1) for arg in args)))
    raise Refusal("grammar")


def _fold(tree: tuple) -> Tree:
    """Compute what has no name in it: 1 + 2 is the number 3 before anything is traced."""
    if not all(isinstance(part, float) for part in tree[1:]):
        return tree
    do = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "/": lambda x, y: x / y,
        "neg": lambda x: -x,
        "exp": math.exp,
        "log": math.log,
        "max": max,
    }
    try:
        value = float(evaluate(tree, {}, do))
    except (ArithmeticError, ValueError) as error:
        raise Refusal("no_number", write(tree)) from error
    if not abs(value) <= LARGEST:
        raise Refusal("number", write(tree))
    return value


def _check_size(inputs: set[str], lines: Mapping[str, Tree]) -> None:
    """Refuse what no picture can hold, and what has nothing to compute."""
    depth = dict.fromkeys(inputs, 0)
    at_depth: list[int] = []

    def walk(tree: Tree) -> int:
        if not isinstance(tree, tuple):
            return depth[tree] if isinstance(tree, str) else 0
        at_depth.append(1 + max(map(walk, tree[1:])))
        return at_depth[-1]

    for name, tree in lines.items():
        depth[name] = walk(tree)
    if len(inputs) > N_INPUTS:
        raise Refusal("too_many_inputs", ", ".join(sorted(inputs)))
    if not isinstance(lines[next(reversed(lines))], tuple):
        raise Refusal("no_operation")
    if len(at_depth) > N_OPERATIONS or max(at_depth) > DEEPEST or max(map(at_depth.count, at_depth)) > WIDEST:
        raise Refusal("too_large")
