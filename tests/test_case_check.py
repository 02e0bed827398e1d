"""Every rule of a case is broken in every file it applies to, and the check must say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from case_breaks_calibration import CALIBRATION_BREAKS
from case_breaks_pathways import PATHWAY_BREAKS
from case_sample import NAMES, Sample

from crosscurrent.case import RULES, Problem, check_case
from crosscurrent.case.forms import OPTIONAL

Change = Callable[[Sample], None]

YAML_FILES = (
    "case.yaml", "products.yaml", "corridors.yaml", "levers.yaml", "parameters/organizations.yaml",
    "axes.yaml", "theories.yaml", "policies.yaml", "claims.yaml", "pathways.yaml",
    "targets.yaml", "driver_rules.yaml", "learned.yaml",
)  # fmt: skip
TABLES = (
    "groups.csv", "rivalries.csv", "alliances.csv", "history.csv", "events.csv", "series/deaths.csv",
    "evidence.csv",
)  # fmt: skip
ALL = (*YAML_FILES, *TABLES)


def _kind(file: str) -> str:
    """Name of a file in the table of rules."""
    return f"{file.split('/')[0]}/*" if "/" in file else file


def _edit(file: str, change: Callable[[bytes], bytes]) -> Change:
    return lambda sample: sample.edits.__setitem__(file, change)


def _set(file: str, key: str, value: Any) -> Change:
    """Set a key of the first entry or row; ``a.b`` reaches inside."""

    def change(sample: Sample) -> None:
        *outer, last = key.split(".")
        place: Any = sample.entry(file)
        for part in outer:
            place = place[int(part) if isinstance(place, list) else part]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def _in(file: str, entry: str, key: str, value: Any) -> Change:
    """Set a key of a named entry; ``a.b`` reaches inside."""

    def change(sample: Sample) -> None:
        *outer, last = key.split(".")
        place: Any = sample[file][entry]
        for part in outer:
            place = place[int(part) if isinstance(place, list) else part]
        place[last] = value

    return change


def _drop(file: str, key: str) -> Change:
    return lambda sample: sample[file].pop(int(key) if isinstance(sample[file], list) else key)


def _column(file: str, name: str) -> Change:
    return lambda sample: [row.__setitem__(name, "x") for row in sample[file]] and None


def _without_column(file: str, name: str) -> Change:
    return lambda sample: [row.pop(name) for row in sample[file]] and None


def _repeat_first_key(raw: bytes) -> bytes:
    key = next(line for line in raw.split(b"\n") if line and not line.startswith((b" ", b"#"))).split(b":")[0]
    return raw + key + b": 1\n"


def _repeat_first_column(raw: bytes) -> bytes:
    header, rest = raw.split(b"\n", 1)
    first = header.strip().split(b",")[0]
    return (
        header.strip() + b"," + first + b"\n" + b"".join(line.strip() + b",1\n" for line in rest.split(b"\n") if line)
    )


def _repeat_last_row(raw: bytes) -> bytes:
    return raw + raw.strip().split(b"\n")[-1].strip() + b"\n"


_CASE_KEYS = {
    "case.yaml": "title", "theories.yaml": "label", "claims.yaml": "statement", "driver_rules.yaml": "scale",
    "learned.yaml": "reasoning",
}  # fmt: skip
_COLUMNS = {
    "groups.csv": "size_share", "rivalries.csv": "weight", "alliances.csv": "weight", "history.csv": "value",
    "events.csv": "kind", "series/deaths.csv": "value", "evidence.csv": "origin",
}  # fmt: skip


def _general() -> list[tuple[str, str, Change]]:
    """Breaks that fit every file."""
    breaks: list[tuple[str, str, Change]] = []
    for file in ALL:
        table = file in TABLES
        key = _COLUMNS[file] if table else _CASE_KEYS.get(file, "label")
        breaks += [
            ("encoding", file, _edit(file, lambda raw: raw + b"x: \xff\n")),
            ("truncated", file, _edit(file, bytes.strip)),
            ("truncated", file, _edit(file, lambda raw: raw[: len(raw) - 3])),
            ("empty-file", file, _edit(file, lambda raw: b"\n")),
            (
                "empty-file",
                file,
                _edit(file, lambda raw: raw.split(b"\n")[0] + b"\n" if b"," in raw[:20] else b"# no\n"),
            ),
            ("unknown-key", file, _column(file, "lable") if table else _set(file, "lable", "x")),
            ("missing-key", file, _set(file, key, "")),
            (
                "missing-key",
                file,
                _without_column(file, key) if table else lambda s, f=file, k=key: s.entry(f).pop(k),
            ),
            (
                "person-or-place",
                file,
                _column(file, "leader_name") if table else _set(file, "latitude", 19.4),
            ),
            ("person-or-place", file, _column(file, "coordinates") if table else _set(file, "address", "x")),
        ]
        if "/" not in file and file not in OPTIONAL:
            breaks.append(("missing-file", file, lambda sample, f=file: sample.data.pop(f) and None))
        if table:
            breaks += [
                ("syntax", file, _edit(file, lambda raw: raw + b"a,b\n")),
                ("syntax", file, _edit(file, lambda raw: raw + b'"open quote\n')),
                ("duplicate-key", file, _edit(file, _repeat_first_column)),
                ("duplicate-row", file, _edit(file, _repeat_last_row)),
            ]
        else:
            breaks += [
                ("syntax", file, _edit(file, lambda raw: raw + b"\tnew: 1\n")),
                ("syntax", file, _edit(file, lambda raw: raw + b"new: [1, 2\n")),
                ("syntax", file, _edit(file, lambda raw: raw + b"new: &anchor 1\n")),
                ("syntax", file, _edit(file, lambda raw: raw + b"new: !!python/name:os.system x\n")),
                ("duplicate-key", file, _edit(file, _repeat_first_key)),
                ("wrong-type", file, _set(file, key, ["a", "list"])),
                ("wrong-type", file, _edit(file, lambda raw: b"- a\n- list\n")),
            ]
            if file != "case.yaml":
                breaks.append(("id-form", file, lambda s, f=file: s[f].__setitem__("Not An Id", {}) or None))
                breaks.append(("wrong-type", file, lambda s, f=file: s[f].__setitem__("just-text", "text") or None))
    return breaks


_P, _T = "parameters/organizations.yaml", "parameters/trafficking.yaml"
_S = "series/deaths.csv"
_NAN, _INF = float("nan"), float("inf")

SPECIAL: list[tuple[str, str, Change]] = [
    ("unknown-file", "polices.yaml", lambda s: s.extra.update({"polices.yaml": b"a: 1\n"})),
    ("unknown-file", "places.geojson", lambda s: s.extra.update({"places.geojson": b"{}\n"})),
    ("unknown-file", "parameters/deep/x.yaml",
     lambda s: s.extra.update({"parameters/deep/x.yaml": b"a: 1\n"})),
    ("wrong-type", "groups.csv", _set("groups.csv", "rank", "first")),
    ("wrong-type", "rivalries.csv", _set("rivalries.csv", "weight", "1,5")),
    ("wrong-type", "alliances.csv", _set("alliances.csv", "from_rank", "1.5")),
    ("wrong-type", "history.csv", _set("history.csv", "value", "many")),
    ("wrong-type", _S, _set(_S, "value", "1_000")),
    ("wrong-type", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.when", {"group": 3})),
    ("wrong-type", "policies.yaml", _in("policies.yaml", "graduated", "levers.treatment", True)),
    ("wrong-type", "case.yaml", _set("case.yaml", "calendar.reference", ["2015-01-01"])),
    ("wrong-type", _P, _set(_P, "distribution", {"beta": [2]})),
    ("wrong-type", _P, _set(_P, "distribution", {"beta": [2, 3], "constant": 1})),
    ("not-finite", "case.yaml", _set("case.yaml", "population.mexico", _INF)),
    ("not-finite", "groups.csv", _set("groups.csv", "size_share", "nan")),
    ("not-finite", "rivalries.csv", _set("rivalries.csv", "weight", "inf")),
    ("not-finite", "alliances.csv", _set("alliances.csv", "weight", "NaN")),
    ("not-finite", "products.yaml", _set("products.yaml", "facts", {"purity": _NAN})),
    ("not-finite", "corridors.yaml", _set("corridors.yaml", "base_share.fentanyl", _NAN)),
    ("not-finite", "levers.yaml", _set("levers.yaml", "cost", _INF)),
    ("not-finite", _P, _set(_P, "distribution", {"beta": [2, _INF]})),
    ("not-finite", "axes.yaml",
     _in("axes.yaml", "number", "weights_given.table.splits", {"drives": _NAN, "not": 1})),
    ("not-finite", "policies.yaml", _in("policies.yaml", "graduated", "levers.treatment", _NAN)),
    ("not-finite", "history.csv", _set("history.csv", "plus_minus", "inf")),
    ("not-finite", _S, _set(_S, "value", "-inf")),
    ("not-finite", "claims.yaml", _set("claims.yaml", "test.margin", _NAN)),
    ("unknown-choice", "groups.csv", _set("groups.csv", "rank_class", "biggest")),
    ("unknown-choice", "corridors.yaml", _set("corridors.yaml", "kind", "air")),
    ("unknown-choice", "levers.yaml", _set("levers.yaml", "group", "forse")),
    ("unknown-choice", _P, _set(_P, "grade", "week")),
    ("unknown-choice", _P, _set(_P, "distribution", {"betta": [2, 3]})),
    ("unknown-choice", "history.csv", _set("history.csv", "basis", "guess")),
    ("unknown-choice", "events.csv", _set("events.csv", "kind", "battle")),
    ("unknown-choice", _S, _set(_S, "verified", "maybe")),
    ("unknown-choice", "evidence.csv", _set("evidence.csv", "verified", "true")),
    ("unknown-choice", "claims.yaml", _set("claims.yaml", "stance", "angry")),
    ("id-form", "evidence.csv", _set("evidence.csv", "origin", "Author 2015")),
    ("wrong-unit", "products.yaml", _set("products.yaml", "unit", "kgg")),
    ("wrong-unit", "levers.yaml", _set("levers.yaml", "unit", "strikes/week")),
    ("wrong-unit", _P, _set(_P, "unit", "weeks")),
    ("wrong-unit", "history.csv", _set("history.csv", "unit", "million")),
    ("wrong-unit", _S, _set(_S, "unit", "deathes")),
    ("impossible-bounds", "case.yaml", _set("case.yaml", "calendar.reference", ["2019-12-31", "2015-01-01"])),
    ("impossible-bounds", "levers.yaml", _set("levers.yaml", "low", 20)),
    *[
        ("impossible-bounds", _P, _set(_P, "distribution", wrong))
        for wrong in (
            {"uniform": [0.5, 0.5]}, {"uniform": [0.6, 0.5]}, {"normal": [0.5, 0]}, {"normal": [0.5, -1]},
            {"beta": [0, 1]}, {"lognormal": [0.5, 0]}, {"lognormal": [0, 1]}, {"loguniform": [0, 1]},
            {"triangular": [0, 0.9, 0.5]}, {"scaled_beta": [2, 2, 1, 0]}, {"scaled_beta": [2, -2, 0, 1]},
        )
    ],
    ("impossible-bounds", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.release", 900)),
    ("impossible-bounds", "policies.yaml", _in("policies.yaml", "graduated", "rules.1.release", 0.1)),
    ("out-of-range", "case.yaml", _set("case.yaml", "population.mexico", -1)),
    ("out-of-range", "groups.csv", _set("groups.csv", "size_share", 1.5)),
    ("out-of-range", "rivalries.csv", _set("rivalries.csv", "weight", 0)),
    ("out-of-range", "alliances.csv", _set("alliances.csv", "weight", -2)),
    ("out-of-range", "corridors.yaml", _set("corridors.yaml", "base_share.fentanyl", -0.1)),
    ("out-of-range", "levers.yaml", _set("levers.yaml", "high", 30)),
    ("out-of-range", "levers.yaml", _set("levers.yaml", "status_quo", 25)),
    ("out-of-range", "levers.yaml", _set("levers.yaml", "implementation", 1.2)),
    *[
        ("out-of-range", _P, _set(_P, "distribution", wrong))
        for wrong in ({"constant": 1.5}, {"uniform": [0.5, 1.5]}, {"normal": [2, 0.1]},
                      {"triangular": [-1, 0, 1]},                      {"scaled_beta": [2, 2, 3, 4]})
    ],
    ("out-of-range", _P, _set(_P, "rivals", {"splits": {"constant": 2}})),
    ("out-of-range", "axes.yaml",
     _in("axes.yaml", "number", "weights_given.table.splits", {"drives": 1.2, "not": -0.2})),
    ("out-of-range", "policies.yaml", _in("policies.yaml", "graduated", "levers.treatment", 1.1)),
    ("out-of-range", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.then", {"treatment": 2})),
    ("out-of-range", "policies.yaml", _in("policies.yaml", "graduated", "variants.half", {"treatment": -1})),
    ("out-of-range", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.for_weeks", -1)),
    ("out-of-range", "history.csv", lambda s: s["history.csv"][3].update(value=3)),
    ("unused-evidence", "evidence.csv", lambda s: s["evidence.csv"][2].update(id="lonely")),
    ("unused-axis", "axes.yaml",
     lambda s: s[_P]["split_probability"].update(axis="number", rivals={"not": {"constant": 0}})),
    ("unknown-parameter", _P, lambda s: s[_P].update(split_probabilty=s[_P]["split_probability"])),
    ("unknown-parameter", "levers.yaml",
     _in("levers.yaml", "treatment", "implementation", "split_probabilty")),
    ("missing-parameter", _P, lambda s: s.data.pop(_P)),
    ("missing-parameter", _T, _edit(_T, lambda raw: raw.replace(b"recovery_weeks", b"recovery_months"))),
    ("duplicate-parameter", _T, lambda s: s[_T].update(s[_P])),
    ("misplaced-parameter", _T, lambda s: s[_T].update(split_probability=s[_P].pop("split_probability"))),
    ("unknown-lever", "levers.yaml",
     lambda s: s["levers.yaml"].update(treatmnt=s["levers.yaml"]["treatment"])),
    ("unknown-lever", "policies.yaml", _in("policies.yaml", "graduated", "levers.treatmnt", 1)),
    ("unknown-lever", "policies.yaml", _in("policies.yaml", "graduated", "starts", {"treatmnt": 1})),
    ("unknown-lever", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.then", {"treatmnt": 1})),
    ("unknown-lever", "policies.yaml",
     _in("policies.yaml", "graduated", "variants.full.levers", {"treatmnt": 1})),
    ("missing-lever", "levers.yaml", _drop("levers.yaml", "treatment")),
    ("lever-mismatch", "levers.yaml", _set("levers.yaml", "owner", "MX")),
    ("lever-mismatch", "levers.yaml", _in("levers.yaml", "treatment", "implementation", 1)),
    ("lever-mismatch", "levers.yaml", _in("levers.yaml", "treatment", "implementation", 0.5)),
    ("unknown-name", "events.csv", _set("events.csv", "sets", "treatmnt")),
    ("missing-key", "events.csv", _set("events.csv", "value", "")),
    ("missing-key", "events.csv", _set("events.csv", "sets", "")),
    ("wrong-type", "events.csv", _set("events.csv", "value", "half")),
    ("not-finite", "events.csv", _set("events.csv", "value", "nan")),
    ("out-of-range", "events.csv", _set("events.csv", "value", 1.2)),
    ("impossible-bounds", "events.csv", _set("events.csv", "until", "2012-04-30")),
    ("outside-calendar", "events.csv", _set("events.csv", "until", "2016-04-30")),
    ("unknown-parameter", "levers.yaml", _set("levers.yaml", "cost", "cost_of_nothing")),
    ("unknown-name", "history.csv", _set("history.csv", "name", "naloxone_kit")),
    *[("unknown-rank", f, _set(f, "to_rank", 9)) for f in ("rivalries.csv", "alliances.csv")],
    *[("self-tie", f, _set(f, "to_rank", 1)) for f in ("rivalries.csv", "alliances.csv")],
    *[
        ("duplicate-row", f, lambda s, f=f: s[f].append({**s[f][0], "from_rank": 2, "to_rank": 1}))
        for f in ("rivalries.csv", "alliances.csv")
    ],
    ("rank-gap", "groups.csv", lambda s: s["groups.csv"][2].update(rank=4)),
    ("sum-not-one", "groups.csv", lambda s: s["groups.csv"][2].update(size_share=0.1)),
    ("sum-not-one", "corridors.yaml", _set("corridors.yaml", "base_share.fentanyl", 0.5)),
    ("sum-not-one", "axes.yaml",
     _in("axes.yaml", "number", "weights_given.table.splits", {"drives": 0.7, "not": 0.2})),
    ("unknown-product", "corridors.yaml", _set("corridors.yaml", "base_share.fentanil", 0.0)),
    ("missing-share", "corridors.yaml", _set("corridors.yaml", "base_share", {})),
    ("date", "case.yaml", _set("case.yaml", "calendar.history_end", "2014-13-01")),
    ("date", "case.yaml", _set("case.yaml", "calendar.default_decision", "June 2014")),
    ("date", "events.csv", _set("events.csv", "date", "1 May 2012")),
    ("date", "events.csv", _set("events.csv", "date", "2012-02-30")),
    *[("date", _S, _set(_S, "period", wrong))
      for wrong in ("12", "2012-13", "FY12", "2012-01-01", "2011-12")],
    ("order", "events.csv", lambda s: s["events.csv"].reverse()),
    ("order", _S, lambda s: s[_S].reverse()),
    ("order", "groups.csv", lambda s: s["groups.csv"][1].update(size_share=0.7)),
    ("gap", "history.csv", _drop("history.csv", "1")),
    ("gap", "history.csv", _edit("history.csv", lambda raw: raw.replace(b"naloxone_kits", b"treatment"))),
    ("gap", _S, lambda s: s[_S][1].update(period=2014)),
    ("gap", _S, lambda s: s[_S][3].update(period="2013-03")),
    ("gap", _S, lambda s: s[_S][5].update(period="FY2014")),
    ("outside-calendar", "case.yaml", _set("case.yaml", "calendar.start", "2013-01-01")),
    ("outside-calendar", "case.yaml", _set("case.yaml", "calendar.history_end", "2011-01-01")),
    ("outside-calendar", "events.csv", lambda s: s["events.csv"][1].update(date="2015-01-01")),
    ("outside-calendar", "events.csv", _set("events.csv", "date", "2011-12-31")),
    ("outside-calendar", "history.csv",
     lambda s: s["history.csv"].append({**s["history.csv"][2], "year": 2015})),
    ("outside-calendar", _S, lambda s: s[_S][5].update(period="FY2015", note="gap: none was published")),
    ("missing-key", "events.csv", _set("events.csv", "rank_class", "")),
    ("missing-key", "claims.yaml", _in("claims.yaml", "talks", "why_not", "")),
    ("missing-key", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.below", 3)),
    ("unknown-axis", _P, _set(_P, "axis", "removals")),
    ("unknown-axis", _P, lambda s: s.entry(_P).pop("axis")),
    ("unknown-axis", "axes.yaml", _in("axes.yaml", "number", "weights_given.axis", "removals")),
    ("unknown-axis", "axes.yaml", _in("axes.yaml", "number", "weights_given.axis", "number")),
    ("unknown-axis", "theories.yaml",
     _in("theories.yaml", "removal-splits", "fixes", {"removals": "splits"})),
    ("unknown-rival", _P, _set(_P, "rivals", {"split": {"constant": 0.5}})),
    ("unknown-rival", "axes.yaml",
     _in("axes.yaml", "number", "weights_given.table.split", {"drives": 1, "not": 0})),
    ("unknown-rival", "axes.yaml", _in("axes.yaml", "number", "weights_given.table.splits.drive", 0)),
    ("unknown-rival", "theories.yaml", _in("theories.yaml", "removal-splits", "fixes", {"removal": "split"})),
    ("missing-rival", _P, _set(_P, "rivals", {})),
    ("missing-rival", "axes.yaml",
     lambda s: s["axes.yaml"]["number"]["weights_given"]["table"].pop("splits")),
    ("missing-rival", "axes.yaml", _in("axes.yaml", "number", "weights_given.table.splits", {"drives": 1})),
    ("missing-rival", "axes.yaml", lambda s: s["axes.yaml"]["number"]["rivals"].pop("not")),
    ("missing-even", "theories.yaml", _drop("theories.yaml", "even")),
    ("missing-even", "theories.yaml", _set("theories.yaml", "fixes", {"removal": "splits"})),
    ("missing-status-quo", "policies.yaml", _drop("policies.yaml", "status-quo")),
    ("unknown-measure", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.when", "homicide")),
    ("unknown-measure", "claims.yaml", _set("claims.yaml", "test.measure", "homicide")),
    ("unknown-policy", "claims.yaml", _set("claims.yaml", "test.policy", "gradual")),
    ("unknown-policy", "claims.yaml", _set("claims.yaml", "test.versus", "statusquo")),
    *[
        ("local-rule", "policies.yaml", _in("policies.yaml", "graduated", "rules.0.when", name))
        for name in ("members_group_3", "flow_west", "rank[1]", "corridor-2.flow", "sea")
    ],
]  # fmt: skip


def _citing() -> list[tuple[str, str, Change]]:
    """Breaks of the rules for citations, in each file that cites."""
    breaks: list[tuple[str, str, Change]] = []
    for kind in RULES["dead-evidence"].files:
        file = _P if kind == "parameters/*" else kind
        table = file in TABLES
        for rule, ids in (
            ("missing-evidence", []),
            ("dead-evidence", ["study-on"]),
            ("unverified-evidence", ["study-doubtful"]),
        ):
            breaks.append((rule, file, _set(file, "evidence", ";".join(ids) if table else ids)))
    return breaks


BREAKS = [*_general(), *SPECIAL, *_citing(), *PATHWAY_BREAKS, *CALIBRATION_BREAKS]


def _found(sample: Sample, folder: Path) -> list[Problem]:
    report = check_case(sample.write(folder), NAMES)
    return [*report.problems, *report.notices]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> set[Problem]:
    """Notices of the unbroken case."""
    return set(_found(Sample(), tmp_path_factory.mktemp("sound")))


def test_the_small_case_passes(tmp_path: Path) -> None:
    report = check_case(Sample().write(tmp_path), NAMES)
    assert report.passed, report.problems
    allowed = {("unused-evidence", "evidence.csv"), ("unused-axis", "axes.yaml")}
    assert {(notice.rule, notice.file) for notice in report.notices} <= allowed


@pytest.mark.parametrize(
    ("rule", "file", "change"), BREAKS, ids=[f"{rule}-{file}-{n}" for n, (rule, file, _) in enumerate(BREAKS)]
)
def test_a_broken_rule_is_found(rule: str, file: str, change: Change, sound: set[Problem], tmp_path: Path) -> None:
    sample = Sample()
    change(sample)
    new = [problem for problem in _found(sample, tmp_path) if problem not in sound]
    mine = [problem for problem in new if (problem.rule, problem.file) == (rule, file)]
    assert mine, f"not found; instead: {[problem.text() for problem in new]}"
    whole_file = {
        "missing-file",
        "unknown-file",
        "missing-parameter",
        "missing-lever",
        "missing-even",
        "missing-status-quo",
    }
    assert all(problem.line >= 1 for problem in mine) or rule in whole_file
    assert all(problem.suggestion for problem in mine) or rule in {
        "unused-evidence",
        "unused-axis",
        "wrong-type",
    } | {"impossible-bounds"}


def test_every_rule_is_broken_in_every_file_it_applies_to() -> None:
    broken = {(rule, "folder" if rule == "unknown-file" else _kind(file)) for rule, file, _ in BREAKS}
    promised = {(rule, file) for rule, entry in RULES.items() for file in entry.files}
    assert promised - broken == set(), "rules without a test"
    assert broken - promised == set(), "rules found where the table does not promise them"


def test_all_problems_are_found_at_once(tmp_path: Path) -> None:
    sample = Sample()
    _set("levers.yaml", "unit", "kg")(sample)
    _set(_P, "grade", "week")(sample)
    _set("policies.yaml", "lable", "x")(sample)
    _set("evidence.csv", "verified", "maybe")(sample)
    found = {(problem.rule, problem.file) for problem in _found(sample, tmp_path)}
    assert {
        ("wrong-unit", "levers.yaml"), ("unknown-choice", _P), ("unknown-key", "policies.yaml"),
        ("unknown-choice", "evidence.csv"),
    } <= found  # fmt: skip


def test_a_bad_record_does_not_make_its_users_look_wrong(tmp_path: Path) -> None:
    sample = Sample()
    _set("evidence.csv", "verified", "maybe")(sample)
    problems = check_case(sample.write(tmp_path), NAMES).problems
    assert [(problem.rule, problem.file, problem.line) for problem in problems] == [
        ("unknown-choice", "evidence.csv", 2)
    ]


def test_lines_point_into_the_entry(tmp_path: Path) -> None:
    sample = Sample()
    _in("policies.yaml", "graduated", "rules.1.then", {"treatmnt": 1})(sample)
    folder = sample.write(tmp_path)
    (problem,) = check_case(folder, NAMES).problems
    assert "treatmnt" in (folder / "policies.yaml").read_text().splitlines()[problem.line - 1]
    assert problem.suggestion == "did you mean 'treatment'?"
    assert problem.text().startswith(f"policies.yaml:{problem.line}: graduated: unknown lever 'treatmnt'")


def test_a_driver_that_events_switch_needs_no_history(tmp_path: Path) -> None:
    sample = Sample()
    sample["history.csv"][:3] = []
    assert [problem.rule for problem in check_case(sample.write(tmp_path), NAMES).problems] == ["gap"]
    sample["events.csv"][1].update(sets="naloxone_kits")
    assert check_case(sample.write(tmp_path), NAMES).passed


def test_a_stated_gap_is_allowed(tmp_path: Path) -> None:
    sample = Sample()
    sample[_S][1].update(period=2014, note="gap: not published in 2013")
    assert check_case(sample.write(tmp_path), NAMES).passed


def test_windows_line_ends_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    sample = Sample()
    for file in ALL:
        sample.edits[file] = lambda raw: b"\xef\xbb\xbf" + raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert check_case(sample.write(tmp_path), NAMES).passed
