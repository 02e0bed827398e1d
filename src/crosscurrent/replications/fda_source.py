"""Overdose deaths: the FDA SOURCE model by hazard and by scenario, with the Stanford-Lancet model beside.

The hazard of fatal overdose is the laboratory's own equation (``model.market.overdose_hazard``); the scenarios and
strategies run on a reduced form of the published model (:mod:`.fda_source_stocks`), and the fentanyl scenarios once
more on the laboratory's own stock of users and weekly deaths.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

from ..errors import InputError
from . import fda_source_stocks as reduced
from .target import Chart, Replication, Row, close, gap, holds

__all__ = [
    "HAZARD_VECTORS",
    "REPLICATION",
    "kits_giving",
    "laboratory_change",
    "strategy_changes",
    "strategy_margin",
]

HAZARD_VECTORS: tuple[tuple[float, float, float], ...] = (
    (0.0, 0.0, 0.005143),
    (0.5, 0.2, 0.025327),
    (0.81, 0.4, 0.037830),
    (1.0, 0.0, 0.067361),
    (0.562129, 0.234678, 0.0280382),
)
"""Fentanyl share, chance that a bystander gives naloxone, hazard (per person-year)."""
BASE_DEATHS = {2020.0: 62_580.0, 2022.0: 63_296.0, 2025.0: 57_894.0, 2028.0: 52_207.0, 2032.0: 44_571.0}
SCENARIO_DEATHS = {
    "fentanyl low": {2022.0: 54_854.0, 2025.0: 44_719.0, 2028.0: 39_055.0, 2032.0: 33_522.0},
    "fentanyl high": {2022.0: 77_041.0, 2025.0: 73_138.0, 2028.0: 63_410.0, 2032.0: 52_724.0},
}
SCENARIO_CHANGE = {"fentanyl low": -22.7, "fentanyl high": 23.0}
"""Published change of cumulative deaths 2022-32 against the base scenario, %."""
STANFORD_LANCET, STANFORD_LOW, STANFORD_HIGH = 1_220_000.0, 996_000.0, 1_383_000.0
STANFORD_NALOXONE = -25.0
ORDER = (
    ("fentanyl overdose risk",),
    ("peer recovery", "return to use disorder"),
    ("naloxone kits",),
    ("heroin initiation", "people prescribed"),
    ("prescriber capacity",),
)
"""Strategies from the strongest to the weakest; the order within a group is left open."""
WEEKS_A_YEAR = 365.25 / 7.0
TABLES = "FDA/SOURCE, deposited result tables"
STANFORD = "Rao, Humphreys and Brandeau 2021, Lancet Regional Health - Americas 3:100031"


def kits_giving(chance: float) -> float:
    """Kits per 100,000 population that give a bystander this chance (0-1) of having naloxone.

    The inverse of ``p = 1 - exp(-KIT_RATE * kits)``; the published vectors state p, our equation takes kits.

    Raises
    ------
    InputError
        If ``chance`` is not in [0, 1).
    """
    from ..model.market import KIT_RATE

    if not 0.0 <= chance < 1.0:
        raise InputError("Not a chance.", given=chance, expected="from 0 up to, but below, 1", fix="give a share")
    return -math.log1p(-chance) / KIT_RATE


@functools.cache
def _base() -> reduced.Path:
    return reduced.project()


def _change(path: reduced.Path) -> float:
    """Change of cumulative deaths 2022-32 against the base run, %."""
    return 100.0 * (reduced.cumulative(path) / reduced.cumulative(_base()) - 1.0)


@functools.cache
def strategy_changes() -> dict[str, float]:
    """Change of cumulative deaths 2022-32 by each strategy of 20 %, %."""
    return {name: _change(reduced.project("base", strategy)) for name, (strategy, _) in reduced.STRATEGIES.items()}


def strategy_margin(changes: dict[str, float]) -> float:
    """Smallest lead, in percentage points, of a strategy over one that should do less; above 0 if the order holds.

    >>> names = [name for group in ORDER for name in group]
    >>> strategy_margin({name: float(place - 10) for place, name in enumerate(names)})
    1.0
    """
    leads = [
        min(changes[name] for name in weaker) - max(changes[name] for name in stronger)
        for stronger, weaker in itertools.pairwise(ORDER)
    ]
    return min(leads)


@functools.cache
def _central_values() -> dict[str, float]:
    """Central values of the laboratory's market parameters."""
    from ..case import load_case
    from ..case.distributions import central_value
    from ..case.records import parameter_distribution

    return {name: central_value(parameter_distribution(known)) for name, known in load_case().parameters.items()}


