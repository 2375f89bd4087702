"""What becomes of each wrong version of a spec: which run tells it apart, in which dtype."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from oracle.dtypes import DTYPES
from oracle.golden import Case, load
from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.plan import SPARE
from oracle.golden.cases.searched import searched_id, searched_plan
from oracle.golden.read import Document, hyper_of
from oracle.mutation.composition import (
    wrong_asks,
    wrong_defaults,
    wrong_orders,
    wrong_rows,
    wrong_starts,
)
from oracle.mutation.functions import function_versions, is_a_formula
from oracle.mutation.hunt import EQUIVALENT, KILLED, SURVIVOR, UNKILLABLE, UNSEEN, Fate, Hunt
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

_AGAIN = 5
"""How many times as many runs are made of a near miss."""


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
        planned = {plan.id for plan in self._plans if plan.role != SPARE}
        ordered = sorted(cases, key=lambda case: (case.id not in planned, case.steps))
        self.golden = [Trial.golden(self.spec, case) for case in ordered]
        self._known: dict[str, Trial | None] = {}

    @cached_property
    def _plans(self) -> Sequence[Plan]:
        return plans_for(self.spec.id)

    def drawn_for(self, part: Part | None, times: int = 1) -> Iterator[Trial]:
        """Yield the spare cases in which a part is run, and random variations of all such.

        ``times`` as many variations are yielded, those of fewer times first.
        """
        known = {trial.id: trial for trial in self.golden}
        runs = [(plan, known.get(plan.id) or self._spare(plan)) for plan in self._plans]
        bases = [
            (plan, trial)
            for plan, trial in runs
            if trial is not None and (part is None or id(part) in trial.parts)
        ]
        yield from (trial for _, trial in bases if trial.id not in known)
        for k in range(times * -(-DRAWN_RUNS // max(len(bases), 1))):
            for plan, _ in bases:
                name = searched_id(plan, k)
                trial = self._drawn(searched_plan(self.spec.id, name, plan), name not in known)
                if trial is not None:
                    yield trial

    def _spare(self, plan: Plan) -> Trial | None:
        return self._drawn(plan, plan.role == SPARE)

    def _drawn(self, plan: Plan, wanted: bool) -> Trial | None:
        """Return the run of a plan; None where its arguments and its gradients do not fit."""
        if wanted and plan.id not in self._known:
            self._known[plan.id] = Trial.taken(self.spec, plan)
        return self._known[plan.id] if wanted else None

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
        self, survivors: Mapping[str, Mapping[str, str]], usable: Callable[[str], bool]
    ) -> list[str]:
        """Return the ids of few drawn runs that kill survivors.

        ``survivors`` has, by the id of a version and by dtype, a run that kills it. Of these runs,
        the usable one that kills most is taken first, then the one that kills most of the rest.
        """
        killers = {run for by_dtype in survivors.values() for run in by_dtype.values()}
        kills: dict[str, set[tuple[str, str]]] = {}
        for group in self.groups:
            for version, make in group.versions.items():
                dtypes = list(survivors.get(version.id, ()))
                for trial in self.drawn_for(group.part, _AGAIN) if dtypes else ():
                    if trial.id in killers:
                        killed = self._killed_in(trial, make, group, dtypes)
                        kills.setdefault(trial.id, set()).update((version.id, d) for d in killed)
        return cover_of(kills, usable)

    def _killed_in(
        self, trial: Trial, make: Make, group: Group, dtypes: Sequence[str]
    ) -> list[str]:
        """Return the dtypes in which a drawn run kills a version."""
        if not self._is_run(group, trial):
            return []
        values = trial.values(make)
        if values is None:
            return [dtype for dtype in dtypes if trial.shows(dtype)]
        wanted = [d for d in dtypes if trial.shows(d) and trial.ceiling(values, d) > 1]
        return [dtype for dtype in wanted if trial.effect(make, dtype) > 1]

    def judge(self, group: Group, version: Wrong, make: Make, dtypes: Sequence[str]) -> list[Fate]:
        """Return what becomes of one version; nothing for one that cannot be run at all."""
        hunt = Hunt(version, make, dtypes)
        golden = [trial for trial in self.golden if self._is_run(group, trial)]
        if not hunt.runs_at_all(golden):
            return []
        hunt.go(golden, KILLED)
        if not hunt.pending:
            return hunt.fates
        drawn = list(self.drawn_for(group.part))
        runs = (*golden, *(trial for trial in drawn if self._is_run(group, trial)))
        if not hunt.differs and all(trial.agrees(make) for trial in runs):
            return hunt.end(EQUIVALENT if group.is_a_formula else UNSEEN)
        hunt.go([trial for trial in drawn if self._is_run(group, trial)], SURVIVOR)
        hunt.give_up()
        if hunt.pending:
            more = list(self.drawn_for(group.part, _AGAIN))[len(drawn) :]
            hunt.go([trial for trial in more if self._is_run(group, trial)], SURVIVOR)
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


def cover_of(kills: Mapping[str, set[tuple[str, str]]], usable: Callable[[str], bool]) -> list[str]:
    """Return few usable keys whose sets together are all of them, greedily."""
    left = {key: killed for key, killed in kills.items() if killed}
    chosen: list[str] = []
    while left:
        best = max(left, key=lambda key: len(left[key]))
        killed = left.pop(best)
        if usable(best):
            chosen.append(best)
            left = {key: rest - killed for key, rest in left.items() if rest - killed}
    return chosen
