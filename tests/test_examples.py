"""The adapters of examples/: each is short, can be run by tox, and has its row and its reasons."""

from __future__ import annotations

import re
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
ADAPTERS = sorted([*EXAMPLES.glob("*_adapter.py"), *EXAMPLES.glob("*_worker.js")])
KNOWN = sorted(EXAMPLES.glob("*_known.toml"))
README = (EXAMPLES / "README.md").read_text()


def tox() -> tuple[str, dict[str, str]]:
    """Return the header of the environments of the examples, and what stands below it."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "tox.ini")
    [header] = [name for name in config.sections() if name.startswith("testenv:example-")]
    return header, dict(config[header])


def library(adapter: Path) -> str:
    return adapter.stem.rpartition("_")[0]


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_file_is_one_that_is_looked_at():
    known = {EXAMPLES / "README.md", *ADAPTERS, *KNOWN}
    assert {path for path in EXAMPLES.iterdir() if path.is_file()} == known


@pytest.mark.parametrize("adapter", ADAPTERS, ids=library)
def test_an_adapter_is_short(adapter: Path):
    assert len(adapter.read_text().splitlines()) <= 160


def test_tox_has_an_environment_for_each_adapter_and_no_other():
    header, _ = tox()
    factors = re.fullmatch(r"testenv:example-\{(.*)\}", header)[1].split(",")
    assert sorted(factors) == sorted(map(library, ADAPTERS))


@pytest.mark.parametrize("adapter", ADAPTERS, ids=library)
def test_tox_runs_the_adapter_with_versions_that_are_pinned(adapter: Path):
    _, section = tox()
    name = library(adapter)
    installed = section["deps"] + section["commands_pre"]
    lines = [line for line in installed.splitlines() if name in line.partition(":")[0].split(",")]
    assert lines
    assert all(re.search(r"==\d|@\d", line) for line in lines)
    assert f"{name}: pytest" in section["commands"]
    assert f"{{tox_root}}/examples/{adapter.name}" in section["commands"]


@pytest.mark.parametrize("adapter", ADAPTERS, ids=library)
def test_the_readme_has_a_row_with_the_version_that_tox_installs(adapter: Path):
    rows = [line for line in README.splitlines() if f"| [{adapter.name}]({adapter.name}) |" in line]
    assert rows
    _, section = tox()
    pins = section["deps"] + section["commands_pre"]
    versions = re.findall(rf"^(?:\w+,)*{library(adapter)}\b.*[=@](\d[\w.]*)$", pins, re.MULTILINE)
    assert all(any(f" {version} |" in row for version in versions) for row in rows)


@pytest.mark.parametrize("known", KNOWN, ids=lambda path: path.stem)
def test_a_known_failure_says_why_and_where_it_is_followed_up(known: Path):
    entries = tomllib.loads(known.read_text())["known"]
    assert entries
    for entry in entries:
        assert entry["id"]
        assert entry["reason"]
        assert entry["link"].startswith("https://")


def test_the_readme_links_to_entries_and_files_that_are_there():
    finds = anchors((ROOT / "docs" / "finds.md").read_text())
    for link in re.findall(r"\]\((.*?)\)", README):
        path, _, anchor = link.partition("#")
        assert (EXAMPLES / path).exists(), link
        if path == "../docs/finds.md" and anchor:
            assert anchor in finds, link
