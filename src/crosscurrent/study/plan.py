"""How a study's worlds are cut into shards: a pure function of theories and worlds."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from ..errors import InputError

__all__ = ["LARGE_SHARD", "SMALL_SHARD", "ShardKey", "own_part", "path_worlds", "plan_shards"]

SMALL_SHARD = 256
LARGE_SHARD = 2048
_SMALL_UNTIL = 4096


class ShardKey(NamedTuple):
    """Worlds ``first <= world < last`` of a theory."""

    theory: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """Stem of the shard's file names."""
        return f"{self.theory}-{self.first:07d}-{self.last:07d}"

    def __str__(self) -> str:
        return f"{self.theory} worlds {self.first} to {self.last - 1}"


def plan_shards(theories: tuple[str, ...], worlds: int) -> list[ShardKey]:
    """The shards of a study, the first worlds of every theory first.

    The first 4096 worlds come in shards of 256 (fine progress, little to lose), later ones in shards of
    2048 (few files).  Cuts do not depend on the total, so a study that was extended has the very shards of
    one that was run at once.

    >>> [key.name for key in plan_shards(("a", "b"), 300)][1:]
    ['b-0000000-0000256', 'a-0000256-0000300', 'b-0000256-0000300']
    """
    cuts = [
        *range(0, min(worlds, _SMALL_UNTIL), SMALL_SHARD),
        *range(_SMALL_UNTIL, worlds, LARGE_SHARD),
        worlds,
    ]
    return [ShardKey(theory, first, last) for first, last in pairwise(cuts) for theory in theories]


def own_part(keys: list[ShardKey], share: str | None) -> list[ShardKey]:
    """The part of the list for machine ``i`` of ``N``, with ``share`` written ``i/N``; all when None.

    >>> keys = plan_shards(("a", "b", "c"), 256)
    >>> [key.theory for key in own_part(keys, "2/2")]
    ['b']

    Raises
    ------
    InputError
        If the text has another form or i is not in 1 to N.
    """
    if share is None:
        return keys
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", share)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError("not a part of a study", given=share, expected="i/N with i from 1 to N, such as 2/5")
    return keys[int(match[1]) - 1 :: int(match[2])]


def path_worlds(key: ShardKey, full_paths: int) -> int:
    """How many worlds of a shard keep their whole path: those below ``full_paths``."""
    return max(0, min(key.last, full_paths) - key.first)
