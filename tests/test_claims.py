"""Claims whose truth is known: clear, dependent on a theory or an axis, not clear, and not to be decided."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace

import numpy as np
import pytest

from crosscurrent.analysis.claims import audit_claims, study_for_claims
from crosscurrent.analysis.claims_records import Need, Reading, RivalReading
from crosscurrent.analysis.claims_tests import cell_verdict, outcome, overall_verdict, share_of, side_of_half
from crosscurrent.analysis.claims_wording import closing_words, origin_words, size_words, verdict_words, words_of
from crosscurrent.analysis.flips_records import Share
from crosscurrent.case import check_case, load_case
from crosscurrent.case.records import Claim, ClaimTest
from crosscurrent.errors import InputError
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Study, execute
from crosscurrent.study.sampling import world_points

POLICIES = ("status-quo", "unilateral-strikes", "joint-partnership")
THEORIES = ("force-deters", "force-provokes", "even")
MEASURES = ("homicides", "extortion", "members", "trust", "cost_us", "cost_mx", "recruits", "arrests", "displaced")
MONTHS = np.arange(158, 183)
"""From the month before the decision (April 2025) for two years."""


def levels(theory: str, points: np.ndarray) -> dict[str, np.ndarray]:
    """[policy, world] a month for flows, at the end for stocks."""
    p, q, one = points[:, 0], points[:, 1], np.ones(len(points))
    coin = (points[:, 9] * 1e6).astype(int) % 2 == 0
    split = np.where(p < 0.5, 0.8, 1.2)
    theory_says = 0.9 if theory == "force-deters" else 1.1
    return {
        "homicides": np.stack([100 * one, 90 * one, 97 * one]),
        "extortion": np.stack([100 * one, 100 * theory_says * one, 100 * one]),
        "members": np.stack([100 * one, 100 * split, 100 * one]),
        "trust": np.stack([0.5 * one, 0.2 * one, 0.5 + 0.1 * (q - 0.5)]),
        "cost_us": np.stack([0 * one, 10 * one, 2 * one]),
        "cost_mx": np.stack([0 * one, 0 * one, 2 * one]),
        "recruits": np.stack([50 * one, 50 * one, 50 * one]),
        "displaced": np.stack([100 * one, 100 * one, 100 * one + np.where(coin, 1, -1)]),
        "arrests": np.stack([10 * one, 30 * one, 22 * one]),
    }


class Known:
    """Flows that are the same in every month, a stock that moves in a straight line; world 9 fails under one policy."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds = np.arange(first, last)
        points = world_points(self.study.seed, worlds, 12)
        found = levels(theory, points)
        months = np.arange(len(MONTHS)) / (len(MONTHS) - 1)
        monthly = np.stack([np.repeat(values[..., None], len(MONTHS), axis=-1) for values in found.values()], axis=1)
        trust = list(found).index("trust")
        monthly[:, trust] = 0.5 + (found["trust"][..., None] - 0.5) * months
        failed = np.full((3, len(worlds)), -1, dtype=np.int32)
        failed[1, worlds == 9] = 700
        totals = {name: values if name == "trust" else 24.0 * values for name, values in found.items()}
        for values in (*totals.values(), *monthly.transpose(1, 0, 2, 3)):
            values[failed >= 0] = np.nan
        count = max(0, min(last, self.study.full_paths) - first)
        rivals = np.where(points[:, 0] < 0.5, "deters", "does-not").astype(object)
        return BatchResult(
            theory, worlds, self.study.policies, {"p": points[:, 0], "q": points[:, 1], "idle": points[:, 5]},
            {"risk": rivals}, totals, failed, np.where(failed >= 0, "violence", "").astype(object),
            np.moveaxis(np.nanquantile(monthly, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed < 0).sum(axis=1).astype(np.int64),
            np.moveaxis(monthly[:, :, :count], 2, 1).astype(np.float32), MONTHS, len(worlds) * 104, 0.01,
        )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    study = Study(
        policies=POLICIES, theories=THEORIES, worlds=400, measures=MEASURES, years=2, full_paths=200,
        decision="2025-04",
    )  # fmt: skip
    return execute(study, Known, tmp_path_factory.mktemp("claims") / "out", case_digest="0")


@pytest.fixture(scope="module")
def shipped():
    return load_case("us_mexico")


def statement(measure="homicides", policy="unilateral-strikes", versus="status-quo", **more):
    given = {"at_months": (24,), "direction": "lower", "margin": None, "kind": "finding", **more}
    return ClaimTest(measure=measure, policy=policy, versus=versus, **given)


def claim(test, name="it", **more):
    given = {
        "statement": "It would be lower.", "documents": ("document-000", "document-003"), "asserted_by": "experts",
        "kind": "prediction", "stance": "neutral", "subsystem": "violence", "origin": "news", "why_not": None,
        "note": "", "contested": False, **more,
    }  # fmt: skip
    return Claim(id=name, file="claims.yaml", line=1, test=test, **given)


def audited(results, shipped, *tests, **more):
    """The audit of a case with one claim: a main test and further readings."""
    main, *also = tests
    case = replace(shipped, claims={"it": claim(main, also=tuple(also), **more)})
    return audit_claims(results, case).claims[0]


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        (statement(), "holds clearly"),
        (statement(direction="higher"), "fails clearly"),
        (statement(direction="not_lower"), "fails clearly"),
        (statement(direction="not_higher"), "holds clearly"),
        (statement("recruits"), "fails clearly"),
        (statement("recruits", direction="not_lower"), "holds clearly"),
        (statement("recruits", direction="equivalent", margin=0.0), "holds clearly"),
        (statement(direction="equivalent", margin=0.05), "fails clearly"),
        (statement(direction="equivalent", margin=0.11), "holds clearly"),
        (statement(policy="joint-partnership", direction="equivalent", margin=0.05), "holds clearly"),
        (statement("trust", direction="ratio_below", margin=0.5), "holds clearly"),
        (statement("trust", direction="ratio_above", margin=0.5), "fails clearly"),
        (statement("trust", direction="below", margin=0.3), "holds clearly"),
        (statement(direction="above", margin=2100.0), "holds clearly"),
        (statement(direction="above", margin=2200.0), "fails clearly"),
        (statement("extortion"), "depends"),
        (statement("members"), "depends"),
        (statement("trust", policy="joint-partnership", direction="higher"), "depends"),
        (statement("displaced", policy="joint-partnership"), "not clear"),
        (statement("arrests", policy="joint-partnership", versus="unilateral-strikes", direction="higher",
                   per_cost=True), "holds clearly"),
        (statement("trust", versus="unilateral-strikes", versus_month=1), "holds clearly"),
        (statement("recruits", versus="status-quo", versus_measure="homicides"), "holds clearly"),
        (statement(at_months=(1, 12, 24)), "holds clearly"),
    ],
    ids=lambda value: f"{value.measure}-{value.direction}" if isinstance(value, ClaimTest) else value.replace(" ", "-"),
)  # fmt: skip
def test_verdicts_where_truth_is_known(results, shipped, test, verdict):
    assert audited(results, shipped, test).verdict == verdict


