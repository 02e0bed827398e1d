"""The audit of claims: in which share of worlds, under which theories, an assertion of the documents holds.

Every claim is a statement that can fail in a world: one figure beside another, as the case's ``claims.yaml`` has it.
Its share of worlds is given under every theory and under every rival of the axes that matter, with Monte-Carlo
errors from the eight scrambles.  A claim that no study can decide says why; one that this study cannot, what is
missing.  Supporters' and critics' claims go through the same lines of code, and nothing is counted by camp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Claim, ClaimTest
from ..errors import InputError
from ..language import t
from ..model.schema import MEASURES, OBSERVABLES
from ..study.sampling import scramble_of
from .claims_readings import Figures, dates_of
from .claims_records import Audit, ClaimAudit, Examination, Flipper, Part, Reading, RivalReading
from .claims_tests import cell_verdict, overall_verdict, share_of, side_of_half
from .claims_wording import need_words, one_test, words_of
from .flips import rank_assumptions
from .flips_design import MIXTURE, Counts, Design, Floats, design_of, pooled_theories, rounded_off
from .flips_region import rule_of_one
from .flips_rules import Scores, cut_scores, noise_level, squares_of, straddles, tables
from .flips_sources import governing_axis
from .summary import quantiles

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["SUBJECTS", "audit_claims", "independent_sources", "study_for_claims"]

SUBJECTS = (
    "intelligence", "operations", "organizations", "violence", "trafficking", "market", "finance", "opinion",
    "diplomacy", "migration", "law", "measures", "evidence", "theories",
)  # fmt: skip
"""Order in which claims are shown, as the parts of the model; others come last."""
FEWEST_WORLDS = 8
"""With fewer sound worlds a share is not given."""
_RANKED_FROM = 256
"""Assumptions are ranked for claims that at least so many pooled worlds can be read for."""
_NAMED = 3
_SMALLEST = 0.1
"""Share of worlds on each side of a parameter's threshold below which it is no flip worth naming."""
_PATHS = 500

Kind = Literal["finding", "rule", "input", "belief"]


def audit_claims(results: Results, case: Case, *, brief: bool = False) -> Audit:
    """Check every claim of a case against a stored study.

    Parameters
    ----------
    results : Results
    case : Case
    brief : bool
        Leave out further readings, and parameters where theories, dates or axes flip a claim already; verdicts are
        the same.

    Returns
    -------
    Audit
        One entry for each claim of the case, none left out, by subject.

    Raises
    ------
    InputError
        If the case has no claims.
    """
    if not case.claims:
        raise InputError("the case has no claims", given=case.id, fix="write claims.yaml")
    if brief:
        case = replace(case, claims={name: replace(claim, also=()) for name, claim in case.claims.items()})
    figures = Figures(results)
    figures.load(_wanted(figures, case))
    reader = _Reader(results, case, figures, brief)
    place = {name: number for number, name in enumerate(SUBJECTS)}
    ordered = sorted(case.claims.values(), key=lambda claim: place.get(claim.subsystem, len(place)))
    sources = independent_sources(ordered)
    claims = tuple(_audited(claim, reader, sources[claim.origin]) for claim in ordered)
    tests = [test for item in claims for test in ((item.main,) if item.main else ()) + item.also]
    mixture = MIXTURE if MIXTURE in results.theories else ""
    return Audit(
        claims, pooled_theories(results.theories), mixture, reader.axes_from, figures.months, results.study.worlds,
        figures.path_worlds, tuple(dict.fromkeys(need for test in tests for need in test.needs)),
        tuple(dict.fromkeys(item.source for item in claims)),
    )  # fmt: skip


def _tests(claim: Claim) -> list[tuple[ClaimTest, tuple[ClaimTest, ...]]]:
    """The main test with those that must hold together, then further readings."""
    if claim.test is None:
        return []
    return [(claim.test, claim.together), *((test, ()) for test in claim.also)]


def _parts(test: ClaimTest, others: Sequence[ClaimTest], month: int) -> list[tuple[ClaimTest, int]]:
    """Every single test with its date, for a date of the main one."""
    return [(test, month), *((each, each.at_months[0] if len(each.at_months) == 1 else month) for each in others)]


