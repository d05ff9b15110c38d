"""The words: the same in both languages, all of them used, and numbers as the eye reads them."""

import ast
import math
import random
import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from explainer import contents
from explainer.texts import (
    FOLDER,
    LANGUAGES,
    Texts,
    factor,
    fixed,
    labels,
    load,
    matrix,
    number,
    plural,
    signed,
)

ROOT = Path(__file__).parent.parent
SOURCES = [*ROOT.glob("explainer/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "streamlit_app.py"]
TABLE: dict[str, str | dict[str, str]] = tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))
IN_BOTH = {key: entry for key, entry in TABLE.items() if isinstance(entry, dict)}
FOR_BOTH = {key: entry for key, entry in TABLE.items() if isinstance(entry, str)}

CYRILLIC = re.compile("[а-яёА-ЯЁ]")
each_page = pytest.mark.parametrize("page", contents.PAGES)
each_language = pytest.mark.parametrize("lang", LANGUAGES)


def files(lang: str) -> set[str]:
    return {path.stem for path in (FOLDER / lang).glob("*.md")}


def formulas(text: str) -> Counter[str]:
    """Count the formulas of a text; what stands in \\text{} is a word, not a formula."""
    found = re.findall(r"\$\$.+?\$\$|\$[^$\n]+\$", text, re.DOTALL)
    return Counter(re.sub(r"\\text\{[^}]*\}", r"\\text{}", formula) for formula in found)


def links(text: str) -> Counter[str]:
    return Counter(re.findall(r"\]\(([^)]*)\)|<(https?://[^>]+)>", text))


def fences(text: str) -> list[str]:
    return re.findall(r"```.*?```", text, re.DOTALL)


def words(text: str) -> int:
    """Count words as a reader does: a formula is one."""
    return len(re.sub(r"\$[^$]+\$", "formula", text).split())


def movements(t: Texts) -> dict[str, tuple[str, str]]:
    """Return heading and sentence of every movement, in their order: of the sections with a heading."""
    opened = {key: body.partition("\n") for key, body in t.sections.items() if body.startswith("## ")}
    return {key: (head.removeprefix("## "), rest.strip()) for key, (head, _, rest) in opened.items()}


