"""The page as one file: opens without a server and without a network, and shows computed worlds only.

It holds every policy of a stored study, the stops of each lever of one policy moved by itself, and all that stands
behind the figures.  Nothing between two stops is made up: a lever snaps to what was computed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.explaining import explained_names
from ..errors import InputError
from ..model.schema import MEASURES
from ..study.blocks import Orders
from ..study.pathway_run import FEWEST_WORLDS
from ..study.specification import STATUS_QUO
from .answers import compare_cells, figures
from .case_words import case_catalogue
from .catalogues import LANGUAGES
from .description import CHOICES
from .files import page_parts
from .laboratory import Laboratory
from .lookups import Lookups
from .questions import DEFAULT_ROWS, FlipQuestion

if TYPE_CHECKING:
    from ..case.records import Case, Lever
    from ..study.results import Results

__all__ = ["FILE_WORLDS", "lever_stops", "page_data", "page_html", "write_page"]

FILE_WORLDS = 256
"""Worlds a theory in a file at most."""
MORE_ROWS = ("homicides_and_missing", "synthetic_opioid_deaths", "trust", "cost_us")
"""Measures that a file holds for every policy besides those of the first screen."""
_EXPLAINED = ("measure", "lever", "theory", "policy", "parameter", "axis")
_SPREAD = (0.0, 0.25, 0.5, 1.0)
"""Stops of a lever as shares of its range."""
_LONGEST_SEARCH = 600.0
_MOVED_DIGITS = 3
"""Significant digits of answers with a lever moved: what a chart and a rounded range can show."""

Note = Callable[[str, int, int], None]


def lever_stops(lever: Lever, own: float) -> tuple[float, ...]:
    """Values of a lever that are computed: its choices, or some over its range, and the policy's own.

    Levers without precedent beyond some value have their last stop there.
    """
    if lever.id in CHOICES:
        return tuple(sorted({*CHOICES[lever.id], own}))
    high = lever.high if lever.extrapolation_above is None else lever.extrapolation_above
    return tuple(sorted({round(lever.low + share * (high - lever.low), 4) for share in _SPREAD} | {own}))


def page_data(laboratory: Laboratory, lookups: Lookups, results: Results, note: Note) -> dict[str, Any]:
    """Everything that a file holds.

    Parameters
    ----------
    laboratory : Laboratory
        With the decision, years and seed of the study.
    lookups : Lookups
        With the same results.
    results : Results
    note : callable
        Told what is being computed, and how many of how many are done.
    """
    policies = [name for name in results.policies if name in laboratory.case.policies]
    worlds = min(results.study.worlds, FILE_WORLDS)
    chosen = "coordinated-strikes" if "coordinated-strikes" in policies else policies[-1]
    answers, levels = _policies(laboratory, policies, worlds, note)
    stops = _stops(laboratory, chosen)
    answers |= _moved(laboratory, chosen, stops, worlds, note)
    return {
        "case": _described(laboratory, policies), "reference": STATUS_QUO, "worlds": worlds, "answers": answers,
        "levels": levels, "stops": stops, "stops_of": chosen,
        "words": {language: case_catalogue(language, laboratory.case) for language in LANGUAGES},
        "texts": {language: lookups.source_words(language) for language in LANGUAGES},
        "explain": _explained(lookups), "sources": lookups.sources(), "record": lookups.record(),
        "score": lookups.score(),
        "claims": lookups.claims(),
        "flips": _flips(lookups, policies, chosen, note) | _moved_flips(lookups, chosen, stops, worlds, note),
        "pathways": _pathways(lookups, worlds, note),
    }  # fmt: skip


def _described(laboratory: Laboratory, policies: list[str]) -> dict[str, Any]:
    """The case with the policies of the study alone to choose from; claims and pathways name the others too."""
    found = laboratory.describe()
    kept = set(DEFAULT_ROWS + MORE_ROWS)
    return found | {
        "policies": [row for row in found["policies"] if row["id"] in policies],
        "policy_names": {row["id"]: row["label"] for row in found["policies"]},
        "measures": [row for row in found["measures"] if row["id"] in kept],
    }


def _policies(
    laboratory: Laboratory, policies: list[str], worlds: int, note: Note
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers of the named policies, and the bands of the status quo, which all of them share."""
    rows = tuple(name for name in DEFAULT_ROWS + MORE_ROWS if name in MEASURES)
    answers: dict[str, Any] = {}
    levels: dict[str, Any] = {}
    for number, policy in enumerate(policies):
        note("policies", number, len(policies))
        answer = _answer(laboratory, Orders(policy), rows, worlds, with_a=not levels)
        for measure, cells in answer["cells"].items():
            for theory, cell in cells.items():
                if "a" in cell:
                    levels.setdefault(measure, {})[theory] = cell.pop("a")
        answers[policy] = answer
    return answers, levels


def _answer(
    laboratory: Laboratory, orders: Orders, rows: tuple[str, ...], worlds: int, *, with_a: bool = False,
    digits: int = 4,
) -> dict[str, Any]:  # fmt: skip
    stop = laboratory.worlds.begin("", 0)
    a = laboratory.worlds.ensembles(Orders(STATUS_QUO), laboratory.theories, worlds, stop)
    b = laboratory.worlds.ensembles(orders, laboratory.theories, worlds, stop)
    return {
        "worlds": worlds,
        "failed": {name: int((a[name].failed | b[name].failed).sum()) for name in b},
        "same": orders == Orders(STATUS_QUO),
        "cells": figures(compare_cells(a, b, laboratory.blocks.names, rows, with_a=with_a), digits),
    }


