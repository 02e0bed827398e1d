"""A published forecast scored in the same table: cartel deaths from 2022 to 2027 under the status quo [1]_.

The model of Prieto-Curiel, Campedelli and Hope was fitted to data up to 2022 and says that weekly deaths rise by
40 per cent until 2027.  It gives no intervals and no yearly figures, so it is read as steady growth from the level of
2022 and scored as a point.  Its deaths are those of cartel members; homicides are the nearest series that is counted.

References
----------
.. [1] Prieto-Curiel R, Campedelli GM, Hope A (2023) Reducing cartel recruitment is the only way to lower violence in
   Mexico. Science 381(6664). https://doi.org/10.1126/science.adh2888
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import calendar
from .backtest import QUANTILE_COLUMNS

__all__ = ["PUBLISHED", "RISE_UNTIL_2027", "published_rows"]

PUBLISHED = "prieto-curiel-2023"
RISE_UNTIL_2027 = 0.40
"""Rise of deaths from 2022 to 2027 in the status quo."""
_SERIES = {"mx_homicide_inegi_annual": 12, "mx_homicide_sesnsp_victims_monthly": 1}
"""Series of homicides, and months in a period."""


def published_rows(seen: Mapping[str, Mapping[int, float]]) -> list[dict[str, Any]]:
    """Rows in the form of the back-test's table, from the cut-off of December 2022.

    Parameters
    ----------
    seen : mapping
        Observations by series and last month of the period.
    """
    cutoff = calendar.month_of_date(calendar.parse_month("2022-12"))
    rows = []
    for series, length in _SERIES.items():
        known = seen.get(series, {})
        base = [known[end] for end in range(cutoff - 11, cutoff + 1) if end in known]
        if not base:
            continue
        for end in sorted(end for end in known if cutoff < end <= cutoff + 24):
            ahead = (end - cutoff) / 12.0 if length == 12 else (end - cutoff + 5.5) / 12.0
            value = float(np.mean(base)) * (1.0 + RISE_UNTIL_2027) ** (ahead / 5.0)
            rows.append(
                {"series": series, "cutoff": "2022-12", "member": PUBLISHED, "realised": False, "end": end,
                 **dict.fromkeys(QUANTILE_COLUMNS, value)}
            )  # fmt: skip
    return rows
