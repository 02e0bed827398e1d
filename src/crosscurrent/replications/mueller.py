"""Support for a war against the logarithm of own casualties (Mueller 1971, 1973), beside our equation for support.

Poll points are for Korea, read second-hand.  Casualty totals at the dates of the polls are recalled and rounded, so
every fit here is an anchor and not a test.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import InputError
from .target import Chart, Replication, Row, close, gap, holds

__all__ = [
    "REPLICATION",
    "intercept_shift",
    "log_casualty_fit",
    "our_points_per_tenfold",
    "our_support",
    "required_ratio",
    "support_by_casualties",
]

MISTAKE_POLLS = {"1950-08": 66.0, "1950-12": 39.0, "1951-02": 41.0, "1951-03": 43.0}
"""Per cent who did not call Korea a mistake."""
RIGHT_POLLS = {"1950-12": 55.0, "1951-02": 57.0, "1951-03": 60.0}
"""Per cent who called sending troops right: the other wording."""
CASUALTIES = {"1950-08": 6_000.0, "1950-12": 38_000.0, "1951-02": 48_000.0, "1951-03": 57_000.0}
"""Own killed, wounded and missing so far; recalled from announcements of the time, to about a third."""
SLOPE = 15.0
SOURCE = "Mueller 1971, 1973; poll points read second-hand"
RIVALS = ("success", "casualties", "duration")


def support_by_casualties(casualties: float, start: float, slope: float) -> float:
    """Support (per cent) after so many casualties: ``slope`` points fewer for every tenfold; ``start`` at the first.

    >>> round(support_by_casualties(1000.0, 90.0, 15.0), 6)
    45.0

    Raises
    ------
    InputError
        If there are no casualties to take a logarithm of.
    """
    if casualties < 1.0:
        raise InputError("too few casualties for the logarithm", given=casualties, expected="1 or more")
    return start - slope * math.log10(casualties)


def log_casualty_fit(casualties: Sequence[float], support: Sequence[float]) -> tuple[float, float]:
    """Start (per cent) and slope (points lost a tenfold) by least squares.

    Raises
    ------
    InputError
        If there are not two different points of each or a count is below 1.
    """
    import numpy as np

    if len(casualties) != len(support) or len(set(casualties)) < 2:
        raise InputError(
            "cannot fit a line", given=f"{len(casualties)} counts, {len(support)} polls", expected="two or more"
        )
    if min(casualties) < 1.0:
        raise InputError("too few casualties for the logarithm", given=min(casualties), expected="1 or more")
    slope, start = np.polyfit(np.log10(np.asarray(casualties)), np.asarray(support), 1)
    return float(start), -float(slope)


def intercept_shift(casualties_then: float, casualties_now: float, slope: float = SLOPE) -> float:
    """How much lower support starts (points) if the same level is met with fewer casualties.

    >>> round(intercept_shift(20_000, 1_500), 2)
    16.87
    """
    return slope * math.log10(casualties_then / casualties_now)


def required_ratio(fall: float, slope: float = SLOPE) -> float:
    """Ratio of casualties that a fall of support (points) asks for if casualties alone are behind it."""
    return float(10.0 ** (fall / slope))


def _plain(equation: Callable[..., float]) -> Callable[..., float]:
    plain: Callable[..., float] = getattr(equation, "py_func", equation)
    return plain


@functools.cache
def _parameters() -> Any:
    from ..case import load_case

    return load_case("us_mexico").parameters


def _central(name: str, rival: str | None) -> float:
    from ..case.distributions import central_value

    parameter = _parameters()[name]
    return central_value(parameter.rivals[rival] if rival else parameter.distribution)


def our_support(casualties: float, success: float, rival: str | None = None, years: float = 0.0) -> float:
    """US support (per cent) for a consented campaign, once opinion has settled, at central values of the case.

    Parameters
    ----------
    success : float
        Perceived success, -1 to 1.
    rival : str, optional
        Rival of the axis *opinion*; the overall distributions if left out.

    Raises
    ------
    InputError
        If casualties are negative, success is outside -1 to 1 or the rival is unknown.
    """
    from ..errors import did_you_mean
    from ..model import opinion

    if casualties < 0.0:
        raise InputError("casualties cannot be negative", given=casualties, expected="0 or more")
    if not -1.0 <= success <= 1.0:
        raise InputError("success is out of range", given=success, expected="between -1 and 1")
    if rival is not None and rival not in RIVALS:
        raise InputError("no such rival of opinion", given=rival, fix=did_you_mean(rival, RIVALS))
    settled = _plain(opinion.support_shift)(
        0.0,
        success,
        casualties,
        years,
        0.0,
        _central("support_success", rival),
        _central("support_casualties", rival),
        _central("support_duration", rival),
        1.0,
    )
    return 100.0 * _plain(opinion.us_support_with_consent)(settled, 0.0, _central("support_base_consented", None))


def our_points_per_tenfold(rival: str | None = None) -> float:
    """Points of support that our equation loses from ten to a hundred own casualties, nothing else changing."""
    return our_support(10.0, 0.0, rival) - our_support(100.0, 0.0, rival)


def _fit_rows() -> list[Row]:
    months = list(MISTAKE_POLLS)
    _, slope = log_casualty_fit([CASUALTIES[month] for month in months], list(MISTAKE_POLLS.values()))
    later = [month for month in months if month in RIGHT_POLLS]
    wording = sum(RIGHT_POLLS[month] - MISTAKE_POLLS[month] for month in later) / len(later)
    fall = MISTAKE_POLLS["1950-08"] - MISTAKE_POLLS["1950-12"]
    shift = intercept_shift(20_000.0, 1_500.0)
    return [
        Row(
            "PS-1",
            "slope of the four Korea polls of 1950-51, points a tenfold",
            SLOPE,
            slope,
            "10 to 20, gap reported",
            3,
            gap(10.0 <= slope <= 20.0),
            SOURCE,
            f"four early polls, casualties recalled; at {SLOPE:g} points a tenfold the fall of {fall:g} points "
            "from August to "
            f"December 1950 would need {required_ratio(fall):.0f} times the casualties, against about 6",
        ),
        Row(
            "PS-1",
            "wording of the Korea question, right against mistake, points",
            15.0,
            wording,
            "±5, gap reported",
            3,
            gap(abs(wording - 15.0) <= 5.0),
            SOURCE,
            "three months with both wordings; as large as a tenfold of casualties",
        ),
        Row(
            "PS-1",
            "lower start of Iraq than Vietnam at the same regret, points",
            17.0,
            shift,
            "±0.5",
            3,
            close(shift, 17.0, absolute=0.5),
            SOURCE,
            "1,500 against 20,000 deaths at the recalled slope of 15",
        ),
    ]


def _our_rows() -> list[Row]:
    rows = []
    for rival, label in ((None, "all theories alike"), ("casualties", "casualties drive opinion")):
        points = our_points_per_tenfold(rival)
        success, duration = (our_points_per_tenfold(other) for other in ("success", "duration"))
        rows.append(
            Row(
                "PS-1",
                f"our support_shift, points a tenfold, {label}",
                SLOPE,
                points,
                "10 to 20, gap reported",
                3,
                gap(10.0 <= points <= 20.0),
                "Mueller 1971, 1973 (slope recalled)",
                f"from 10 to 100 casualties at central values; success rival {success:.1f}, duration rival "
                f"{duration:.1f}",
            )
        )
    for rival, sign in (("success", "success outweighs"), ("casualties", "casualties outweigh")):
        costly, cheap = our_support(1000.0, 0.8, rival), our_support(10.0, -0.25, rival)
        ahead = costly - cheap
        rows.append(
            Row(
                "PS-2",
                f"support, costly success less cheap failure, points ({rival} rival)",
                sign,
                ahead,
                "sign",
                2,
                holds(ahead > 0.0 if rival == "success" else ahead < 0.0),
                "Sidman and Norpoth 2012; Mueller 1971",
                "1,000 casualties with success 0.8 against 10 with success -0.25; the switch is the axis opinion",
            )
        )
    return rows


def _rows() -> list[Row]:
    return [*_fit_rows(), *_our_rows()]


def _charts() -> list[Chart]:
    months = list(MISTAKE_POLLS)
    counts = [CASUALTIES[month] for month in months]
    start, slope = log_casualty_fit(counts, list(MISTAKE_POLLS.values()))
    logs = [math.log10(count) for count in counts]
    mean_log, mean_support = sum(logs) / len(logs), sum(MISTAKE_POLLS.values()) / len(logs)
    korea: dict[str, Sequence[float]] = {
        "polls, mistake wording": list(MISTAKE_POLLS.values()),
        "fitted line": [support_by_casualties(count, start, slope) for count in counts],
        "line of 15 points a tenfold": [mean_support - SLOPE * (log - mean_log) for log in logs],
    }
    powers = [0.25 * step for step in range(17)]
    ours: dict[str, Sequence[float]] = {
        f"{rival} rival": [our_support(10.0**power, 0.0, rival) for power in powers] for rival in RIVALS
    }
    return [
        Chart(
            "Korea 1950-51: support and casualties", "logarithm (base 10) of own casualties", "support, %", logs, korea
        ),
        Chart("Our support for a campaign", "logarithm (base 10) of own casualties", "support, %", powers, ours),
    ]


REPLICATION = Replication(
    name="support-and-casualties",
    title="Public support and own casualties",
    citation=(
        "J. E. Mueller, Trends in popular support for the wars in Korea and Vietnam, American Political Science Review "
        "65(2), 358-375, 1971; War, Presidents and Public Opinion, 1973"
    ),
    doi="10.2307/1954454",
    says=(
        "Support falls by the same number of points each time own casualties grow tenfold, from a similar start "
        "in Korea "
        "and Vietnam: early losses cost most, and a harder core remains."
    ),
    critics=(
        "Sidman and Norpoth, with longer series for the same two wars, find that the prospect of victory "
        "explains morale "
        "and casualties hardly do. Others find that recent losses matter beyond the total, that expected success "
        "sets what losses are borne, and that elites lead. Total casualties only rise, so any decline fits them."
    ),
    not_reproduced=(
        "The regressions themselves: their full poll series and casualty counts were not read and the slope is "
        "recalled. "
        "The four early Korea polls give a steeper line than 15 points, because support collapsed with the entry of "
        "a new enemy and then rose slightly while casualties grew: an event, which the logarithm does not hold. "
        "Elite cues are not in the laboratory."
    ),
    rows=_rows,
    charts=_charts,
)
