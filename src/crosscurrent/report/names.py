"""What the report calls things: labels of the case where it has them, else the ids themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from ..language import foreign, language, own, said, t, unit_of
from .shapes import glyph

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = [
    "MeasureName",
    "Named",
    "main_measures",
    "measure_name",
    "measure_word",
    "policy_names",
    "theory_names",
]

_SPELT = {"us": "US", "mx": "Mexico"}


@dataclass(frozen=True)
class Named:
    """A policy or theory as the report shows it."""

    id: str
    label: str
    description: str
    mark: Markup
    """Glyph of a theory; empty for a policy."""


@dataclass(frozen=True)
class MeasureName:
    """A measure as the report shows it."""

    id: str
    label: str
    meaning: str
    unit: str
    flow: bool
    """A flow is a total over the projection and is drawn by month; a stock is read at its end."""
    preferred: Literal["lower", "higher", "none"]

    @property
    def unit_words(self) -> str:
        """Unit in words."""
        return t("index") if self.unit in ("", "1") else unit_of(self.unit)

    @property
    def over(self) -> str:
        """What period a figure of the measure is for."""
        return t("total over the projection") if self.flow else t("at the end of the projection")


def policy_names(results: Results, case: Case) -> tuple[Named, ...]:
    """Policies of the results, in their order; ``NAME@VARIANT`` is a variant of a policy."""
    found = []
    for key in results.policies:
        base, _, variant = key.partition("@")
        policy = case.policies.get(base)
        label, description = (policy.label, policy.description) if policy else (base, "")
        label, description = _capital(own(f"policy.{base}", label)), said(description)
        if variant:
            its = policy.variants.get(variant) if policy else None
            label = f"{label}, {said((its.label if its else '') or variant)}"
            description = said(its.description if its else "") or description
        found.append(Named(key, label or key, description, Markup("")))
    return tuple(found)


def theory_names(results: Results, case: Case) -> tuple[Named, ...]:
    """Theories of the results with their glyphs, which go by place in the case so that they never change."""
    order = [*case.theories, *(key for key in results.theories if key not in case.theories)]
    found = []
    for key in results.theories:
        theory = case.theories.get(key)
        label, description = (theory.label, theory.description) if theory else (key, "")
        label, description = _theory_label(key, label), own(f"theory_text.{key}", description)
        found.append(Named(key, label or key, description, glyph(_place(key, order))))
    return tuple(found)


def _capital(label: str) -> str:
    """A label as it begins a line; English labels are as the case has them."""
    return label if language() == "en" else label[:1].upper() + label[1:]


def _theory_label(key: str, english: str) -> str:
    """Label of a theory; the mixture is no theory of the page and has its own message."""
    if key == "even" and language() != "en":
        return t("All rivals mixed")
    return own(f"theory.{key}", english)


def _place(key: str, order: list[str]) -> int:
    """Place among the theories that fix something; the even mixture has the ring, the last glyph."""
    if key == "even":
        return -1
    return [name for name in order if name != "even"].index(key)


def measure_name(key: str, results: Results) -> MeasureName:
    """Label, unit and preferred direction of a measure."""
    from ..model.schema import MEASURES, OBSERVABLES

    known = MEASURES.get(key) or OBSERVABLES.get(key)
    if known is not None:
        return MeasureName(
            key, measure_word(key), said(known.meaning), known.unit, known.kind == "flow", known.preferred
        )
    label = results.labels.get(key)
    meaning, unit = (label.long_name, label.unit) if label else ("", "")
    return MeasureName(key, measure_word(key), foreign(meaning), unit, False, "none")


def measure_word(key: str) -> str:
    """What a measure is called in a heading: its id in words, or its label in another language."""
    return _title(key) if language() == "en" else own(f"measure.{key}", _title(key))


def _title(key: str) -> str:
    """A short title from an id.

    >>> _title("cost_us"), _title("anti_us_feeling")
    ('Cost US', 'Anti US feeling')
    """
    words = " ".join(_SPELT.get(word, word) for word in key.split("_"))
    return words[:1].upper() + words[1:]


def main_measures(results: Results) -> tuple[MeasureName, ...]:
    """Measures that the report draws: the main ones that were computed, else the first few."""
    from ..analysis.summary import MAIN_MEASURES

    stored = results.measures
    chosen = [key for key in MAIN_MEASURES if key in stored] or list(stored[:4])
    return tuple(measure_name(key, results) for key in chosen)
