"""A reduced form of the FDA SOURCE model: five stocks instead of some thirty, fitted to its base run only.

The published model (Lim, Stringfellow et al. 2022, doi:10.1073/pnas.2115714119; strategies: Stringfellow, Lim et al.
2022, doi:10.1126/sciadv.abm8147) has 788 equation entries.  Kept here, with the published values: the hazard of fatal
overdose (the laboratory's own equation), the fentanyl share and naloxone paths, initiation that falls with perceived
risk, relapse, stabilisation, and medication limited by capacity or by demand.  Folded into rates fitted to the *base*
run: remission, the flow out of prescription use disorder, starts of prescription use disorder.  Scenarios and
strategies are not fitted: they are what the reduced model says.

The deposited results hold two versions of the base run that part in 2024.  The stocks used here are those of the
version that gives the published table; remission from prescription use disorder after 2024 is taken from the other,
where the two differ slightly.

Time is in years, stocks in people, rates per year.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError

__all__ = [
    "BASE_RUN",
    "FIRST_YEAR",
    "SCENARIOS",
    "STRATEGIES",
    "Path",
    "Rates",
    "Strategy",
    "approach",
    "cumulative",
    "deaths_in",
    "fitted_rates",
    "hazard",
    "kits_for_heroin_users",
    "plain",
    "project",
    "ramp",
]

FIRST_YEAR, LAST_YEAR, STEPS_A_YEAR = 2020.0, 2032.0, 8
POLICY_START, POLICY_RAMP = 2022.0, 3.0
SHARE_2020 = 0.562129
RELAPSE, RELAPSE_PRESCRIPTION, STABILISED_AFTER = 0.583015, 0.137539, 9.74248
NONDISORDERED_RISK, MEDICATED_RISK, PRESCRIPTION_RISK = 0.25, 0.298, 0.0059042
QUIT_NONDISORDERED, DEVELOP_DISORDER, OTHER_MORTALITY = 0.1755, 0.05, 0.01
STARTS_WITHOUT_PRESCRIPTION, FEAR_WITHOUT, FEAR_WITH = 80_257.0, 0.271356, 0.92771
FEAR_RISES, FEAR_FADES, FEAR_2020 = 2.0, 20.0, 0.818
"""Years for perceived risk to follow a rise and a fall; perceived over current risk at the start of 2020."""
DEMAND_FOR_BUPRENORPHINE = 0.587
"""People who ask for buprenorphine over people with disorder and without medication, where capacity does not bind."""
ACTIVE_ON_BUPRENORPHINE, ACTIVE_ON_METHADONE = 0.8385, 0.7847
"""Share of people on medication whose disorder is active; the others are in remission and run no risk here."""
SUPPLY_ON_MISUSE = 1.0 + 0.388347
"""Starts of prescription use disorder vary with people prescribed (and availability for misuse, exponent 0.388)."""

YEARS = np.array([2020.0, 2022.0, 2024.0, 2026.0, 2028.0, 2030.0, 2032.0])
BASE_RUN: Mapping[str, tuple[float, ...]] = {
    "nondisordered": (566_990, 453_340, 370_190, 315_350, 280_680, 259_280, 246_250),
    "disorder": (2_149_240, 2_042_340, 1_891_870, 1_744_540, 1_612_370, 1_487_800, 1_373_350),
    "remission": (433_551, 450_304, 461_839, 459_354, 440_193, 416_017, 390_598),
    "prescription": (1_567_810, 1_389_250, 1_213_400, 1_068_700, 959_800, 873_400, 807_400),
    "prescription_remission": (834_002, 812_698, 784_291, 752_128, 719_025, 685_498, 648_155),
}
"""Stocks of the deposited base run, people at the start of each of YEARS; what the rates are fitted to."""


class Scenario(NamedTuple):
    """Where the fentanyl share of the supply goes, and how many years the approach takes."""

    share: float
    years: float


SCENARIOS: Mapping[str, Scenario] = {
    "base": Scenario(0.81, 12.0),
    "fentanyl low": Scenario(0.57, 12.0),
    "fentanyl high": Scenario(0.995, 8.0),
}


@dataclass(frozen=True)
class Strategy:
    """Relative changes (-0.2 = a fifth less), reached over three years from 2022."""

    fentanyl_risk: float = 0.0
    relapse: float = 0.0
    recovery: float = 0.0
    naloxone: float = 0.0
    initiation: float = 0.0
    prescribing: float = 0.0
    prescriber_capacity: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and -1.0 <= value <= 2.0):
                raise InputError(
                    f"The change of {field.name} is not a share.",
                    given=repr(value), expected="-1 (none left) to 2 (three times)", fix="use -0.2 for a fifth less",
                )  # fmt: skip


STRATEGIES: Mapping[str, tuple[Strategy, float]] = {
    "fentanyl overdose risk": (Strategy(fentanyl_risk=-0.2), -11.3),
    "peer recovery": (Strategy(recovery=0.2), -3.8),
    "return to use disorder": (Strategy(relapse=-0.2), -3.6),
    "naloxone kits": (Strategy(naloxone=0.2), -2.7),
    "heroin initiation": (Strategy(initiation=-0.2), -0.8),
    "people prescribed": (Strategy(prescribing=-0.2), -0.8),
    "prescriber capacity": (Strategy(prescriber_capacity=0.2), -0.4),
}
"""Strategy of 20 % and the published change of cumulative deaths 2022-32, %."""


@dataclass(frozen=True)
class Rates:
    """What is fitted to the base run (per year, except people where said)."""

    remission: float = 0.14
    remission_medicated: float = 0.14
    from_prescription: float = 53_000.0
    """People a year from prescription disorder with heroin to illicit use disorder, at the start of 2020."""
    starts_with_prescription: float = 10_000.0
    """Starts of heroin a year among people who misuse prescriptions, at the start of 2020."""
    other_ends: float = 0.05
    """Occasional use that ends otherwise, into prescription use disorder with heroin among others."""
    starts_prescription: float = 40_000.0
    """Starts of prescription use disorder, people a year."""
    remission_prescription: float = 0.12


class Path(NamedTuple):
    """A run: times (years) and, at each, stocks (people) and deaths (a year)."""

    time: npt.NDArray[np.float64]
    stocks: npt.NDArray[np.float64]
    """[time, stock] in the order of BASE_RUN."""
    deaths: npt.NDArray[np.float64]


def plain(equation: Callable[..., float]) -> Callable[..., float]:
    """The Python function behind a compiled equation of the laboratory."""
    found: Callable[..., float] = getattr(equation, "py_func", equation)
    return found


def approach(time: float, start: float, end: float, years: float) -> float:
    """Half a logistic curve from ``start`` in 2020 to near ``end`` after ``years``, as the deposited inputs follow.

    >>> round(approach(2022.0, 0.562129, 0.81, 12.0), 4)
    0.6598
    """
    return end + (start - end) * 2.0 / (1.0 + math.exp(5.0 * (time - FIRST_YEAR) / years))


def ramp(time: float) -> float:
    """How much of a strategy is in force (0-1).

    >>> ramp(2021.0), ramp(2023.5), ramp(2030.0)
    (0.0, 0.5, 1.0)
    """
    return min(max((time - POLICY_START) / POLICY_RAMP, 0.0), 1.0)


def kits_for_heroin_users(time: float) -> float:
    """Naloxone kits per 100,000 population a year that reach heroin users: 779 in 2020, near 1,130 by 2032."""
    kits = approach(time, 2_158_760.0, 3_388_400.0, 12.0)
    population = 277.2e6 + (299.3e6 - 277.2e6) * (time - FIRST_YEAR) / 12.0
    return 1e5 * kits / population


def hazard(fentanyl_share: float, kits: float, risk_change: float = 0.0) -> float:
    """Fatal overdoses a person-year in illicit use disorder without medication, from the laboratory's own equation.

    ``risk_change`` changes the multiplier of the overdose rate by fentanyl (2 in the model), which the published
    strategy on fentanyl risk does; it enters only the rate, so the hazard scales with it.
    """
    from ..model import market

    ratio = market.FENTANYL_RISK_RATIO
    usual = 1.0 + fentanyl_share * (ratio - 1.0)
    changed = 1.0 + fentanyl_share * (ratio * (1.0 + risk_change) - 1.0)
    return float(plain(market.overdose_hazard)(fentanyl_share, kits)) * changed / usual


def _on_medication(time: float, disorder: float, strategy: Strategy) -> float:
    """People with disorder on medication: methadone and naltrexone follow their trend; buprenorphine is what
    prescribers can give or, if less, what those not in treatment ask for."""
    trend = approach(time, 251_459.0 + 14_460.0, 443_500.0 + 19_300.0, 12.0)
    capacity = approach(time, 543_482.0, 612_600.0, 12.0) * (1.0 + strategy.prescriber_capacity * ramp(time))
    steady = ACTIVE_ON_METHADONE * trend
    # Asked for: a share of the untreated, who are the disorder less those on either medication.
    asked = DEMAND_FOR_BUPRENORPHINE * (disorder - steady)
    asked /= 1.0 + DEMAND_FOR_BUPRENORPHINE * ACTIVE_ON_BUPRENORPHINE
    return min(steady + ACTIVE_ON_BUPRENORPHINE * max(min(capacity, asked), 0.0), 0.95 * disorder)


def _other_deaths(time: float) -> float:
    """Deaths a year of medical and occasional users and of small treated groups: exogenous in the reduced model."""
    return float(np.interp(time, YEARS, (2170.0, 1892.0, 1719.0, 1604.0, 1530.0, 1487.0, 1455.0)))


class _Rates(NamedTuple):
    stocks: npt.NDArray[np.float64]
    fear: float
    deaths: float


def _change(
    time: float, stocks: npt.NDArray[np.float64], fear: float, scenario: Scenario, strategy: Strategy, rates: Rates,
    risk_2020: float,
) -> _Rates:  # fmt: skip
    """Change of stocks and of perceived risk a year, and deaths a year."""
    on = ramp(time)
    occasional, disorder, remission, prescription, in_remission = stocks
    share = approach(time, SHARE_2020, scenario.share, scenario.years)
    kits = kits_for_heroin_users(time) * (1.0 + strategy.naloxone * on)
    risk = hazard(share, kits, strategy.fentanyl_risk * on)
    medicated = _on_medication(time, disorder, strategy)
    untreated = disorder - medicated
    killed = risk * (untreated + MEDICATED_RISK * medicated)
    killed_occasional = NONDISORDERED_RISK * risk * occasional
    prescribed = (1.0 + strategy.prescribing * on) ** SUPPLY_ON_MISUSE
    fading = prescribed * (0.9 * math.exp(-0.3 * (time - FIRST_YEAR)) + 0.1)
    starts = STARTS_WITHOUT_PRESCRIPTION * fear**-FEAR_WITHOUT
    starts += rates.starts_with_prescription * fading * fear**-FEAR_WITH
    crossing = rates.from_prescription * fading
    relapse = (1.0 + strategy.relapse * on) * RELAPSE
    better = 1.0 + strategy.recovery * on
    recovered = better * (rates.remission * untreated + rates.remission_medicated * medicated)
    back = relapse * RELAPSE_PRESCRIPTION * in_remission
    recovered_prescription = better * rates.remission_prescription * prescription
    leaving = 1.0 / STABILISED_AFTER + OTHER_MORTALITY
    fatal = killed + killed_occasional
    change = np.array([
        (1.0 + strategy.initiation * on) * starts - killed_occasional
        - (QUIT_NONDISORDERED + DEVELOP_DISORDER + OTHER_MORTALITY + rates.other_ends) * occasional,
        DEVELOP_DISORDER * occasional + crossing + relapse * remission - recovered - killed
        - OTHER_MORTALITY * disorder,
        recovered - (relapse + leaving) * remission,
        rates.starts_prescription * prescribed + back - recovered_prescription
        - (PRESCRIPTION_RISK + OTHER_MORTALITY) * prescription,
        recovered_prescription - back - leaving * in_remission,
    ])  # fmt: skip
    gap = fatal / risk_2020 - fear
    deaths = fatal + PRESCRIPTION_RISK * prescription + _other_deaths(time)
    return _Rates(change, gap / (FEAR_RISES if gap > 0.0 else FEAR_FADES), deaths)


def project(scenario: str = "base", strategy: Strategy | None = None, rates: Rates | None = None) -> Path:
    """Run 2020-2032 with the midpoint rule, eight steps a year.

    Raises
    ------
    InputError
        If the scenario is not one of SCENARIOS.
    """
    if scenario not in SCENARIOS:
        raise InputError(
            "No such fentanyl scenario.", given=scenario, expected=", ".join(SCENARIOS), fix="choose one of these"
        )
    chosen, rates = strategy or Strategy(), rates or fitted_rates()
    steps = round((LAST_YEAR - FIRST_YEAR) * STEPS_A_YEAR)
    length = 1.0 / STEPS_A_YEAR
    stocks = np.array([values[0] for values in BASE_RUN.values()], dtype=np.float64)
    risk = hazard(SHARE_2020, kits_for_heroin_users(FIRST_YEAR))
    medicated = _on_medication(FIRST_YEAR, stocks[1], Strategy())
    # Perceived risk is relative to what it was in 2020, when it had followed the rise of deaths only in part.
    start = risk * (stocks[1] - (1.0 - MEDICATED_RISK) * medicated + NONDISORDERED_RISK * stocks[0]) * FEAR_2020
    time, fear = FIRST_YEAR, 1.0
    kept, deaths = [stocks], []
    for _ in range(steps):
        here = _change(time, stocks, fear, SCENARIOS[scenario], chosen, rates, start)
        deaths.append(here.deaths)
        middle = _change(
            time + length / 2, stocks + here.stocks * length / 2, fear + here.fear * length / 2,
            SCENARIOS[scenario], chosen, rates, start,
        )  # fmt: skip
        stocks, fear, time = stocks + middle.stocks * length, fear + middle.fear * length, time + length
        kept.append(stocks)
    deaths.append(_change(time, stocks, fear, SCENARIOS[scenario], chosen, rates, start).deaths)
    return Path(np.linspace(FIRST_YEAR, LAST_YEAR, steps + 1), np.array(kept), np.array(deaths))


def deaths_in(path: Path, year: float) -> float:
    """Deaths a year at a moment."""
    return float(np.interp(year, path.time, path.deaths))


def cumulative(path: Path, first: float = 2022.0, last: float = 2032.0) -> float:
    """Deaths from ``first`` to ``last`` (trapezoids)."""
    inside = (path.time >= first - 1e-9) & (path.time <= last + 1e-9)
    values = path.deaths[inside]
    return float((values[1:] + values[:-1]).sum() / 2.0 / STEPS_A_YEAR)


@functools.cache
def fitted_rates() -> Rates:
    """Rates that bring the reduced model closest to the stocks of the base run (relative least squares)."""
    from scipy.optimize import least_squares

    begin = Rates()
    names = [field.name for field in fields(Rates)]
    scale = np.array([getattr(begin, name) for name in names])
    target = np.array(list(BASE_RUN.values()), dtype=np.float64).T
    places = np.round((YEARS - FIRST_YEAR) * STEPS_A_YEAR).astype(int)

    def misfit(factors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        tried = replace(begin, **dict(zip(names, (factors * scale).tolist(), strict=True)))
        return np.asarray(np.log(project("base", rates=tried).stocks[places] / target)).ravel()

    found = least_squares(misfit, np.ones(len(names)), bounds=(0.0, 10.0), diff_step=1e-4)
    return replace(begin, **dict(zip(names, (found.x * scale).tolist(), strict=True)))
