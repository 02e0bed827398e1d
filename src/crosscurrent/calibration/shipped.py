"""What comes ready made with a case: the back-test's forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..case.records import Case
from ..errors import InputError
from ..study.posterior import shipped_folder
from .keeping import model_digest, read_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BACKTEST_NAME", "shipped_backtest"]

BACKTEST_NAME = "backtest.parquet"


def shipped_backtest(case: Case) -> tuple[pd.DataFrame, bool]:
    """Forecasts of the back-test that come with a case, and whether case and model are still those they were made of.

    Raises
    ------
    InputError
        If none comes with the case.
    """
    path = shipped_folder(str(case.folder)) / BACKTEST_NAME
    if not path.is_file():
        raise InputError(
            "no back-test comes with this case", given=str(case.folder), fix="make one: crosscurrent backtest --refit"
        )
    frame, made_of = read_table(path)
    return frame, made_of == model_digest(case)
