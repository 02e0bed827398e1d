"""Strike campaigns elsewhere: killed and civilians a strike in the operations module, beside the yearly counts.

Pakistan by two trackers, Yemen and Somalia by one, and the official total of 2009-2015 (series ``strikes_*`` of the
case).  For each campaign-year as many strikes as were counted are put on random weeks and drawn as the kernel draws
them:

    killed    ~ Poisson(n k exp(s z - s^2/2)),   civilians ~ Binomial(killed, c)

with n strikes in the week, k = ``killed_per_strike``, s = ``strike_dispersion``, z standard normal and c =
``civilian_share`` at the level of intelligence (0.4) at which the module applies no learning.  Parameters come from
the case's distributions; the transfer weight is as drawn, or 1: as in the reference campaigns.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from .target import Chart, Replication, Row, gap

if TYPE_CHECKING:
    from ..case.records import Series

__all__ = [
    "CAMPAIGNS",
    "REPLICATION",
    "Campaign",
    "CampaignYear",
    "Prediction",
    "campaign_years",
    "coverage",
    "official_total",
    "predict_year",
    "weeks_of_strikes",
]

Floats = npt.NDArray[np.float64]
WORLDS = 400
SEED = 20120102
WEEKS = 52
REFERENCE_INTELLIGENCE = 0.4
LOW, HIGH = 0.05, 0.95
ENOUGH = 0.75
"""Share of campaign-years that must lie within the 5-95 % interval: with 8 to 15 years, below 0.9 is no surprise."""
OFFICIAL = "strikes_official"


@dataclass(frozen=True)
class Campaign:
    """A tracker's count of a campaign: series file and the definitions that hold its columns."""

    id: str
    label: str
    series: str
    strikes: tuple[str, str]
    """Definitions of the lower and the upper count."""
    killed: tuple[str, str]
    civilians: tuple[str, str]
    source: str


def _campaign(name: str, label: str, series: str, prefix: str, source: str, ends: str = "min max") -> Campaign:
    low, high = ends.split()
    one = series.startswith("strikes_pakistan")
    killed = "total killed" if series.endswith("new_america") else "killed"
    strikes = ("strikes", "strikes") if one else (f"strikes ({low})", f"strikes ({high})")
    return Campaign(
        name, label, series, (f"{prefix}: {strikes[0]}", f"{prefix}: {strikes[1]}"),
        (f"{prefix}: {killed} ({low})", f"{prefix}: {killed} ({high})"),
        (f"{prefix}: civilians killed ({low})", f"{prefix}: civilians killed ({high})"), source,
    )  # fmt: skip


TBIJ = "Bureau of Investigative Journalism"
CAMPAIGNS = (
    _campaign("SC-1", "Pakistan 2004-2018", "strikes_pakistan_tbij", "drone strikes", TBIJ),
    _campaign("SC-2", "Pakistan 2004-2018", "strikes_pakistan_new_america", "drone strikes", "New America", "low high"),
    _campaign("SC-3", "Yemen 2011-2018", "strikes_yemen", "confirmed drone strikes", TBIJ),
    _campaign("SC-4", "Somalia 2011-2020", "strikes_somalia", "confirmed US actions", TBIJ),
)
OFFICIAL_DEFINITIONS = {
    "strikes": "strikes outside areas of active hostilities, total 2009-2015",
    "combatants": "combatants killed (min), total 2009-2015",
    "civilians": "non-combatants killed (min), total 2009-2015",
}


@dataclass(frozen=True)
class CampaignYear:
    """Counts of a year, lower and upper; the middle of the two is what is compared."""

    year: int
    strikes: tuple[float, float]
    killed: tuple[float, float]
    civilians: tuple[float, float]

    @property
    def middle_strikes(self) -> float:
        """Mean of the two counts of strikes."""
        return sum(self.strikes) / 2.0

    @property
    def killed_per_strike(self) -> float:
        """Middle count of the dead over strikes."""
        return sum(self.killed) / sum(self.strikes)

    @property
    def civilians_per_strike(self) -> float:
        """Middle count of dead civilians over strikes."""
        return sum(self.civilians) / sum(self.strikes)


