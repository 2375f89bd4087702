"""What optimizers that wrap another one add to its step."""

from oracle.rules.rule import at_parameter, rule

_POLYAK = "Polyak & Juditsky 1992, with an exponential average"
_ZHANG = "Zhang, Choromanska & LeCun 2015, equations 5 and 6"


@rule(slots={"average": at_parameter}, cites=_POLYAK)
def moving_average(xp, t, p, g, average, *, average_decay):
    """The average follows the parameter that the wrapped optimizer leaves."""
    average_t = average - (average - p) * (1 - average_decay)
    p_t = p
    return p_t, average_t


@rule(slots={"average": at_parameter}, cites=_POLYAK)
def moving_average_of_few(xp, t, p, g, average, *, average_decay, num_updates):
    """The average follows the parameter faster where it has seen few updates."""
    decay = xp.minimum(average_decay, (1 + num_updates) / (10 + num_updates))
    average_t = average - (average - p) * (1 - decay)
    p_t = p
    return p_t, average_t


@rule(
    slots={"local_center": at_parameter, "global_center": at_parameter},
    cites=_ZHANG,
)
def elastic_exchange(xp, t, p, g, local_center, global_center, *, moving_rate):
    """Parameter and center move towards each other; the local center is the center before."""
    difference = p - global_center
    local_center_t = global_center
    global_center_t = global_center + moving_rate * difference
    p_t = p - moving_rate * difference
    return p_t, local_center_t, global_center_t
