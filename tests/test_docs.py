"""The reference: what a page says, what drifts, and how ``oracle docs`` answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import oracle
from oracle.cli import main
from oracle.report.reference import files
from oracle.report.reference.choices import conditions
from oracle.report.reference.files import Drift, drift, left_over, rendered, write
from oracle.report.reference.markdown import code, literal, table
from oracle.report.reference.page import index, page
from oracle.report.reference.stages import first_sentence, operations
from oracle.resources import fixtures_dir
from oracle.rules.rule import Rule
from oracle.rules.sgd import sgd, sgd_momentum, sgd_nesterov
from oracle.systems.base import Argument, Hyper, Spec, Step
from oracle.systems.checks import flag, real

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "reference"


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["docs", *map(str, arguments)])


@cache
def page_of(id: str) -> str:
    """The page of a spec."""
    return page(oracle.spec(id), fixtures_dir())


# What is committed


def test_the_committed_pages_are_up_to_date():
    """Whoever edits a spec writes its page anew, in the same commit."""
    pages = rendered(oracle.specs(), fixtures_dir())
    assert [*drift(pages, COMMITTED), *left_over(COMMITTED)] == []


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A folder with the right pages of two specs and the index."""
    list(write(rendered(["keras2/SGD", "keras3/Lion"], fixtures_dir()), tmp_path))
    return tmp_path


def drifts(folder: Path) -> list[Drift]:
    """What is wrong with the pages of the two."""
    pages = rendered(["keras2/SGD", "keras3/Lion"], fixtures_dir())
    return [*drift(pages, folder), *left_over(folder)]


def test_what_was_just_written_is_right(reference: Path):
    """Nothing drifts."""
    assert drifts(reference) == []


def test_a_changed_page_is_stale(reference: Path):
    """A sign is enough."""
    path = reference / "keras2" / "SGD.md"
    path.write_text(path.read_text().replace(r"\mu v_{t-1} - ", r"\mu v_{t-1} + ", 1))
    assert drifts(reference) == [Drift("stale", "keras2/SGD.md")]


def test_a_page_that_is_not_there_is_missing(reference: Path):
    """So is the index."""
    (reference / "keras3" / "Lion.md").unlink()
    (reference / "README.md").unlink()
    assert drifts(reference) == [Drift("missing", "keras3/Lion.md"), Drift("missing", "README.md")]


def test_a_page_without_a_spec_is_left_over(reference: Path):
    """Of a system that is known, of another, or of none."""
    (reference / "keras1").mkdir()
    names = ["SDG.md", "keras1/SGD.md", "keras2/SDG.md"]
    for name in names:
        (reference / name).touch()
    assert drifts(reference) == [Drift("left over", name) for name in names]


def test_a_page_is_written_only_if_it_changed(reference: Path):
    """The other files are not touched."""
    lion = reference / "keras3" / "Lion.md"
    lion.write_text("")
    before = (reference / "README.md").stat().st_mtime_ns
    pages = rendered(["keras2/SGD", "keras3/Lion"], fixtures_dir())
    written = dict(write(pages, reference))
    assert written == {"keras2/SGD.md": False, "keras3/Lion.md": True, "README.md": False}
    assert lion.read_text() == page_of("keras3/Lion")
    assert (reference / "README.md").stat().st_mtime_ns == before


# What a page says