def test_shares_errors_and_sizes_are_those_of_the_construction(results, shipped):
    found = audited(results, shipped, statement(at_months=(12, 24))).main
    assert {(r.theory, r.month) for r in found.readings} == {(t, m) for t in THEORIES for m in (12, 24)}
    for reading in found.readings:
        worlds = 200 if reading.month == 12 else 400
        assert (reading.worlds, reading.left_out) == (worlds - 1, 1)
        assert reading.holds.value == 1.0
        assert reading.holds.error == pytest.approx(3.0 / (1.645 * (worlds - 1)))
        assert (reading.size_p50, reading.size_unit) == (pytest.approx(-10.0), "%")


def test_totals_begin_with_the_decision(results, shipped):
    """A flow of 100 a month is 1,200 after twelve months, whatever came before the decision."""
    just = [statement(policy="status-quo", direction="above", margin=level, at_months=(12,)) for level in (1199, 1201)]
    assert [audited(results, shipped, test).verdict for test in just] == ["holds clearly", "fails clearly"]


def test_what_flips_a_claim_is_named(results, shipped):
    by_theory = audited(results, shipped, statement("extortion")).main
    (flipper,) = [item for item in by_theory.flippers if item.kind == "theory"]
    assert (flipper.holds, flipper.fails) == (("force-deters",), ("force-provokes",))
    by_axis = audited(results, shipped, statement("members")).main
    (flipper,) = [item for item in by_axis.flippers if item.kind == "axis"]
    assert (flipper.name, flipper.holds, flipper.fails) == ("risk", ("deters",), ("does-not",))
    assert [item.name for item in by_axis.flippers] == ["risk"]  # p decides too, but tells nothing beyond its axis
    assert "the axis risk (more than half of worlds: deters; fewer: does-not)" in verdict_words(by_axis, THEORIES[:2])