@dataclass(frozen=True)
class Prediction:
    """What the operations module gives for a campaign-year [world]."""

    killed_per_strike: Floats
    civilians_per_strike: Floats


def _column(series: Mapping[str, Series], name: str, definition: str) -> dict[int, float]:
    """Figures by year of one definition of a series.

    Raises
    ------
    InputError
        If the series or the definition is missing, or a figure is not a count of a year.
    """
    if name not in series:
        raise InputError(
            "a series of strikes is missing",
            given=name,
            expected=f"the file series/{name}.csv in the case",
            fix=did_you_mean(name, series),
        )
    points = [point for point in series[name].points if point.definition == definition]
    if not points:
        known = {point.definition for point in series[name].points}
        raise InputError(
            f"series {name!r} has no figures of this definition", given=definition, fix=did_you_mean(definition, known)
        )
    for point in points:
        if not point.period.isdigit() or len(point.period) != 4 or not (np.isfinite(point.value) and point.value >= 0):
            raise InputError(
                f"series {name!r} holds a figure that is not a count of a year",
                given=f"{point.period}: {point.value}",
                expected="a year such as 2010 and a number of 0 or more",
                file=point.file,
                line=point.line,
            )
    return {int(point.period): point.value for point in points}


def campaign_years(series: Mapping[str, Series], campaign: Campaign) -> list[CampaignYear]:
    """Years of a campaign in which strikes were counted.

    Raises
    ------
    InputError
        If the series is missing or malformed, a year lacks a column, or a lower count exceeds the upper one.
    """
    parts = (campaign.strikes, campaign.killed, campaign.civilians)
    columns = [[_column(series, campaign.series, definition) for definition in part] for part in parts]
    years = sorted(set(itertools.chain.from_iterable(column for part in columns for column in part)))
    found = []
    for year in years:
        bounds = [(part[0].get(year), part[1].get(year)) for part in columns]
        pairs = [(low, high) for low, high in bounds if low is not None and high is not None and low <= high]
        if len(pairs) != len(parts):
            raise InputError(
                f"series {campaign.series!r} is incomplete in {year}",
                given=bounds,
                expected="lower and upper counts of strikes, killed and civilians, the lower not above the upper",
                file=series[campaign.series].file,
            )
        strikes, killed, civilians = pairs
        if strikes[1] > 0:
            found.append(CampaignYear(year, strikes, killed, civilians))
    return found


def official_total(series: Mapping[str, Series]) -> CampaignYear:
    """The government's total of 2009-2015, as one campaign-year.

    Raises
    ------
    InputError
        If the series is missing or malformed, or counts no strike.
    """
    strikes, combatants, civilians = (
        next(iter(_column(series, OFFICIAL, definition).values())) for definition in OFFICIAL_DEFINITIONS.values()
    )
    if strikes <= 0.0:
        raise InputError("the official count has no strikes", given=strikes, file=series[OFFICIAL].file)
    killed = combatants + civilians
    return CampaignYear(2015, (strikes, strikes), (killed, killed), (civilians, civilians))


def weeks_of_strikes(
    strikes: Floats, killed_per_strike: Floats, dispersion: Floats, civilian_share: Floats, draws: Floats
) -> Floats:
    """Killed, and civilians killed, in weeks with so many strikes, as the kernel draws them.

    Parameters
    ----------
    strikes : array
        Strikes flown [week].
    killed_per_strike, dispersion, civilian_share : array
        Mean dead a strike, standard deviation of its logarithm, civilian share of the dead, 0-1 [week].
    draws : array
        A standard normal and two uniform numbers [3, week].

    Returns
    -------
    array [2, week].
    """
    from ..kernel.operations_draws import binomial_quantile, poisson_quantile

    normal, u_killed, u_civilians = np.asarray(draws, dtype=np.float64)
    mean = strikes * killed_per_strike * np.exp(dispersion * normal - 0.5 * dispersion * dispersion)
    killed = [poisson_quantile(u, m) for u, m in zip(u_killed.tolist(), mean.tolist(), strict=True)]
    share = np.asarray(civilian_share, dtype=np.float64).tolist()
    civilians = [binomial_quantile(*known) for known in zip(u_civilians.tolist(), killed, share, strict=True)]
    return np.array([killed, civilians], dtype=np.float64)


