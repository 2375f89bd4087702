"""Wrong optimizers, each with one fault that somebody has shipped or could ship."""

from wrong import adam, around, keras2, memory, rules
from wrong.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *adam.FAULTS,
    *rules.FAULTS,
    *keras2.FAULTS,
    *around.FAULTS,
    *memory.FAULTS,
)