def test_a_parameter_that_flips_a_claim_is_named(results, shipped):
    found = audited(results, shipped, statement("trust", policy="joint-partnership", direction="higher")).main
    (parameter,) = found.flippers
    assert (parameter.kind, parameter.name, parameter.above) == ("parameter", "q", True)
    assert parameter.threshold_low <= 0.5 <= parameter.threshold_high
    assert "q (more often above a threshold between" in verdict_words(found, THEORIES[:2])


def test_a_brief_audit_has_the_same_verdicts(results, shipped):
    tests = {
        "a": statement("trust", policy="joint-partnership", direction="higher"), "b": statement("members"),
        "c": statement(), "d": statement("cost_us", policy="joint-partnership", direction="higher"),
    }  # fmt: skip
    case = replace(shipped, claims={name: claim(test, name) for name, test in tests.items()})
    full, brief = audit_claims(results, case), audit_claims(results, case, brief=True)
    assert [item.verdict for item in full.claims] == [item.verdict for item in brief.claims]
    assert full.claims[0].verdict == "depends"


def test_the_mixture_decides_nothing(results, shipped):
    audit = audit_claims(results, replace(shipped, claims={"it": claim(statement())}))
    assert (audit.theories, audit.mixture, audit.axes_from) == (THEORIES[:2], "even", ("even",))


def test_a_claim_and_its_opposite_are_treated_alike(results, shipped):
    for measure in ("homicides", "extortion", "members"):
        one, other = (audited(results, shipped, statement(measure, direction=d)).main for d in ("lower", "higher"))
        for mine, theirs in zip(one.readings, other.readings, strict=True):
            assert mine.holds.value == pytest.approx(theirs.opposite)
            assert mine.holds.error == pytest.approx(theirs.holds.error)
        mirror = {"holds clearly": "fails clearly", "fails clearly": "holds clearly"}
        assert other.verdict == mirror.get(one.verdict, one.verdict)
        assert [(i.name, i.holds, i.fails) for i in one.flippers if i.kind != "parameter"] == [
            (i.name, i.fails, i.holds) for i in other.flippers if i.kind != "parameter"
        ]


def test_exchanging_the_policies_of_a_test_mirrors_it(results, shipped):
    one = audited(results, shipped, statement("members")).main
    other = audited(
        results, shipped, statement("members", policy="status-quo", versus="unilateral-strikes", direction="higher")
    ).main
    assert [(r.holds, r.opposite, r.unchanged) for r in one.readings] == [
        (r.holds, r.opposite, r.unchanged) for r in other.readings
    ]


def test_the_stance_of_who_asserts_it_changes_nothing(results, shipped):
    verdicts = {
        stance: audited(results, shipped, statement("members"), stance=stance).main
        for stance in ("supporter", "sceptic", "neutral")
    }
    assert repr(verdicts["supporter"]) == repr(verdicts["sceptic"]) == repr(verdicts["neutral"])


def test_statements_joined_by_and_must_hold_in_the_same_world(results, shipped):
    joined = audited(results, shipped, statement(), together=(statement("members", at_months=(), kind=""),)).main
    alone = audited(results, shipped, statement("members")).main
    assert [reading.holds for reading in joined.readings] == [reading.holds for reading in alone.readings]
    assert (joined.parts[0].lowest, joined.parts[0].highest) == (1.0, 1.0)
    assert joined.parts[1].highest == pytest.approx(0.5, abs=0.02)
    dated = audited(results, shipped, statement(), together=(statement("trust", at_months=(6,), kind=""),)).main
    assert dated.verdict == "holds clearly"
    assert {reading.worlds for reading in dated.readings} == {199}


def test_what_the_study_lacks_is_named_and_never_left_out(results, shipped):
    lacking = [
        (statement(policy="leadership-only"), Need("policy", "leadership-only")),
        (statement("ruptures"), Need("measure", "ruptures")),
        (statement(at_months=(60,)), Need("years", "5")),
    ]
    for test, need in lacking:
        found = audited(results, shipped, test)
        assert found.verdict == "not decided"
        assert found.main.needs == (need,)
        assert need.name in found.why
    half = audited(results, shipped, statement(at_months=(24, 60))).main
    assert (half.verdict, half.unread) == ("holds clearly", (60,))
    assert "Not read after 60 months" in verdict_words(half, THEORIES[:2])


