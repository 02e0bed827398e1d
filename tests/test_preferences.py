"""Preferences files: what is read, and that every mistake is named with file, line and the nearest name."""

from __future__ import annotations

import pytest

from crosscurrent.analysis.preferences import read_preferences, shipped_preferences, single_measure
from crosscurrent.errors import InputError
from crosscurrent.model.schema import MEASURES

THEORIES = ("removal-weakens", "removal-splits", "even")
GOOD = """\
label: Mine
description: What I want.
optimism: 0.25
tail: 0.2
theory_weights: {removal-weakens: 3, even: 1}
measures:
  homicides: {weight: 2, per: 1000, at_most: -500}
  groups: {direction: lower, at_most: 150, of: level}
  trust: {weight: 1, per: 0.1, at_least: 0}
"""


def written(tmp_path, text):
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def read(tmp_path, text):
    return read_preferences(written(tmp_path, text), tuple(MEASURES), THEORIES)


def test_a_file_is_read_as_it_is_written(tmp_path):
    found = read(tmp_path, GOOD)
    assert (found.name, found.label, found.optimism, found.tail) == ("mine", "Mine", 0.25, 0.2)
    assert found.theory_weights == {"removal-weakens": 0.75, "even": 0.25}
    homicides, groups, trust = found.wishes
    assert (homicides.direction, homicides.weight, homicides.per, homicides.at_most) == ("lower", 2.0, 1000.0, -500.0)
    assert (groups.direction, groups.weight, groups.of) == ("lower", None, "level")
    assert (trust.direction, trust.sign, trust.at_least) == ("higher", -1.0, 0.0)
    assert [wish.measure for wish in found.weighted] == ["homicides", "trust"]


def test_one_measure_takes_direction_and_thresholds_from_the_file(tmp_path):
    found = read(tmp_path, GOOD)
    alone = single_measure("groups", found)
    assert (alone.wishes[0].direction, alone.wishes[0].at_most, alone.wishes[0].of) == ("lower", 150.0, "level")
    assert single_measure("groups").wishes[0].direction == "none"
    assert single_measure("trust").wishes[0].direction == "higher"
    assert single_measure("homicides").thresholds == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("homicides:", "homicide:", 7, "did you mean 'homicides'"),
        ("even: 1", "evenn: 1", 5, "did you mean 'even'"),
        ("optimism: 0.25", "optimsm: 0.25", 3, "did you mean 'optimism'"),
        ("weight: 2", "wieght: 2", 7, "did you mean 'weight'"),
        ("optimism: 0.25", "optimism: 1.5", 3, "share from 0 to 1"),
        ("tail: 0.2", "tail: 0", 4, "above 0 and below 1"),
        ("weight: 2", "weight: .nan", 7, "finite"),
        ("weight: 2", "weight: -1", 7, "above 0"),
        ("per: 1000, ", "", 7, "weight and per come together"),
        ("direction: lower, ", "", 8, "no direction is agreed"),
        ("{weight: 1, per: 0.1, at_least: 0}", "{weight: 1, per: 0.1, direction: lower}", 9, "write higher"),
        ("of: level", "of: levels", 8, "did you mean 'level'"),
        ("label: Mine\n", "", 1, "label"),
        ("tail: 0.2", "optimism: 0.2", 4, "written twice"),
        ("{removal-weakens: 3, even: 1}", "{even: 0}", 5, "add up to 0"),
        ("at_most: -500", "at_most: many", 7, "not a number"),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path, old, new, line, words):
    assert old in GOOD
    with pytest.raises(InputError, match=words) as caught:
        read(tmp_path, GOOD.replace(old, new))
    assert (caught.value.line, caught.value.exit_code) == (line, 2)
    assert str(caught.value).startswith(f"{tmp_path / 'mine.yaml'}:{line}: ")


def test_what_is_no_mapping_or_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="not a mapping"):
        read(tmp_path, "- homicides\n")
    with pytest.raises(InputError, match="at least one"):
        read(tmp_path, "label: Nothing\nmeasures: {}\n")
    with pytest.raises(InputError, match="did you mean 'lives-first'"):
        read_preferences("live-first", tuple(MEASURES), THEORIES)
    file = tmp_path / "bytes.yaml"
    file.write_bytes(b"label: \xff\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_preferences(file, tuple(MEASURES), THEORIES)


@pytest.mark.parametrize("name", shipped_preferences())
def test_shipped_examples_are_read_weighed_and_neutral(name):
    found = read_preferences(name, tuple(MEASURES), THEORIES)
    assert found.weighted
    assert found.thresholds
    assert found.theory_weights == {}
    assert found.name == name


def test_the_examples_do_not_all_want_the_same():
    found = [read_preferences(name, tuple(MEASURES), THEORIES) for name in shipped_preferences()]
    assert len({tuple((wish.measure, wish.per) for wish in item.weighted) for item in found}) == len(found) >= 4
