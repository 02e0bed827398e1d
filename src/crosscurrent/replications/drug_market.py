"""Drug-market economics: revenue, pass-through, scarcity and violence, and what supply programmes cost.

Identities are put to the laboratory's own market equations; signs to a chain of its equations from seizures over
price, revenue, pay and recruitment to homicides; published magnitudes are anchors, and the gap is stated.
Money is in US dollars of the year of each source, quantities in pure kilograms.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError
from .fda_source_stocks import plain
from .target import Chart, Replication, Row, close, gap, holds, inside

if TYPE_CHECKING:
    from ..case.records import Case

__all__ = [
    "REPLICATION",
    "additive_retail",
    "cost_per_kg_interdicted",
    "interdiction_for_one_percent",
    "landed_ratio",
    "multiplicative_retail",
    "revenue_after",
    "revenue_lost",
    "settled_price",
    "treatment_for_one_percent",
    "violence_after_scarcity",
]

YEARS_PER_WEEK = 7.0 / 365.25
CORE = {"recruitment": 2.527474e-3, "arrests": 110.0, "conflict": 1.549231e-8, "saturation": 4.0e-8}
"""Published parameters of Prieto-Curiel, Campedelli and Hope 2023, per week."""
START_MEMBERS, PUBLISHED_MIX, PUBLISHED_CONCENTRATION, OF_TWO = 115_000.0, 0.3282, 0.0524, 0.5
"""Members in 2012; size-weighted mean conflict and sum of squared shares of the published 150 groups; both for two."""
WEEKS_OBSERVED = 260
RAND_MILLION = {"source country": 783.0, "interdiction": 366.0, "domestic enforcement": 246.0, "treatment": 34.0}
"""Million USD of 1992 for 1 % less cocaine consumption."""
ERADICATION_KG, INTERDICTION_KG = 940_000.0, 175_000.0
DISCOUNT, HORIZON_YEARS = 0.04, 15
HOMICIDES_2006, HOMICIDES_2009 = 10_452.0, 19_803.0
"""Registered homicides in Mexico (INEGI), the series of the case."""
SHORTFALL_RECALLED = 0.5
"""Recalled, not read: cocaine from Colombia net of seizures about halved from 2006 to 2009."""
MEJIA_RESTREPO = "Mejia and Restrepo 2016, J. Economic Behavior & Organization 126, 255-275"
RAND_1994 = "Rydell and Everingham 1994, RAND MR-331"
CASTILLO = "Castillo, Mejia and Restrepo 2020, Review of Economics and Statistics"
DERIVED = "identity of constant-elasticity demand"


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{name} must be above 0.", given=value, expected="a number above 0", fix="check the unit")


def settled_price(quantity: float, elasticity: float) -> float:
    """Price over the undisturbed price once adjusted, at a quantity over the undisturbed one (0.02-20).

    The laboratory's weekly equation is repeated until it no longer moves; P = Q^(1/elasticity).

    Raises
    ------
    InputError
        If the quantity is not above 0 or the elasticity not below 0.
    """
    from ..model import market

    _positive("The quantity", quantity)
    if not (math.isfinite(elasticity) and elasticity < 0.0):
        raise InputError(
            "Demand must fall with price.", given=elasticity, expected="an elasticity below 0", fix="use -0.5, not 0.5"
        )
    price = 1.0
    for _ in range(400):
        price = float(plain(market.drug_price)(price, quantity, elasticity, 0.2))
    return price


def revenue_after(quantity: float, elasticity: float) -> float:
    """Export revenue over the undisturbed one, by the laboratory's price and export value.

    >>> round(revenue_after(0.9, -0.5), 3)
    1.111
    """
    from ..model import market

    value = plain(market.export_value)
    disturbed = value(settled_price(quantity, elasticity), quantity, 1.0, 1.0, 1.0)
    return float(disturbed / value(1.0, 1.0, 1.0, 1.0, 1.0))


def additive_retail(wholesale: float, retail: float, new_wholesale: float) -> float:
    """Retail price if a change of the wholesale price is passed on in dollars (Caulkins 1990).

    >>> additive_retail(50.0, 100.0, 25.0)
    75.0
    """
    for name, value in (("Wholesale price", wholesale), ("Retail price", retail), ("New price", new_wholesale)):
        _positive(name, value)
    return retail + new_wholesale - wholesale


def multiplicative_retail(wholesale: float, retail: float, new_wholesale: float) -> float:
    """Retail price if a change of the wholesale price is passed on in per cent (Caulkins 1990).

    >>> multiplicative_retail(50.0, 100.0, 25.0)
    50.0
    """
    for name, value in (("Wholesale price", wholesale), ("Retail price", retail), ("New price", new_wholesale)):
        _positive(name, value)
    return retail * new_wholesale / wholesale


def revenue_lost(share_of_revenue: float, share_of_use: float) -> float:
    """Share of export revenue lost if a place that holds a share of a product's use leaves the market.

    >>> round(revenue_lost(0.15, 0.14), 3)
    0.021
    """
    for value in (share_of_revenue, share_of_use):
        if not 0.0 <= value <= 1.0:
            raise InputError("Not a share.", given=value, expected="0 to 1", fix="divide per cent by 100")
    return share_of_revenue * share_of_use


@functools.cache
def _case() -> Case:
    from ..case import load_case

    return load_case()


def _central(name: str) -> float:
    """Central value of a parameter of the case."""
    from ..case.distributions import central_value
    from ..case.records import parameter_distribution

    return central_value(parameter_distribution(_case().parameters[name]))


def landed_ratio(interdiction: float, seizure_share: float, reach: float) -> float:
    """Landed supply over the usual one at ``interdiction`` times the usual effort, corridors in their usual shares.

    ``reach`` is the share of the flow open to seizure at full effort (0-1).
    """
    from ..model import trafficking

    loss = plain(trafficking.corridor_loss)
    passes = plain(trafficking.landed)
    kept = [passes(1.0, loss(effort, seizure_share, reach, 0.3, 0.0), 0.0) for effort in (interdiction, 1.0)]
    return float(kept[0] / kept[1])


@functools.cache
def _reach(product: str) -> float:
    """Share of a product's flow open to seizure, over the corridors of the case."""
    from ..study.tables import CORRIDOR_EFFORT

    corridors = _case().corridors.values()
    whole = sum(corridor.base_share[product] for corridor in corridors)
    return sum(corridor.base_share[product] * CORRIDOR_EFFORT[corridor.kind] for corridor in corridors) / whole


