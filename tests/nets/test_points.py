"""Pasted tables: read as people write them, every fault named with its line, and nothing ever breaks."""

import random

import pytest

from explainer.nets.points import MAX_BYTES, MAX_CLASSES, MAX_ROWS, Fault, parse_points

KEYS = {
    "encoding", "too_long", "empty", "delimiter", "columns", "not_a_number", "not_finite", "too_large",
    "no_label", "too_many_rows", "too_many_classes", "one_point",
}  # fmt: skip
GOOD = ((1.5, -2.0, 0.0), (0.25, 3.0, 1.0), (-4.0, 0.5, 0.0))


@pytest.mark.parametrize(
    "text",
    [
        "1.5,-2,0\n0.25,3,1\n-4,0.5,0",
        "x,y,class\n1.5,-2,0\n0.25,3,1\n-4,0.5,0\n",
        "1.5;-2;0\n0.25;3;1\n-4;0.5;0\n",
        "1,5;-2;0\n0,25;3;1\n-4;0,5;0\n",  # a decimal comma
        "x1\tx2\tlabel\n1,5\t-2\t0\n0,25\t3\t1\n-4\t,5\t0\n",
        '"1.5" , "-2" , "0"\r\n\r\n0.25,3,1\r\n-4.,+.5e0,0\r\n',  # quotes, blanks, other numbers
        "1.5;\u22122;0;;\n0.25;3;1;\n\u22124;0.5;0;;;\n;;;\n",  # a minus as in books, empty columns
        "1.5;-2;no\n0.25;3;yes\n-4;0.5;no\n",  # words, in the order in which they come
        "1.5;-2;-1\n0.25;3;1\n-4;0.5;-1\n",  # numbers, in their order
    ],
)
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_table_is_read_as_people_write_it(text, encoding):
    if encoding == "cp1251":
        text = text.replace("\u2212", "-")
    pasted = parse_points(text if encoding is None else text.encode(encoding))
    assert pasted.points == GOOD
    assert pasted.faults == ()
    assert (pasted.problem, pasted.n_rows, pasted.rescaled) == ("two", 3, False)


def test_words_in_russian_from_an_old_spreadsheet_are_classes():
    pasted = parse_points("1;2;кот\n2;3;пёс\n3;2,5;кот".encode("cp1251"))
    assert pasted.names == ("кот", "пёс")
    assert [label for *_, label in pasted.points] == [0, 1, 0]


def test_three_words_are_three_classes_and_many_numbers_a_regression():
    assert parse_points("1,2,a\n2,2,b\n3,2,c").problem == "many"
    table = "".join(f"{x / 10},{x / 20},{x * x}\n" for x in range(-30, 31))
    pasted = parse_points(table)
    assert (pasted.problem, pasted.names) == ("regression", ())
    targets = [y for *_, y in pasted.points]
    assert (min(targets), max(targets)) == (-1, 1)
    centre, scale = pasted.centre[2], pasted.scale[2]
    assert [y * scale + centre for y in targets] == pytest.approx(
        [x * x for x in range(-30, 31)], abs=0.006 * scale
    )


@pytest.mark.parametrize("half", [1e-9, 0.2, 40.0, 1e11])
def test_points_that_leave_the_view_or_fill_too_little_of_it_are_moved_into_it(half):
    given = [(-half, 3 * half), (half / 2, 5 * half), (half, half)]
    pasted = parse_points("".join(f"{x!r};{y!r};{i % 2}\n" for i, (x, y) in enumerate(given)))
    assert pasted.rescaled
    assert all(abs(value) <= 5 for x, y, _ in pasted.points for value in (x, y))
    for (x, y), (shown_x, shown_y, _) in zip(given, pasted.points, strict=True):
        assert shown_x * pasted.scale[0] + pasted.centre[0] == pytest.approx(x, abs=0.006 * pasted.scale[0])
        assert shown_y * pasted.scale[1] + pasted.centre[1] == pytest.approx(y, abs=0.006 * pasted.scale[1])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1;2", Fault("columns", 3, "2")),
        ("1;2;3;4", Fault("columns", 3, "4")),
        ("1;two;0", Fault("not_a_number", 3, "two")),
        ("1;;0", Fault("not_a_number", 3, "")),
        ("1;1_000;0", Fault("not_a_number", 3, "1_000")),
        ("1;١;0", Fault("not_a_number", 3, "١")),
        ("nan;2;0", Fault("not_finite", 3, "nan")),
        ("1;-inf;0", Fault("not_finite", 3, "-inf")),
        ("1;2;nan", Fault("not_finite", 3, "nan")),
        ("1;1e13;0", Fault("too_large", 3, "1e13")),
        ("1e999;2;0", Fault("too_large", 3, "1e999")),
        ("1;2;", Fault("no_label", 3, "")),
        ("x" * 100 + ";2;0", Fault("not_a_number", 3, "x" * 39 + "…")),
    ],
)
def test_a_fault_is_named_with_its_line_and_the_others_are_read(line, fault):
    pasted = parse_points("1.5;-2;0\n\n" + line + "\n0.25;3;1\n-4;0.5;0\n")
    assert pasted.faults == (fault,)
    assert pasted.points == GOOD


