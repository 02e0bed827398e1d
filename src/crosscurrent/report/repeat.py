"""How to repeat a study: command, Python, study file, versions."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ..language import dated, foreign, t

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results
    from ..study.specification import Study

__all__ = ["Recipe", "recipe"]

_PYTHON = """from crosscurrent.case import load_case
from crosscurrent.study import Study, execute
from crosscurrent.study.simulation import simulator_for

study = Study.from_yaml("study.yaml")  # the file above
case = load_case(study.case)
results = execute(study, simulator_for, "results", case_digest=case.digest)
print(results.table({measure!r}).shape)  # policy, theory, world
"""


@dataclass(frozen=True)
class Recipe:
    """Everything needed to get the same numbers again."""

    command: str
    python: str
    study: str
    facts: tuple[tuple[str, str], ...]
    """Seed, counts, digests and versions: name and value."""


def _command(study: Study, case: Case) -> str:
    """The command line of a study; what equals all that the case knows is left out."""
    from ..model.schema import MEASURES

    words = ["crosscurrent", "compare", "--case", study.case]
    for option, chosen, known in (
        ("--policies", study.policies, tuple(case.policies)),
        ("--theories", study.theories, tuple(case.theories)),
        ("--measures", study.measures, tuple(MEASURES)),
    ):
        if chosen and chosen != known:
            words += [option, ",".join(chosen)]
    words += ["--worlds", str(study.worlds), "--decision", study.decision, "--years", str(study.years)]
    return shlex.join([*words, "--seed", str(study.seed)])


def recipe(results: Results, case: Case) -> Recipe:
    """Command, Python and facts for a study's numbers."""
    study, manifest = results.study, results.manifest
    timings = results.timings
    facts = [
        (t("Study"), study.name),
        (t("Seed"), str(study.seed)),
        (t("Worlds per theory"), f"{study.worlds:,}"),
        (t("Decision"), dated(study.decision)),
        (t("Years"), str(study.years)),
        (t("World-weeks computed"), f"{timings.world_weeks:,}"),
        (t("Digest of the study"), manifest.study_digest),
        (t("Digest of the case when it was run"), manifest.case_digest),
    ]
    if manifest.case_digest != case.digest:
        facts.append((t("Note"), t("the case was changed since: its tables below are newer than the numbers")))
    facts += [(foreign(name.replace("_", " ")), str(value)) for name, value in asdict(manifest.environment).items()]
    python = _PYTHON.format(measure=results.measures[0])
    return Recipe(_command(study, case), python, study.to_yaml(), tuple(facts))
