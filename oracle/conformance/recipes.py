"""Hypothesis strategies for the parameters and the gradients of random runs.

Half of the large parameters have gradients of every kind at once, one for each element: wherever a
wrong formula shows, be it where gradients are tiny next to an epsilon, where they fall after a
maximum, or where they change their sign, some element is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from oracle.conformance.inputs import EVERY_KIND, FAMILIES, STARTS, Recipe, Tensor

SMALL: tuple[tuple[int, ...], ...] = ((), (3,), (2, 3), (0,))
"""Shapes of the parameters beside the one of the wanted size."""


@st.composite
def recipes(
    draw: st.DrawFn,
    *,
    sizes: list[int],
    steps: int,
    may_skip: bool,
    may_be_sparse: bool = False,
    distinct: int | None = None,
    beside: Sequence[tuple[int, ...]] = SMALL,
    late: bool = False,
    coupled: bool = False,
    vectors: bool = True,
) -> Recipe:
    """Draw one to three parameters and what happens to them; one has one of ``sizes``.

    At most ``distinct`` of its elements are different; the others have a shape of ``beside``, and
    come after it or before it. ``late`` asks for many steps, as a schedule does. Where elements are
    ``coupled`` by a norm, the largest of them would hide all others, so that they are of one kind.
    Without ``vectors`` a matrix of one row stands for each.
    """
    sparse = may_be_sparse and draw(st.integers(0, 2)) == 1
    size = draw(st.sampled_from(sizes))
    if sparse and distinct is not None:
        size = min(size, distinct)
    row = (size,) if vectors else (1, size)
    shapes = [row if size % 4 else draw(st.sampled_from([row, (size // 4, 4)]))]
    shapes += draw(st.lists(st.sampled_from(list(beside)), max_size=2))
    kinds = [name for name in FAMILIES if name != EVERY_KIND]
    first = kinds if coupled else kinds + len(kinds) * [EVERY_KIND]
    tensors = tuple(
        Tensor(
            shape,
            draw(st.sampled_from(list(STARTS))),
            draw(st.sampled_from(first if k == 0 else kinds)),
            distinct,
        )
        for k, shape in enumerate(shapes)
    )
    many = st.integers(1 + 2 * steps // 3, steps)
    number = draw(many if late else st.integers(1, steps) | many)
    skips = may_skip and len(tensors) > 1 and number > 1 and draw(st.integers(0, 3)) == 3
    seed = draw(st.integers(0, 2**32 - 1))
    ordered = draw(st.permutations(tensors)) if len(tensors) > 1 else tensors
    return Recipe(tuple(ordered), number, seed, skips, sparse)