def test_a_word_among_many_numbers_is_a_slip_and_among_few_a_class():
    rows = "".join(f"{x};{-x};{x % 2}\n" for x in range(1, 6)) * 4
    assert parse_points(rows + "1;2;o\n").faults == (Fault("not_a_number", 21, "o"),)
    assert parse_points("1;2;0\n3;4;o\n").names == ("0", "o")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "empty"),
        (b"", "empty"),
        (" \n\t\n;;;\n", "empty"),
        ("x;y;label\n", "empty"),
        ("just words", "delimiter"),
        ("1 2 0\n3 4 1", "delimiter"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "encoding"),
        (b"\xff\xfe1", "encoding"),
        ("1;2;0", "one_point"),
    ],
)
def test_what_is_no_table_has_a_fault_of_its_own(text, key):
    pasted = parse_points(text)
    assert [fault.key for fault in pasted.faults] == [key]
    assert len(pasted.points) < 2


def test_a_table_is_bounded():
    row = "1.5;2.5;0\n-1;2;1\n"
    full = parse_points(row * (MAX_ROWS // 2))
    assert (len(full.points), full.faults) == (MAX_ROWS, ())
    over = parse_points(row * MAX_ROWS)
    assert (len(over.points), over.n_rows) == (MAX_ROWS, MAX_ROWS)
    assert over.faults == (Fault("too_many_rows", MAX_ROWS + 1, str(MAX_ROWS)),)
    assert [fault.key for fault in parse_points("1;2;0\n" * MAX_BYTES).faults] == ["too_long"]
    five = parse_points("".join(f"1;{k};{name}\n" for k, name in enumerate("abcdea")))
    assert five.faults == (Fault("too_many_classes", 5, "e"),)
    assert [label for *_, label in five.points] == [0, 1, 2, 3, 0]


HOSTILE = [
    "\x00" * 50, "1;2;0\x00\n3;4;1", "\ufeff\ufeff1;2;0", "=cmd|'/c calc'!A0;1;0\n@SUM(1);2;1",
    "<html><body>1,2,3</body></html>", '{"x": [1, 2], "y": [3, 4]}', "1;2;0\r3;4;1\r5;6;0", ";" * 5000,
    "1" * 5000 + ";2;0\n3;4;1", "1e" + "9" * 300 + ";2;0\n3;4;1", '"' * 999 + ";1;2", "\U0001f600,1,2\n" * 20,
    "--1;2;0\n+-3;4;1", "1,2,3\n1;2;3\n1\t2\t3", "nan,nan,nan\n" * 5, "1e308;-1e308;0\n-1e308;1e308;1",
    "1e12;-1e12;1e12\n-1e12;1e12;-1e12\n0;0;0.5", "5e-324;0;0\n0;5e-324;1", "1;2;0.5\n1;2;0.5",
    "0;0;0\n" * 10,
    "\u2028".join(["1;2;0"] * 5), "0x10;1;0\n1;1;1", "1.2.3;4;0\n1;1;1", "1,2;3,4;5,6\n7,8;9,0;1,2",
]  # fmt: skip


def files() -> list[str | bytes]:
    """Return three hundred tables, spoiled tables, texts and bytes."""
    rng = random.Random(7)
    made: list[str | bytes] = list(HOSTILE)
    while len(made) < 300:
        kind, n = rng.randrange(5), rng.choice([0, 1, 2, 5, 40, 1500])
        if kind == 0:
            made.append(rng.randbytes(n))
        elif kind == 1:
            made.append(
                "".join(rng.choice("0123456789.,;\t\n\r-+eE \"'xnaif\u2212\u00e9") for _ in range(5 * n))
            )
        elif kind == 2:
            made.append(
                "".join(chr(rng.choice([rng.randrange(128), rng.randrange(0xD7FF)])) for _ in range(n))
            )
        else:
            d = rng.choice([",", ";", "\t"])
            scale = 10.0 ** rng.randint(-12, 12)
            labels = rng.choice(
                [["0", "1"], ["a", "b", "c"], ["0.5", "7", "1e3"], list("abcdefg"), ["", "1"]]
            )
            rows = [
                d.join([repr(rng.gauss(0, scale)), repr(rng.gauss(5, scale)), rng.choice(labels)])
                for _ in range(n)
            ]
            text = list("\n".join(rows))
            for _ in range(rng.choice([0, 0, 1, 20]) if text else 0):
                text[rng.randrange(len(text))] = rng.choice(["", d, "\n", "x", "\x07", '"', "1"])
            spoiled = "".join(text)
            made.append(spoiled if kind == 3 else spoiled.encode(rng.choice(["utf-8", "utf-16", "cp1251"])))
    return made


def test_three_hundred_random_and_hostile_files_are_survived():
    seen = set()
    for text in files():
        pasted = parse_points(text)
        decoded = text if isinstance(text, str) else text.decode("latin-1")
        n_lines = 1 + max(decoded.count("\n") + decoded.count("\r"), 0)
        seen |= {fault.key for fault in pasted.faults} or {"none"}
        for fault in pasted.faults:
            assert fault.key in KEYS
            assert 0 <= fault.line <= n_lines
            assert len(fault.value) <= 40
        assert len(pasted.points) <= pasted.n_rows <= MAX_ROWS
        assert len(pasted.points) > 1 or pasted.faults
        for x, y, label in pasted.points:
            assert abs(x) <= 6
            assert abs(y) <= 6
            assert (x, y) == (round(x, 2), round(y, 2))
            if pasted.problem == "regression":
                assert -1 <= label <= 1
            else:
                assert label in range(min(MAX_CLASSES, len(pasted.names)))
        # A reader of `own` tells a regression from classes by the labels alone.
        whole = all(label in range(MAX_CLASSES) for *_, label in pasted.points)
        assert whole == (pasted.problem != "regression") or len({label for *_, label in pasted.points}) == 1
        assert parse_points(text) == pasted
    assert seen >= KEYS - {"too_long"} | {"none"}