def test_a_page_has_its_sections_in_order():
    """From the formula to the golden cases."""
    titles = [line[3:] for line in page_of("keras3/Adam").splitlines() if line.startswith("## ")]
    assert titles == [
        "Formula",
        "Arguments",
        "Slots",
        "Order of operations",
        "Quirks",
        "Sources",
        "Golden cases",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "# keras3/Adam",
        "Adam and AMSGrad.",
        "Library: Keras 3.15.1, keras/src/optimizers. Also: `keras3/adam`.",
        r"\alpha_t &= \frac{\eta \sqrt{1 - \beta_2^{t}}}{1 - \beta_1^{t}} \\",
        "    v_max_t = xp.maximum(v_max, v_t)",
        "| $`\\eta`$ | `learning_rate`: step size, or a schedule |",
        "| $`v_{\\max,t}`$ | the slot `v_max` after the step |",
        "| `epsilon` | `1e-07` | keeps the denominator away from 0 |",
        "| `m` | 0 | one for each element | always |",
        "| `v_max` | 0 | one for each element | in `amsgrad_epsilon_hat` |",
        "| `average` | 0 | one for each element | when `use_ema` is True |",
        "6. **update**: Apply the formula to every parameter that has a gradient.",
        "- Epsilon stands beside the uncorrected root (epsilon hat).",
        "- Kingma & Ba 2015, section 2, last paragraph (epsilon hat)",
    ],
)
def test_the_page_of_adam_says(line: str):
    """One line of each section."""
    assert line in page_of("keras3/Adam").splitlines()


def test_a_slot_says_where_it_starts_and_whose_it_is():
    """Nadam's product is one number; Adagrad's start is an argument."""
    assert "| `mu_product` | 1 | one for all parameters |" in page_of("keras2/Nadam")
    assert "| `a` | `initial_accumulator_value` | one for each" in page_of("keras3/Adagrad")


def test_the_cases_are_counted_and_linked(tmp_path: Path):
    """Without a fixture the section is left out."""
    cases = len(oracle.golden.load("keras2/SGD").cases)
    link = "[fixtures/keras2/SGD.json](../../../fixtures/keras2/SGD.json)"
    assert f"{cases} cases in {link}." in page_of("keras2/SGD")
    assert "Golden cases" not in page(oracle.spec("keras2/SGD"), tmp_path)


def test_the_index_names_every_spec():
    """By system, with its doc and a link to a page."""
    text = index(oracle.specs())
    for spec in map(oracle.spec, oracle.specs()):
        assert f"| [{spec.id}]({spec.id}.md) | {literal(spec.doc)} |" in text
    assert text.index("## keras2") < text.index("## keras3")


@pytest.mark.parametrize("id", oracle.specs())
def test_a_page_is_well_formed(id: str):
    """Fences and folds are closed, rows have the cells of their head; no macro GitHub refuses."""
    text = page_of(id)
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>") == len(oracle.spec(id).forms)
    assert r"\operatorname" not in text
    tables = [part.splitlines() for part in text.split("\n\n") if part.startswith("| ")]
    assert all(len({row.count(" | ") for row in rows}) == 1 for rows in tables)


# Which arguments choose a form


def chosen(choose: object, *arguments: Argument, forms: tuple[Rule, ...]) -> dict[str, str]:
    """The conditions of a spec with these arguments."""
    spec = replace(
        oracle.spec("keras3/SGD"),
        arguments={a.name: a for a in (*oracle.spec("keras3/SGD").arguments.values(), *arguments)},
        rules=choose,
        forms=forms,
    )
    return conditions(spec)


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("keras2/Adagrad", {}),
        (
            "keras2/Adam",
            {
                "adam_epsilon_hat": "`amsgrad` is False",
                "amsgrad_epsilon_hat": "`amsgrad` is True",
            },
        ),
        (
            "keras3/SGD",
            {
                "sgd": "`momentum` is 0",
                "sgd_momentum": "`momentum` is above 0 and `nesterov` is False",
                "sgd_nesterov": "`momentum` is above 0 and `nesterov` is True",
            },
        ),
        (
            "keras3/RMSprop",
            {
                "rmsprop": "`momentum` is 0 or less and `centered` is False",
                "rmsprop_momentum": "`momentum` is above 0 and `centered` is False",
                "rmsprop_centered": "`momentum` is 0 or less and `centered` is True",
                "rmsprop_centered_momentum": "`momentum` is above 0 and `centered` is True",
            },
        ),
    ],
)
def test_a_page_says_when_a_form_is_used(id: str, expected: dict[str, str]):
    """Where there is a choice."""
    assert conditions(oracle.spec(id)) == expected


