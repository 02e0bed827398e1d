"""A stored study whose dependence on its factors is known exactly, for discovery and sensitivity."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Label, Results, Study, execute
from crosscurrent.study.sampling import world_points

POLICIES = ("status-quo", "demand-side")
THEORIES = ("removal-splits", "even")
PARAMETERS = ("initial_members", "conflict_rate", *(f"idle_{number}" for number in range(8)))
MEASURES = ("homicides", "overdose_deaths", "security_cooperation", "groups")
LABELS = {
    "homicides": Label("deaths", "homicides over the projection"),
    "parameter_initial_members": Label("members", "members at the start"),
}
MONTHS = np.arange(159, 171)
ARMS_WEIGHT = 4.0


class FactorSimulator:
    """Homicides are high where members exceed 60 (of 0-100) and removal splits; nothing else moves them but a little
    noise.  Overdose deaths are pure chance; the groups are the same everywhere.  Under demand-side security
    cooperation changes by a weighted sum: 4 of the members' place, 2 of the conflict rate, 1 of the first idle one.
    """

    def __init__(self, study: Study) -> None:
        self.study = study

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds = np.arange(first, last)
        points = world_points(self.study.seed, worlds, len(PARAMETERS) + 3)
        chance = np.random.default_rng([self.study.seed, first, len(theory)]).random((3, len(worlds)))
        splits = np.ones(len(worlds), bool) if theory == "removal-splits" else points[:, 10] < 0.5
        bad = (points[:, 0] > 0.6) & splits
        base = 100_000.0 + 50_000 * bad + 1000 * chance[0]
        moved = ARMS_WEIGHT * points[:, 0] + 2 * points[:, 1] + points[:, 2]
        level = 10 * chance[2]
        measures = {
            "homicides": np.stack([base, base]),
            "overdose_deaths": np.stack([chance[1], chance[1]]),
            "security_cooperation": np.stack([level, level + moved]),
            "groups": np.full((2, len(worlds)), 150.0),
        }
        failed = np.full((2, len(worlds)), -1, dtype=np.int32)
        failed[1, worlds == 3] = 700
        for values in measures.values():
            values[failed >= 0] = np.nan
        monthly = np.repeat(np.stack(list(measures.values()), axis=1)[..., None], len(MONTHS), axis=-1)
        count = max(0, min(last, self.study.full_paths) - first)
        scales = (100.0, *([1.0] * (len(PARAMETERS) - 1)))
        return BatchResult(
            theory, worlds, self.study.policies,
            {name: scales[number] * points[:, number] for number, name in enumerate(PARAMETERS)},
            {
                "removal": np.where(splits, "splits", "weakens").astype(object),
                "prevention": np.array(["backfires", "null", "works"], dtype=object)[(3 * points[:, 11]).astype(int)],
            },
            measures, failed, np.where(failed >= 0, "violence", "").astype(object),
            np.moveaxis(np.nanquantile(monthly, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed < 0).sum(axis=1).astype(np.int64),
            np.moveaxis(monthly[:, :, :count], 2, 1).astype(np.float32), MONTHS, len(worlds) * 52, 0.01,
        )  # fmt: skip


def factor_study(folder: Path, worlds: int = 1024) -> Results:
    """The study above, stored."""
    study = Study(policies=POLICIES, theories=THEORIES, worlds=worlds, measures=MEASURES, full_paths=0)
    return execute(study, FactorSimulator, folder, case_digest="0", labels=LABELS)
