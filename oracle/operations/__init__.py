"""What operations may lose, as an adapter declares it: `ulp`, `exp2_log2` and others."""

from __future__ import annotations

from oracle.operations.declared import EXACT as EXACT
from oracle.operations.declared import FACTORS as FACTORS
from oracle.operations.declared import NAMES as NAMES
from oracle.operations.declared import STOCHASTIC as STOCHASTIC
from oracle.operations.declared import Declared as Declared
from oracle.operations.declared import Operations as Operations
from oracle.operations.declared import OperationsDeclaration as OperationsDeclaration
from oracle.operations.declared import from_object as from_object
from oracle.operations.declared import read as read
from oracle.operations.loss import Accuracy as Accuracy
from oracle.operations.loss import AnyAccuracy as AnyAccuracy
from oracle.operations.loss import ThroughLogarithm as ThroughLogarithm
from oracle.operations.loss import absolute as absolute
from oracle.operations.loss import by_reciprocal as by_reciprocal
from oracle.operations.loss import by_reciprocal_root as by_reciprocal_root
from oracle.operations.loss import exp2_log2 as exp2_log2
from oracle.operations.loss import exp_by_exp2 as exp_by_exp2
from oracle.operations.loss import log_by_log2 as log_by_log2
from oracle.operations.loss import relative as relative
from oracle.operations.loss import ulp as ulp
