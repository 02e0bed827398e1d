"""How long a search takes: policies judged on 192 worlds over ten years, on all processors, scaled up to 10,000.

python benchmarks/search_speed.py [POLICIES]

Prints one JSON document.  The past of the worlds is computed once; the algorithm's own time is counted.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from crosscurrent.case import load_case
from crosscurrent.study.search_file import read_search
from crosscurrent.study.search_run import SearchProgress, run_search

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "search.yaml"
WANTED = 10_000
TARGET_SECONDS = 15 * 60


def main(policies: int) -> None:
    case = load_case()
    search = read_search(EXAMPLE, case)
    marks: list[tuple[int, float]] = []

    def note(progress: SearchProgress) -> None:
        if progress.part == "search":
            marks.append((progress.done, progress.elapsed_seconds))

    with tempfile.TemporaryDirectory() as folder:
        begin, used = time.monotonic(), time.process_time()
        result = run_search(search, case, Path(folder) / "out", policies, note)
        seconds, used = time.monotonic() - begin, time.process_time() - used
    # The first generation's time holds the past and loading; the rest is what grows with the number of policies.
    (first, start), (last, end) = marks[0], marks[-1]
    a_policy = (end - start) / max(last - first, 1)
    searching = start + a_policy * (WANTED - first)
    fresh = seconds - end
    weeks = search.worlds * round(search.years * 365.25 / 7)
    print(
        json.dumps(
            {
                "policies": last, "worlds": search.worlds, "years": search.years, "processors": os.cpu_count(),
                "load": os.getloadavg()[0], "seconds_a_policy": a_policy, "world_weeks_per_second": weeks / a_policy,
                "processor_seconds": used, "searching_10000_s": searching, "front": len(result.front),
                "front_on_fresh_worlds_s": fresh, "target_s": TARGET_SECONDS,
                "within_target": searching + fresh < TARGET_SECONDS,
            },
            indent=1,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