def placeholders(text: str) -> Counter[tuple[str, str]]:
    """Count fields with their formats; the forms of a noun differ between languages."""
    fields = [(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
    return Counter((name, "noun" if "|" in spec else spec) for name, spec in fields)


# -- both languages --------------------------------------------------------------------------------


def test_every_page_of_the_contents_has_its_texts_and_no_text_is_without_a_page():
    for lang in LANGUAGES:
        assert files(lang) == set(contents.PAGES)


@each_page
def test_both_languages_have_the_same_sections_in_the_same_order(page):
    ru, en = (load(page, lang) for lang in LANGUAGES)
    assert list(ru.sections) == list(en.sections)
    assert "sentence" in ru.sections


@each_page
@each_language
def test_no_section_is_empty_or_given_twice(page, lang):
    t = load(page, lang)
    assert t.title
    assert "\n" not in t.title
    assert all(t.sections.values())
    source = (FOLDER / lang / f"{page}.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^<!-- \w+ -->\s*$", source, re.MULTILINE)) == len(t.sections)
    assert source.count("<!--") == len(t.sections)  # a key that is misspelt would be swallowed by the text


@each_page
def test_both_languages_have_the_same_formulas_links_and_code(page):
    ru, en = (load(page, lang) for lang in LANGUAGES)
    for key in ru.sections:
        assert formulas(ru.prose(key)) == formulas(en.prose(key)), key
        assert links(ru.prose(key)) == links(en.prose(key)), key
        assert fences(ru.prose(key)) == fences(en.prose(key)), key


@each_page
def test_both_languages_have_the_same_shape(page):
    """As many headings, bold words, list items and table rows on the one side as on the other."""
    ru, en = (load(page, lang) for lang in LANGUAGES)
    for key in ru.sections:
        for mark in (r"^#+ ", r"\*\*", r"^\s*(?:[-*]|\d+\.) ", r"^\|"):
            counts = [len(re.findall(mark, t.prose(key), re.MULTILINE)) for t in (ru, en)]
            assert counts[0] == counts[1], (key, mark)


@each_page
@each_language
def test_every_formula_is_closed_and_holds_cyrillic_only_as_text(page, lang):
    for key, body in load(page, lang).sections.items():
        assert body.count("$") % 2 == 0, key
        for formula in formulas(body):
            assert not CYRILLIC.search(formula), (key, formula)
            assert formula.count("{") == formula.count("}"), (key, formula)


@each_page
def test_each_language_is_written_in_its_own_letters(page):
    ru, en = (load(page, lang) for lang in LANGUAGES)
    assert not CYRILLIC.search(en.title)
    for key in ru.sections:
        assert not CYRILLIC.search(en.prose(key)), key
        rest = re.sub(r"\$[^$]*\$|`[^`]*`", "", ru.prose(key))
        if re.search(r"[A-Za-z]{3}", rest):
            assert CYRILLIC.search(rest), key


# -- labels ----------------------------------------------------------------------------------------


def test_every_label_is_given_in_both_languages_or_serves_both():
    for key, entry in IN_BOTH.items():
        assert set(entry) == set(LANGUAGES), key
        assert all(text.strip() for text in entry.values()), key
    assert all(text.strip() for text in FOR_BOTH.values())
    for lang in LANGUAGES:
        assert set(labels(lang)) == set(TABLE)


def test_a_label_for_both_is_a_formula_or_a_name_not_a_word_of_a_language():
    known = {"ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "SoftSign", "SoftPlus", "tanh", "Adam", "SGD"}
    known |= {"Sigmoid", "Tanh", "Softmax", "Dropout", "BatchNorm", "Conv", "MaxPool", "Flatten"}
    known |= {"MSELoss", "BCELoss", "BCEWithLogitsLoss", "NLLLoss", "CrossEntropyLoss"}
    for key, text in FOR_BOTH.items():
        bare = re.sub(r"\{[^{}]*\}|\\[a-z]+|\\.", " ", text)  # without placeholders and LaTeX commands
        assert not CYRILLIC.search(text), key
        assert set(re.findall(r"[A-Za-z]{3,}", bare)) <= known, key


def test_each_language_of_a_label_is_written_in_its_own_letters():
    for key, entry in IN_BOTH.items():
        assert not CYRILLIC.search(entry["en"]), key
        bare = re.sub(r"\{[^{}]*\}|\$[^$]*\$", " ", entry["ru"])
        if re.search(r"[A-Za-z]{4}", bare):
            assert CYRILLIC.search(bare), key


def test_both_languages_of_a_label_have_the_same_placeholders():
    for key, entry in IN_BOTH.items():
        assert placeholders(entry["ru"]) == placeholders(entry["en"]), key


def test_a_noun_has_two_forms_in_english_and_three_in_russian():
    forms = {"en": 2, "ru": 3}
    seen = 0
    for key, entry in IN_BOTH.items():
        for lang, text in entry.items():
            for _, _, spec, _ in string.Formatter().parse(text):
                if spec and "|" in spec:
                    seen += 1
                    assert len(spec.split("|")) == forms[lang], (key, lang)
    assert seen


@each_language
def test_every_label_can_be_said(lang):
    t = load(contents.HOME, lang)
    for key, text in labels(lang).items():
        names = {name for name, _ in placeholders(text)}
        for value in (0, 1, -3, 21):
            said = t.say(key, **dict.fromkeys(names, value))
            assert said.strip()
            # A brace is left only in LaTeX, where it comes in pairs.
            assert said.count("{") == said.count("}")
            assert "\\" in said or "{" not in said, key


@each_language
def test_formulas_among_the_labels_hold_no_cyrillic_outside_text(lang):
    for key, text in labels(lang).items():
        for formula in formulas(text):
            assert not CYRILLIC.search(formula), key


# -- every word is used, and every word that is used is there --------------------------------------


@cache
def trees() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]


@cache
def named() -> frozenset[str]:
    """Collect every name that the sources give as a string or as a keyword."""
    nodes = [node for tree in trees() for node in ast.walk(tree)]
    strings = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    keywords = {n.arg for n in nodes if isinstance(n, ast.keyword) and n.arg}
    return frozenset(strings | keywords)


@cache
def patterns() -> list[re.Pattern[str]]:
    """Collect the names that the sources put together, f"verdict_{verdict}", as patterns."""
    found = set()
    for tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.JoinedStr):
                continue
            pieces = [re.escape(p.value) if isinstance(p, ast.Constant) else "(.+)" for p in node.values]
            if re.fullmatch(r"[\w().+]+", "".join(pieces)) and any(p != "(.+)" for p in pieces):
                found.add("".join(pieces))
    return [re.compile(pattern) for pattern in sorted(found)]


