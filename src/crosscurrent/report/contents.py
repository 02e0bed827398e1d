"""Everything the report shows, gathered from results and case before a word of HTML is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from .fans import FanRow, MonthlyBands, fan_row, monthly_bands, shared_bands
from .findings import consent_tables, cost_tables, failed_table, prior_tables
from .matrix import Marks, Matrix, mark_words, matrix_of
from .names import MeasureName, Named, main_measures, measure_name, policy_names, theory_names
from .paired import Paired, difference_words, read_pairs
from .repeat import Recipe, recipe
from .tables import Labels, Table, full_table
from .tradeoffs import PAIRS, Tradeoff, tradeoff

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["Contents", "PolicyFans", "gather"]


@dataclass(frozen=True)
class PolicyFans:
    """Fan charts of one policy: a row for each main measure."""

    policy: Named
    status_quo: bool
    rows: tuple[FanRow, ...]


@dataclass(frozen=True)
class Contents:
    """What stands in the sections of the report, in their order."""

    policies: tuple[Named, ...]
    theories: tuple[Named, ...]
    measures: tuple[MeasureName, ...]
    shared: Markup
    """Bands of the status quo, used by all fan charts."""
    fans: tuple[PolicyFans, ...]
    matrices: tuple[Matrix, ...]
    tradeoffs: tuple[Tradeoff, ...]
    consent: tuple[Table, ...]
    costs: tuple[Table, ...]
    priors: tuple[Table, ...]
    failed: Table | None
    figures: tuple[Table, ...]
    """Every measure of the study in figures."""
    recipe: Recipe


def gather(results: Results, case: Case) -> Contents:
    """Read the results once per measure and lay out every section."""
    policies, theories = policy_names(results, case), theory_names(results, case)
    status_quo = results.policies.index("status-quo")
    main = main_measures(results)
    labels = Labels.of(policies, theories)
    pairs, figures = _pairs(results, main, policies, theories)
    bands = [monthly_bands(results, name) for name in main]
    return Contents(
        policies,
        theories,
        main,
        Markup("").join(shared_bands(item, theories, status_quo) for item in bands),
        _fans(bands, pairs, policies, theories, status_quo),
        _matrices(results, main, pairs, policies, theories, status_quo),
        _tradeoffs(main, pairs, policies, theories, status_quo),
        tuple(consent_tables(results, case, main, labels)),
        tuple(cost_tables(results, main, labels)),
        tuple(prior_tables(results, case, main, labels)),
        failed_table(results, labels),
        figures,
        recipe(results, case),
    )


def _pairs(
    results: Results, main: tuple[MeasureName, ...], policies: tuple[Named, ...], theories: tuple[Named, ...]
) -> tuple[dict[str, Paired], tuple[Table, ...]]:
    """Pairs of the main measures, and the figures of every measure of the study."""
    from ..analysis.summary import chosen_measures

    wanted = {name.id for name in main}
    kept: dict[str, Paired] = {}
    figures = []
    for pair in read_pairs(results, chosen_measures(results, None)):
        if pair.measure in wanted:
            kept[pair.measure] = pair
        figures.append(full_table(pair, measure_name(pair.measure, results), policies, theories))
    return kept, tuple(figures)


def _fans(
    bands: list[MonthlyBands],
    pairs: dict[str, Paired],
    policies: tuple[Named, ...],
    theories: tuple[Named, ...],
    status_quo: int,
) -> tuple[PolicyFans, ...]:
    found = []
    for number, policy in enumerate(policies):
        quiet = number == status_quo
        rows = tuple(
            fan_row(
                item,
                (number, policy),
                theories,
                tuple(
                    "" if quiet else difference_words(pairs[item.name.id], number, t)
                    for t in range(len(theories))
                ),
                status_quo=quiet,
            )
            for item in bands
        )
        found.append(PolicyFans(policy, quiet, rows))
    return tuple(found)


def _matrices(
    results: Results,
    main: tuple[MeasureName, ...],
    pairs: dict[str, Paired],
    policies: tuple[Named, ...],
    theories: tuple[Named, ...],
    status_quo: int,
) -> tuple[Matrix, ...]:
    from ..analysis.standing import matrices

    standing = matrices(results, tuple(name.id for name in main))
    found = []
    for name in main:
        marks: Marks = {
            (cell.policy, cell.theory): mark_words(cell.mark, cell.shared)
            for row in standing[name.id]
            for cell in row
        }
        found.append(matrix_of(pairs[name.id], name, policies, theories, status_quo, marks))
    return tuple(found)


def _tradeoffs(
    main: tuple[MeasureName, ...],
    pairs: dict[str, Paired],
    policies: tuple[Named, ...],
    theories: tuple[Named, ...],
    status_quo: int,
) -> tuple[Tradeoff, ...]:
    by_id = {name.id: name for name in main}
    found = (
        tradeoff((by_id[first], pairs[first]), (by_id[second], pairs[second]), policies, theories, status_quo)
        for first, second in PAIRS
        if first in by_id and second in by_id
    )
    return tuple(item for item in found if item is not None)
