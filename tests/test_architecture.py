"""The house: a room imports only from rooms below it, and each file keeps the house's rules."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from oracle.rules.straight import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "oracle"
TRANSFORMATIONS = PACKAGE / "rules" / "transformations"

FLOORS = (
    {"errors"},
    {"dtypes"},
    {"operations"},
    {"platforms"},
    {"claim", "declining", "homes", "packages", "resources", "sparse", "truth"},
    {"implementation", "loading", "record"},
    {"verdict", "arithmetic"},
    {"rules"},
    {"specification"},
    {"systems"},
    {"domains", "problem"},
    {"trajectories"},
    {"bulk", "golden", "measuring", "training"},
    {"mutation"},
    {"adapters"},
    {"diagnosis"},
    {"report"},
    {"conformance"},
    {"plugin", "commands"},
    {"cli"},
    {"__main__"},
    {"suites"},
)
"""From the ground up; rooms on one floor do not know each other."""


def modules() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "suites").rglob("*.py")])


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "suites" if parts[0] == "suites" else parts[1]


def rooms_imported_by(path: Path) -> set[str]:
    """The rooms of oracle that a file names in an import, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        parts = [name.split(".") for name in names]
        found |= {p[1] for p in parts if p[0] == "oracle" and len(p) > 1}
    return found - {"__version__"}


def floor_of(room: str) -> int:
    return next(i for i, rooms in enumerate(FLOORS) if room in rooms)


ROOMS = [path for path in modules() if room_of(path) != "__init__"]
"""All but the public names, which are imported on demand from wherever they live."""


def names_where(wrong: Callable[[Path], object]) -> list[str]:
    """The modules of which something holds that must not."""
    return [name_of(path) for path in modules() if wrong(path)]


@pytest.mark.parametrize("room", sorted({room_of(path) for path in ROOMS}))
def test_a_room_imports_only_from_rooms_below_it(room):
    for path in (path for path in ROOMS if room_of(path) == room):
        others = rooms_imported_by(path) - {room}
        above = {r for r in others if floor_of(r) >= floor_of(room)}
        assert not above, f"{name_of(path)} imports {', '.join(sorted(above))}"


def test_every_room_has_a_floor():
    assert set(map(room_of, ROOMS)) == set().union(*FLOORS)


def test_no_import_is_relative():
    def has_one(path: Path) -> bool:
        nodes = ast.walk(ast.parse(path.read_text()))
        return any(isinstance(node, ast.ImportFrom) and node.level for node in nodes)

    assert not names_where(has_one)


def test_every_module_begins_with_a_sentence_about_itself():
    def says_nothing(path: Path) -> bool:
        text = path.read_text()
        first_line = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
        return bool(text.strip()) and not first_line.endswith(".")

    assert not names_where(says_nothing)


def test_no_module_is_longer_than_300_lines():
    longer = names_where(lambda path: len(path.read_text().splitlines()) > 300)
    assert longer == []


def test_nothing_is_left_to_do():
    words = {"TODO", "FIXME", "XXX"}
    assert not names_where(lambda path: words & set(path.read_text().replace(":", " ").split()))


