"""``robustness``: which policy is preferred under which criterion and theory, and how sure that is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.numbers import fitted, scaled
from ..analysis.preferences import Preferences, read_preferences
from ..analysis.robustness import SHIFTS, Portfolio, Ranking, Robustness, robustness
from ..analysis.robustness_sample import CRITERIA
from ..analysis.robustness_words import caution_words, portfolio_words, short_words
from ..study.results import open_results
from .common import console, names_in, note, progress_bar, run_command, write_json
from .display import theory_columns, theory_table

if TYPE_CHECKING:
    from rich.console import Console

    from ..study.results import Results

__all__ = ["MOST_WORLDS", "judge", "stated_preferences", "step_notes", "until_stable"]

MOST_WORLDS = 16_384
"""Where doubling stops, worlds per theory."""
_CELL = 11
_LABELS = {item.id: item.label for item in CRITERIA}


def judge(
    folder: Path, preferences: str | None, measures: str | None, stable: bool, full: bool, as_json: bool
) -> None:  # fmt: skip
    """Judge a study's policies, with more worlds if asked to, and tell what it says: all of it for what was named."""
    results = open_results(folder)
    stated = stated_preferences(results, preferences)
    names = names_in(measures) or None
    looks = _looks(results.study.worlds) if stable else 1
    found = robustness(results, names, stated, step_notes("judging"), looks)
    if stable:
        found, results = until_stable(results, found, names, stated, looks)
    if as_json:
        write_json(document(results, found))
    else:
        tell(results, found, full=full or bool(names or stated))


def stated_preferences(results: Results, text: str | None) -> list[Preferences] | None:
    """Preferences named on the command line, by file or by the name of a shipped example; None if none is."""
    if text is None:
        return None
    return [read_preferences(name, results.measures, results.theories) for name in names_in(text)]


