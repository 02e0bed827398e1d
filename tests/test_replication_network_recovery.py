"""Network disruption: closed forms of efficiency, and the sign with and without recovery."""

import numpy as np
import pytest

from crosscurrent.errors import InputError
from crosscurrent.replications import network_recovery as net


def ring(count: int) -> np.ndarray:
    links = np.zeros((count, count), dtype=bool)
    for cell in range(count):
        links[cell, (cell + 1) % count] = links[(cell + 1) % count, cell] = True
    return links


def test_every_row_that_must_pass_does() -> None:
    rows = net.REPLICATION.rows()
    assert [row for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    assert [row.id for row in rows] == ["DU-1", "DU-1", "DU-1"]
    for chart in net.REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


def test_efficiency_of_known_networks() -> None:
    assert net.efficiency(~np.eye(6, dtype=bool)) == pytest.approx(1.0)
    assert net.efficiency(np.zeros((4, 4), dtype=bool)) == 0.0
    star = np.zeros((5, 5), dtype=bool)
    star[0, 1:] = star[1:, 0] = True
    assert net.efficiency(star) == pytest.approx((8 * 1.0 + 12 * 0.5) / 20)
    assert net.efficiency(ring(6)) == pytest.approx((2 * 1.0 + 2 / 2 + 1 / 3) / 5)


def test_distances_and_largest_part() -> None:
    two = np.zeros((7, 7), dtype=bool)
    two[:4, :4], two[4:, 4:] = ring(4), ring(3)
    assert net.distances(two)[0, 2] == 2
    assert np.isinf(net.distances(two)[0, 5])
    assert net.giant_share(two) == pytest.approx(4 / 7)


def test_betweenness_finds_the_bridge() -> None:
    path = np.zeros((5, 5), dtype=bool)
    for cell in range(4):
        path[cell, cell + 1] = path[cell + 1, cell] = True
    assert net._betweenness(path).tolist() == pytest.approx([0.0, 6.0, 8.0, 6.0, 0.0])


def test_network_is_what_it_says_and_the_same_every_time() -> None:
    links, roles = net.role_network(5)
    assert np.array_equal(links, links.T)
    assert not links.diagonal().any()
    assert links.sum() == net.CELLS * net.TIES
    assert np.bincount(roles).tolist() == [net.CELLS // net.ROLES] * net.ROLES
    assert np.array_equal(links, net.role_network(5)[0])


@pytest.mark.parametrize("target", net.TARGETS)
def test_recovery_helps_under_every_attack(target: net.Target) -> None:
    for seed in range(3):
        without = net.disrupt(seed, "none", target, 10, 60)
        assert net.disrupt(seed, "distance", target, 10, 60).efficiency[-1] > without.efficiency[-1]


def test_no_removal_changes_nothing() -> None:
    assert len(net.disrupt(0, "distance", steps=0).efficiency) == 1


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: net.disrupt(0, "distanse"), "did you mean 'distance'"),  # type: ignore[arg-type]
        (lambda: net.disrupt(0, "none", "degre"), "did you mean 'degree'"),  # type: ignore[arg-type]
        (lambda: net.disrupt(0, "none", steps=500), "remove"),
        (lambda: net.role_network(0, 5), "too few cells"),
        (lambda: net.efficiency(np.zeros((1, 1), dtype=bool)), "two cells"),
        (lambda: net.efficiency(np.triu(np.ones((3, 3), dtype=bool), 1)), "both ways"),
    ],
)
def test_wrong_inputs_say_what_to_change(call, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()