def _one_week(week: int, users: float, scenario: reduced.Scenario, values: dict[str, float]) -> tuple[float, float]:
    """Users next week (millions) and deaths from synthetic opioids this week, by the laboratory's equations."""
    from ..model import market

    time = reduced.FIRST_YEAR + week / WEEKS_A_YEAR
    share = reduced.approach(time, reduced.SHARE_2020, scenario.share, scenario.years)
    risk = reduced.plain(market.overdose_hazard)(share, reduced.kits_for_heroin_users(time))
    treated = reduced.plain(market.treatment_coverage)(1200.0, 0.0, users, values["treated_share_illicit"])
    deaths = reduced.plain(market.synthetic_opioid_deaths_week)(
        users, risk, reduced.plain(market.synthetic_share)(share), 1.0, treated, 0.0,
        values["deaths_supply_elasticity"], values["treatment_risk_ratio"], values["treatment_response"],
        values["overdose_scale"],
    )  # fmt: skip
    later = reduced.plain(market.opioid_users)(
        users, time - 2012.0, 1.0, risk, treated, values["initiation_early"], values["initiation_late"],
        values["cessation_rate"], values["treatment_cessation"], values["other_death_rate"],
        values["price_participation"],
    )  # fmt: skip
    return float(later), float(deaths)


@functools.cache
def _laboratory_deaths(scenario: str) -> float:
    """Deaths from synthetic opioids 2022-32 by the laboratory's equations, nothing disrupted, central values."""
    chosen, values = reduced.SCENARIOS[scenario], _central_values()
    users, total = reduced.BASE_RUN["disorder"][0] / 1e6, 0.0
    for week in range(round(12.0 * WEEKS_A_YEAR)):
        users, deaths = _one_week(week, users, chosen, values)
        total += deaths if week >= 2.0 * WEEKS_A_YEAR else 0.0
    return total


def laboratory_change(scenario: str) -> float:
    """Change of cumulative deaths 2022-32 against base in the laboratory's own overdose module, %.

    Raises
    ------
    InputError
        If the scenario is not known.
    """
    if scenario not in reduced.SCENARIOS:
        raise InputError("No such scenario.", given=scenario, expected=", ".join(reduced.SCENARIOS), fix="choose one")
    return 100.0 * (_laboratory_deaths(scenario) / _laboratory_deaths("base") - 1.0)


def _hazard_rows() -> list[Row]:
    rows = []
    for share, chance, published in HAZARD_VECTORS:
        ours = reduced.hazard(share, kits_giving(chance))
        rows.append(Row(
            "SO-1", f"hazard at fentanyl share {share:g}, naloxone chance {chance:g} (a person-year)",
            published, ours, "0.1 %", 1, close(ours, published, relative=1e-3), TABLES,
            "the laboratory's own equation; chance turned into kits per 100,000",
        ))  # fmt: skip
    return rows


def _scenario_rows() -> list[Row]:
    rows = []
    for scenario, published in SCENARIO_CHANGE.items():
        ours = _change(reduced.project(scenario))
        rows.append(Row(
            "SO-2", f"{scenario} against base, cumulative deaths 2022-32 (%)", published, ours,
            "3 points", 1, close(ours, published, absolute=3.0), TABLES,
            "reduced model; its rates are fitted to stocks of the base run only",
        ))  # fmt: skip
    for letter, (scenario, published) in zip("cd", SCENARIO_CHANGE.items(), strict=True):
        ours = laboratory_change(scenario)
        rows.append(Row(
            f"SO-2{letter}", f"{scenario} against base, the laboratory's own users and deaths (%)", published, ours,
            "5 points", 3, gap(abs(ours - published) <= 5.0), TABLES,
            "deaths from synthetic opioids only, so the fentanyl share acts more strongly than on all opioid deaths",
        ))  # fmt: skip
    return rows


def _strategy_rows() -> list[Row]:
    changes = strategy_changes()
    margin = strategy_margin(changes)
    rows = [Row(
        "SO-3", "smallest lead of a strategy over the next group of the published order (points)",
        "fentanyl risk > recovery > naloxone > initiation, prescribing > prescriber capacity", margin,
        "above 0", 2, holds(margin > 0.0), TABLES, "all at 20 %, ramped over three years from 2022",
    )]  # fmt: skip
    for letter, (name, (_, published)) in zip("abcdefg", reduced.STRATEGIES.items(), strict=True):
        rows.append(Row(
            f"SO-3{letter}", f"{name}, 20 %: cumulative deaths 2022-32 (%)", published, changes[name], "1 point", 3,
            gap(abs(changes[name] - published) <= 1.0), TABLES, "not fitted",
        ))  # fmt: skip
    return rows


