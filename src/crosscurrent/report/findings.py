"""Tables that come from the analysis: consent, equal cost, priors, failed worlds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import calendar
from ..language import dated, foreign, own, t
from .names import MeasureName
from .numbers import interval_text, number_text
from .tables import Labels, Table

if TYPE_CHECKING:
    from ..analysis.priors import PriorShare
    from ..analysis.summary import CostRow
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["consent_tables", "cost_tables", "failed_table", "prior_tables"]

_ASSUMPTIONS = 3
"""How many assumptions are named for each difference."""


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
                t("{share} of 100", share=round(100 * row.share)) if row.worlds else "–",
                interval_text(row.p05, row.p95),
                interval_text(row.consented_p05, row.consented_p95)
                if math.isfinite(row.consented_p50)
                else t("fewer than {FEWEST_WORLDS} worlds", FEWEST_WORLDS=FEWEST_WORLDS),
            )
            for row in rows
            if row.measure == name.id
        ]
        if cells:
            head = (t("Policy"), t("Theory"), t("Worlds with consent"), t("All worlds"), t("Worlds with consent only"))
            tables.append(
                Table(t(
                    "{label}: difference from the status quo, {unit_words}",
                    label=name.label, unit_words=name.unit_words,
                ), head, cells, 2)
            )
    return tables


def cost_tables(results: Results, names: Sequence[MeasureName], labels: Labels) -> list[Table]:
    """For each measure: its change per billion USD that a policy adds, world by world."""
    from ..analysis.summary import cost_effects

    kept = [name for name in names if not name.id.startswith("cost_")]
    rows = cost_effects(results, [name.id for name in kept])
    head = (t("Policy"), t("Adds, billion USD"), *(labels.theory(theory) for theory in results.theories))
    tables = []
    for name in kept:
        by_policy: dict[str, list[CostRow]] = {}
        for row in rows:
            if row.measure == name.id:
                by_policy.setdefault(row.policy, []).append(row)
        cells = [
            (labels.policy(policy), _added(found), *(_per_billion(row) for row in found))
            for policy, found in by_policy.items()
        ]
        if cells:
            tables.append(Table(t(
                "{label}: {unit_words} per added billion USD",
                label=name.label, unit_words=name.unit_words,
            ), head, cells, 1))
    return tables


def _per_billion(row: CostRow) -> str:
    return interval_text(row.p05, row.p95) if math.isfinite(row.p05) else t(
        "adds no cost in nearly all worlds",
    )


def _added(rows: Sequence[CostRow]) -> str:
    """Added cost in the middle world, from the lowest theory to the highest."""
    known = [row.added_cost_p50 for row in rows if math.isfinite(row.added_cost_p50)]
    if not known:
        return "–"
    first, last = number_text(min(known)), number_text(max(known))
    return first if first == last else t("{first} to {last}", first=first, last=last)


def prior_tables(results: Results, case: Case, names: Sequence[MeasureName], labels: Labels) -> list[Table]:
    """For each measure: the assumptions that the spread of each policy's difference goes with."""
    from ..analysis.priors import dominated_by_prior

    rows = dominated_by_prior(results, case, [name.id for name in names], top=_ASSUMPTIONS)
    head = (t("Policy"), t("Largest share of the spread"), t("Second"), t("Third"))
    tables = []
    for name in names:
        by_policy: dict[str, list[str]] = {}
        for row in rows:
            if row.measure == name.id:
                by_policy.setdefault(row.policy, []).append(_assumption(row, case))
        cells = [
            (labels.policy(policy), *texts, *("–",) * (_ASSUMPTIONS - len(texts)))
            for policy, texts in by_policy.items()
        ]
        if cells:
            tables.append(
                Table(t(
                    "{label}, under the theory {theory}",
                    label=name.label, theory=labels.theory(rows[0].theory),
                ), head, cells, 1)
            )
    return tables


def _assumption(row: PriorShare, case: Case) -> str:
    """An assumption with its share of the variance of ranks and what is known of it."""
    share = t("{share} of 100", share=round(100 * row.share))
    if row.kind == "axis":
        axis = case.axes.get(row.name)
        label = own(f"axis.{row.name}", axis.label if axis else row.name)
        return t("{share}: {label} (a disagreement; differs by rival)", share=share, label=label)
    parameter = case.parameters.get(row.name)
    label = own(f"parameter.{row.name}", parameter.label) if parameter else foreign(row.name)
    if row.grade in ("", "assumption"):
        if row.direction > 0:
            return t("{share}: {label} (an assumption; rises with it)", share=share, label=label)
        return t("{share}: {label} (an assumption; falls with it)", share=share, label=label)
    grade = own(f"grade.{row.grade}", row.grade)
    if row.direction > 0:
        return t("{share}: {label} ({grade} evidence; rises with it)", share=share, label=label, grade=grade)
    return t("{share}: {label} ({grade} evidence; falls with it)", share=share, label=label, grade=grade)


def failed_table(results: Results, labels: Labels) -> Table | None:
    """Worlds that left the model's bounds, by policy, theory and subsystem; None if none did."""
    cells = [
        (
            labels.policy(row.policy),
            labels.theory(row.theory),
            own(f"subsystem.{row.subsystem}", row.subsystem),
            f"{row.worlds:,}",
            dated(f"{calendar.date_of_week(row.first_week):%Y-%m}"),
        )
        for row in results.failed
    ]
    head = (t("Policy"), t("Theory"), t("Subsystem"), t("Worlds"), t("Earliest"))
    return Table(t("Worlds left out because a quantity left its bounds"), head, cells, 3) if cells else None
