"""``--impl-device``: a candidate is built and run on the device that is asked for."""

from __future__ import annotations

DEFAULTS = "suites/test_defaults.py"


def test_a_candidate_is_built_and_run_on_the_device(judge):
    """Off the device this one steps twice as far."""
    judge("on_a_device", "--impl-device=cpu", DEFAULTS).assert_outcomes(passed=2)
    judge("on_a_device", DEFAULTS).assert_outcomes(failed=2)


def test_properties_run_there_as_well(judge):
    judge("on_a_device", "--impl-device=cpu", "suites/test_properties.py").assert_outcomes(passed=2)


def test_the_header_says_where(judge):
    result = judge("on_a_device", "--impl-device=cpu", DEFAULTS)
    result.stdout.fnmatch_lines(["optimizer-oracle: judging on_a_device on cpu (1 claims)*"])


def test_a_repro_line_names_the_device(judge):
    result = judge("on_a_device", "--impl-device=odd", DEFAULTS)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*repro: pytest --impl=*on_a_device.py --impl-device=odd *"])
    assert "--impl-device" not in judge("on_a_device", DEFAULTS).stdout.str()


def test_a_device_that_is_not_there_ends_the_run_with_a_sentence(judge):
    result = judge("on_a_device", "--impl-device=gpu", DEFAULTS)
    assert result.ret == 4
    assert result.errlines[0] == "ERROR: there is no GPU on this machine"


def test_a_device_that_is_not_declared_is_refused(judge):
    result = judge("on_a_device", "--impl-device=tpu", DEFAULTS)
    assert result.ret == 4
    assert result.errlines[0] == "ERROR: --impl-device=tpu: on_a_device declares cpu, gpu, odd"
    result = judge("honest", "--impl-device=cpu", DEFAULTS)
    assert "honest declares none: see `devices` of oracle.Implementation" in result.errlines[0]


def test_the_option_is_of_no_use_without_a_candidate(pytester):
    result = pytester.runpytest("--impl-device=cpu")
    assert "--impl-device is of no use without --impl=NAME" in result.stderr.str()


def test_what_a_candidate_declines_counts_as_not_claimed(judge):
    result = judge("declines_momentum", "-k", "only-momentum", "-rs")
    result.assert_outcomes(skipped=4)
    assert "not claimed: there is no kernel for momentum" in result.stdout.str()
