"""``calibrate``: fit every theory to the public series, and say what the data taught and what they could not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.learning import noticeably_moved
from ..errors import InputError, did_you_mean
from ..study.atomic import make_folder
from .common import console, names_in, note, run_command, write_json
from .shares import share_bar

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.posterior import Posterior

__all__ = ["calibrate", "check_recovery", "show_posterior"]

QUICK_DRAWS = 64
_SHOWN = 14


def calibrate(
    case_name: str, theories: str | None, draws: int, seed: int, out: Path | None, quick: bool, as_json: bool
) -> None:
    """Calibrate, or go on with a calibration, and tell what came of it."""
    from ..calibration.calibration import CalibrationOptions
    from ..calibration.calibration import calibrate as fit
    from ..calibration.sampler import SamplerOptions
    from ..calibration.vintages import series_reader
    from ..case import load_case

    case = load_case(case_name)
    sampler = SamplerOptions(moves=2, final_moves=2) if quick else SamplerOptions()
    options = CalibrationOptions(QUICK_DRAWS if quick else draws, sampler, seed)
    folder = out or Path("crosscurrent-results") / f"calibration-{case.id}{'-quick' if quick else ''}-seed{seed}"
    chosen = names_in(theories) or tuple(case.theories)
    for name in chosen:
        if name not in case.theories:
            raise InputError("unknown theory", given=name, fix=did_you_mean(name, case.theories))
    make_folder(folder)
    done = dict.fromkeys(chosen, 0.0)
    note(f"calibrating {len(chosen)} theories with {options.draws} draws each, into {folder}")
    with share_bar("calibration") as tell:

        def progress(theory: str, share: float) -> None:
            done[theory] = share
            tell(sum(done.values()) / len(done), theory)

        posterior = fit(case, folder, chosen, options, series_reader(), progress)
    _tell(case, posterior, folder / "posterior.npz", as_json)


def show_posterior(case_name: str, as_json: bool) -> None:
    """Tell what the posterior that comes with a case holds.

    Raises
    ------
    InputError
        If none comes with it.
    """
    from ..case import load_case
    from ..study.posterior import posterior_path, read_posterior

    case = load_case(case_name)
    path = posterior_path(case_name, "posterior")
    if not path.is_file():
        raise InputError("no posterior comes with this case", given=case_name, fix="make one: crosscurrent calibrate")
    _tell(case, read_posterior(path), path, as_json)


def check_recovery(case_name: str, replicates: int, seed: int, as_json: bool) -> None:
    """Simulation-based calibration: how often intervals hold parameters that are known.

    Raises
    ------
    InputError
        If there are fewer than two replicates.
    """
    from ..calibration.recovery import recover
    from ..case import load_case

    if not 2 <= replicates <= 10_000:
        raise InputError("not a usable number of synthetic pasts", given=replicates, expected="2 to 10000")
    with share_bar("recovery") as tell:
        found = recover(load_case(case_name), replicates, seed=seed, progress=lambda share: tell(share, "fitting"))
    levels = {level: found.coverage(level) for level in (0.5, 0.8, 0.9)}
    spread = dict(zip(found.names, found.spread.mean(axis=0).tolist(), strict=True))
    if as_json:
        write_json({
            "replicates": replicates, "draws": found.draws, "coverage": {str(k): v for k, v in levels.items()},
            "by_name_90": found.by_name(0.9), "spread": spread,
        })  # fmt: skip
        return
    out = console()
    for level, (share, error) in levels.items():
        out.print(f"{100 * level:.0f} % intervals hold the truth in {100 * share:.1f} ± {100 * error:.1f} % of cases")
    best = sorted(spread, key=lambda name: spread[name])[:8]
    held = found.by_name(0.9)
    out.print("Best identified: " + ", ".join(f"{name} ({100 * held[name]:.0f} % of 90 % intervals)" for name in best))
    out.print(
        f"{replicates} synthetic pasts, {len(found.names)} learned numbers, {found.draws} draws each, "
        "formal likelihood.",
        style="dim",
    )


def _tell(case: Case, posterior: Posterior, path: Path, as_json: bool) -> None:
    if as_json:
        write_json({"file": str(path), **posterior.record})
        return
    out = console()
    theories: Mapping[str, Any] = posterior.record["theories"]
    _sampling_table(out, theories)
    name = "even" if "even" in theories else next(iter(theories))
    _learned_table(out, case, name, theories[name])
    _rival_table(out, case, name, theories[name]["rivals"])
    out.print(
        "What is not learned keeps its prior: strikes, consent and trust, opinion, the law, the number of members, the "
        "rates of recruitment and arrest, the probability of a split, the seized share and price elasticity. History "
        "holds nothing on them, or only products of them. For these the figures above say what the fit alone would "
        "have done; it is not used.",
        style="dim",
    )
    out.print(f"{posterior.draws} draws a theory, fitted to series up to {posterior.record['last_month']}: {path}")
    beliefs = "posterior" if "shipped" in path.parts else path
    out.print(f"Use them: {run_command('compare', '--beliefs', beliefs)}")


def _sampling_table(out: Any, theories: Mapping[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(title="Sampling", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in ("theory", "steps", "moves accepted", "different worlds", "fit (log evidence)"):
        table.add_column(name, justify="left" if name == "theory" else "right")
    for theory, record in theories.items():
        table.add_row(
            theory, str(record["steps"]), f"{100 * record['accepted']:.0f} %", str(record["different_points"]),
            f"{record['log_evidence']:.1f}",
        )  # fmt: skip
    out.print(table)
    out.print(
        "All theories face one likelihood, so their fits can be compared; a difference below about 3 says nothing, and "
        "none of it bears on strikes.",
        style="dim",
    )


def _learned_table(out: Any, case: Case, theory: str, record: Mapping[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(
        title=f"What the data taught most, under {theory}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for name in ("", "spread left", "shift", "error of shift", "kind"):
        table.add_column(name, justify="right" if name and name != "kind" else "left")
    numbers = [name for name in case.parameters if name in record["learned"] or name in record["kept_wide"]]
    learned = [(name, record["learned"][name], "learned") for name in numbers if name in record["learned"]]
    wide = [(name, record["kept_wide"][name], "kept wide") for name in numbers if name in record["kept_wide"]]
    for rows in (learned, wide):
        ranked = sorted(rows, key=lambda row: row[1]["spread"] - abs(row[1]["shift"]))
        for name, found, kind in ranked[: _SHOWN if rows is learned else _SHOWN // 3]:
            table.add_row(
                name, f"{found['spread']:.2f}", f"{found['shift']:+.2f}", f"{found['error']:.2f}", kind,
                style="dim" if kind == "kept wide" else "",
            )  # fmt: skip
    out.print(table)
    out.print(
        "Spread left: standard deviation over that of the prior (1: nothing learned). Shift: in prior "
        "standard deviations.",
        style="dim",
    )
    moved = sum(noticeably_moved(found) for _, found, _ in learned)
    out.print(
        f"{moved} of {len(learned)} learned numbers moved noticeably (a tenth of the spread gone, or a shift beyond "
        "0.3 and three of its errors); the others restate their prior."
    )


def _rival_table(out: Any, case: Case, theory: str, rivals: Mapping[str, Mapping[str, list[float]]]) -> None:
    from rich import box
    from rich.table import Table

    from ..study.posterior import learned_names

    learned = set(learned_names(case)[0])
    table = Table(title=f"Rivals, under {theory}", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in ("axis", "share of draws on each rival (± error)", "used"):
        table.add_column(name)
    for axis, shares in ((name, rivals[name]) for name in case.axes if name in rivals):
        words = ", ".join(
            f"{rival} {100 * share:.0f} ± {100 * error:.0f} %" for rival, (share, error) in shares.items()
        )
        kept = axis in learned
        table.add_row(axis, words, "yes" if kept else "no: prior kept", style="" if kept else "dim")
    out.print(table)