def is_used(key: str) -> bool:
    """A key is used if the sources name it, or put it together from a name of theirs or a number."""
    if key in named():
        return True
    matches = [match for pattern in patterns() if (match := pattern.fullmatch(key))]
    return any(all(g in named() or g.isdigit() for g in match.groups()) for match in matches)


def test_every_label_is_used():
    assert [key for key in TABLE if not is_used(key)] == []


@each_page
def test_every_section_is_used(page):
    assert [key for key in load(page, "en").sections if not is_used(key)] == []


def asked_for(method: str) -> Iterator[str]:
    """Yield every literal name that the sources ask a text for."""
    for tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
            ):
                for argument in node.args[:1]:
                    branches = (
                        [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                    )
                    yield from (b.value for b in branches if isinstance(b, ast.Constant))


def test_every_label_that_is_asked_for_is_there():
    asked = {key for key in asked_for("say") if isinstance(key, str) and re.fullmatch(r"[a-z]\w*", key)}
    assert len(asked) > 20
    assert asked <= set(TABLE)


def test_every_placeholder_is_filled_where_the_label_is_said():
    """Where a label is named in the code, its values stand beside it, or a table of values is unpacked."""
    for tree in trees():
        for node in ast.walk(tree):
            is_say = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
            )
            if not is_say or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            given = {keyword.arg for keyword in node.keywords}
            if node.args[0].value in TABLE and None not in given:
                needed = {name for name, _ in placeholders(labels("en")[node.args[0].value])}
                assert given == needed, node.args[0].value


# -- how much is said ------------------------------------------------------------------------------


@each_page
@each_language
def test_the_sentence_of_a_movement_has_at_most_thirty_words(page, lang):
    for name, (heading, sentence) in movements(load(page, lang)).items():
        assert heading, name
        assert 1 <= words(sentence) <= 30, name


@each_page
@each_language
def test_at_most_sixty_words_stand_before_the_first_picture(page, lang):
    t = load(page, lang)
    heading, sentence = next(iter(movements(t).values()), ("", ""))
    assert words(t.title) + words(t.prose("sentence")) + words(heading) + words(sentence) <= 60


@each_page
@each_language
def test_the_map_says_what_a_page_is_about_in_one_sentence(page, lang):
    sentence = load(page, lang).prose("sentence")
    assert "\n" not in sentence
    assert words(sentence) <= 30
    assert sentence[-1] in ".?!…"


@each_language
def test_page_titles_are_told_apart(lang):
    titles = [load(page, lang).title for page in contents.PAGES]
    assert len(set(titles)) == len(titles)


# -- missing texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "lang"), [("nowhere", "en"), ("home", "de"), ("home", ""), ("../en/home", "fr")]
)
def test_a_page_or_language_without_texts_is_a_key_error_that_names_it(page, lang):
    with pytest.raises(KeyError) as error:
        load(page, lang)
    assert repr(page) in error.value.args[0]
    assert repr(lang) in error.value.args[0]


def test_a_missing_section_label_or_value_is_a_key_error():
    t = load("home", "en")
    with pytest.raises(KeyError, match="nothing_here"):
        t.prose("nothing_here")
    with pytest.raises(KeyError, match="nothing_here"):
        t.say("nothing_here")
    with pytest.raises(KeyError, match="page"):
        t.say("resume")


# -- numbers ---------------------------------------------------------------------------------------


def read(text: str) -> float:
    """Read a number as it is written on the screen."""
    superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    mantissa, _, power = text.replace("−", "-").partition("·10")
    return float(mantissa) * 10.0 ** int(power.translate(superscripts) or 0)


def random_numbers() -> list[float]:
    generator = random.Random(0)
    drawn = [generator.choice([-1, 1]) * 10 ** generator.uniform(-12, 12) for _ in range(3000)]
    # Just below a power of ten rounding makes one digit more.
    nines = [sign * (1 - 10**-k) * 10.0**p for sign in (1, -1) for k in (3, 4, 5) for p in range(-8, 9)]
    return drawn + nines


def test_a_number_is_what_it_says():
    for value in random_numbers():
        assert read(number(value)) == pytest.approx(value, rel=0.05 if "·" in number(value) else 0.005), value