class Gang(NamedTuple):
    """Members and homicides of a run: members at its end, homicides by organised crime over the run."""

    members: float
    homicides: float


def _gang_war(export_ratio: float, pay_elasticity: float) -> Gang:
    """Two equal groups for five years at a revenue over the usual one: pay, recruitment, conflict, homicides.

    Only pay differs from the published core, so at ratio 1 this is the core with two equal groups, its rates of
    conflict and saturation rescaled so that they start at the national flows of the 150 groups.
    """
    from ..model import finance, organizations, violence

    usual = float(plain(finance.usual_export_revenue)(_central("export_revenue_year")))
    homicides_year, weight = _central("organised_crime_homicides_year"), _central("conflict_weight")
    theta = CORE["conflict"] * PUBLISHED_MIX / OF_TWO
    omega = CORE["saturation"] * PUBLISHED_CONCENTRATION / OF_TWO
    income = plain(finance.domestic_income)
    domestic = income(_central("domestic_income_year"), START_MEMBERS, START_MEMBERS, 0.0)
    reference_pay = plain(organizations.pay_now)(plain(finance.usable_revenue)(usual, 0.0, domestic), START_MEMBERS)
    usable = plain(finance.usable_revenue)(usual * export_ratio, 0.0, domestic)
    reference_deaths, members, homicides = 0.0, START_MEMBERS / 2.0, 0.0
    for _ in range(WEEKS_OBSERVED):
        total = 2.0 * members
        # Pay per member of the start: growth of the groups in both runs must not stand for a change of revenue.
        pay = plain(organizations.pay_factor)(
            plain(organizations.pay_now)(usable, START_MEMBERS), reference_pay, pay_elasticity
        )
        multiplier = plain(organizations.recruitment_multiplier)(pay, 1.0, 1.0, 1.0, 1.0, 0.0)
        growth = plain(organizations.growth_rate)(CORE["recruitment"], multiplier)
        killed = plain(organizations.conflict_deaths_of_group)(members, total, members, 0.0, 1.0, 0.0, theta, 0.0)
        reference_deaths = reference_deaths or 2.0 * killed
        homicides += plain(violence.organised_crime_homicides_week)(
            2.0 * killed, reference_deaths, 2.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, homicides_year, weight, 0.0, 1.0
        )
        members = plain(organizations.next_members)(
            members, plain(organizations.recruited_members)(members, 1.0, growth, 0.0), 0.0,
            plain(organizations.members_lost_to_state)(
                members, plain(organizations.state_loss_rate)(CORE["arrests"], 1.0, 0.0, total, 0.0)
            ),
            killed, plain(organizations.saturation_losses)(members, members, 0.0, omega),
        )  # fmt: skip
    return Gang(2.0 * members, homicides)


