"""The rules of the house: who may import whom, what a page is, and that nothing leaves the machine."""

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import explainer
from explainer import contents
from explainer.texts import LANGUAGES, load

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "explainer"
PAGES = sorted((ROOT / "pages").glob("*.py"))
# What is written by hand, and not made by tools.
HAND_WRITTEN = [
    path
    for pattern in ("*.py", "*.md", "*.toml", "*.txt", "*.js", "*.css", "*.html", "*.yml", "run")
    for path in ROOT.rglob(pattern)
    if not {".git", ".venv", "venv", "node_modules", "screenshots"} & set(path.relative_to(ROOT).parts)
]
CYRILLIC = re.compile("[а-яёА-ЯЁ]")

each_page = pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])


def modules() -> list[str]:
    found = pkgutil.walk_packages(explainer.__path__, "explainer.")
    return ["explainer", *(module.name for module in found)]


MODULES = modules()


def room(module: str) -> str:
    """Return the part of the explainer that a module belongs to: nets, charts, ui, texts …"""
    return [*module.split("."), ""][1]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def source_of(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def fresh(code: str) -> str:
    """Run Python code in a fresh interpreter and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- the import rule -------------------------------------------------------------------------------

# What the modules of a room may name of the explainer, and what of the world beside the standard library.
MAY_IMPORT = {
    "": (set(), set()),
    "contents": (set(), set()),
    "facts": (set(), {"numpy", "pandas"}),
    "texts": (set(), set()),
    "lean": (set(), set()),
    "worker": ({"lean"}, set()),
    "nets": ({"nets"}, {"torch", "numpy"}),
    "experiments": ({"nets", "facts"}, {"torch", "numpy"}),
    "charts": ({"charts", "texts", "facts"}, {"altair", "numpy", "pandas", "PIL", "pyarrow"}),
    "ui": ({"ui", "texts", "contents", "facts", "lean", "worker"}, {"streamlit", "pyarrow"}),
}


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a file imports, also inside functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_in_one_direction(module):
    inside, outside = MAY_IMPORT[room(module)]
    for name in imports(source_of(module)):
        top = name.split(".")[0]
        if top == "explainer":
            assert room(name) in inside, f"{module} imports {name}"
        else:
            assert top in outside or top in sys.stdlib_module_names, f"{module} imports {name}"


@each_page
def test_a_page_imports_streamlit_and_the_explainer_only(path):
    allowed = {"ui", "charts", "experiments", "facts", "texts"}
    for name in imports(path):
        assert name == "streamlit" or (name.startswith("explainer.") and room(name) in allowed), name


LIGHT = ("", "texts", "contents", "facts", "lean", "worker")
HEAVY = {"streamlit", "altair", "torch"}
# What comes along with what the modules of these rooms import, be it through another module.
COMPANY = {("nets", "experiments"): {"torch"}, ("charts",): {"altair"}, ("ui",): {"streamlit"}, LIGHT: set()}


@pytest.mark.parametrize(("rooms", "company"), COMPANY.items())
def test_what_a_room_does_without_does_not_come_along_with_what_it_imports(rooms, company):
    """In a fresh interpreter, module by module, so that the first one that breaks the rule is named."""
    mine = [module for module in MODULES if room(module) in rooms]
    printed = fresh(
        "import importlib, sys\n"
        f"for module in {mine}:\n"
        "    importlib.import_module(module)\n"
        f"    print(module, *sorted({HEAVY} & set(sys.modules)))\n"
    )
    brought = {line.split()[0]: set(line.split()[1:]) for line in printed.splitlines()}
    assert {module: extra for module in mine if (extra := brought[module] - company)} == {}
    assert set().union(*brought.values()) == company  # the names are those by which they are known


def test_every_room_has_its_rule():
    rooms = {room(module) for module in MODULES}
    assert rooms <= set(MAY_IMPORT)
    assert rooms <= {name for group in COMPANY for name in group}


@pytest.mark.parametrize(
    "package", ["explainer", "explainer.nets", "explainer.experiments", "explainer.charts"]
)
def test_opening_a_room_imports_nothing(package):
    assert list(imports(source_of(package))) == []


@pytest.mark.parametrize("page", ["home", "history", "trends", "resources"])
def test_a_page_without_training_opens_without_torch_in_both_languages(page):
    """The warm-up, which imports torch a second later, is left out, so that no second is too short."""
    printed = fresh(
        "import sys\n"
        "from explainer.ui import boot\n"
        "boot.warm_up_later = lambda: None\n"
        "from tests.app import Visit, flaws\n"
        "for locale in ('ru-RU', 'en-US'):\n"
        f"    visit = Visit({page!r}, locale=locale)\n"
        "    imported = ['torch' in sys.modules, 'altair' in sys.modules]\n"
        "    print(visit.at.title[0].value, flaws(visit), *imported)\n"
    )
    draws = page != "resources"
    assert printed.splitlines() == [f"{load(page, lang).title} [] False {draws}" for lang in LANGUAGES]


def test_one_thread_for_arithmetic_is_set_before_torch_is_imported():
    printed = fresh(
        "import os, sys\n"
        "for name in ('OMP_NUM_THREADS', 'MKL_NUM_THREADS'): os.environ.pop(name, None)\n"
        "import explainer.ui\n"
        "print(os.environ['OMP_NUM_THREADS'], os.environ['MKL_NUM_THREADS'], 'torch' in sys.modules)\n"
    )
    assert printed == "1 1 False\n"


# -- pages -----------------------------------------------------------------------------------------


def docstring(node: ast.Module | ast.FunctionDef) -> ast.Constant | None:
    first = node.body[0]
    return first.value if ast.get_docstring(node) is not None and isinstance(first, ast.Expr) else None


def fragments(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def test_every_page_is_in_the_contents_and_every_page_of_the_contents_once():
    assert {path.stem for path in PAGES} <= set(contents.PAGES)
    assert len(set(contents.PAGES)) == len(contents.PAGES)
    assert contents.built_pages() == [
        page for page in contents.PAGES if page in {path.stem for path in PAGES}
    ]
    assert contents.PAGES[0] == contents.HOME


def test_the_lecture_has_six_parts():
    assert len(contents.PARTS) == 6


@each_page
def test_a_page_has_at_most_120_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@each_page
def test_a_page_opens_with_the_sentence_of_the_lecture(path):
    assert re.fullmatch(r"[A-Z].{20,100}\.", ast.get_docstring(tree(path)))


@each_page
def test_a_page_defines_nothing_but_its_movements(path):
    page = tree(path)
    for node in ast.walk(page):
        assert not isinstance(node, (ast.ClassDef, ast.AsyncFunctionDef, ast.Lambda, ast.Global)), node.lineno
    for function in fragments(path):
        assert function in page.body or any(ast.dump(function) == ast.dump(node) for node in page.body)
        assert [ast.unparse(decorator) for decorator in function.decorator_list] in (
            ["st.fragment"],
            ["st.fragment(parallel=True)"],  # long work, which the movements below it do not wait for
        )
        assert ast.unparse(function.args) == ""


@each_page
def test_a_movement_has_at_most_thirty_lines(path):
    long = {f.name: f.end_lineno - f.lineno + 1 for f in fragments(path) if f.end_lineno - f.lineno >= 30}
    assert long == {}


@each_page
def test_a_movement_is_named_for_a_section_of_the_text_and_called_once_in_that_order(path):
    sections = {key: text for key, text in load(path.stem, "en").sections.items() if text.startswith("## ")}
    names = [function.name for function in fragments(path)]
    assert names == list(sections)
    calls = [
        node.value.func
        for node in tree(path).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert [call.id for call in calls if isinstance(call, ast.Name)] == names


@each_page
def test_a_movement_opens_its_own_section_and_runs_its_own_experiment(path):
    for function in fragments(path):
        source = ast.unparse(function)
        assert f"ui.movement(t, '{function.name}')" in source
        assert re.findall(r"ui\.(?:cached|long|trained)\(experiments\.(\w+)\)", source) == [function.name]


@each_page
def test_a_page_draws_nothing_by_hand(path):
    """Of Streamlit a page knows the fragment and nothing else; whatever is seen comes from ui and charts."""
    used = {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st"
    }
    assert used <= {"fragment"}


@each_page
def test_a_page_holds_no_words_of_any_language(path):
    page = tree(path)
    docstrings = {id(docstring(node)) for node in [page, *fragments(path)]}
    for node in ast.walk(page):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            # A name of a text or a value, or a sign between two of them.
            assert re.fullmatch(r"[A-Za-z_]\w*|[^\w]*|×", node.value), node.value
    assert not CYRILLIC.search(path.read_text(encoding="utf-8"))


@each_page
def test_a_page_asks_for_the_experiments_of_its_own_name(path):
    wanted = {name for name in imports(path) if room(name) == "experiments"}
    assert wanted <= {f"explainer.experiments.{path.stem}"}


# -- code ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_at_most_400_lines_and_says_what_it_is(module):
    path = source_of(module)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert ast.get_docstring(tree(path))


def test_no_module_is_without_a_concept():
    assert not {"utils", "util", "helpers", "common", "misc"} & {
        part for m in MODULES for part in m.split(".")
    }


def public(module: str) -> Iterator[tuple[str, Callable]]:
    """Yield the public functions of a module, and those of its public classes."""
    loaded = importlib.import_module(module)
    for name, thing in vars(loaded).items():
        if name.startswith("_"):
            continue
        plain = inspect.unwrap(thing) if callable(thing) else thing
        if getattr(plain, "__module__", None) != module:
            continue
        if inspect.isfunction(plain):
            yield name, plain
        elif inspect.isclass(plain):
            assert plain.__doc__, f"{module}.{name} does not say what it is"
            for inner, member in vars(plain).items():
                member = member.fget if isinstance(member, property) else inspect.unwrap(member)
                if inspect.isfunction(member) and not inner.startswith("_"):
                    yield f"{name}.{inner}", member


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_says_what_it_does_and_with_what(module):
    for name, function in public(module):
        assert inspect.getdoc(function), f"{name} does not say what it does"
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty, f"{name} returns something unnamed"
        for parameter in signature.parameters.values():
            typed = parameter.annotation is not inspect.Parameter.empty or parameter.name == "self"
            assert typed, f"{name}({parameter.name}) has no type"


def test_public_functions_are_found_behind_decorators_and_in_classes():
    found = {name for module in MODULES for name, _ in public(module)}
    assert {"with_activation", "load", "cached", "MLP.predict", "MLP.n_parameters", "Texts.say"} <= found


@each_page
def test_what_runs_in_the_long_lane_can_be_stopped(path):
    for name in re.findall(r"ui\.(?:long|trained)\(experiments\.(\w+)\)", path.read_text(encoding="utf-8")):
        experiment = getattr(importlib.import_module(f"explainer.experiments.{path.stem}"), name)
        assert "tick" in inspect.signature(experiment).parameters, name


def test_an_experiment_has_defaults_and_takes_its_settings_by_name():
    for module in MODULES:
        if room(module) != "experiments":
            continue
        experiments = {name: function for name, function in public(module) if "." not in name}
        for name, function in experiments.items():
            for parameter in inspect.signature(function).parameters.values():
                assert parameter.kind is inspect.Parameter.KEYWORD_ONLY, (name, parameter.name)
                assert parameter.default is not inspect.Parameter.empty, (name, parameter.name)


SOURCES = [*PACKAGE.rglob("*.py"), *PAGES, ROOT / "streamlit_app.py"]


@functools.cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    return [(ast.unparse(node.func), node) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_nothing_random_touches_the_generator_that_all_visitors_share():
    for path in SOURCES:
        assert "random" not in set(imports(path)), path
        for name, call in calls(path):
            assert name not in ("torch.manual_seed", "torch.seed", "torch.random.fork_rng"), path
            if re.fullmatch(r"(np|numpy)\.random\.\w+", name):
                assert name.endswith("default_rng"), (path, name)
                assert call.args or call.keywords, (path, name)
            if re.fullmatch(r"torch\.(rand|randn|randint|randperm|normal|bernoulli|multinomial)", name):
                assert "generator" in {keyword.arg for keyword in call.keywords}, (path, name)


def test_only_ui_caches_for_visitors():
    for path in SOURCES:
        if PACKAGE / "ui" not in path.parents:
            assert "cache_data" not in path.read_text(encoding="utf-8"), path


# -- documents and files ---------------------------------------------------------------------------


def test_the_readme_lists_every_page_that_can_be_opened():
    table = re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert table == contents.built_pages()


def test_the_readme_shows_pictures_that_are_there():
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown
    assert all((ROOT / path).is_file() for path in shown)


def test_the_machine_runs_the_check_that_the_readme_tells_people_to_run():
    _, check, *_ = re.findall(
        r"^```\n(python3 .*)\n```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M
    )
    assert check.endswith("pytest")
    assert check in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w-]+==[\d.]+", line), line


def test_what_the_browser_runs_loads_nothing_from_elsewhere():
    shown = [path for path in (ROOT / "assets").rglob("*") if path.suffix in (".js", ".css", ".html", ".svg")]
    assert shown
    for path in shown:
        text = re.sub(
            r"http://www\.w3\.org/[\w/.#]+", "", path.read_text(encoding="utf-8")
        )  # names, not addresses
        assert not re.search(r"https?:|wss?:|[\"'(]//|@import", text), path


def test_no_style_makes_the_browser_look_at_every_element_again():
    """A ``:has()`` of its own, without a class before it, costs all elements of a page at every change."""
    style = (ROOT / "assets" / "style.css").read_text(encoding="utf-8")
    alone = re.findall(r"(?<![\w\])-]):has\([^{]*", style)
    assert re.findall(r":has\(", style)
    assert alone == []


def test_nothing_is_sent_home():
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert "gatherUsageStats = false" in config
    assert 'fileWatcherType = "none"' in config
    assert 'showErrorDetails = "none"' in config


def test_no_file_knows_the_machine_it_was_written_on():
    assert len(HAND_WRITTEN) > 50
    for path in HAND_WRITTEN:
        found = re.search(r"(?<![\w.:/-])/(?:work|root|home|Users|mnt)/", path.read_text(encoding="utf-8"))
        assert not found, f"{path} names {found.group()}"


def test_code_and_documents_are_in_english():
    """The Russian words are in assets/texts; a test may hold some to compare with, a switch its own name."""
    may = {ROOT / "explainer" / "ui" / "language.py", *(ROOT / "tests").rglob("*")}
    for path in HAND_WRITTEN:
        if path not in may and ROOT / "assets" / "texts" not in path.parents and path.suffix != ".md":
            assert not CYRILLIC.search(path.read_text(encoding="utf-8")), path
