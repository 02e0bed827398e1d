"""Tables that come from the analysis: consent, equal cost, priors, failed worlds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import calendar
from .names import MeasureName
from .numbers import interval_text, number_text
from .tables import Labels, Table

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["consent_tables", "cost_tables", "failed_table", "prior_table"]


def consent_tables(results: Results, case: Case, names: Sequence[MeasureName], labels: Labels) -> list[Table]:
    """The paired difference over all worlds beside that over worlds in which Mexico consented."""
    from ..analysis.consent import FEWEST_WORLDS, given_consent

    rows = given_consent(results, [name.id for name in names], case)
    tables = []
    for name in names:
        cells = [
            (
                labels.policy(row.policy),
                labels.theory(row.theory),
                f"{round(100 * row.share)} of 100" if row.worlds else "–",
                interval_text(row.p05, row.p95),
                interval_text(row.consented_p05, row.consented_p95)
                if math.isfinite(row.consented_p50)
                else f"fewer than {FEWEST_WORLDS} worlds",
            )
            for row in rows
            if row.measure == name.id
        ]
        if cells:
            head = ("Policy", "Theory", "Worlds with consent", "All worlds", "Worlds with consent only")
            tables.append(
                Table(f"{name.label}: difference from the status quo, {name.unit_words}", head, cells, 2)
            )
    return tables


def cost_tables(results: Results, names: Sequence[MeasureName], labels: Labels) -> list[Table]:
    """For each measure: its change per billion USD that a policy adds, world by world."""
    from ..analysis.summary import cost_effects

    kept = [name for name in names if not name.id.startswith("cost_")]
    rows = cost_effects(results, [name.id for name in kept])
    tables = []
    for name in kept:
        mine = [row for row in rows if row.measure == name.id]
        by_policy: dict[str, list[str]] = {}
        for row in mine:
            told = math.isfinite(row.p05)
            cell = interval_text(row.p05, row.p95) if told else "costs no more in 5 of 100 worlds or more"
            added = f" (adds {number_text(row.added_cost_p50)} in the middle world)" if told else ""
            by_policy.setdefault(row.policy, []).append(cell + added)
        cells = [(labels.policy(policy), *texts) for policy, texts in by_policy.items()]
        if cells:
            head = ("Policy", *(labels.theory(theory) for theory in results.theories))
            tables.append(
                Table(f"{name.label}: change per added billion USD, {name.unit_words}", head, cells, 1)
            )
    return tables


def prior_table(results: Results, case: Case, names: Sequence[MeasureName], labels: Labels) -> Table | None:
    """Assumptions that the spread of a policy's difference goes back to; None if none stands out."""
    from ..analysis.priors import dominated_by_prior

    rows = dominated_by_prior(results, case, [name.id for name in names], top=3)
    by_id = {name.id: name.label for name in names}
    cells = []
    for row in rows:
        if row.kind == "axis":
            axis = case.axes.get(row.name)
            what, grade = (axis.label if axis else row.name), "disagreement"
        else:
            parameter = case.parameters.get(row.name)
            what, grade = (parameter.label if parameter else row.name), row.grade or "–"
        way = {1: "rises with it", -1: "falls with it", 0: "differs by rival"}[row.direction]
        share = f"{round(100 * row.share)} of 100"
        cells.append((by_id[row.measure], labels.policy(row.policy), what, grade, share, way))
    if not cells:
        return None
    head = (
        "Measure",
        "Policy",
        "Assumption",
        "Grade of its evidence",
        "Share of the spread of ranks",
        "The difference",
    )
    return Table(
        f"Under {labels.theory(rows[0].theory)}: largest assumptions behind each difference", head, cells, 2
    )


def failed_table(results: Results, labels: Labels) -> Table | None:
    """Worlds that left the model's bounds, by policy, theory and subsystem; None if none did."""
    cells = [
        (
            labels.policy(row.policy),
            labels.theory(row.theory),
            row.subsystem,
            f"{row.worlds:,}",
            f"{calendar.date_of_week(row.first_week):%Y-%m}",
        )
        for row in results.failed
    ]
    head = ("Policy", "Theory", "Subsystem", "Worlds", "Earliest")
    return Table("Worlds left out because a quantity left its bounds", head, cells, 3) if cells else None
