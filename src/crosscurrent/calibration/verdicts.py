"""What a scoreboard says, in words, unflattering parts included."""

from __future__ import annotations

from ..case.records import Case
from .published import PUBLISHED
from .scoreboard import COMBINED, THEORIES_COMBINED, Scoreboard

__all__ = [
    "CAN_ESTABLISH", "against_best_naive", "nothing_added", "published_words", "statistics_as_good", "verdicts",
]  # fmt: skip

CAN_ESTABLISH = (
    "What this can establish: cut-offs overlap, so eight are about four independent looks, and one shock "
    "(2020, 2023) enters "
    "several; series are in today's vintage; the model was written by people who knew these years, so "
    "that hindsight in "
    "a range is not held back, only levels, drivers and dated shocks are. Nothing here bears on strikes."
)


def against_best_naive(board: Scoreboard, series: str, member: str) -> float | None:
    """Skill against the best naive rule, which is chosen with hindsight."""
    best = board.best_naive(series)
    return None if best is None else board.skill(series, member, best)


def statistics_as_good(board: Scoreboard, case: Case) -> list[str]:
    """Main series on which ETS or ARIMA do as well as the combined forecast, or better."""
    found = [
        name for name in board.series for rival in ("ets", "arima")
        if case.targets[name].score == "main"
        and (skill := board.skill(name, COMBINED, rival)) is not None and skill <= 0
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def nothing_added(board: Scoreboard) -> list[str]:
    """Series on which the theories add nothing to a forecast without any model."""
    return [
        name
        for name in board.series
        if (skill := board.skill(name, THEORIES_COMBINED, "no-model")) is not None and skill <= 0
    ]


def verdicts(board: Scoreboard, case: Case) -> list[str]:
    """Sentences on a scoreboard: where the pool beats references, where not, and whether theories are told apart."""
    main = [name for name in board.series if case.targets[name].score == "main"]
    against_last = {name: board.skill(name, COMBINED, "last_value") for name in main}
    against_best = {name: against_best_naive(board, name, COMBINED) for name in main}
    worse_last = [name for name, skill in against_last.items() if skill is not None and skill <= 0]
    worse_best = [name for name, skill in against_best.items() if skill is not None and skill <= 0]
    lines = [
        f"The combined forecast beats the last value on {len(main) - len(worse_last)} of {len(main)} main "
        f"series and the "
        f"best naive rule (chosen with hindsight) on {len(main) - len(worse_best)} of {len(main)}."
    ]
    statistical = statistics_as_good(board, case)
    if statistical:
        lines.append(f"ETS or ARIMA do as well or better on: {', '.join(statistical)}.")
    alone = [
        name for name in main if (skill := board.skill(name, COMBINED, THEORIES_COMBINED)) is not None and skill < -0.01
    ]
    if alone:
        lines.append(
            "The combined forecast gives half its first weight to the forecast without a model; with hindsight the "
            f"pool of theories alone would have done better on {len(alone)} of {len(main)} main series: "
            f"{', '.join(alone)}."
        )
    null = nothing_added(board)
    if null:
        lines.append("The theories add nothing to a forecast without any model on: " + ", ".join(null) + ".")
    outside = [
        f"{name} ({100 * row.coverage_90:.0f} % of {row.periods} periods at {row.cutoffs} cut-offs)"
        for name in main
        if (row := board.of(name, COMBINED)) and not 0.8 <= row.coverage_90 <= 0.97
    ]
    if outside:
        lines.append(f"Its 90 % intervals hold too few or too many observations on: {', '.join(outside)}.")
    lines.append(board.theory_words())
    return lines


def published_words(board: Scoreboard) -> str:
    """How the published forecast of 2023 did beside ours from the same cut-off."""
    parts = []
    for (series, cutoff, member), value in board.by_cutoff.items():
        ours = board.by_cutoff.get((series, cutoff, COMBINED))
        if member == PUBLISHED and ours is not None:
            parts.append(f"{series} {100 * value:.1f} % against {100 * ours:.1f} % of the combined forecast")
    if not parts:
        return "No published forecast could be scored."
    return (
        "The published forecast of Prieto-Curiel, Campedelli and Hope (+40 % from 2022 to 2027, a point without "
        "interval, "
        "cartel deaths read as homicides), known to December 2022: error " + ", ".join(parts) + "."
    )