@functools.lru_cache(maxsize=8)
def _parameters(rival: str, carried: bool) -> dict[str, Floats]:
    """Mean dead a strike, dispersion and civilian share of drawn worlds.

    The rival is the count of civilians that is taken to be right: official, independent, or even (both alike).
    """
    from dataclasses import replace

    from ..case import load_case
    from ..model import operations
    from ..study.draws import dimensions, draw_worlds
    from ..study.sampling import world_points

    case = load_case("us_mexico")
    even = case.theories["even"]
    theory = even if rival == "even" else replace(even, id=rival, fixes={"civilian-harm": rival})
    drawn = draw_worlds(case, theory, world_points(0, np.arange(WORLDS), dimensions(case))).parameters
    weight = np.ones(WORLDS) if carried else drawn["transfer_weight"]
    mean = [
        operations.killed_per_strike.py_func(*values)  # type: ignore[attr-defined]
        for values in zip(drawn["strike_lethality"], drawn["domestic_lethality"], weight, strict=True)
    ]
    share = [
        operations.civilian_share.py_func(base, REFERENCE_INTELLIGENCE, learning)  # type: ignore[attr-defined]
        for base, learning in zip(drawn["civilian_share_campaigns"], drawn["civilian_learning"], strict=True)
    ]
    return {
        "mean": np.array(mean),
        "dispersion": np.asarray(drawn["strike_dispersion"]),
        "civilian_share": np.array(share),
    }


def predict_year(strikes: float, rival: str = "even", *, carried: bool = False, weeks: int = WEEKS) -> Prediction:
    """Dead a strike of a campaign-year with so many strikes, by world.

    Parameters
    ----------
    strikes : float
        Strikes of the year; half counts are rounded up.
    rival : str
        Count of civilians taken to be right: official, independent or even.
    carried : bool
        Whether the transfer weight is 1 (the reference campaigns themselves) and not as drawn.
    weeks : int
        Weeks over which the strikes fall.

    Raises
    ------
    InputError
        If there is no strike, or the rival is unknown.
    """
    rivals = ("even", "official", "independent")
    if rival not in rivals:
        raise InputError("unknown count of civilians", given=rival, fix=did_you_mean(rival, rivals))
    number = int(np.ceil(strikes))
    if number < 1:
        raise InputError("a campaign-year needs strikes", given=strikes, expected="1 or more")
    values = _parameters(rival, carried)
    generator = np.random.default_rng([SEED, number])
    flown = generator.multinomial(number, np.full(weeks, 1.0 / weeks), size=WORLDS)
    normal, u = generator.standard_normal((1, WORLDS, weeks)), generator.random((2, WORLDS, weeks))
    world, week = np.nonzero(flown)
    drawn = weeks_of_strikes(
        flown[world, week].astype(np.float64),
        values["mean"][world],
        values["dispersion"][world],
        values["civilian_share"][world],
        np.concatenate([normal, u])[:, world, week],
    )
    dead = np.array([np.bincount(world, weights=part, minlength=WORLDS) for part in drawn])
    return Prediction(dead[0] / number, dead[1] / number)


def _interval(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (LOW, 0.5, HIGH))
    return float(low), float(middle), float(high)


def coverage(years: list[CampaignYear], predictions: list[Prediction], what: str) -> float:
    """Share of campaign-years whose middle count a strike lies within our 5-95 % interval (0-1).

    Parameters
    ----------
    what : str
        ``killed_per_strike`` or ``civilians_per_strike``.
    """
    inside = []
    for year, prediction in zip(years, predictions, strict=True):
        low, _, high = _interval(getattr(prediction, what))
        inside.append(low <= getattr(year, what) <= high)
    return float(np.mean(inside))


