"""The bench: a candidate, and what of it is to be judged on the command line's terms."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property

import oracle
from oracle.claim import Claim, Device
from oracle.conformance.claims import check_claim
from oracle.conformance.explanation import Allowance
from oracle.conformance.guard import Guard
from oracle.conformance.patience import Patience
from oracle.dtypes import DTYPES
from oracle.errors import ImplementationError
from oracle.implementation import Implementation
from oracle.operations import Operations


@dataclass(frozen=True)
class Bench:
    """A candidate under test with the choices of the command line."""

    implementation: Implementation
    reference: str
    """What ``--impl`` was, so that a repro line can say it again."""
    guard: Guard
    specs: tuple[str, ...] = ()
    """Globs; empty for all."""
    beside: tuple[str, ...] = ()
    """The options that said where specs and fixtures of somebody's own are."""
    dtypes: tuple[str, ...] = DTYPES
    profile: str = "ci"
    seed: int = 0
    """Decides, with the id of a check, which examples its properties try."""
    device: str = ""
    """One of the candidate's devices; empty for its own choice."""
    patience: Patience = field(default_factory=Patience)
    explaining: Allowance | None = None
    """How long explanations of failures may be looked for; None if nobody wants any."""
    needed: set[str] = field(default_factory=set)
    """What this process has seen to be needed of declared operations."""

    def claims(self) -> list[Claim]:
        """Return the claims to be judged, in the order of their specs."""
        chosen = [claim for claim in self.placed if self.wants(claim.spec)]
        return sorted(chosen, key=lambda claim: (claim.spec, claim.mode))

    @cached_property
    def placed(self) -> list[Claim]:
        """Every claim, as it is declared for the device."""
        return [replace(claim, device=self.device) for claim in self.implementation.claims]

    @property
    def operations(self) -> list[Operations]:
        """What operations lose, as the claims declare it; each declaration once."""
        asked = ((claim, dtype) for claim in self.placed for dtype in claim.dtypes)
        found = (claim.precision(dtype).operations for claim, dtype in asked)
        return list(dict.fromkeys(one for one in found if one is not None and one.parts))

    @property
    def trainers(self) -> list[Claim]:
        """Every claim of training a whole model, as it is declared for the device."""
        return [replace(claim, device=self.device) for claim in self.implementation.trainers]

    @property
    def models(self) -> list[str]:
        """The libraries, in the versions that the specs of the claims were checked with."""
        sources = [oracle.spec(claim.spec).system.version for claim in self.claims()]
        return list(dict.fromkeys(source.partition(",")[0] for source in sources))

    def dtypes_of(self, claim: Claim) -> list[str]:
        """Return the dtypes in which a claim is to be judged."""
        return [name for name in DTYPES if name in claim.dtypes and name in self.dtypes]

    def per_dtype(self) -> Iterator[tuple[Claim, str]]:
        """Go through every claim in every dtype that is to be judged."""
        return ((claim, dtype) for claim in self.claims() for dtype in self.dtypes_of(claim))

    def wants(self, spec: str) -> bool:
        """Whether ``--impl-spec`` leaves a spec in."""
        return not self.specs or any(fnmatchcase(spec, glob) for glob in self.specs)

    def its_turn(self, number: int, claim: Claim, dtype: str, dtypes: Sequence[str]) -> bool:
        """Share the checks of a spec out: number n takes its turn in one mode and one dtype.

        A claim that is not compiled runs each of them in float32 anyway, so that its turn is in
        another one.
        """
        modes = self._modes[claim.spec]
        others = [name for name in dtypes if claim.compiles or name != "float32"] or dtypes
        turn, mode = divmod(number, len(modes))
        return modes[mode] == claim.mode and dtype == others[turn % len(others)]

    @cached_property
    def _modes(self) -> Mapping[str, Sequence[str]]:
        """The modes of each spec, which thousands of checks ask for."""
        claims = self.claims()
        return {one.spec: [c.mode for c in claims if c.spec == one.spec] for one in claims}

    @property
    def narrowed(self) -> bool:
        """Whether the options leave some of the claims out."""
        return bool(self.specs) or self.dtypes != DTYPES

    @property
    def place(self) -> Device:
        """Where the candidate is run, as a context manager."""
        return self.implementation.devices[self.device] if self.device else nullcontext

    def check_device(self) -> None:
        """Refuse a device that the candidate does not declare, or that is not there."""
        declared = self.implementation.devices
        if self.device and self.device not in declared:
            known = ", ".join(declared) or "none: see `devices` of oracle.Implementation"
            raise ImplementationError(
                f"--impl-device={self.device}: {self.implementation.name} declares {known}"
            )
        with self.place():
            pass

    def check_declarations(self) -> None:
        """Refuse claims of unknown specs or dtypes, and a choice that leaves nothing."""
        for claim in (*self.placed, *self.trainers):
            check_claim(claim, self.implementation.name)
        for glob in self.specs:
            if not any(fnmatchcase(claim.spec, glob) for claim in self.implementation.claims):
                claimed = sorted({claim.spec for claim in self.implementation.claims})
                raise ImplementationError(
                    f"--impl-spec={glob} matches no spec that {self.implementation.name} claims; "
                    f"it claims {', '.join(claimed) or 'none'}"
                )

    def repro(self, test: str) -> str:
        """Return the command line that runs one test again."""
        device = [f"--impl-device={self.device}"] if self.device else []
        said = (f"--impl={self.reference}", *self.beside, *device, test)
        return f"repro: pytest {' '.join(map(shlex.quote, said))}"
