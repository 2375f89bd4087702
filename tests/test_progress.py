"""Long work shows on stderr how far it has come, where a bar cannot be drawn, too."""

from __future__ import annotations

import pytest

from oracle.golden import progress


@pytest.fixture(autouse=True)
def _in_a_log(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("TTY_COMPATIBLE", raising=False)


def test_a_log_gets_a_line_at_a_time(capsys, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    seen = []
    for item in progress.with_progress("abc", 3, "fixtures"):
        seen.append((item, capsys.readouterr().err))
    assert seen == [("a", ""), ("b", "1 of 3 fixtures, 0 s\n"), ("c", "2 of 3 fixtures, 0 s\n")]
    assert capsys.readouterr().err == ""


def test_short_work_says_nothing(capsys):
    assert list(progress.with_progress("abc", 3, "fixtures")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_that_goes_away(capsys, monkeypatch):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    assert list(progress.with_progress("abc", 3, "fixtures")) == ["a", "b", "c"]
    shown = capsys.readouterr()
    assert "3/3" in shown.err
    assert shown.out == ""