def step_notes(label: str) -> Callable[[int, int], None]:
    """Lines on standard error about work of many steps, once it has taken two seconds, with an estimate."""
    begun = time.monotonic()
    last = begun

    def show(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 2.0 and done:
            last = now
            note(f"{label}: {done} of {total}, about {(now - begun) / done * (total - done):.0f} s to go")

    return show


def _looks(worlds: int) -> int:
    """How often worlds can double up to the cap, and once more for the beginning."""
    return 1 + max(0, (MOST_WORLDS // worlds).bit_length() - 1)


def until_stable(
    results: Results,
    found: Robustness,
    names: Sequence[str] | None,
    stated: Sequence[Preferences] | None,
    looks: int,
) -> tuple[Robustness, Results]:
    """Double the worlds until who is first by expected value is settled or equal in practice, up to the cap.

    Whoever asks again and again finds a difference by chance sooner or later, so that what counts as settled allows
    for all looks that there may be.
    """
    from ..study.running import extend_study

    while found.undecided():
        worlds = 2 * results.study.worlds
        if worlds > MOST_WORLDS:
            note(f"stopped at {results.study.worlds} worlds per theory; not settled: {_open_names(found)}")
            break
        note(f"not settled at {results.study.worlds} worlds: {_open_names(found)}; going on with {worlds}")
        with progress_bar("extending") as (progress, announce):
            results = extend_study(results.folder, worlds, progress=progress, on_compile=announce)
        found = robustness(results, names, stated, step_notes("judging"), looks)
    return found, results


def _open_names(found: Robustness) -> str:
    names = [f"{portfolio.preferences.name} under {item.theory}" for portfolio, item in found.undecided()]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def document(results: Results, found: Robustness) -> dict[str, Any]:
    """The JSON document; lists follow the order of the policies or theories of the study."""
    return {
        "study": {"folder": str(results.folder), "digest": results.study.digest(), "worlds": found.worlds},
        "policies": list(found.policies),
        "theories": list(found.theories),
        "failed_worlds": results.failed_worlds,
        "criteria": [
            {"id": item.id, "label": item.label, "meaning": item.meaning, "settles_with_worlds": item.smooth}
            for item in CRITERIA
        ],
        "threshold_shifts": list(SHIFTS),
        "settled": not found.undecided(),
        "cautions": caution_words(found),
        "portfolios": [_portfolio_document(found, item) for item in found.portfolios],
    }


def _portfolio_document(found: Robustness, portfolio: Portfolio) -> dict[str, Any]:
    stated = portfolio.preferences
    return {
        "name": stated.name, "label": stated.label, "unit": portfolio.unit, "ranked": portfolio.ranked,
        "preferences": asdict(stated), "theories_counted": list(portfolio.theories),
        "worlds": list(portfolio.worlds), "failed": [list(row) for row in portfolio.failed],
        "rankings": [_ranking_document(found, item) for item in portfolio.rankings],
        "steadiness": asdict(portfolio.steadiness) if portfolio.steadiness else None,
        "in_words": portfolio_words(found, portfolio),
    }  # fmt: skip


def _ranking_document(found: Robustness, item: Ranking) -> dict[str, Any]:
    lead = item.leading
    return {
        "theory": item.theory or None, "over": item.over, "criterion": item.criterion,
        "values": list(item.values), "mc_errors": list(item.errors), "differences": list(item.differences),
        "difference_mc_errors": list(item.difference_errors), "first_rank": list(item.first_rank),
        "last_rank": list(item.last_rank), "rank_shares_of_resamples": [list(row) for row in item.rank_shares],
        "preferred": [found.policies[place] for place in item.preferred()],
        "leading": None if lead is None else {
            "first": found.policies[lead.first], "nearest": found.policies[lead.second], "difference": lead.difference,
            "mc_error": lead.error, "verdict": lead.verdict, "worlds_needed": lead.worlds_needed,
        },
    }  # fmt: skip


def tell(results: Results, found: Robustness, *, full: bool) -> None:
    """Print portfolios for people: how often each policy is first and what holds over theories, or every ranking."""
    from rich.padding import Padding
    from rich.text import Text

    out = console()
    if full:
        for portfolio in found.portfolios:
            _tell_whole(out, found, portfolio)
    else:
        _first_table(out, found, found.measures, "Measures beside each other")
    _first_table(out, found, found.stakeholders, "Preferences beside each other")
    if found.stakeholders:
        out.print("Shipped preferences are examples and nobody's position.\n", style="dim")
    if not full:
        for portfolio in found.portfolios:
            out.print(_heading(portfolio))
            for sentence in short_words(found, portfolio):
                out.print(Padding(Text(sentence), (0, 0, 0, 2)))
        out.print()
    if full:
        out.print(
            "Ranks: 1 is preferred; policies that the worlds do not tell apart share ranks (2-4). Figures are changes "
            "from the status quo, in the same worlds, ± Monte-Carlo error. The mixture `even` does not count as a "
            "theory.",
            style="dim",
        )
    for sentence in caution_words(found):
        out.print(sentence, markup=False)
    _next(out, results, found, full=full)


def _heading(portfolio: Portfolio) -> str:
    stated = portfolio.preferences
    head = f"[bold]{stated.label[:1].upper() + stated.label[1:]}[/bold]"
    return f"{head}  {stated.description}" if stated.description else head


def _tell_whole(out: Console, found: Robustness, portfolio: Portfolio) -> None:
    """Ranks by expected value, who is first by each criterion, and all that is said of one portfolio."""
    out.print(_heading(portfolio))
    if portfolio.ranked:
        if portfolio.preferences.weighted:
            _rank_table(out, found, portfolio)
        _criteria_table(out, found, portfolio)
    else:
        _value_table(out, found, portfolio)
    for sentence in portfolio_words(found, portfolio):
        out.print(sentence, markup=False)
    out.print()


def _ranks(item: Ranking, place: int) -> str:
    first, last = item.first_rank[place], item.last_rank[place]
    return f"{first}" if first == last else f"{first}-{last}"


def _numbered(found: Robustness, place: int) -> str:
    return f"{place:2d} {found.policies[place]}"


def _rank_table(out: Console, found: Robustness, portfolio: Portfolio) -> None:
    """Ranks by expected value with the mean, under each theory and over theories."""
    from rich.text import Text

    rankings = {name: portfolio.ranking("expected", name) for name in found.theories}
    if len(portfolio.theories) > 1:
        rankings["worst-theory"] = portfolio.ranking("expected", over="worst theory")
        rankings["least-regret"] = portfolio.ranking("expected", over="regret over theories")
    largest = max(abs(value) for item in rankings.values() for value in item.differences)
    factor, unit = scaled(largest, portfolio.unit)
    out.print(f"Rank by expected value; below it the change of that value from the status quo, {unit}", style="dim")
    for part in theory_columns(out, list(rankings), _CELL, names=26):
        table = theory_table(part, "")
        for place in range(len(found.policies)):
            cells = []
            for name in part:
                item = rankings[name]
                figures = f"{fitted(item.differences[place] / factor, largest / factor)}±" + fitted(
                    item.difference_errors[place] / factor, largest / factor
                )
                style = "bold blue" if item.first_rank[place] == 1 else ""
                cells.append(Text.assemble((_ranks(item, place), style), "\n", (figures, "dim")))
            table.add_row(_numbered(found, place), *cells)
        out.print(table)


def _criteria_table(out: Console, found: Robustness, portfolio: Portfolio) -> None:
    """Numbers of the policies that are first, by criterion and theory."""
    ids = list(dict.fromkeys(item.criterion for item in portfolio.rankings))
    out.print("First by each criterion (numbers of the policies; several were not told apart)", style="dim")
    columns = [*found.theories, *(["worst-theory", "least-regret"] if len(portfolio.theories) > 1 else [])]
    over = {"worst-theory": "worst theory", "least-regret": "regret over theories"}
    for part in theory_columns(out, columns, _CELL, names=26):
        table = theory_table(part, "")
        for key in ids:
            cells = []
            for name in part:
                item = (
                    portfolio.ranking(key, over=over[name])  # type: ignore[arg-type]
                    if name in over
                    else portfolio.ranking(key, name)
                )
                first = item.preferred()
                cells.append(",".join(map(str, first)) if len(first) <= 4 else f"{len(first)} alike")
            table.add_row(_LABELS[key], *cells)
        out.print(table)


def _value_table(out: Console, found: Robustness, portfolio: Portfolio) -> None:
    """Means where nothing is ranked."""
    items = [portfolio.ranking("expected", name) for name in found.theories]
    largest = max(abs(value) for item in items for value in item.differences)
    factor, unit = scaled(largest, portfolio.unit)
    out.print(f"Mean change from the status quo, {unit}; no direction is agreed, so nothing is ranked", style="dim")
    for part in theory_columns(out, found.theories, _CELL, names=26):
        table = theory_table(part, "")
        for place in range(len(found.policies)):
            cells = [
                f"{fitted(item.differences[place] / factor, largest / factor)}±"
                f"{fitted(item.difference_errors[place] / factor, largest / factor)}"
                for item in items
                if item.theory in part
            ]
            table.add_row(_numbered(found, place), *cells)
        out.print(table)


def _first_table(out: Console, found: Robustness, portfolios: Sequence[Portfolio], title: str) -> None:
    """Under how many theories each policy is first, for each measure or set of preferences."""
    sets = [item for item in portfolios if item.ranked and item.preferences.weighted]
    if len(sets) < 2:
        return
    out.print(f"[bold]{title}[/bold]")
    out.print(
        f"Under how many of {len(sets[0].theories)} theories a policy is first by expected value "
        "(+ as many where it is not told from the first)",
        style="dim",
    )
    names = [item.preferences.name for item in sets]
    widest = max(len(word) for name in names for word in name.split("-"))
    for part in theory_columns(out, names, max(_CELL, widest) + 2, names=26):
        table = theory_table(part, "")
        for place in range(len(found.policies)):
            cells = [_first_count(item, place) for item in sets if item.preferences.name in part]
            table.add_row(_numbered(found, place), *cells)
        out.print(table)
    out.print()


def _first_count(portfolio: Portfolio, place: int) -> str:
    firsts = [portfolio.ranking("expected", name).preferred() for name in portfolio.theories]
    alone = sum(first == (place,) for first in firsts)
    shared = sum(place in first for first in firsts) - alone
    return (f"{alone}" if alone or not shared else "") + (f"+{shared}" if shared else "") if alone or shared else "·"


def _next(out: Console, results: Results, found: Robustness, *, full: bool) -> None:
    lines = ["What to type next:"]
    if not full:
        one = next((item.preferences.name for item in found.portfolios if item.ranked), "homicides")
        named = run_command("robustness", results.folder, "--measures", one)
        lines.append(f"  {named}    every rank and criterion of one measure (all: --full)")
    if found.undecided():
        more = run_command("robustness", results.folder, "--until-stable")
        lines.append(f"  {more}    double the worlds until it is settled who is first")
    lines.append(f"  {run_command('value-of-information', results.folder)}    what research would change it")
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
