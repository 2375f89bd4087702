"""What each library promises: the registry of specs, by id and by the library's own alias."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules

from oracle.errors import UnknownSpecError
from oracle.specification.spec import Spec
from oracle.systems.not_specified import NOT_SPECIFIED
from oracle.systems.registered import registered, version


@cache
def bundled() -> dict[str, Spec]:
    """Return the specs of this package, of every package below, those of a system together."""
    packages = [module.name for module in iter_modules(__path__, f"{__name__}.") if module.ispkg]
    found = [spec for name in packages for spec in import_module(name).SPECS]
    systems = list(dict.fromkeys(spec.system.name for spec in found))
    return {
        spec.id: spec for spec in sorted(found, key=lambda spec: systems.index(spec.system.name))
    }


def _registry() -> Mapping[str, Spec]:
    """Return all specs, those of others and of one's own at the end."""
    return _registry_of(version())


@lru_cache(maxsize=1)
def _registry_of(version: int) -> dict[str, Spec]:
    return {**bundled(), **{id: other.spec for id, other in registered().items()}}


def _aliases() -> Mapping[str, str]:
    return _aliases_of(version())


@lru_cache(maxsize=1)
def _aliases_of(version: int) -> dict[str, str]:
    aliases = {name.lower(): name for name in _registry()}
    for spec in _registry().values():
        aliases.update({f"{spec.system.name}/{alias}".lower(): spec.id for alias in spec.aliases})
    return aliases


def specs(system: str | None = None) -> list[str]:
    """Return the ids of all specs, or of one system's, in a fixed order.

    Raises `UnknownSpecError` for an unknown system.
    """
    ids = [spec.id for spec in _registry().values() if system in (None, spec.system.name)]
    if not ids:
        known = ", ".join(dict.fromkeys(spec.system.name for spec in _registry().values()))
        raise UnknownSpecError(f"unknown system {system!r}: the systems are {known}")
    return ids


def spec(id: str) -> Spec:
    """Return the spec with an id (``keras2/Adam``) or a library's alias (``keras2/adam``).

    Raises `UnknownSpecError`, which names the nearest ids, or says why there is none.
    """
    canonical = _aliases().get(str(id).lower())
    if canonical is None and id in NOT_SPECIFIED:
        raise UnknownSpecError(f"{id} has no spec: {NOT_SPECIFIED[id]}")
    if canonical is None:
        names = list(_registry())
        same_name = [name for name in names if name.split("/")[-1].lower() == str(id).lower()]
        lowered = {name.lower(): name for name in (*_aliases(), *names)}
        near = [lowered[n] for n in get_close_matches(str(id).lower(), lowered, 3, 0.5)]
        nearest = same_name or list(dict.fromkeys(_aliases()[n.lower()] for n in near)) or names[:3]
        raise UnknownSpecError(
            f"unknown spec {id!r}: did you mean {', '.join(nearest)}? "
            "oracle.specs() and `oracle list` name all"
        )
    return _registry()[canonical]