def _stops(laboratory: Laboratory, policy: str) -> dict[str, list[float]]:
    own = laboratory.blocks.levers(Orders(policy))
    return {name: list(lever_stops(lever, own[name])) for name, lever in laboratory.case.levers.items() if name in own}


def _moved(
    laboratory: Laboratory, policy: str, stops: dict[str, list[float]], worlds: int, note: Note
) -> dict[str, Any]:
    """Answers with one lever of the policy moved to one of its stops."""
    own = laboratory.blocks.levers(Orders(policy))
    wanted = [(name, value) for name, values in stops.items() for value in values if value != own[name]]
    answers = {}
    for number, (name, value) in enumerate(wanted):
        note("levers", number, len(wanted))
        orders = laboratory.blocks.orders(policy, {name: value})
        answers[f"{policy} {name}={value:g}"] = _answer(laboratory, orders, DEFAULT_ROWS, worlds, digits=_MOVED_DIGITS)
    return answers


def _explained(lookups: Lookups) -> dict[str, Any]:
    kinds = explained_names(lookups.case)
    names = [name for name, kind in kinds.items() if kind in _EXPLAINED]
    documents = {name for claim in lookups.case.claims.values() for name in claim.documents if name in kinds}
    return {name: _without_records(lookups.explain(name)) for name in [*names, *sorted(documents)]}


def _without_records(found: dict[str, Any]) -> dict[str, Any]:
    """Records stand once in a file, among the sources; an explanation names them."""
    return found | {"evidence": [record["id"] for record in found["evidence"]]}


def _flips(lookups: Lookups, policies: list[str], chosen: str, note: Note) -> dict[str, Any]:
    """Every policy against the status quo in the first measure; the policy with stops in all of the first screen."""
    pairs = [(policy, DEFAULT_ROWS[0]) for policy in policies if policy != STATUS_QUO]
    pairs += [(chosen, measure) for measure in DEFAULT_ROWS[1:]]
    found = {}
    for number, (policy, measure) in enumerate(pairs):
        note("flips", number, len(pairs))
        question = FlipQuestion(a=STATUS_QUO, b=policy, measure=measure)
        found[f"{STATUS_QUO} {policy} {measure}"] = lookups.flips(question, seconds=_LONGEST_SEARCH)
    return found


def _pathways(lookups: Lookups, worlds: int, note: Note) -> dict[str, Any]:
    """Every objective under every theory; a share of worlds needs some worlds, however few the study has."""
    maps = lookups.pathways.everything(max(worlds, FEWEST_WORLDS), note)
    return {"names": lookups.pathway_names(), "maps": maps}


def _moved_flips(
    lookups: Lookups, policy: str, stops: dict[str, list[float]], worlds: int, note: Note
) -> dict[str, Any]:
    """Flips in the first measure with one lever of the policy moved to one of its stops, two at a time."""
    own = lookups.laboratory.blocks.levers(Orders(policy))
    wanted = [(name, value) for name, values in stops.items() for value in values if value != own[name]]

    def found(moved: tuple[str, float]) -> dict[str, Any]:
        question = FlipQuestion(a=STATUS_QUO, b=policy, levers=dict([moved]), measure=DEFAULT_ROWS[0])
        return lookups.flips(question.model_copy(update={"worlds": worlds}), seconds=_LONGEST_SEARCH)

    answers = {}
    with ThreadPoolExecutor(2) as pool:
        for number, ((name, value), answer) in enumerate(zip(wanted, pool.map(found, wanted), strict=True)):
            note("flips of levers", number, len(wanted))
            answers[f"{STATUS_QUO} {policy} {name}={value:g} {DEFAULT_ROWS[0]}"] = answer
    return answers


def page_html(data: dict[str, Any]) -> str:
    """One document with styles, scripts and packed data inside, and a policy that allows nothing else.

    Parameters
    ----------
    data
        From :func:`page_data`.
    """
    parts = page_parts()
    packed = base64.b64encode(gzip.compress(_json(data), 9, mtime=0)).decode()
    block = f'<script type="application/octet-stream" id="data">{packed}</script>\n'
    script = parts.script.replace("</script", "<\\/script")
    policy = (
        f"default-src 'none'; style-src {_hash(parts.style)}; script-src {_hash(script)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>'
    page = parts.markup.replace("</head>", f"<style>{parts.style}</style></head>", 1)
    page = page.replace("</body>", f"{block}<script>{script}</script>\n</body>")
    page = page.replace('<body class="', '<body class="file ', 1)
    return page.replace("<title>", meta, 1)


def _hash(text: str) -> str:
    """How a policy names the one style or script that it allows."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def write_page(case: Case, results: Results, path: Path, note: Note) -> int:
    """Write the page of a stored study as one file.

    Parameters
    ----------
    case : Case
        The study's case.
    results : Results
    path : path
        File to write.
    note : callable
        As of :func:`page_data`.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    InputError
        If the study has no policy besides the status quo, or comes from another version of the case.
    """
    from ..study.atomic import write_whole

    if len([name for name in results.policies if name in case.policies]) < 2:
        raise InputError("a page needs a policy to compare with the status quo", given=", ".join(results.policies))
    if results.manifest.case_digest != case.digest:
        raise InputError("the results come from another version of the case", fix="run compare anew")
    study = results.study
    laboratory = Laboratory(
        case, decision=study.decision, years=study.years, seed=study.seed, beliefs=study.beliefs,
        theories=results.theories,
    )
    lookups = Lookups(laboratory, results.folder)
    try:
        laboratory.blocks.compile()
        text = page_html(page_data(laboratory, lookups, results, note))
    finally:
        laboratory.close()
        lookups.close()
    whole = text.encode()
    write_whole(path, whole)
    return len(whole)
