"""Results given Mexico's consent, beside the results over all worlds.

Consent is an outcome of the model, not an input: a policy that asks for it gets it in some worlds and not
in others, and those worlds differ in more than consent.  So the two columns answer two questions, and the
share of worlds is shown with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..case.records import Case
from ..study.results import Results
from ..study.specification import STATUS_QUO
from .summary import chosen_measures, measure_tables, paired, quantiles

__all__ = ["CONSENT", "FEWEST_WORLDS", "ConsentRow", "given_consent"]

CONSENT = "consented_weeks"
FEWEST_WORLDS = 8
"""With fewer consenting worlds no interval is given."""


@dataclass(frozen=True)
class ConsentRow:
    """Paired differences from the status quo over all worlds and over those in which consent was granted
    for a while.
    """

    policy: str
    theory: str
    measure: str
    unit: str
    worlds: int
    """Worlds that did not fail."""
    consented: int
    """Worlds in which Mexico consented in at least one week."""
    weeks_p50: float
    """Median weeks of consent where it was granted; NaN where it never was."""
    p05: float
    p50: float
    p95: float
    """Over all worlds."""
    consented_p05: float
    consented_p50: float
    consented_p95: float
    """Over the consenting worlds; NaN with fewer than eight."""

    @property
    def share(self) -> float:
        """Share of worlds with consent, 0-1."""
        return self.consented / self.worlds if self.worlds else float("nan")


def given_consent(
    results: Results, measures: Sequence[str] | None = None, case: Case | None = None
) -> list[ConsentRow]:
    """Differences given consent beside those over all worlds.

    Parameters
    ----------
    results : Results
    measures : sequence of str, optional
        All of the study's by default.
    case : Case, optional
        With it, policies that ask for consent and never get it have rows too.

    Returns
    -------
    list of ConsentRow
        For every policy that asks for consent; empty if the study does not record it.
    """
    if CONSENT not in results.measures:
        return []
    weeks = results.table(CONSENT)
    chosen = [
        p for p, policy in enumerate(results.policies) if _asks(case, policy) or bool((weeks[p] > 0).any())
    ]
    names, labels = chosen_measures(results, measures), results.labels
    reference = results.policies.index(STATUS_QUO)
    rows = []
    for name, table in measure_tables(results, names):
        change = paired(table, reference)
        for p in chosen:
            for t, theory in enumerate(results.theories):
                sound = np.isfinite(change[p, t])
                granted = sound & (weeks[p, t] > 0)
                few = granted.sum() < FEWEST_WORLDS
                inside = np.full(3, np.nan) if few else quantiles(change[p, t][granted])
                spell = float(np.median(weeks[p, t][granted])) if granted.any() else float("nan")
                figures = (*quantiles(change[p, t]), *inside)
                rows.append(
                    ConsentRow(
                        results.policies[p], theory, name, labels[name].unit if name in labels else "",
                        int(sound.sum()), int(granted.sum()), spell, *(float(x) for x in figures),
                    )
                )  # fmt: skip
    return rows


def _asks(case: Case | None, policy: str) -> bool:
    """Whether a policy of the case asks for consent, at once or by a rule."""
    base, _, variant = policy.partition("@")
    if case is None or base not in case.policies:
        return False
    entry = case.policies[base]
    orders = [entry.levers, *(rule.then for rule in entry.rules)]
    if variant in entry.variants:
        orders.append(entry.variants[variant].levers)
    return any(order.get("consent_sought", 0.0) > 0.0 for order in orders)