def test_without_paths_only_the_end_is_read(tmp_path, shipped):
    study = Study(policies=POLICIES, theories=THEORIES, worlds=64, measures=MEASURES, years=2, full_paths=0)
    bare = execute(study, Known, tmp_path / "out", case_digest="0")
    found = audited(bare, shipped, statement(at_months=(12, 24))).main
    assert (found.verdict, found.unread, found.needs) == ("holds clearly", (12,), (Need("paths", ""),))
    assert audited(bare, shipped, statement(at_months=(12,))).verdict == "not decided"


def test_every_claim_of_the_case_has_its_entry(results, shipped):
    audit = audit_claims(results, shipped)
    assert {item.claim.id for item in audit.claims} == set(shipped.claims)
    for item in audit.claims:
        assert item.verdict != "not decided" or item.why
    subjects = [item.claim.subsystem for item in audit.claims]
    assert subjects == sorted(subjects, key=subjects.index)
    needed = {need.name for need in audit.needs if need.kind == "policy"}
    fields = study_for_claims(results, shipped)
    assert needed <= set(fields["policies"])
    assert {need.name for need in audit.needs if need.kind == "measure"} - set(fields["measures"]) <= {
        "cohesion", "production_capacity", "widened",
    }  # recorded in every study  # fmt: skip
    assert Study(**fields).years == 10


def test_documents_that_retell_one_report_are_one_source(results, shipped):
    audit = audit_claims(results, shipped)
    assert set(audit.origins) == {"news-report-2025-04", "poll-reuters-ipsos-2023"}
    texts = {item.claim.id: origin_words(item) for item in audit.claims}
    assert texts["routes-adapt"].endswith("one origin: document-003, which goes back to news-report-2025-04")
    assert texts["support-erodes"] != texts["majority-favours-action"]


def test_how_large_a_difference_is_stands_beside_its_share(results, shipped):
    found = audited(results, shipped, statement()).main
    assert size_words(found, THEORIES[:2]) == (
        "Difference of the figures in the middle world after 24 months, by theory: \u221210 %."
    )
    level = audited(results, shipped, statement("trust", direction="below", margin=0.3)).main
    assert size_words(level, THEORIES[:2]).endswith("by theory: 0.20 on a scale of 0 to 1.")


def test_no_claims_are_refused(results, shipped):
    with pytest.raises(InputError, match="no claims"):
        audit_claims(results, replace(shipped, claims={}))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0] * 2000, "holds"), ([1.0] * 14, "not clear"), ([0.0] * 2000, "fails"),
        ([1.0, 0.0] * 1000, "not clear"), ([1.0] * 9 + [0.0], "not clear"),
    ],
)  # fmt: skip
def test_clear_needs_enough_worlds(values, expected):
    holds = np.array(values) > 0
    assert cell_verdict(share_of(holds, np.arange(len(holds)) % 8)) == expected


def test_figures_that_are_not_finite_hold_nothing():
    figure, other = np.array([1.0, np.nan, 1.0]), np.array([2.0, 2.0, np.nan])
    for direction in ("lower", "not_higher", "equivalent", "ratio_below", "below"):
        found = outcome(direction, 0.5, figure, other)
        assert np.isnan(found[1])
        assert np.isfinite(found[2]) == (direction == "below")


def cells(*shares):
    return [
        Reading(f"t{k}", 12, Share(s, 0.02), 0, 0, 256, 0, cell_verdict(Share(s, 0.02)), 0, 0, 0, "")
        for k, s in enumerate(shares)
    ]


@pytest.mark.parametrize(
    ("shares", "rivals", "expected"),
    [
        ((0.95, 0.9), (), "holds clearly"),
        ((0.05, 0.1), (), "fails clearly"),
        ((0.95, 0.6), (), "not clear"),
        ((0.95, 0.3), (), "depends"),
        ((0.52, 0.49), (), "not clear"),
        ((0.7, 0.7), (0.9, 0.2), "depends"),
        ((0.7, 0.7), (0.9, 0.6), "not clear"),
        ((), (), "not decided"),
    ],
)
def test_verdict_over_theories(shares, rivals, expected):
    found = [RivalReading("risk", f"r{k}", 12, Share(s, 0.02), 100) for k, s in enumerate(rivals)]
    assert overall_verdict(cells(*shares), found) == expected
    assert side_of_half(Share(0.5, 0.0)) == 0


