"""``search``: many-objective search over everything but force."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.numbers import shown
from ..case.records import Case
from ..report.search_page import write_search_page
from ..study.atomic import path_argument
from ..study.running import RESULTS_FOLDER
from ..study.search_file import load_search
from ..study.search_run import Found, SearchProgress, SearchResult, run_search
from .common import console, note, run_command, write_json

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["front_yaml", "result_document", "search"]

PAGE, FRONT, POLICIES = "search.html", "front.json", "front.yaml"
_SHOWN = 12


def search(file: Path, evaluations: int, out: Path | None, as_json: bool) -> None:
    """Search as a file says, or go on with what its folder holds, and tell what was found.

    Raises
    ------
    InputError
        If the file names what is unknown, or a lever of force.
    """
    asked, case = load_search(file)
    folder = out or Path(RESULTS_FOLDER) / asked.name
    lines = _Lines()
    found = run_search(
        asked, case, folder, evaluations, lines.show,
        on_compile=lambda: note("Compiling the model for this computer: one to two minutes, once."),
    )  # fmt: skip
    document = result_document(found)
    (folder / FRONT).write_text(json.dumps(_plain(document), ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / POLICIES).write_text(front_yaml(found), encoding="utf-8")
    write_search_page(found, case.title, folder / PAGE)
    if as_json:
        write_json(document)
    else:
        _tell(found, case, file, evaluations)


class _Lines:
    """A line on standard error every few seconds, with an estimate."""

    def __init__(self) -> None:
        self.shown, self.part, self.first = 0.0, "", (0, 0.0)

    def show(self, progress: SearchProgress) -> None:
        """Say where the search stands."""
        if progress.part != self.part:
            self.part, self.first, self.shown = progress.part, (progress.done, progress.elapsed_seconds), 0.0
        now = time.monotonic()
        if now - self.shown < 2.0 and progress.done < progress.total:
            return
        self.shown = now
        new, took = progress.done - self.first[0], progress.elapsed_seconds - self.first[1]
        left = f", about {took / new * (progress.total - progress.done):.0f} s to go" if new > 0 else ""
        left = left if progress.done < progress.total else ""
        note(f"{progress.part}: {progress.done} of {progress.total} policies{left}")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def result_document(found: SearchResult) -> dict[str, Any]:
    """The JSON document of a search."""
    search, names = found.search, [item.label for item in found.search.objectives]
    return {
        "search": {
            "name": search.name, "digest": search.digest(), "folder": str(found.folder), "base": search.base,
            "theories": list(search.theories), "worlds": search.worlds, "fresh_worlds": search.fresh_worlds,
            "decision": search.decision, "years": search.years, "seed": search.seed,
        },
        "evaluations": found.evaluations, "broken": found.broken, "failed_worlds": found.failed_worlds,
        "seconds": found.seconds,
        "objectives": [
            {"criterion": item.label, "measure": item.measure, "unit": item.unit, "wanted": item.direction}
            for item in search.objectives
        ],
        "status_quo": dict(zip(names, found.status_quo, strict=True)),
        "front": [_policy_document(one, names) for one in found.front],
        "promises": [
            {
                "criterion": item.objective.label, "worse_than_promised": item.worse, "mc_error": item.error,
                "gain_left": item.left, "share_worse": item.share_worse,
            }
            for item in found.promises
        ],
        "trace": [
            asdict(point)
            for point in found.trace
        ],
    }  # fmt: skip


def _policy_document(one: Found, names: list[str]) -> dict[str, Any]:
    policy = one.policy
    return {
        "id": one.id, "levers": dict(policy.levers), "starts": dict(policy.starts),
        "rules": [
            {"when": rule.when, "above": rule.above, "below": rule.below, "for_weeks": rule.for_weeks,
             "delay_weeks": rule.delay_weeks, "then": dict(rule.then)}
            for rule in policy.rules
        ],
        "sample": dict(zip(names, one.sample, strict=True)), "fresh": dict(zip(names, one.fresh, strict=True)),
        "mc_error": dict(zip(names, one.errors, strict=True)), "keeps_constraints": one.holds,
        "on_fresh_front": one.on_front, "failed_worlds": one.failed,
    }  # fmt: skip


def front_yaml(found: SearchResult) -> str:
    """The front in the form of a case's ``policies.yaml``."""
    lines = [f"# Front of {found.search.name}; add what you want to the policies.yaml of a case of your own."]
    for one in found.front:
        policy = one.policy
        lines += [f"{one.id}:", f"  label: {one.id}", f"  description: Found by {found.search.name}."]
        lines.append(f"  levers: {json.dumps(dict(policy.levers))}")
        if any(policy.starts.values()):
            lines.append(f"  starts: {json.dumps(dict(policy.starts))}")
        if policy.rules:
            lines.append("  rules:")
        for rule in policy.rules:
            side = "above" if rule.above is not None else "below"
            entry = {"when": rule.when, side: rule.above if rule.above is not None else rule.below,
                     "for_weeks": rule.for_weeks, "delay_weeks": rule.delay_weeks, "then": dict(rule.then)}  # fmt: skip
            if rule.release is not None:
                entry["release"] = rule.release
            lines.append(f"    - {json.dumps(entry)}")
    return "\n".join(lines) + "\n"


def _tell(found: SearchResult, case: Case, file: Path, evaluations: int) -> None:
    out, objectives = console(), found.search.objectives
    out.print(f"[bold]{case.title}[/bold]: {found.evaluations:,} policies judged, {len(found.front)} on the front")
    for item in objectives:
        out.print(f"  {item.label} ({item.unit}, {item.direction} is wanted)", markup=False)
    out.print(_front_table(found))
    step = _step(found)
    out.print(
        f"{'Every policy' if step == 1 else f'One in {step}'} of the front, in the order found; on fresh worlds, ± "
        "Monte-Carlo error. Grey: breaks a constraint or is bettered there.",
        style="dim",
    )
    for promise in found.promises:
        left = f"{100 * promise.left:.0f} % of the promised gain is left"
        out.print(
            f"{promise.objective.measure}: on average {shown(promise.worse)}"
            f"{'' if promise.objective.unit == '1' else f' {promise.objective.unit}'} worse than promised "
            f"(error of one policy {shown(promise.error, 2)}); "
            f"{left if math.isfinite(promise.left) else 'over the front no gain was promised'}.",
            markup=False,
        )
    last = found.trace[-1]
    out.print(
        f"Convergence: the front dominates {100 * last.hypervolume:.1f} ± {100 * last.hypervolume_error:.1f} of "
        f"100 parts of the space between the first generation's best and worst; {last.progress} improvements so far.",
        markup=False,
    )
    more = run_command("search", file, "--evaluations", 2 * evaluations, "--out", found.folder)
    lines = (
        f"Page:     {path_argument(found.folder / PAGE)}",
        f"Policies: {path_argument(found.folder / POLICIES)}",
        f"Next: {more}    goes on",
    )
    for text in lines:
        out.print(text, markup=False, soft_wrap=True)


def _step(found: SearchResult) -> int:
    """One in so many policies is shown."""
    return max(1, -(-len(found.front) // _SHOWN))


def _front_table(found: SearchResult) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    table.add_column("policy")
    for item in found.search.objectives:
        table.add_column(item.measure.replace("_", " "), justify="right")
    table.add_row("status-quo", *(shown(value) for value in found.status_quo))
    for one in found.front[:: _step(found)]:
        cells = (f"{shown(f)} ± {shown(e, 2)}" for f, e in zip(one.fresh, one.errors, strict=True))
        table.add_row(one.id, *cells, style="" if one.holds and one.on_front else "dim")
    return table