@functools.cache
def _series() -> Any:
    from ..case import load_case

    return load_case("us_mexico").series


@functools.cache
def _compared(campaign: Campaign, carried: bool, rival: str = "even") -> tuple[list[CampaignYear], list[Prediction]]:
    years = campaign_years(_series(), campaign)
    return years, [predict_year(year.middle_strikes, rival, carried=carried) for year in years]


def _pooled(years: list[CampaignYear], what: str) -> tuple[float, float]:
    """A strike over all years: middle count and its standard width (half the distance of lower and upper count)."""
    index = 1.0 / sum(year.middle_strikes for year in years)
    low, high = (sum(getattr(year, what)[end] for year in years) * index for end in (0, 1))
    return (low + high) / 2.0, (high - low) / 2.0


def _campaign_rows(campaign: Campaign, carried: bool) -> list[Row]:
    """Pooled count a strike, and coverage of campaign-years, for the dead and for civilians."""
    years, predictions = _compared(campaign, carried)
    weights = np.array([year.middle_strikes for year in years])
    scope = f"{campaign.label}; transfer weight {'1' if carried else 'as drawn'}"
    rows = []
    for field, attribute, label in (
        ("killed", "killed_per_strike", "killed a strike"),
        ("civilians", "civilians_per_strike", "civilians killed a strike"),
    ):
        published, half = _pooled(years, field)
        pooled = np.average([getattr(found, attribute) for found in predictions], axis=0, weights=weights)
        low, middle, high = _interval(pooled)
        remark = f"ours 5-95 %: {low:.2f} to {high:.2f}; tracker {published - half:.2f} to {published + half:.2f}"
        verdict = gap(low <= published <= high)
        quantity = f"{label}, {scope}"
        rows.append(Row(campaign.id, quantity, published, middle, "in our 5-95 %", 3, verdict, campaign.source, remark))
        rows.append(_coverage_row(campaign, years, predictions, attribute, f"{label}, {scope}"))
    if carried:
        _, independent = _compared(campaign, carried, "independent")
        what = f"civilians killed a strike, {scope}; independent count taken as right"
        rows.append(_coverage_row(campaign, years, independent, "civilians_per_strike", what))
    return rows


def _coverage_row(
    campaign: Campaign, years: list[CampaignYear], predictions: list[Prediction], attribute: str, what: str
) -> Row:
    """Share of campaign-years inside our interval; nine in ten would be right on average."""
    covered = coverage(years, predictions, attribute)
    pairs = zip(years, predictions, strict=True)
    missed = [str(year.year) for year, found in pairs if coverage([year], [found], attribute) == 0.0]
    remark = f"{len(years)} campaign-years; missed: {', '.join(missed) or 'none'}"
    quantity = f"campaign-years in our 5-95 %, {what}"
    verdict = gap(covered >= ENOUGH)
    return Row(campaign.id, quantity, HIGH - LOW, covered, f"at least {ENOUGH:g}", 3, verdict, campaign.source, remark)


def _share_of_dead(rival: str) -> tuple[float, float, float]:
    return _interval(_parameters(rival, True)["civilian_share"])