WORDING = [
    (statement(), "homicides under unilateral-strikes is lower than under status-quo"),
    (statement(direction="not_lower"), "homicides under unilateral-strikes is not lower than under status-quo"),
    (statement(direction="equivalent", margin=0.05), "is within 5 % of that under status-quo"),
    (statement(direction="equivalent", margin=0.0), "is the same as under status-quo"),
    (statement(direction="ratio_below", margin=0.5), "is below 50 % of that under status-quo"),
    (statement(direction="above", margin=260.0), "is above 260,"),
    (statement("trust", versus="unilateral-strikes", versus_month=1), "than under the same policy after 1 month"),
    (statement("recruits", versus_measure="homicides"), "is lower than homicides under status-quo"),
]


@pytest.mark.parametrize(("test", "part"), WORDING)
def test_tests_in_words(test, part):
    assert part in words_of(test, (), test.at_months)


def test_words_stay_neutral(results, shipped):
    audit = audit_claims(results, shipped)
    texts = closing_words(audit)
    for item in audit.claims:
        texts += [verdict_words(found, audit.theories) for found in ((item.main,) if item.main else ()) + item.also]
    for text in texts:
        plain = f" {text.lower()} "
        for word in ("probab", " will ", "proves", "shows that", " true ", "nan ", "camp wins", "supporters"):
            assert word not in plain.replace("is true of the real world", "")


def test_the_case_holds_every_claim_and_nothing_that_cannot_fail(shipped):
    """Each test can fail and can hold in some world: no direction is decided by its form."""
    for item in shipped.claims.values():
        assert (item.test is None) == bool(item.why_not)
        for test in (item.test, *item.together, *item.also) if item.test else ():
            same = (test.policy, test.versus_measure, test.versus_month) == (test.versus, None, None)
            assert not same or test.direction in ("below", "above")
            if test.measure == "supply_recovery_weeks":
                weeks = 52 * max(test.at_months) / 12
                assert test.margin < 0.9 * weeks


def test_the_page_holds_every_claim_and_no_script(results, shipped, tmp_path, capsys, monkeypatch):
    from crosscurrent.commands import claims as command

    path, study = tmp_path / "page" / "claims.html", tmp_path / "all.yaml"
    command.claims(results.folder, True, path, study)
    document = json.loads(capsys.readouterr().out)
    assert len(document["claims"]) == len(shipped.claims)
    assert document["command"].startswith("crosscurrent claims")
    page = path.read_text(encoding="utf-8")
    for item in shipped.claims.values():
        assert f'id="{item.id}"' in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"https?:", page)
    assert Study.from_yaml(study).full_paths == 500
    command.claims(results.folder, False, None, None)
    assert "Not decided by simulation" in capsys.readouterr().out
    with pytest.raises(InputError, match="is a folder"):
        command.claims(results.folder, True, tmp_path, None)


def test_the_section_has_one_ink_and_every_test(results, shipped):
    from crosscurrent.report.claims_section import section

    found = section(results, shipped)
    assert found.id == "claims"
    assert len(found.body) < 60_000
    assert found.body.count("<tr>") == 1 + sum(item.test is not None for item in shipped.claims.values())
    assert section(results, replace(shipped, claims={})) is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("test.margin", None, "equivalent without a margin"),
        ("test.versus_measure", "homicide", "unknown measure 'homicide'"),
        ("test.versus_month", 3, "a total has no figure for one month"),
        ("test.per_cost", "yes", "neither true nor false"),
        ("together", [{"measure": "homicides", "policy": "graduated", "direction": "lower", "at_months": [6, 12]}],
         "must hold together has several dates"),
        ("also", [{"measure": "homicides", "policy": "gradual", "direction": "lower"}], "unknown policy 'gradual'"),
        ("also", [{"measure": "homicides", "policy": "graduated", "direction": "less"}], "less"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_tested_is_refused_with_its_line(tmp_path, field, value, message):
    from case_sample import NAMES, Sample

    sample = Sample()
    place = sample.entry("claims.yaml")
    place["test"]["direction"] = "equivalent"
    *outer, last = field.split(".")
    for part in outer:
        place = place[part]
    place[last] = value
    found = check_case(sample.write(tmp_path / "case"), names=NAMES).problems
    assert [one for one in found if message in one.text() and one.file == "claims.yaml" and one.line]