def _level_rows() -> list[Row]:
    rows = []
    for year in (2022.0, 2028.0, 2032.0):
        ours, published = reduced.deaths_in(_base(), year), BASE_DEATHS[year]
        rows.append(Row(
            "SO-4", f"base deaths a year, {year:.0f}", published, ours, "5 %", 3,
            gap(close(ours, published, relative=0.05) == "pass"), TABLES,
            "follows from stocks fitted to the base run, so near by construction; observed deaths were higher",
        ))  # fmt: skip
    ours = reduced.cumulative(_base(), 2020.0, 2030.0)
    rows.append(Row(
        "SO-5", "opioid overdose deaths 2020-29 in the Stanford-Lancet model; ours is SOURCE", STANFORD_LANCET, ours,
        f"{STANFORD_LOW:,.0f} to {STANFORD_HIGH:,.0f}", 3, gap(STANFORD_LOW <= ours <= STANFORD_HIGH), STANFORD,
        f"two published models differ by {STANFORD_LANCET / ours:.1f} times; both are carried",
    ))  # fmt: skip
    averted = _change(reduced.project("base", reduced.Strategy(naloxone=0.3)))
    rows.append(Row(
        "SO-5b", "naloxone +30 %: change of deaths in the Stanford-Lancet model; ours is SOURCE (%)",
        STANFORD_NALOXONE, averted, "5 points", 3, gap(abs(averted - STANFORD_NALOXONE) <= 5.0), STANFORD,
        f"{STANFORD_NALOXONE / averted:.1f} times apart: SOURCE saturates the chance of a kit at hand",
    ))  # fmt: skip
    return rows


def _rows() -> list[Row]:
    return [*_hazard_rows(), *_scenario_rows(), *_strategy_rows(), *_level_rows()]


def _yearly(path: reduced.Path) -> list[float]:
    return [reduced.deaths_in(path, float(year)) for year in range(2020, 2033)]


def _charts() -> list[Chart]:
    years = [float(year) for year in range(2020, 2033)]
    paths = {name: reduced.project(name) for name in reduced.SCENARIOS}
    published: dict[str, Any] = {"base": BASE_DEATHS, **SCENARIO_DEATHS}
    shares = [place / 20.0 for place in range(21)]
    to_2030 = [float(year) for year in range(2020, 2031)]
    return [
        Chart(
            "Opioid overdose deaths by fentanyl scenario, reduced SOURCE model", "year", "deaths a year", years,
            {name: _yearly(path) for name, path in paths.items()},
            {f"{name}, {year:.0f}": value for name, found in published.items() for year, value in found.items()},
        ),
        Chart(
            "Hazard of fatal overdose without medication", "fentanyl share of the supply", "deaths a person-year",
            shares,
            {f"naloxone chance {p:g}": [reduced.hazard(f, kits_giving(p)) for f in shares] for p in (0.0, 0.2, 0.4)},
        ),
        Chart(
            "Deaths since 2020: SOURCE against the Stanford-Lancet model", "year", "deaths", to_2030,
            {"SOURCE, base": [reduced.cumulative(_base(), 2020.0, year) for year in to_2030]},
            {"Stanford-Lancet, 2020-29": STANFORD_LANCET},
        ),
    ]  # fmt: skip


REPLICATION = Replication(
    name="source",
    title="Overdose deaths in the United States (FDA SOURCE; Stanford-Lancet)",
    citation=(
        "T. Y. Lim, E. J. Stringfellow and others, Modeling the evolution of the US opioid crisis for national policy "
        "development, PNAS 119(23), e2115714119, 2022; E. J. Stringfellow, T. Y. Lim and others, Reducing opioid use "
        "disorder and overdose deaths in the United States, Science Advances, 2022, doi:10.1126/sciadv.abm8147; "
        f"{STANFORD}"
    ),
    doi="10.1073/pnas.2115714119",
    says=(
        "A stock-and-flow model of the US population from 12 years on, fitted to fifteen national series 1999-2020, "
        "with feedbacks from social influence, perceived risk and treatment capacity. Deaths follow how deadly the "
        "supply is: if fentanyl spreads less or more than assumed, deaths over a decade change by over a fifth either "
        "way. Among strategies of equal relative size, less risk from fentanyl does most, then keeping people in "
        "recovery, then naloxone; initiation and prescribing, which work through people not yet ill, do little "
        "within ten years, and prescriber capacity alone least. A package of strategies does about twice the best."
    ),
    critics=(
        "The model runs below the record (62,580 against 69,061 deaths in 2020) and turns down far more slowly than "
        "deaths did after 2023, which others put down to a shock to supply (Vangelov et al. 2026), so the fentanyl "
        "share and supply must be able to move from outside. Several estimates lie on the bounds of their search. "
        "The Stanford-Lancet model (Rao, Humphreys and Brandeau 2021) has more than twice the deaths and an effect of "
        "naloxone about six times larger. Equal relative size is not equal cost or effort."
    ),
    not_reproduced=(
        "The full model of 788 equation entries, its calibration and its credible intervals; the package, the "
        "favourable and unfavourable sets of inputs, and the history before 2020, 'no fentanyl ever' included. The "
        "Stanford-Lancet model itself: only its published totals are shown. The deposit holds two versions of the "
        "base run that part in 2024; the one that gives the published table is used."
    ),
    rows=_rows,
    charts=_charts,
)