@pytest.mark.parametrize("id", oracle.specs())
def test_every_form_is_reached(id: str):
    """By arguments that can be named; a form that nothing chooses is no form of the spec."""
    spec = oracle.spec(id)
    assert len(spec.forms) == 1 or set(conditions(spec)) == {form.name for form in spec.forms}


def test_an_argument_that_is_given_or_not():
    """None is a default, too."""
    said = chosen(
        lambda hyper: sgd if hyper["weight_decay"] is None else sgd_momentum,
        forms=(sgd, sgd_momentum),
    )
    assert said["sgd_momentum"] == "`weight_decay` is given"


def test_a_number_that_counts_on_both_sides_of_0():
    """Not 0 is not the same as above 0."""
    said = chosen(
        lambda hyper: sgd_momentum if hyper["tilt"] else sgd,
        Argument("tilt", 0.0, "", real),
        forms=(sgd, sgd_momentum),
    )
    assert said == {"sgd": "`tilt` is 0", "sgd_momentum": "`tilt` is not 0"}


def test_a_number_that_is_not_0_by_default():
    """It is tried at 0."""
    said = chosen(
        lambda hyper: sgd_momentum if hyper["tilt"] else sgd,
        Argument("tilt", 0.9, "", real),
        forms=(sgd, sgd_momentum),
    )
    assert said == {"sgd": "`tilt` is 0", "sgd_momentum": "`tilt` is not 0"}


def test_a_choice_that_no_single_setting_tells_is_told_in_full():
    """Either of two flags, but not both."""

    def choose(hyper: Hyper) -> Rule:
        return sgd_nesterov if hyper["nesterov"] != hyper["fast"] else sgd

    said = chosen(choose, Argument("fast", False, "", flag), forms=(sgd, sgd_nesterov))
    assert said["sgd_nesterov"] == (
        "`nesterov` is False and `fast` is True; or `nesterov` is True and `fast` is False"
    )


def test_an_argument_without_a_default_is_required():
    """The table says so, and the forms are tried with some value for it."""
    spec = oracle.spec("tf.train/MomentumOptimizer")
    assert "| `momentum` | required |" in page_of(spec.id)
    assert conditions(spec)["sgd_nesterov_rate_outside"] == "`use_nesterov` is True"


def test_the_legend_has_the_names_of_the_library():
    """TensorFlow's beta1 is the beta_1 of the rule."""
    text = page_of("tf.train/AdamOptimizer")
    assert "| $`\\beta_1`$ | `beta1`: decay rate of the first moment |" in text


def test_a_page_whose_step_is_the_rule_says_nothing_of_what_comes_before():
    """There is nothing before the update."""
    sentence = "as the operations before the update leave them"
    assert sentence in page_of("keras2/Adam")
    assert sentence not in page_of("tf.train/AdamOptimizer")


# The order of operations


@pytest.mark.parametrize(
    ("id", "names"),
    [
        ("keras2/SGD", ["clip_common_norm", "clip_value", "decay_learning_rate", "update"]),
        ("keras2/Nadam", ["clip_common_norm", "clip_value", "update"]),
        (
            "keras3/Adam",
            [
                "unscale",
                "accumulate",
                "clip",
                "set_learning_rate",
                "decay_weights",
                "update",
                "average",
                "overwrite_with_average",
            ],
        ),
    ],
)
def test_only_stages_that_can_act_are_listed(id: str, names: list[str]):
    """Nadam of Keras 2 takes no decay, so its stage is left out."""
    assert [operation.name for operation in operations(oracle.spec(id))] == names