def _wanted(figures: Figures, case: Case) -> list[tuple[ClaimTest, int]]:
    """Tests and dates that the study can read."""
    found = []
    for claim in case.claims.values():
        for test, others in _tests(claim):
            for month in dates_of(test, cast(ClaimTest, claim.test)):
                parts = _parts(test, others, month)
                if not any(figures.needs(*part) for part in parts):
                    found += parts
    return found


def _audited(claim: Claim, reader: _Reader, source: str) -> ClaimAudit:
    found = [reader.test(test, others, cast(ClaimTest, claim.test)) for test, others in _tests(claim)]
    return ClaimAudit(claim, source, found[0] if found else None, tuple(found[1:]))


def independent_sources(claims: Sequence[Claim]) -> dict[str, str]:
    """Independent source behind each origin: documents that carry claims of one origin together all go back to it.

    A document that adds a judgement of its own is thus no source beside the report that it retells.
    """
    goes_back = {
        document: claim.origin
        for claim in claims
        if len(claim.documents) > 1 and claim.origin not in claim.documents
        for document in claim.documents
    }
    return {claim.origin: goes_back.get(claim.origin, claim.origin) for claim in claims}


class _Reader:
    """Reads tests from one study."""

    def __init__(self, results: Results, case: Case, figures: Figures, brief: bool) -> None:
        self.results, self.case, self.figures, self.brief = results, case, figures, brief
        self.pooled = pooled_theories(results.theories)
        self.axes_from = (MIXTURE,) if MIXTURE in results.theories else self.pooled
        self._rivals = {theory: results.axes(theory) for theory in self.axes_from}
        self._noise: dict[int, float] = {}
        self._counts: dict[bytes, Floats] = {}

    def test(self, test: ClaimTest, others: tuple[ClaimTest, ...], main: ClaimTest) -> Examination:
        """Shares, verdict and what flips it."""
        months, kind = dates_of(test, main), cast(Kind, test.kind or main.kind)
        lacking = {
            month: [need for part in _parts(test, others, month) for need in self.figures.needs(*part)]
            for month in months
        }
        needs = tuple(dict.fromkeys(need for found in lacking.values() for need in found))
        words = words_of(test, others, months)
        outcomes = {
            month: self.figures.outcome(test, others, month) for month, found in lacking.items() if not found
        }
        readings = tuple(
            reading for month, found in outcomes.items() for reading in self._readings(test, found, month)
        )
        rivals = tuple(item for month, found in outcomes.items() for item in self._by_rival(found, month))
        deciding = [item for item in readings if item.theory in self.pooled]
        few = any(item.worlds < FEWEST_WORLDS for item in deciding)
        verdict = "not decided" if few else overall_verdict(deciding, rivals)
        why = need_words(needs) if not deciding else t("too few sound worlds") if few else ""
        flippers: tuple[Flipper, ...] = ()
        if verdict in ("depends", "not clear"):
            flippers = tuple(self._flippers(deciding, rivals))
        if verdict == "not clear" or (verdict == "depends" and not self.brief):
            flippers += tuple(self._parameters(outcomes, flippers))
            verdict = "depends" if flippers else verdict
        unread = tuple(month for month in months if month not in outcomes)
        return Examination(
            test, others, words, self._each_part(test, others, tuple(outcomes)), kind, verdict, why, readings,
            rivals, flippers, unread, needs,
        )  # fmt: skip

    def _each_part(self, test: ClaimTest, others: tuple[ClaimTest, ...], months: Sequence[int]) -> tuple[Part, ...]:
        """Share of every statement by itself, where several are joined."""
        found = []
        places = [self.results.theories.index(theory) for theory in self.pooled]
        for number, each in enumerate((test, *others) if others and months else ()):
            shares = []
            for month in months:
                part, at = _parts(test, others, month)[number]
                holds = self.figures.outcome(part, (), at)[places]
                sound = np.isfinite(holds).sum(axis=1)
                shares += ((holds > 0).sum(axis=1)[sound > 0] / sound[sound > 0]).tolist()
            if shares:
                found.append(Part(one_test(each), min(shares), max(shares)))
        return tuple(found)

    def _readings(self, test: ClaimTest, outcomes: Floats, month: int) -> list[Reading]:
        figure, other = (values[:, : outcomes.shape[1]] for values in self.figures.both(test, month))
        found = []
        for place, theory in enumerate(self.results.theories):
            sound = np.isfinite(outcomes[place])
            values = outcomes[place][sound]
            share = share_of(values > 0, scramble_of(np.flatnonzero(sound)))
            unit, size = self._size(test, figure[place][sound], other[place][sound])
            low, middle, high = (float(x) for x in quantiles(size)) if len(size) else (float("nan"),) * 3
            found.append(
                Reading(
                    theory, month, share, _mean(values < 0), _mean(values == 0), int(sound.sum()),
                    int((~sound).sum()), cell_verdict(share), low, middle, high, unit,
                )
            )  # fmt: skip
        return found

    def _size(self, test: ClaimTest, figure: Floats, other: Floats) -> tuple[str, Floats]:
        """How far the figure lies from the other one: a share of it, or in its unit where that may be 0."""
        known = MEASURES.get(test.measure) or OBSERVABLES.get(test.measure)
        unit = known.unit if known is not None else ""
        unit = f"{unit} per million USD" if test.per_cost else unit
        if test.direction in ("below", "above"):
            return unit, figure
        change = rounded_off(other, figure)
        if unit in ("", "1") or test.per_cost or not np.all(np.abs(other) > 0):
            return unit, change
        return "%", 100.0 * change / np.abs(other)

    def _by_rival(self, outcomes: Floats, month: int) -> list[RivalReading]:
        found = []
        places = [self.results.theories.index(theory) for theory in self.axes_from]
        count = outcomes.shape[1]
        worlds = np.tile(np.arange(count), len(places))
        values = outcomes[places].ravel()
        for axis in self._rivals[self.axes_from[0]]:
            names = np.concatenate([self._rivals[theory][axis][:count] for theory in self.axes_from])
            for rival in np.unique(names.astype(str)):
                here = (names == rival) & np.isfinite(values)
                if here.sum() >= FEWEST_WORLDS:
                    share = share_of(values[here] > 0, scramble_of(worlds[here]))
                    found.append(RivalReading(axis, str(rival), month, share, int(here.sum())))
        return found

    def _flippers(self, readings: Sequence[Reading], rivals: Sequence[RivalReading]) -> list[Flipper]:
        """Theories, dates and axes on two sides of a half, beyond error."""
        found: list[Flipper] = []
        sides = [(item, side_of_half(item.holds)) for item in readings]
        for kind, key in (("theory", "theory"), ("date", "month")):
            holds, fails = (
                list(dict.fromkeys(str(getattr(item, key)) for item, side in sides if side == wanted))
                for wanted in (1, -1)
            )
            shared = set(holds) & set(fails)
            holds, fails = ([name for name in names if name not in shared] for names in (holds, fails))
            if holds and fails:
                found.append(_flipper(kind, kind, holds, fails))
        by_axis: dict[str, list[tuple[RivalReading, int]]] = {}
        last = max((item.month for item in rivals), default=0)
        for item in rivals:
            if item.month == last:
                by_axis.setdefault(item.axis, []).append((item, side_of_half(item.holds)))
        for axis, pairs in by_axis.items():
            holds, fails = ([item.rival for item, side in pairs if side == wanted] for wanted in (1, -1))
            if holds and fails:
                found.append(_flipper("axis", axis, holds, fails))
        return found

    def _parameters(self, outcomes: dict[int, Floats], flippers: Sequence[Flipper]) -> list[Flipper]:
        """Parameters with a claim on two sides of a half, beyond noise and error, at the date with most worlds."""
        values = max(outcomes.values(), key=lambda table: table.shape[1])
        if values.shape[1] * len(self.pooled) < _RANKED_FROM:
            return []
        design = design_of(self.results)
        column, rows = self._pooled(design, values)
        holds = (column > 0).astype(np.float64)
        if not 0.02 <= holds.mean() <= 0.98:
            return []
        if not self._may_flip(design, rows, holds, flippers):
            return []
        counts = self._counts[rows.tobytes()]
        ranking = rank_assumptions(design, rows, holds, self.case, self._noise[len(rows)], counts)
        found, tried = [], 0
        for item, number in zip(ranking.ranked, ranking.numbers, strict=True):
            if item.kind != "parameter" or not item.beyond_noise or not item.adds:
                continue
            scores = Scores(ranking.scores.score[number], ranking.scores.folds[number])
            rule = rule_of_one(design, rows, holds, number, scores)
            sides = {
                side_of_half(share_of(holds[part] > 0, design.scrambles[rows[part]]))
                for part in (rule.inside, ~rule.inside)
            }
            (condition,) = rule.conditions
            within = float(rule.inside.mean())
            if sides == {1, -1} and _SMALLEST <= within <= 1.0 - _SMALLEST:
                found.append(
                    Flipper("parameter", item.name, (), (), condition.low, condition.high, condition.above)
                )
            tried += 1
            if tried == _NAMED:
                break
        return found

    def _may_flip(self, design: Design, rows: Counts, holds: Floats, flippers: Sequence[Flipper]) -> bool:
        """Whether some parameter by itself has a claim on two sides of a half, beyond noise; few claims have one."""
        key = rows.tobytes()
        counts, sums = tables(design, rows, holds[None], self._counts.get(key))
        self._counts = {key: counts}
        if len(rows) not in self._noise:
            # One toss a world, the same under every theory: nothing less even is met with.
            coin = np.random.Generator(np.random.PCG64(2)).integers(0, 2, self.results.study.worlds)
            self._noise[len(rows)] = noise_level(design, rows, coin[design.worlds[rows]].astype(np.float64), counts)
        flipped = {item.name for item in flippers}
        free = np.array([
            item.kind == "parameter" and governing_axis(item.name, self.case) not in flipped
            for item in design.assumptions
        ])  # fmt: skip
        free &= straddles(counts, sums[0], 0.5)
        total = squares_of(holds, design.scrambles[rows])
        score = cut_scores(counts[free], sums[0][free], np.zeros(int(free.sum()), dtype=bool), total).score
        return bool(score.max(initial=0.0) > self._noise[len(rows)])

    def _pooled(self, design: Design, values: Floats) -> tuple[Floats, Counts]:
        """Outcomes of pooled worlds and their rows in the design."""
        count = values.shape[1]
        places = np.array([self.results.theories.index(theory) for theory in design.theories])
        inside = design.worlds < count
        column = np.full(len(inside), np.nan)
        column[inside] = values[places[design.theory[inside]], design.worlds[inside]]
        rows = np.flatnonzero(np.isfinite(column))
        return column[rows], rows


