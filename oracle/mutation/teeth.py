"""How sharp the fixtures are: the fates of every wrong version of every spec, counted and named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from oracle.dtypes import DTYPES
from oracle.golden.parallel import spread
from oracle.mutation.kill import EQUIVALENT, KILLED, SURVIVOR, UNKILLABLE, UNSEEN, Fate, matrices


@dataclass(frozen=True)
class Bite:
    """What became of one version in one dtype, as plain text."""

    id: str
    kind: str
    dtype: str
    before: str
    after: str
    where: str
    case: str
    effect: float
    agreeing: int

    @classmethod
    def of(cls, fate: Fate) -> Bite:
        """Return a fate without what cannot leave its process."""
        v = fate.version
        return cls(
            v.id,
            fate.kind,
            fate.dtype,
            v.before,
            v.after,
            v.where,
            fate.case,
            fate.effect,
            fate.agreeing,
        )


@dataclass(frozen=True)
class Teeth:
    """The fates of all wrong versions of one spec."""

    spec: str
    bites: tuple[Bite, ...]

    @property
    def versions(self) -> int:
        """How many wrong versions the spec has."""
        return len({bite.id for bite in self.bites})

    @property
    def survivors(self) -> tuple[Bite, ...]:
        """The versions that fixtures could tell from the right one, and do not."""
        return tuple(bite for bite in self.bites if bite.kind == SURVIVOR)

    def lines(self) -> Iterator[str]:
        """Yield the counts by dtype, and each version by name that is not killed."""
        yield f"{self.spec}: {self.versions} wrong versions"
        if not self.bites:
            yield "  its stages run no rule that can be exchanged, or no golden case does"
        for dtype in dict.fromkeys(bite.dtype for bite in self.bites):
            yield f"  {dtype:8}  {self._counts(dtype)}"
        for kind, say in _SAYINGS.items():
            yield from self._named([b for b in self.bites if b.kind == kind], say)

    def _counts(self, dtype: str) -> str:
        kinds = [bite.kind for bite in self.bites if bite.dtype == dtype]
        order = (KILLED, EQUIVALENT, UNKILLABLE, UNSEEN, SURVIVOR)
        return "  ".join(f"{kinds.count(kind):4} {kind}" for kind in order)

    def _named(self, bites: Sequence[Bite], say: str) -> Iterator[str]:
        for id in dict.fromkeys(bite.id for bite in bites):
            mine = [bite for bite in bites if bite.id == id]
            told = say.format(
                dtypes=", ".join(bite.dtype for bite in mine),
                effect=max(bite.effect for bite in mine),
                runs=mine[0].agreeing,
            )
            yield f"  {id}: {told}"
            yield f"    {mine[0].after}"
            yield f"    instead of {mine[0].before} ({mine[0].where})"


_SAYINGS = {
    SURVIVOR: "SURVIVES in {dtypes}; no golden case tells it apart",
    UNSEEN: "unseen: no golden and no random run depends on it ({runs} runs)",
    UNKILLABLE: "unkillable in {dtypes}: at most {effect:.2g} of the bounds is seen of it",
    EQUIVALENT: "equivalent: agrees to 1e-30 on {runs} runs",
}


def teeth(spec: str, dtypes: Sequence[str] = DTYPES) -> Teeth:
    """Return the fates of every wrong version of a spec."""
    bites = [
        Bite.of(fate)
        for matrix in matrices(spec)
        for dtype in dtypes
        for fate in matrix.fates(dtype)
    ]
    return Teeth(spec, tuple(bites))


def all_teeth(specs: Sequence[str], dtypes: Sequence[str], jobs: int) -> Iterator[Teeth]:
    """Yield the teeth of each spec as they are ready, from several processes."""
    yield from spread(partial(teeth, dtypes=tuple(dtypes)), specs, jobs)