def test_an_operation_says_what_it_does_and_what_it_reads():
    """The first sentence of its docstring; the arguments in the order of the spec."""
    clip = next(o for o in operations(oracle.spec("keras3/Adam")) if o.name == "clip")
    assert clip.sentence.startswith("Clip by each gradient's norm, by the norm of all, or by value")
    assert clip.arguments == ("clipnorm", "clipvalue", "global_clipnorm")


def shrink_by(argument: str) -> object:
    """Return the stage that shrinks the weights by an argument."""

    def shrink(step: Step) -> None:
        step.params[:] = [p * step.numbers[argument] for p in step.params]

    return shrink


def shift(step: Step) -> None:
    step.params[:] = step.slots["v"]


def test_a_stage_that_a_system_adds_on_demand_stands_in_its_place():
    """A stage that was made says what its maker says; one without a docstring, its name."""
    original = oracle.spec("keras2/SGD")

    class Adding(type(original.library)):  # type: ignore[misc]
        """Shrinks and shifts, but only with nesterov."""

        def program(self, spec: Spec, hyper: Hyper) -> object:
            made = super().program(spec, hyper)
            first, *others = made.stages
            more = (shrink_by("decay"), shift) if hyper["nesterov"] else ()
            return replace(made, stages=(first, *more, *others))

    found = operations(replace(original, library=Adding()))
    assert [(o.name, o.sentence) for o in found[1:3]] == [
        ("shrink_by", "Return the stage that shrinks the weights by an argument."),
        ("shift", "Shift."),
    ]


def test_two_stages_of_one_maker_are_two():
    """They read other arguments, though they bear one name."""
    original = oracle.spec("keras2/SGD")

    class Twice(type(original.library)):  # type: ignore[misc]
        """Shrinks twice."""

        def program(self, spec: Spec, hyper: Hyper) -> object:
            made = super().program(spec, hyper)
            twice = shrink_by("decay"), shrink_by("momentum")
            return replace(made, stages=(*twice, *made.stages))

    names = [o.name for o in operations(replace(original, library=Twice()))]
    assert names[:3] == ["shrink_by", "shrink_by", "clip_common_norm"]


def test_the_update_is_never_left_out():
    """Whatever the spec calls its learning rate, or without one."""
    original = oracle.spec("keras2/SGD")
    rest = {name: a for name, a in original.arguments.items() if name != "learning_rate"}

    class Rateless(type(original.library)):  # type: ignore[misc]
        """Has no learning rate."""

        def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
            return hyper

    found = operations(replace(original, library=Rateless(), arguments=rest))
    assert found[-1].name == "update"


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("One.", "One."),
        ("One. Two.", "One."),
        ("One\n    and more. Two.\n\nThree.", "One and more."),
        ("Reads tf.clip 0.5 times. Two.", "Reads tf.clip 0.5 times."),
        ("Uses ``x``.", "Uses `x`."),
        ("No end", "No end"),
    ],
)
def test_the_first_sentence_of_a_docstring(docstring: str, sentence: str):
    """It ends at a full stop before a space."""
    assert first_sentence(docstring) == sentence


# Markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("0.96**t", r"0.96\*\*t"),
        ("a < b | c", r"a \< b \| c"),
        ("schedule_decay and _this_", r"schedule_decay and \_this\_"),
        ("`a * b` and a * b", r"`a * b` and a \* b"),
        ("[0] costs $1", r"\[0\] costs \$1"),
    ],
)
def test_a_sentence_is_shown_as_it_is(text: str, markdown: str):
    """No sign of it is taken for Markdown's own."""
    assert literal(text) == markdown


def test_a_table_has_a_rule_below_its_head():
    """And a bar within a cell does not end it."""
    assert table(("A", "B"), [(code("x|y"), "z")]) == "| A | B |\n| --- | --- |\n| `x\\|y` | z |"


# The command


def test_docs_teaches_by_example():
    """Help is a sentence and commands that can be copied."""
    assert "Examples:  oracle docs" in run("--help").output