def test_a_number_between_a_thousandth_and_a_thousand_has_three_digits_that_count():
    for value in random_numbers():
        if 1e-3 <= abs(value) < 999.4:
            digits = number(value).replace("−", "").replace(".", "").lstrip("0")
            assert len(digits) == 3, (value, number(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0123456, "0.0123"),
        (-3, "−3"),
        (-3.0, "−3.00"),
        (2096, "2096"),
        (1.2e-5, "1.2·10⁻⁵"),
        (-1.2e-15, "−1.2·10⁻¹⁵"),
        (3.4e12, "3.4·10¹²"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "?"),
    ],
)
def test_numbers_are_written_as_the_eye_reads_them(value, text):
    assert number(value) == text


def test_no_number_is_written_with_a_hyphen_or_an_e():
    for value in random_numbers():
        for text in (number(value), fixed(value), signed(value), factor(value)):
            assert not re.search("[-eE]", text)


def test_fixed_decimals_do_not_breathe():
    assert [fixed(value, 1) for value in (-3, -0.04, 0.04, 2.96)] == ["−3.0", "0.0", "0.0", "3.0"]
    lengths = {len(fixed(value / 100)) for value in range(-999, 0)}
    assert lengths == {5}  # −9.99 … −0.01


def test_what_rounds_to_zero_has_no_sign():
    for value in (-0.0, -0.001, 0.001, 0.0):
        assert fixed(value) == "0.00"
        assert signed(value) == "+ 0.00"
        assert factor(value) == "0.00"


def test_a_term_carries_its_sign_and_a_negative_factor_its_parentheses():
    assert (signed(0.5), signed(-0.5)) == ("+ 0.50", "− 0.50")
    assert (factor(0.5, 1), factor(-0.5, 1)) == ("0.5", "(−0.5)")


@pytest.mark.parametrize(
    "n", [0, 1, 2, 4, 5, 10, 11, 12, 14, 15, 19, 20, 21, 22, 25, 100, 101, 111, 112, 121, 2096]
)
def test_nouns_agree_with_their_numbers(n):
    if n % 100 in range(11, 15) or n % 10 in (0, 5, 6, 7, 8, 9):
        russian = "слоёв"
    else:
        russian = "слой" if n % 10 == 1 else "слоя"
    assert plural(n, "слой|слоя|слоёв") == russian
    assert plural(n, "layer|layers") == ("layer" if n == 1 else "layers")


@pytest.mark.parametrize(
    ("spec", "value", "text"),
    [
        ("{x}", 0.5, "0.500"),
        ("{x}", 7, "7"),
        ("{x}", "words", "words"),
        ("{x:.1}", -0.5, "−0.5"),
        ("{x:+2}", -0.5, "− 0.50"),
        ("{x:*1}", -0.5, "(−0.5)"),
        ("{x:_}", 10, "₁₀"),
        ("{x:one|many}", 1, "one"),
        ("{x:one|many}", 2, "many"),
    ],
)
def test_a_placeholder_says_how_its_value_is_written(monkeypatch, spec, value, text):
    monkeypatch.setitem(labels("en"), "probe", spec)
    assert load("home", "en").say("probe", x=value) == text


@each_language
def test_exactly_zero_zero_to_rounding_and_small_are_different_words(lang):
    t = load("home", lang)
    assert t.zero(0) == t.zero(-0.0) == t.say("zero_exactly")
    for rounded in (1e-16, -3e-13, 9e-10):
        assert t.zero(rounded) == t.say("zero_rounded", value=rounded)
        assert number(rounded) in t.zero(rounded)
    for small in (2e-9, -1e-5, 0.3):
        assert t.zero(small) == number(small)
    assert len({t.zero(0), t.zero(1e-16), number(1e-16)}) == 3


def test_a_matrix_has_its_rows_a_flat_array_is_a_column_and_ones_beside_something_go_bare():
    assert matrix([[0.5, -2.0], [40000.0, 0.0]], 1) == (
        r"\begin{pmatrix} 0.5 & −2.0 \\ 40000 & 0.0 \end{pmatrix}"
    )
    assert matrix(np.array([1.0, 2.5])) == r"\begin{pmatrix} 1.00 \\ 2.50 \end{pmatrix}"
    assert matrix([[1.0, -2.0], [1.0, 3.0]], 1) == r"\begin{pmatrix} 1 & −2.0 \\ 1 & 3.0 \end{pmatrix}"
    assert matrix(3) == r"\begin{pmatrix} 3.00 \end{pmatrix}"
