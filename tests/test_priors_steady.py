"""Correlations of a single scramble are no finding: parameters that are drawn alike by accident are left out."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from crosscurrent.analysis.priors import _Assumptions


def assumptions(**drawn):
    results = SimpleNamespace(parameters=lambda theory: drawn, axes=lambda theory: {})
    return _Assumptions(results, None, "even")


def test_an_accident_of_one_scramble_is_left_out_and_a_real_effect_kept():
    random = np.random.default_rng(0)
    worlds = np.arange(800)
    real, noise = random.random(800), random.random(800)
    values = real + 0.3 * random.random(800)
    accident = np.where(worlds % 8 == 3, 2.5 * (values - values.mean()), 0.2 * noise)
    names = {name for _, name, *_ in assumptions(real=real, accident=accident, noise=noise).shares(values)}
    assert names == {"real"}