def violence_after_scarcity(quantity: float, elasticity: float, export_share: float = 1.0) -> float:
    """Change of homicides by organised crime over five years when a product's landed quantity changes, %.

    ``quantity`` is relative to usual, ``export_share`` the product's share of export revenue (0-1).

    Raises
    ------
    InputError
        If the quantity is not above 0, the elasticity not below 0 or the share not in 0-1.
    """
    if not 0.0 <= export_share <= 1.0:
        raise InputError("Not a share.", given=export_share, expected="0 to 1", fix="divide per cent by 100")
    ratio = 1.0 + export_share * (revenue_after(quantity, elasticity) - 1.0)
    response = _central("pay_elasticity")
    return 100.0 * (_gang_war(ratio, response).homicides / _gang_war(1.0, response).homicides - 1.0)


def cost_per_kg_interdicted(added: float = 0.01) -> float:
    """US dollars a kilogram of cocaine kept from landing by a little more border interdiction, all cost on cocaine."""
    _positive("Added interdiction", added)
    seized = _central("seizure_share_cocaine")
    usual_landed = 1000.0 * _central("cocaine_pure_year") * (1.0 - seized * _reach("cocaine"))
    kept_out = usual_landed * (1.0 - landed_ratio(1.0 + added, seized, _reach("cocaine")))
    return 1e6 * _central("interdiction_year_cost") * added / kept_out


def interdiction_for_one_percent(product: str = "cocaine") -> float:
    """Million USD of border interdiction for 1 % less of a product landed, for a year, at the margin.

    Raises
    ------
    InputError
        If the product is none of cocaine and fentanyl.
    """
    if product not in ("cocaine", "fentanyl"):
        raise InputError("No such product here.", given=product, expected="cocaine, fentanyl", fix="choose one")
    fall = 1.0 - landed_ratio(1.01, _central(f"seizure_share_{product}"), _reach(product))
    return _central("interdiction_year_cost") * 0.01 * 0.01 / fall


def _user_years(added_treatment: float) -> float:
    """Discounted millions of user-years over fifteen years by our stock of users, treatment added in the first."""
    from ..model import market

    users, total = _central("opioid_users_usual"), 0.0
    risk = plain(market.overdose_hazard)(0.81, 1000.0)
    for week in range(round(HORIZON_YEARS / YEARS_PER_WEEK)):
        years = week * YEARS_PER_WEEK
        treated = plain(market.treatment_coverage)(
            1200.0, added_treatment if years < 1.0 else 0.0, users, _central("treated_share_illicit")
        )
        total += users * YEARS_PER_WEEK * math.exp(-DISCOUNT * years)
        users = plain(market.opioid_users)(
            users, years + 13.0, 1.0, risk, treated, _central("initiation_early"), _central("initiation_late"),
            _central("cessation_rate"), _central("treatment_cessation"), _central("other_death_rate"), 0.0,
        )  # fmt: skip
    return total


@functools.cache
def treatment_for_one_percent(added: float = 0.1) -> float:
    """Million USD of one year of treatment whose effect on users, over fifteen years, is 1 % of a year's use."""
    _positive("Added treatment", added)
    saved = _user_years(0.0) - _user_years(added)
    return _central("treatment_year_cost") * added * 0.01 * _central("opioid_users_usual") / saved


