"""A study of all policies behind the claims: one that was given, or one the server computes when first asked."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..case.records import Case
from ..errors import CrosscurrentError, Interrupted
from ..study.specification import Study

if TYPE_CHECKING:
    from ..study.execution import Progress
    from ..study.results import Results

__all__ = ["StudyBehind"]

STUDY_WORLDS = 256
"""Worlds a theory of a study that the server computes: the default of ``compare``."""


_LONGEST_CLOSE = 5.0
"""Seconds that closing waits for a computation to stop."""


class StudyBehind:
    """Results of all policies under all theories.

    Parameters
    ----------
    case : Case
    decision : str
    years, seed : int
        As of the page's worlds.
    folder : path, optional
        A stored study; without one, a study is computed into a folder that is deleted at the end.
    beliefs : str
        As of the page's worlds.
    """

    def __init__(
        self, case: Case, decision: str, years: int, seed: int, folder: Path | None = None,
        *, beliefs: str = "prior",
    ) -> None:  # fmt: skip
        self._case = case
        self._study = Study(
            case=str(case.folder), decision=decision, years=years, seed=seed, beliefs=beliefs, worlds=STUDY_WORLDS,
            full_paths=STUDY_WORLDS,
        )  # fmt: skip
        self._folder = folder
        self._results: Results | None = None
        self._error = ""
        self._done = self._total = 0
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def results(self) -> Results | None:
        """The study, or None while it is being computed; the first call begins the computation.

        Raises
        ------
        StoreError, ComputeError
            If the study could not be computed or read.
        """
        if self.stored() is not None:
            return self._results
        with self._lock:
            if self._results is None and self._thread is None:
                self._thread = threading.Thread(target=self._compute, name="crosscurrent-study", daemon=True)
                self._thread.start()
        return self._results

    def stored(self) -> Results | None:
        """The study that was given, if one was; nothing is computed.

        Raises
        ------
        StoreError
            If it could not be read.
        """
        with self._lock:
            if self._results is None and self._folder is not None:
                from ..study.results import open_results

                self._results = open_results(self._folder)
            return self._results if self._folder is not None else None

    def state(self) -> dict[str, Any]:
        """How far the computation is; ``error`` if it failed."""
        return {"done": self._done, "total": self._total, "error": self._error}

    def wait(self, seconds: float) -> Results | None:
        """The study, waited for at most so long."""
        self.results()
        if self._thread is not None:
            self._thread.join(seconds)
        return self._results

    def close(self) -> None:
        """Give up a computation under way, and wait a little until its folder is gone."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_LONGEST_CLOSE)

    def _compute(self) -> None:
        from ..study.running import run_study

        with tempfile.TemporaryDirectory(prefix="crosscurrent-page-") as scratch:
            try:
                found = run_study(
                    self._study, Path(scratch) / "study", progress=self._note, case=self._case, stop=self._stop
                )
            except Interrupted:
                return
            except CrosscurrentError as error:
                self._error = str(error)
                return
            self._results = found
            self._stop.wait()

    def _note(self, progress: Progress) -> None:
        self._done, self._total = progress.worlds_done, progress.worlds_total
