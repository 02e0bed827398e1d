"""Boxes in words: what a restriction lets in, and how a box holds up."""

from __future__ import annotations

from ..language import foreign, named, own, t, theory_id
from .discovery import Box, Discovery, Restriction
from .numbers import shown

__all__ = ["box_words", "category_word", "factor_word", "kind_word", "limit_words", "loading_words", "quantile_words"]

_LOADINGS = 4
_SMALL_LOADING = 0.1


def box_words(found: Discovery, box: Box) -> str:
    """What a box holds, in one sentence with its errors."""
    return (
        t(
            "{coverage} ± {coverage_error} of 100 interesting worlds lie in it (coverage); {density} "
            "± {density_error} of 100 worlds in it are interesting (density; {base} of all worlds); "
            "it holds {mass} of 100 worlds. On worlds held out: density {held_out_density}, coverage "
            "{held_out_coverage} of 100.",
            coverage=f"{100 * box.coverage:.0f}", coverage_error=f"{100 * box.coverage_error:.0f}",
            density=f"{100 * box.density:.0f}", density_error=f"{100 * box.density_error:.0f}",
            base=f"{100 * found.base:.0f}", mass=f"{100 * box.mass:.0f}",
            held_out_density=f"{100 * box.held_out_density:.0f}",
            held_out_coverage=f"{100 * box.held_out_coverage:.0f}",
        )
    )


def factor_word(name: str) -> str:
    """An assumption's id in words; an axis has its label in another language.

    >>> factor_word("market_return")
    'market return'
    """
    return t("theory") if name == "theory" else own(f"axis.{name}", name.replace("_", " "))


def category_word(factor: str, name: str) -> str:
    """A theory, or a rival of an axis."""
    return theory_id(name) if factor == "theory" else named(f"rival.{factor}", name)


def kind_word(grade: str, kind: str) -> str:
    """Grade of the evidence of an assumption, or what it is.

    >>> kind_word("weak", "parameter"), kind_word("", "axis")
    ('weak', 'axis')
    """
    if grade:
        return own(f"grade.{grade}", grade)
    return {"axis": t("axis"), "theory": t("theory"), "parameter": t("parameter")}.get(kind, foreign(kind))


def limit_words(entry: Restriction) -> str:
    """What a restriction lets in.

    >>> from crosscurrent.analysis.discovery import Restriction
    >>> limit_words(Restriction("x", "parameter", "1", "weak", 0.25, None, 0.5, None, (), (), None, None, None))
    'above 0.250'
    """
    unit = f" {own(f'unit_text.{entry.unit}', entry.unit)}" if entry.unit not in ("", "1") else ""
    if entry.categories:
        return ", ".join(category_word(entry.factor, name) for name in entry.categories)
    if entry.low is not None and entry.high is not None:
        return t("{first} to {last}", first=shown(entry.low), last=shown(entry.high)) + unit
    if entry.low is not None:
        return t("above {low}{unit}", low=shown(entry.low), unit=unit)
    return t(
        "below {value}{unit}",
        value=shown(entry.high if entry.high is not None else float('nan')), unit=unit,
    )


def quantile_words(entry: Restriction) -> str:
    """Limits as quantiles of what was believed beforehand; empty for categories."""
    if entry.low_quantile is None and entry.high_quantile is None:
        return ""
    low = 0.0 if entry.low_quantile is None else entry.low_quantile
    high = 1.0 if entry.high_quantile is None else entry.high_quantile
    return f"{low:.2f}-{high:.2f}"


def loading_words(entry: Restriction) -> str:
    """The largest weights of a combination."""
    large = [pair for pair in entry.loadings if abs(pair[1]) >= _SMALL_LOADING][:_LOADINGS]
    return " ".join(f"{weight:+.2f} {name}" for name, weight in large) + t(" (in standard deviations)")