def _identity_rows() -> list[Row]:
    rows = []
    for elasticity, published in ((-0.5, 1.111), (-1.0, 1.0), (-2.0, 0.949)):
        ours = revenue_after(0.9, elasticity)
        rows.append(Row(
            "EC-3", f"revenue after 10 % less quantity, elasticity {elasticity:g}", published, ours, "0.001",
            1, close(ours, published, absolute=1e-3), DERIVED, "the laboratory's price and export value",
        ))  # fmt: skip
    rules = (("additive", additive_retail, 75.0), ("multiplicative", multiplicative_retail, 50.0))
    for name, rule, published in rules:
        ours = rule(50.0, 100.0, 25.0)
        rows.append(Row(
            "EC-4", f"retail price, {name} pass-through (USD)", published, ours, "exact", 1,
            close(ours, published), "Caulkins 1990, 1994",
            "price ratios spoke for the multiplicative rule; the laboratory has one price a product",
        ))  # fmt: skip
    return rows


def _scarcity_rows() -> list[Row]:
    landed = landed_ratio(2.0, _central("seizure_share_cocaine"), _reach("cocaine"))
    rows = []
    for elasticity, sign in ((-0.5, 1), (-1.0, 0), (-2.0, -1)):
        ours = violence_after_scarcity(landed, elasticity)
        right = ours * sign > 0.0 if sign else abs(ours) < 1e-3
        rows.append(Row(
            "EC-5", f"homicides over five years when seizures double, elasticity {elasticity:g} (%)",
            {1: "up", 0: "unchanged", -1: "down"}[sign], ours, "sign" if sign else "0.001", 2, holds(right), CASTILLO,
            "seizures, price, revenue, pay, recruitment, conflict; two equal groups",
        ))  # fmt: skip
    rise = 100.0 * (HOMICIDES_2009 / HOMICIDES_2006 - 1.0)
    added = violence_after_scarcity(
        1.0 - SHORTFALL_RECALLED, _central("demand_elasticity_stimulants"), _central("export_share_cocaine")
    )
    share = 100.0 * added / rise
    rows.append(Row(
        "EC-5d", "share of the rise of homicides in Mexico 2006-09 due to cocaine seized in Colombia (%)", "10 to 14",
        share, "factor 2", 3, gap(5.0 <= share <= 28.0), CASTILLO,
        "shortfall of a half is recalled; pay is the only way from revenue to violence here, fights over rents are not",
    ))  # fmt: skip
    return rows


def _cost_rows() -> list[Row]:
    ratio, kg = ERADICATION_KG / INTERDICTION_KG, cost_per_kg_interdicted()
    tripled = 100.0 * (landed_ratio(3.0, _central("seizure_share_cocaine"), _reach("cocaine")) - 1.0)
    border, opioids = interdiction_for_one_percent("cocaine"), interdiction_for_one_percent("fentanyl")
    treated = treatment_for_one_percent()
    rand, none = RAND_MILLION, "no lever on source countries or US domestic enforcement to compare"
    theirs = rand["interdiction"] / rand["treatment"]
    return [
        Row("EC-1", "cost per kg, eradication over interdiction", 5.4, ratio, "4 to 8", 3,
            gap(inside(ratio, 4.0, 8.0) == "pass"), MEJIA_RESTREPO,
            "arithmetic on the published figures: the laboratory has no eradication"),
        Row("EC-1b", "USD per kg of cocaine less, by interdiction", INTERDICTION_KG, kg, "factor 3", 3,
            gap(INTERDICTION_KG / 3.0 <= kg <= INTERDICTION_KG * 3.0), MEJIA_RESTREPO,
            "ours at the US border with all cost on cocaine, theirs in Colombia; routes and prices held"),
        Row("EC-1c", "cocaine reaching consumers when the budget triples (%)", -17.0, tripled, "factor 2", 3,
            gap(-34.0 <= tripled <= -8.5), "Mejia and Restrepo 2008 (CEDE)",
            "their budget is for Colombia; ours is border interdiction, whose yield is linear in effort"),
        Row("EC-2", "cost of 1 % less consumption, interdiction over treatment", theirs, opioids / treated, "factor 2",
            3, gap(theirs / 2.0 <= opioids / treated <= theirs * 2.0), RAND_1994,
            f"ours for opioids and the order is reversed: treatment here acts on deaths far more than on use; {none}"),
        Row("EC-2b", "million USD for 1 % less cocaine, interdiction", rand["interdiction"], border, "factor 2", 3,
            gap(rand["interdiction"] / 2.0 <= border <= rand["interdiction"] * 2.0), RAND_1994,
            "theirs in USD of 1992; ours has no replacement of seized drugs from the source"),
        Row("EC-2c", "million USD for 1 % less use, treatment", rand["treatment"], treated, "factor 2", 3,
            gap(rand["treatment"] / 2.0 <= treated <= rand["treatment"] * 2.0), RAND_1994,
            "theirs for cocaine; ours for opioids, counts quits only and not lower use while treated"),
    ]  # fmt: skip