def _mean(flags: npt.NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def _flipper(kind: str, name: str, holds: Sequence[str], fails: Sequence[str]) -> Flipper:
    nan = float("nan")
    side = cast(Literal["theory", "date", "axis", "parameter"], kind)
    return Flipper(side, name, tuple(holds), tuple(fails), nan, nan, True)


def study_for_claims(results: Results, case: Case) -> dict[str, object]:
    """Fields of a study that would answer every claim: the policies and measures that tests name, paths of 500 worlds.

    The rest stays as in the stored study, but the projection is at least as long as the latest date.
    """
    tests = [each for claim in case.claims.values() for test, others in _tests(claim) for each in (test, *others)]
    policies = [*results.policies, *(name for test in tests for name in (test.policy, test.versus))]
    known = [name for name in results.study.measures or results.measures if name in MEASURES]
    extra = (name for test in tests for name in (test.measure, test.versus_measure) if name in MEASURES)
    latest = max((month for test in tests for month in test.at_months), default=12)
    study = results.study
    return {
        **study.model_dump(mode="json"),
        "policies": list(dict.fromkeys(policies)), "measures": list(dict.fromkeys([*known, *extra])),
        "years": max(study.years, -(-latest // 12)), "full_paths": _PATHS, "worlds": max(study.worlds, _PATHS),
    }  # fmt: skip
