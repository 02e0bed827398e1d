"""The genetic algorithm of a search: NSGA-II for two or three objectives [1]_, NSGA-III for more [2]_ (pymoo).

It is asked for points and told their figures, so that a search can be stored generation by generation and replayed: an
algorithm with the same seed that is told the same figures asks for the same points.  pymoo 0.6.2 breaks ties between
policies that violate a constraint equally with an unseeded generator; the tournament here does not.

References
----------
.. [1] K. Deb, A. Pratap, S. Agarwal and T. Meyarivan (2002), "A fast and elitist multiobjective genetic algorithm:
   NSGA-II", IEEE Transactions on Evolutionary Computation 6(2), doi:10.1109/4235.996017.
.. [2] K. Deb and H. Jain (2014), "An evolutionary many-objective optimization algorithm using reference-point-based
   nondominated sorting approach, part I", IEEE Transactions on Evolutionary Computation 18(4),
   doi:10.1109/TEVC.2013.2281535.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError, InputError

__all__ = ["Generations", "partitions", "require_pymoo"]

Floats = npt.NDArray[np.float64]
MANY = 4
"""From so many objectives on, reference directions replace crowding."""


def require_pymoo() -> str:
    """Version of pymoo.

    Raises
    ------
    InputError
        If it is not installed.
    """
    from importlib import metadata

    try:
        return metadata.version("pymoo")
    except metadata.PackageNotFoundError:
        raise InputError(
            "a search needs the package pymoo", fix="pip install 'crosscurrent[search]'"
        ) from None


def partitions(objectives: int, population: int) -> int:
    """Finest even division of the reference directions that a population can cover.

    >>> partitions(4, 100), partitions(5, 100)
    (6, 4)
    """
    found = 1
    while math.comb(objectives + found, found + 1) <= population:
        found += 1
    return found


def tournament(pop: Any, pairs: npt.NDArray[np.int64], random_state: Any = None, **_: Any) -> npt.NDArray[np.int64]:
    """Winner of each pair: the smaller violation, then the better rank, then the emptier place, then a seeded coin."""
    if random_state is None:
        raise ComputeError("the search's generator of random numbers was lost", fix="update pymoo to 0.6.2 or later")
    winners = np.empty(len(pairs), dtype=np.int64)
    for number, (a, b) in enumerate(pairs):
        first, second = (_merit(pop[place]) for place in (a, b))
        if first == second:
            winners[number] = random_state.choice([a, b])
        else:
            winners[number] = a if first < second else b
    return winners[:, None]


def _merit(one: Any) -> tuple[float, float, float]:
    """What a tournament compares; less is better.  Reference directions give no place, so only violations count."""
    violation = float(np.max(one.CV))
    rank, crowding = one.get("rank"), one.get("crowding")
    if violation > 0.0 or rank is None or crowding is None:
        return violation, 0.0, 0.0
    return violation, float(rank), -float(crowding)


class Generations:
    """Asks for points of the unit cube, generation by generation, and learns from their figures.

    Parameters
    ----------
    coordinates, objectives, constraints : int
    population : int
    seed : int
        0 is a seed like any other.

    Raises
    ------
    InputError
        If pymoo is not installed, or the population is too small for the objectives.
    """

    def __init__(self, coordinates: int, objectives: int, constraints: int, population: int, seed: int) -> None:
        require_pymoo()
        from pymoo.config import Config
        from pymoo.core.problem import Problem
        from pymoo.core.termination import NoTermination

        Config.warnings["not_compiled"] = False
        self.problem = Problem(
            n_var=coordinates, n_obj=objectives, n_ieq_constr=constraints, xl=np.zeros(coordinates),
            xu=np.ones(coordinates),
        )  # fmt: skip
        self.algorithm = _algorithm(objectives, population)
        self.algorithm.setup(self.problem, termination=NoTermination(), seed=seed, verbose=False)
        self.asked: Any = None

    def ask(self) -> Floats:
        """Points of the next generation [policy, coordinate], each 0-1."""
        self.asked = self.algorithm.ask()
        return np.array(self.asked.get("X"), dtype=np.float64)

    def tell(self, objectives: Floats, violations: Floats) -> None:
        """Figures of the points asked for: objectives [policy, objective], violations [policy, constraint]."""
        from pymoo.core.evaluator import Evaluator
        from pymoo.problems.static import StaticProblem

        static = StaticProblem(self.problem, F=objectives, G=violations)
        Evaluator().eval(static, self.asked)
        self.algorithm.tell(infills=self.asked)


def _algorithm(objectives: int, population: int) -> Any:
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.operators.selection.tournament import TournamentSelection
    from pymoo.util.ref_dirs import get_reference_directions

    selection = TournamentSelection(func_comp=tournament)
    if objectives < MANY:
        return NSGA2(pop_size=population, selection=selection)
    if population < objectives:
        raise InputError("the population is too small", given=population, expected=f"at least {objectives}")
    directions = get_reference_directions(
        "das-dennis", objectives, n_partitions=partitions(objectives, population)
    )
    return NSGA3(directions, pop_size=population, selection=selection)
