"""The one owner of dates: weeks, months, years and United States fiscal years.

Week ``w`` covers the seven days from 2012-01-02 + 7w.  A decision date takes effect in the week that contains it.
Figures of months, years and fiscal years are sums or means of weekly figures weighted by overlap in days.
"""

from __future__ import annotations

import calendar as _calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .errors import InputError

__all__ = [
    "DAYS_PER_WEEK",
    "START",
    "WEEKS_PER_YEAR",
    "MonthShares",
    "date_of_week",
    "fiscal_year_months",
    "month_label",
    "month_of_date",
    "month_shares",
    "parse_month",
    "projection_end",
    "week_of_date",
    "year_months",
    "year_of_week",
]

START = date(2012, 1, 2)
DAYS_PER_WEEK = 7
WEEKS_PER_YEAR = 365.25 / DAYS_PER_WEEK


def week_of_date(day: date) -> int:
    """Week that contains a day; negative before 2012-01-02.

    >>> week_of_date(date(2012, 1, 8)), week_of_date(date(2012, 1, 9))
    (0, 1)
    """
    return (day - START).days // DAYS_PER_WEEK


def date_of_week(week: int) -> date:
    """First day of a week.

    >>> date_of_week(1)
    datetime.date(2012, 1, 9)
    """
    return START + timedelta(days=DAYS_PER_WEEK * week)


def parse_month(text: str) -> date:
    """First day of a month written ``YYYY-MM``; a full date ``YYYY-MM-DD`` is taken as it is.

    >>> parse_month("2025-04")
    datetime.date(2025, 4, 1)

    Raises
    ------
    InputError
        If the text has another form or names no day.
    """
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", str(text), re.ASCII)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        pass
    raise InputError("not a month", given=str(text), expected="YYYY-MM or YYYY-MM-DD, such as 2025-04")


def month_of_date(day: date) -> int:
    """Months since January 2012.

    >>> month_of_date(date(2013, 2, 28))
    13
    """
    return 12 * (day.year - START.year) + day.month - 1


def month_label(month: int) -> str:
    """``YYYY-MM`` of a month number.

    >>> month_label(13)
    '2013-02'
    """
    return f"{START.year + month // 12:04d}-{month % 12 + 1:02d}"


def year_of_week(week: int) -> int:
    """Calendar year of a week's first day."""
    return date_of_week(week).year


def projection_end(decision_week: int, years: float) -> int:
    """First week after a projection of so many years."""
    return decision_week + round(years * WEEKS_PER_YEAR)


def year_months(year: int) -> range:
    """Month numbers of a calendar year."""
    first = month_of_date(date(year, 1, 1))
    return range(first, first + 12)


def fiscal_year_months(year: int) -> range:
    """Month numbers of a United States fiscal year (October to September, named by its last year)."""
    first = month_of_date(date(year - 1, 10, 1))
    return range(first, first + 12)


class MonthShares(NamedTuple):
    """How weeks fall into months; arrays over the weeks asked for."""

    month: npt.NDArray[np.int64]
    """Month of the week's first day."""
    share: npt.NDArray[np.float64]
    """Share of the week's days in that month, 0-1; the rest falls into the next month."""
    days_in_month: npt.NDArray[np.int64]
    """Days of that month."""
    days_in_next: npt.NDArray[np.int64]
    """Days of the next month."""


def month_shares(first_week: int, last_week: int) -> MonthShares:
    """Overlap of the weeks ``first_week <= week < last_week`` with months.

    >>> shares = month_shares(4, 5)                     # 30 January to 5 February 2012
    >>> int(shares.month[0]), round(float(shares.share[0]), 3)
    (0, 0.286)
    """
    rows = []
    for week in range(first_week, last_week):
        first = date_of_week(week)
        days = _calendar.monthrange(first.year, first.month)[1]
        following = first.replace(day=1) + timedelta(days=days)
        inside = min(DAYS_PER_WEEK, (following - first).days)
        next_days = _calendar.monthrange(following.year, following.month)[1]
        rows.append((month_of_date(first), inside / DAYS_PER_WEEK, days, next_days))
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return MonthShares(
        table[:, 0].astype(np.int64), table[:, 1], table[:, 2].astype(np.int64), table[:, 3].astype(np.int64)
    )
