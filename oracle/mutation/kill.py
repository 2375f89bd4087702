"""What becomes of each wrong version of a spec: which run tells it apart, in which dtype."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from oracle.dtypes import DTYPES
from oracle.golden import Case, load
from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.searched import PREFIX, searched_plan
from oracle.golden.read import Document, hyper_of
from oracle.mutation.composition import (
    wrong_asks,
    wrong_defaults,
    wrong_orders,
    wrong_rows,
    wrong_starts,
)
from oracle.mutation.functions import function_versions, is_a_formula
from oracle.mutation.substitute import rules_run, wrong_versions
from oracle.mutation.surroundings import Make, Part, around, function_of, parts_named
from oracle.mutation.trial import Trial
from oracle.mutation.versions import other_forms, versions_of
from oracle.mutation.wrong import Wrong
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec
from oracle.systems import spec as find_spec

DRAWN_RUNS = 24
"""How many drawn runs are made of what no golden case kills."""

KILLED, EQUIVALENT, UNKILLABLE, SURVIVOR = "killed", "equivalent", "unkillable", "survivor"
UNSEEN = "unseen"


@dataclass(frozen=True)
class Fate:
    """What becomes of one wrong version in one dtype."""

    version: Wrong
    dtype: str
    kind: str
    run: str = ""
    """The golden case that kills it, or the drawn run that could."""
    effect: float = 0.0
    """The largest difference over the sum of both bounds that was seen."""


@dataclass(frozen=True, eq=False)
class Group:
    """The wrong versions of one part of a spec."""

    part: Part | None
    """None for what concerns the spec as a whole."""
    versions: Mapping[Wrong, Make]

    @property
    def is_a_formula(self) -> bool:
        """Whether agreement on every run proves that two versions are the same.

        It does so for a formula: two that differ agree nowhere but by chance. Conditions may wait
        for a run that nobody made.
        """
        return isinstance(self.part, Rule) or (
            self.part is not None and is_a_formula(function_of(self.part))
        )


class Trials:
    """The runs of a spec in which its wrong versions are tried, and the versions."""

    def __init__(self, spec_id: str, cases: Sequence[Case] | None = None) -> None:
        """Take the golden cases as they are on record, or others."""
        self.spec: Spec = find_spec(spec_id)
        cases = load(spec_id).cases if cases is None else cases
        ordered = sorted(cases, key=lambda case: (case.id.startswith(PREFIX), case.steps))
        self.golden = [Trial.golden(self.spec, case) for case in ordered]
        self._known: dict[int, Trial | None] = {}

    @cached_property
    def _plans(self) -> Sequence[Plan]:
        return plans_for(self.spec.id)

    def drawn_for(self, part: Part | None) -> Iterator[Trial]:
        """Yield runs that are drawn at random from planned cases in which a part is run."""
        known = {trial.id: trial for trial in self.golden}
        count = len(self._plans)
        bases = [
            i
            for i, plan in enumerate(self._plans)
            if part is None or (plan.id in known and id(part) in known[plan.id].parts)
        ]
        for k in range(-(-DRAWN_RUNS // max(len(bases), 1))):
            for i in bases:
                trial = self._drawn(i + count * k)
                if trial is not None and trial.id not in known:
                    yield trial

    def _drawn(self, number: int) -> Trial | None:
        """Return the run of a number; None where its arguments and its gradients do not fit."""
        if number not in self._known:
            trial = Trial.drawn(self.spec, searched_plan(self.spec.id, number, self._plans))
            self._known[number] = trial if trial.is_taken else None
        return self._known[number]

    @cached_property
    def groups(self) -> list[Group]:
        """The wrong versions of every part that a golden case runs, and of the whole."""
        first: dict[int, tuple[Part, Trial]] = {}
        for trial in self.golden:
            for key, part in trial.parts.items():
                first.setdefault(key, (part, trial))
        groups = [Group(part, self._versions(part, trial)) for part, trial in first.values()]
        return [*groups, Group(None, self._whole())]

    def _versions(self, part: Part, trial: Trial) -> dict[Wrong, Make]:
        if isinstance(part, Rule) and part in rules_run(self.spec, trial.hyper, trial.problem):
            return {
                version: changed.program
                for version, changed in wrong_versions(self.spec, part, trial.hyper)
            }
        return dict(around(self.spec, part))

    def _whole(self) -> dict[Wrong, Make]:
        programs = [self.spec.program(trial.hyper) for trial in self.golden]
        return {**dict(wrong_defaults(self.spec)), **_wrong_as_a_whole(self.spec, programs)}

    def fates(
        self, dtypes: Sequence[str] = DTYPES, settled: Mapping[str, Sequence[Fate]] | None = None
    ) -> Iterator[Fate]:
        """Yield what becomes of every version in every dtype.

        ``settled`` has what is known by id, from the same cases without those that were added.
        """
        for group in self.groups:
            for version, make in group.versions.items():
                known = (settled or {}).get(version.id)
                yield from known or self.judge(group, version, make, dtypes)

    def cover(
        self, survivors: Mapping[str, Mapping[str, str]], usable: Callable[[int], bool]
    ) -> list[int]:
        """Return the numbers of few drawn runs that kill survivors.

        ``survivors`` has, by the id of a version and by dtype, a run that kills it. Of these runs,
        the usable one that kills most is taken first, then the one that kills most of the rest.
        """
        killers = {run for by_dtype in survivors.values() for run in by_dtype.values()}
        kills: dict[int, set[tuple[str, str]]] = {}
        for group in self.groups:
            for version, make in group.versions.items():
                dtypes = list(survivors.get(version.id, ()))
                for trial in self.drawn_for(group.part) if dtypes else ():
                    if trial.id in killers:
                        killed = self._killed_in(trial, make, group, dtypes)
                        number = int(trial.id.removeprefix(PREFIX))
                        kills.setdefault(number, set()).update((version.id, d) for d in killed)
        return cover_of(kills, usable)

    def _killed_in(
        self, trial: Trial, make: Make, group: Group, dtypes: Sequence[str]
    ) -> list[str]:
        """Return the dtypes in which a drawn run kills a version."""
        if not self._is_run(group, trial):
            return []
        values = trial.values(make)
        if values is None:
            return [dtype for dtype in dtypes if dtype in trial.dtypes]
        wanted = [d for d in dtypes if d in trial.dtypes and trial.ceiling(values, d) > 1]
        return [dtype for dtype in wanted if trial.effect(make, dtype) > 1]

    def judge(self, group: Group, version: Wrong, make: Make, dtypes: Sequence[str]) -> list[Fate]:
        """Return what becomes of one version; nothing for one that cannot be run at all."""
        hunt = _Hunt(version, make, dtypes)
        golden = [trial for trial in self.golden if self._is_run(group, trial)]
        if not hunt.runs_at_all(golden):
            return []
        hunt.go(golden, KILLED)
        if not hunt.pending:
            return hunt.fates
        drawn = [trial for trial in self.drawn_for(group.part) if self._is_run(group, trial)]
        runs = (*golden, *drawn)
        if not hunt.differs and all(trial.agrees(make) for trial in runs):
            return hunt.end(EQUIVALENT if group.is_a_formula else UNSEEN)
        hunt.go(drawn, SURVIVOR)
        return hunt.end(UNKILLABLE)

    @staticmethod
    def _is_run(group: Group, trial: Trial) -> bool:
        return group.part is None or id(group.part) in trial.parts


def _wrong_as_a_whole(spec: Spec, programs: Sequence[Program]) -> dict[Wrong, Make]:
    """Return the wrong versions of a spec, but for its defaults, by what its programs have."""
    return {
        **dict(wrong_orders(spec, [program.links for program in programs])),
        **dict(wrong_asks(spec, programs)),
        **dict(wrong_rows(spec)),
        **dict(wrong_starts(spec, programs)),
    }


def versions_tried(document: Document) -> Iterator[Wrong]:
    """Yield what is tried of the spec of a fixture, whether it can be run or not.

    Wrong defaults are left out: they are those of other specs, too, and a new one of these is no
    news of this one.
    """
    spec = find_spec(document["spec"])
    for part in parts_named(document["made_by"], spec):
        if isinstance(part, Rule):
            yield from (*versions_of(part), *other_forms(part))
        else:
            yield from function_versions(function_of(part))
    programs = [spec.program(hyper_of(record)) for record in document["cases"]]
    yield from _wrong_as_a_whole(spec, programs)


def cover_of(kills: Mapping[int, set[tuple[str, str]]], usable: Callable[[int], bool]) -> list[int]:
    """Return few usable keys whose sets together are all of them, greedily."""
    left = {key: killed for key, killed in kills.items() if killed}
    chosen: list[int] = []
    while left:
        best = max(left, key=lambda key: len(left[key]))
        killed = left.pop(best)
        if usable(best):
            chosen.append(best)
            left = {key: rest - killed for key, rest in left.items() if rest - killed}
    return chosen


class _Hunt:
    """One version pursued through runs, in all dtypes at once."""

    def __init__(self, version: Wrong, make: Make, dtypes: Sequence[str]) -> None:
        self.version = version
        self.make = make
        self.pending = list(dtypes)
        self.effects = dict.fromkeys(dtypes, 0.0)
        self.fates: list[Fate] = []
        self.differs = False
        """Whether float64 alone showed a difference already."""

    def runs_at_all(self, trials: Sequence[Trial]) -> bool:
        """Whether the version can be run; nobody ships one that cannot."""
        return any(trial.values(self.make) is not None for trial in trials[:3])

    def go(self, trials: Sequence[Trial], kind: str) -> None:
        """Try the version on runs until every dtype has one that tells it apart."""
        for trial in trials:
            if not self.pending:
                return
            self._try(trial, kind)

    def _try(self, trial: Trial, kind: str) -> None:
        wanted = [name for name in self.pending if name in trial.dtypes]
        if not wanted:
            return
        values = trial.values(self.make)
        for dtype in wanted:
            found = float("inf") if values is None else trial.ceiling(values, dtype)
            if found > 1 and values is not None:
                found = trial.effect(self.make, dtype)
            self.effects[dtype] = max(self.effects[dtype], found)
            self.differs = self.differs or found > 1
            if found > 1:
                self.pending.remove(dtype)
                self.fates.append(Fate(self.version, dtype, kind, trial.id, found))

    def end(self, kind: str) -> list[Fate]:
        """Return all fates, those that are still open being of a kind."""
        rest = [Fate(self.version, d, kind, "", self.effects[d]) for d in self.pending]
        return [*self.fates, *rest]
