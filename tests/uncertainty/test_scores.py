"""Scores against the integrals that they stand for, and what their import leaves out."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import integrate, stats

from degu.uncertainty.scores import crps_laplace, crps_normal, interval_score
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(("score", "law"), [(crps_normal, stats.norm), (crps_laplace, stats.laplace)])
@pytest.mark.parametrize("value", [-3.0, 0.4, 2.0])
def test_it_is_the_squared_distance_of_the_cumulative_distribution_from_the_step_at_the_value(score, law, value):
    below, _ = integrate.quad(lambda x: law.cdf(x, 0.3, 1.7) ** 2, -np.inf, value)
    above, _ = integrate.quad(lambda x: law.sf(x, 0.3, 1.7) ** 2, value, np.inf)
    assert score(value, 0.3, 1.7) == pytest.approx(below + above, rel=1e-6)


@pytest.mark.parametrize(("value", "expected"), [(0.0, 2.0), (1.5, 2.0 + 20 * 0.5), (-2.0, 2.0 + 20 * 1.0)])
def test_an_interval_costs_its_width_and_what_lies_outside_costs_more(value, expected):
    assert interval_score(value, -1.0, 1.0, 0.1) == pytest.approx(expected)


def test_no_compiler_is_imported():
    code = "import sys, degu.uncertainty.scores; sys.exit('numba' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