def test_no_file_names_a_path_of_the_machine_it_was_written_on():
    """The folder above the checkout, and whatever lies beside it, is nobody else's business."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    files = [ROOT / name for name in listed.stdout.splitlines()]
    texts = [f for f in files if f.suffix in {".py", ".md", ".toml", ".ini", ".yml", ""}]
    shared = ROOT.parent / "shared"
    forbidden = (f"{ROOT}/", str(shared), f"../{shared.name}")
    text_of = {name_of(f): f.read_text(errors="replace") for f in texts if f.is_file()}
    assert not {name for name, text in text_of.items() if any(x in text for x in forbidden)}


def test_a_class_of_one_name_has_one_meaning():
    """But for adapters, in which a class is called as its library calls it."""
    found = [
        node.name
        for path in modules()
        if not name_of(path).startswith("oracle/adapters/")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name, often in Counter(found).items() if often > 1] == []


LIBRARIES = tuple(f"oracle.systems.{p.name}" for p in (PACKAGE / "systems").iterdir() if p.is_dir())
OF_LIBRARIES = ("oracle/systems/", "oracle/adapters/", "oracle/golden/cases/")
"""Where it is known which libraries there are."""


def test_what_is_for_every_library_imports_none():
    named = {
        (name_of(path), node.module)
        for path in modules()
        if not name_of(path).startswith(OF_LIBRARIES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(LIBRARIES)
    }
    assert named == set()


# Rules are straight-line mathematics

RULES = [
    pytest.param(node, id=f"{path.stem}.{node.name}")
    for path in sorted((PACKAGE / "rules").glob("*.py"))
    if path.stem not in ("__init__", "rule", "straight")
    for node in ast.parse(path.read_text()).body
    if isinstance(node, ast.FunctionDef)
]
SOLVED_ANEW = {"adagrad_da", "adagrad_da_l1"}
"""Rules that find the parameter from sums of gradients alone, whatever it was before."""

AVERAGES = {"moving_average", "moving_average_of_few", "elastic_exchange"}
"""Rules that follow the parameter, after the gradient has had its say."""

FORMULAS = [
    *RULES,
    *(
        pytest.param(node, id=f"schedules.{node.name}")
        for node in ast.parse(
            (PACKAGE / "rules" / "transformations" / "schedules.py").read_text()
        ).body
        if isinstance(node, ast.FunctionDef) and node.name != "piecewise_constant_decay"
    ),
]
PERMITTED = (
    ast.Assign,
    ast.Return,
    ast.Expr,
    ast.Constant,
    ast.Name,
    ast.Tuple,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Call,
    ast.Attribute,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
)


def statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """The body without its docstring."""
    assert ast.get_docstring(function), "a formula says what it is"
    return function.body[1:]


@pytest.mark.parametrize("function", FORMULAS)
def test_a_formula_is_straight_line_code_with_one_return_at_its_end(function):
    *assignments, last = statements(function)
    assert isinstance(last, ast.Return)
    assert all(isinstance(statement, ast.Assign) for statement in assignments)


@pytest.mark.parametrize("function", FORMULAS)
def test_a_formula_assigns_each_name_once_and_no_argument(function):
    targets = [s.targets[0].id for s in statements(function) if isinstance(s, ast.Assign)]
    arguments = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
    assert len(targets) == len(set(targets))
    assert not arguments & set(targets)


@pytest.mark.parametrize("function", FORMULAS)
def test_a_formula_has_permitted_syntax_only(function):
    nodes = [node for statement in statements(function) for node in ast.walk(statement)]
    assert all(isinstance(node, PERMITTED) for node in nodes)


@pytest.mark.parametrize("function", FORMULAS)
def test_a_formula_calls_functions_of_its_arithmetic_only(function):
    nodes = [node for statement in statements(function) for node in ast.walk(statement)]
    for node in nodes:
        if isinstance(node, ast.Attribute):
            assert isinstance(node.value, ast.Name)
            assert node.value.id == "xp"
            assert node.attr in {*FUNCTIONS, "pi"}
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Attribute)
            assert not node.keywords


@pytest.mark.parametrize("function", FORMULAS)
def test_a_formula_uses_what_it_is_given_and_computes(function):
    """A name that is never read is a slip of the pen."""
    names = [n for s in statements(function) for n in ast.walk(s) if isinstance(n, ast.Name)]
    read = {n.id for n in names if isinstance(n.ctx, ast.Load)}
    written = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    given = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
    assert written <= read
    without_p = {"p"} if function.name in (*SOLVED_ANEW, "gradient_itself") else set()
    unread = {"g", "local_center"} if function.name in AVERAGES else set()
    assert given - read <= {"xp", "t"} | without_p | unread


@pytest.mark.parametrize("function", RULES)
def test_a_rule_returns_the_parameter_and_then_its_slots(function):
    """In the order in which it takes them, each named for what it was, after the step."""
    last = statements(function)[-1]
    assert isinstance(last.value, ast.Tuple)
    slots = [a.arg for a in function.args.args[4:]]
    returned = [element.id for element in last.value.elts]
    assert returned[0] == "p_t"
    assert len(returned) == len(slots) + 1
    stems = {"mu_product": "product_t"}
    assert returned[1:] == [stems.get(slot, f"{slot}_t") for slot in slots]