def _legalisation_rows() -> list[Row]:
    rows = []
    for share, published in ((0.15, 2.1), (0.26, 3.64)):
        ours = 100.0 * revenue_lost(share, 0.14)
        rows.append(Row(
            "EC-6", f"revenue lost if {100 * share:.0f} % is marijuana and 14 % of its use leaves (%)",
            published, ours, "exact", 3, gap(close(ours, published, relative=1e-9) == "pass"),
            "Kilmer et al. 2010, RAND OP-325",
            "arithmetic check, published as 2 to 4 %; the laboratory has no marijuana",
        ))  # fmt: skip
    return rows


def _rows() -> list[Row]:
    return [*_cost_rows(), *_identity_rows(), *_scarcity_rows(), *_legalisation_rows()]


def _charts() -> list[Chart]:
    quantities = [0.5 + place / 20.0 for place in range(11)]
    elasticities = [-2.0 + place / 10.0 for place in range(18)]
    return [
        Chart(
            "Revenue when the quantity falls", "quantity over usual", "revenue over usual", quantities,
            {f"elasticity {e:g}": [revenue_after(q, e) for q in quantities] for e in (-0.5, -1.0, -2.0)},
            {"-10 %, elasticity -0.5": 1.111, "-10 %, elasticity -2": 0.949},
        ),
        Chart(
            "Homicides after a fall of landed supply by a tenth", "price elasticity of demand",
            "change over five years, %", elasticities,
            {"ours": [violence_after_scarcity(0.9, elasticity) for elasticity in elasticities]},
        ),
    ]  # fmt: skip


REPLICATION = Replication(
    name="drug-market",
    title="Drug-market economics and what supply programmes cost",
    citation=(
        "D. Mejia and P. Restrepo, The economics of the war on illegal drug production and trafficking, Journal of "
        "Economic Behavior & Organization 126, 255-275, 2016; J. C. Castillo, D. Mejia and P. Restrepo, Scarcity "
        "without Leviathan, Review of Economics and Statistics, 2020; J. C. Castillo and D. Kronick, American "
        "Political Science Review 114(3), 2020; C. P. Rydell and S. S. Everingham, Controlling Cocaine, RAND MR-331, "
        "1994; J. P. Caulkins, 1990 and 1994; B. Kilmer and others, RAND OP-325, 2010"
    ),
    doi=None,
    says=(
        "Where demand answers little to price, seizing drugs raises what the trade earns, and with it the reason to "
        "fight: scarcity then brings violence, and where demand is elastic the reverse. How a change of the wholesale "
        "price reaches the street depends on the rule, in dollars or in per cent. For the same effect on consumption "
        "programmes in source countries cost most, interdiction less, domestic enforcement less still and treatment "
        "least; a kilogram less at retail costs about five times as much by eradication as by interdiction."
    ),
    critics=(
        "The National Research Council (1999) questioned the data and the lack of uncertainty in the RAND ranking; the "
        "authors answered in MR-1265. It is for cocaine around 1992. Later work disputes the size of the calibrated "
        "effects of Plan Colombia. An earlier draft of the scarcity paper attributed about twice as much of the rise "
        "in violence to Colombian seizures. Price statistics for illegal drugs are poor, and measured elasticities "
        "spread from -0.2 to below -1, on both sides of the threshold that decides the sign."
    ),
    not_reproduced=(
        "The contest over land and routes of Mejia and Restrepo: their parameter table was not obtained, and the "
        "laboratory has no eradication, so EC-1 is arithmetic. The RAND ranking: the laboratory has two of its four "
        "programmes, and for opioids its order is the reverse (EC-2). The size of the effect of scarcity on violence "
        "(EC-5d): only the sign. The chain keeps routes, displacement into other crime and rivalry over rents out, so "
        "that the sign is that of revenue alone."
    ),
    rows=_rows,
    charts=_charts,
)