def _official_rows() -> list[Row]:
    """The official total, and the civilian share of all counts under the rival that follows each."""
    total, source, rows = official_total(_series()), "US Director of National Intelligence 2016", []
    published = total.killed_per_strike
    for carried in (False, True):
        found = predict_year(total.middle_strikes, "official", carried=carried, weeks=7 * WEEKS)
        low, middle, high = _interval(found.killed_per_strike)
        remark = f"ours 5-95 %: {low:.2f} to {high:.2f}; lower published bound of combatants and of others"
        quantity = f"killed a strike, official total 2009-2015; transfer weight {'1' if carried else 'as drawn'}"
        verdict = gap(low <= published <= high)
        rows.append(Row("SC-5", quantity, published, middle, "in our 5-95 %", 3, verdict, source, remark))
    shares = {"official total 2009-2015": (total.civilians[0] / total.killed[0], source)}
    for campaign in CAMPAIGNS:
        years = campaign_years(_series(), campaign)
        share = _pooled(years, "civilians")[0] / _pooled(years, "killed")[0]
        shares[f"{campaign.label}, {campaign.source}"] = share, campaign.source
    for (label, (share, origin)), rival in itertools.product(shares.items(), ("official", "independent")):
        low, middle, high = _share_of_dead(rival)
        remark = f"ours 5-95 %: {low:.3f} to {high:.3f}; the transfer weight does not act on shares"
        quantity = f"civilian share of the dead, {label}; count taken as right: {rival}"
        rows.append(Row("SC-6", quantity, share, middle, "in our 5-95 %", 3, gap(low <= share <= high), origin, remark))
    return rows


def _rows() -> list[Row]:
    by_campaign = [_campaign_rows(campaign, carried) for campaign in CAMPAIGNS for carried in (False, True)]
    return [*itertools.chain.from_iterable(by_campaign), *_official_rows()]


def _chart(campaign: Campaign, attribute: str, label: str) -> Chart:
    years, drawn = _compared(campaign, False)
    carried = _compared(campaign, True)[1]
    series = {"counted (middle)": [getattr(year, attribute) for year in years]}
    for name, found in (("as drawn", drawn), ("transfer weight 1", carried)):
        intervals = [_interval(getattr(prediction, attribute)) for prediction in found]
        for place, edge in enumerate(("5 %", "median", "95 %")):
            series[f"{name}, {edge}"] = [interval[place] for interval in intervals]
    title = f"{label}: {campaign.label}, {campaign.source}"
    return Chart(title, "year", label, [float(year.year) for year in years], {**series})


def _charts() -> list[Chart]:
    kinds = (("killed_per_strike", "killed a strike"), ("civilians_per_strike", "civilians killed a strike"))
    return [_chart(campaign, *kind) for campaign in CAMPAIGNS for kind in kinds]


REPLICATION = Replication(
    name="strike-campaigns",
    title="Strike campaigns elsewhere: the dead and the civilians among them, a strike",
    citation=(
        "Bureau of Investigative Journalism, drone warfare data; New America, strike data; US Director of "
        "National Intelligence, summary of strikes outside areas of active hostilities 2009-2015, 2016"
    ),
    doi=None,
    says=(
        "The Bureau counts 6 to 9 dead a strike in Pakistan, 4 to 5 in Yemen and 6 to 7 in Somalia; by its middle"
        " counts about a fifth of the dead in Pakistan were civilians, an eighth in Yemen and a thirtieth in "
        "Somalia. New America counts nearly as many dead in Pakistan and fewer than half as many civilians. The "
        "government counted about 5 dead a strike in seven years, 3 % of them civilians."
    ),
    critics=(
        "All trackers rest on press reports from places that reporters seldom reach, and code the unknown "
        "differently; a tracker may miss deaths or take a fighter for a civilian. The official count names no "
        "strike, and how it tells combatants from others was disputed. Campaigns against insurgents abroad say "
        "little about strikes on groups that live on crime inside a neighbouring state: the transfer weight is "
        "left entirely open for that reason."
    ),
    not_reproduced=(
        "The fall of the civilian share over the years of a campaign: intelligence is held at the module's "
        "reference level, since none was measured. Where the two counts of civilians are mixed alike, the early "
        "years of the Bureau's Pakistan count lie above our interval. Years of very few strikes in which one "
        "killed dozens (Pakistan 2006) lie outside the module's spread. Lethality was set with these counts in "
        "view, so that its centre agrees is no confirmation; what is tested is the spread from year to year. "
        "Signature and named targets are not told apart."
    ),
    rows=_rows,
    charts=_charts,
)