def test_docs_says_what_it_wrote(tmp_path: Path):
    """A second time there is nothing to write."""
    arguments = ("--only", "keras2/SGD", "--to", tmp_path)
    first = run(*arguments)
    assert (first.exit_code, first.output.splitlines()) == (
        0,
        [
            f"written: {tmp_path}/keras2/SGD.md",
            f"written: {tmp_path}/README.md",
            "2 of 2 pages written, the others are as before",
        ],
    )
    assert run(*arguments).output == "0 of 2 pages written, the others are as before\n"


def test_check_is_silent_about_what_is_right(reference: Path):
    """Exit code 0 and one line."""
    result = run("--check", "--only", "keras3/Lion", "--to", reference)
    assert (result.exit_code, result.output) == (0, "the reference is up to date\n")


def test_check_names_what_is_wrong_and_writes_nothing(
    reference: Path, monkeypatch: pytest.MonkeyPatch
):
    """Exit code 1; the last line says what to do."""
    monkeypatch.setattr("oracle.commands.docs.selected", lambda only: ["keras2/SGD", "keras3/Lion"])
    (reference / "keras2" / "SGD.md").write_text("changed")
    (reference / "keras3" / "Lion.md").unlink()
    (reference / "keras3" / "Tiger.md").touch()
    result = run("--check", "--to", reference)
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            f"stale: {reference}/keras2/SGD.md",
            f"missing: {reference}/keras3/Lion.md",
            f"left over: {reference}/keras3/Tiger.md",
            "3 pages are not right; run `oracle docs`; remove what is left over",
        ],
    )
    assert (reference / "keras2" / "SGD.md").read_text() == "changed"
    assert not (reference / "keras3" / "Lion.md").exists()


def test_writing_names_what_is_left_over_and_leaves_it(
    reference: Path, monkeypatch: pytest.MonkeyPatch
):
    """A file that this command did not write is not its own to remove."""
    monkeypatch.setattr("oracle.commands.docs.selected", lambda only: ["keras3/Lion"])
    (reference / "keras3" / "Tiger.md").touch()
    result = run("--to", reference)
    assert (result.exit_code, result.output.splitlines()[0]) == (
        0,
        f"left over: {reference}/keras3/Tiger.md",
    )
    assert (reference / "keras3" / "Tiger.md").exists()


@pytest.mark.parametrize("flags", [(), ("--check",)])
def test_an_unknown_spec_is_wrong_usage(flags: tuple[str, ...]):
    """Exit code 2, and the nearest is named."""
    result = run("--only", "keras3/Adem", *flags)
    assert result.exit_code == 2
    assert "'keras3/Adem'" in result.output
    assert "keras3/Adam" in result.output


def test_without_a_checkout_a_folder_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Exit code 2 and one sentence."""
    monkeypatch.setattr(files.resources, "__file__", str(tmp_path / "oracle" / "resources.py"))
    monkeypatch.chdir(tmp_path)
    result = run("--only", "keras2/SGD")
    assert result.exit_code == 2
    assert "there is no checkout of optimizer-oracle here" in result.output
    assert "`--to FOLDER`" in " ".join(result.output.split())


def test_an_installed_package_finds_the_checkout_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """From any folder of it."""
    installed = tmp_path / "site-packages" / "oracle" / "resources.py"
    monkeypatch.setattr(files.resources, "__file__", str(installed))
    below = tmp_path / "checkout" / "tests"
    below.mkdir(parents=True)
    (below.parent / "pyproject.toml").write_text('[project]\nname = "optimizer-oracle"\n')
    monkeypatch.chdir(below)
    assert files.checkout_reference() == below.parent / "docs" / "reference"


def test_another_project_is_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its docs are its own."""
    monkeypatch.setattr(files.resources, "__file__", str(tmp_path / "oracle" / "resources.py"))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n')
    monkeypatch.chdir(tmp_path)
    assert files.checkout_reference() is None
