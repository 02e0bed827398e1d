"""The form of every file: which keys or columns it has and how each is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import fields as read
from . import words
from .fields import Cell, Field, Form, Reader, read_form
from .pathway_records import Pathway, Transfer
from .records import ClaimTest, PolicyRule, Published, Rival, SeriesPart, Variant, WeightTable

__all__ = ["CALENDAR", "CASE", "ENTRIES", "OPTIONAL", "PARAMETER", "SERIES", "TABLES"]

_ids = read.items(read.text)
_needed_ids = Field(_ids, default=())
_ids_if_any = Field(_ids, required=False, default=())
_text = Field(read.text)
_number = Field(read.number)
_remark = Field(read.text, required=False, default="")


def _made(form: Form, make: Any) -> Reader:
    """Reader of a nested mapping that becomes a record."""

    def read_nested(cell: Cell) -> Any:
        return make(**read_form(cell, form))

    return read_nested


CASE: Form = {
    "id": Field(read.identifier),
    "title": _text,
    "description": _text,
    "scope": Field(_ids),
    "boundaries": Field(_ids),
    "calendar": Field(lambda cell: read_form(cell, CALENDAR)),
    "population": Field(read.table(read.positive)),
}

CALENDAR: Form = {
    "start": Field(read.day),
    "reference": Field(read.items(read.day)),
    "default_decision": Field(read.decision),
    "history_end": Field(read.day),
}

_GROUP: Form = {
    "rank": Field(read.whole),
    "size_share": Field(read.share),
    "rank_class": Field(read.choice(*words.RANK_CLASSES)),
    "rivalry_strength": Field(read.not_negative),
    "alliance_strength": Field(read.not_negative),
    "evidence": _ids_if_any,
}

_TIE: Form = {
    "from_rank": Field(read.whole),
    "to_rank": Field(read.whole),
    "weight": Field(read.positive),
    "evidence": _ids_if_any,
}

_HISTORY: Form = {
    "year": Field(read.whole),
    "name": _text,
    "value": _number,
    "plus_minus": Field(read.not_negative),
    "unit": Field(read.unit),
    "basis": Field(read.choice(*words.BASES)),
    "evidence": _ids_if_any,
}

_EVENT: Form = {
    "date": Field(read.day),
    "kind": Field(read.choice(*words.EVENT_KINDS)),
    "rank_class": Field(read.choice(*words.RANK_CLASSES), required=False),
    "owner": Field(read.choice(*words.OWNERS), required=False),
    "label": _text,
    "sets": Field(read.text, required=False),
    "value": Field(read.number, required=False),
    "until": Field(read.day, required=False),
    "known": Field(read.day, required=False),
    "evidence": _ids_if_any,
    "verified": Field(read.choice(*words.VERIFIED)),
}

_EVIDENCE: Form = {
    "id": Field(read.identifier),
    "origin": Field(read.identifier),
    "kind": _text,
    "mechanism": _text,
    "setting": _remark,
    "estimate": _remark,
    "unit": _remark,
    "interval": _remark,
    "direction": _remark,
    "method": _remark,
    "citation": _text,
    "locator": _remark,
    "verified": Field(read.choice(*words.VERIFIED)),
    "note": _remark,
}

SERIES: Form = {
    "period": Field(read.period),
    "value": _number,
    "unit": Field(read.unit),
    "definition": _text,
    "publisher": _text,
    "source": _text,
    "verified": Field(read.choice(*words.VERIFIED)),
    "note": _remark,
}

TABLES: Mapping[str, Form] = {
    "groups.csv": _GROUP,
    "rivalries.csv": _TIE,
    "alliances.csv": _TIE,
    "history.csv": _HISTORY,
    "events.csv": _EVENT,
    "evidence.csv": _EVIDENCE,
}
"""Form of each table at the top of the folder."""

_PRODUCT: Form = {
    "label": _text,
    "unit": Field(read.unit),
    "evidence": _needed_ids,
    "facts": Field(read.table(read.fact), required=False, default={}),
}

_GRADED: Form = {
    "evidence": _ids_if_any,
    "reasoning": _text,
    "grade": Field(read.choice(*words.GRADES)),
}

_CORRIDOR: Form = {
    "label": _text,
    "kind": Field(read.choice(*words.CORRIDOR_KINDS)),
    "base_share": Field(read.table(read.share)),
    **_GRADED,
}

_LEVER: Form = {
    "label": _text,
    "owner": Field(read.choice(*words.OWNERS)),
    "unit": Field(read.unit),
    "low": _number,
    "high": _number,
    "status_quo": _number,
    "reference": _number,
    "cost": Field(read.parameter_or_amount),
    "cost_owner": Field(read.choice(*words.OWNERS)),
    "implementation": Field(read.parameter_or_share),
    "extrapolation_above": Field(read.number, required=False),
    "group": Field(read.choice(*words.LEVER_GROUPS)),
    **_GRADED,
}

PARAMETER: Form = {
    "label": _text,
    "unit": Field(read.unit),
    "distribution": Field(read.distribution),
    "axis": Field(read.text, required=False),
    "rivals": Field(read.table(read.distribution), required=False, default={}),
    **_GRADED,
}

_AXIS: Form = {
    "label": _text,
    "question": _text,
    "rivals": Field(read.table(_made({"label": _text, "statement": _text}, Rival))),
    "evidence": _needed_ids,
    "weights_given": Field(
        _made({"axis": _text, "table": Field(read.table(read.table(read.share)))}, WeightTable),
        required=False,
    ),
}

_THEORY: Form = {
    "label": _text,
    "description": _text,
    "fixes": Field(read.table(read.text), required=False, default={}),
}

_RULE: Form = {
    "when": _text,
    "above": Field(read.number, required=False),
    "below": Field(read.number, required=False),
    "for_weeks": Field(read.weeks, required=False, default=1),
    "release": Field(read.number, required=False),
    "delay_weeks": Field(read.weeks, required=False, default=0),
    "then": Field(read.table(read.number)),
}

_VARIANT: Form = {
    "label": _remark,
    "description": _remark,
    "levers": Field(read.table(read.number)),
}


def _starts(cell: Cell) -> dict[str, int]:
    """Weeks by lever; a single number holds for every lever of the policy."""
    if isinstance(cell.value, dict):
        return dict(read.table(read.weeks)(cell))
    levers = cell.record.value.get("levers")
    after = read.weeks(cell)
    return dict.fromkeys(levers, after) if isinstance(levers, dict) else {}


def _variant(cell: Cell) -> Variant:
    """A variant in the long form, or only its lever values."""
    if isinstance(cell.value, dict) and not set(_VARIANT) & set(cell.value):
        return Variant(label="", description="", levers=read.table(read.number)(cell))
    return Variant(**read_form(cell, _VARIANT))


_POLICY: Form = {
    "label": _text,
    "description": _text,
    "levers": Field(read.table(read.number), required=False, default={}),
    "starts": Field(_starts, required=False, default={}),
    "rules": Field(read.items(_made(_RULE, PolicyRule)), required=False, default=()),
    "variants": Field(read.table(_variant), required=False, default={}),
}

_TRANSFER: Form = {
    "to": _text,
    "keeps": Field(read.yes_or_no, required=False, default=False),
    "signpost": _text,
    "above": Field(read.number, required=False),
    "below": Field(read.number, required=False),
    "for_weeks": Field(read.weeks),
    "release": Field(read.number, required=False),
    "lead_weeks": Field(read.weeks),
    "irreversible": Field(read.yes_or_no),
    "cost": Field(read.not_negative),
    **_GRADED,
}

_PATHWAY: Form = {
    "label": _text,
    "description": _text,
    "start": _text,
    "transfers": Field(read.items(_made(_TRANSFER, Transfer))),
}

_OBJECTIVE: Form = {
    "label": _text,
    "measure": _text,
    "at_most": Field(read.number, required=False),
    "at_least": Field(read.number, required=False),
    "from_months": Field(read.whole),
    "for_months": Field(read.whole, required=False, default=6),
    "pathways": Field(read.table(_made(_PATHWAY, Pathway))),
    **_GRADED,
}

def _yes_or_no(cell: Cell) -> bool:
    if not isinstance(cell.value, bool):
        raise cell.refuse("wrong-type", f"{cell.name} is neither true nor false", "write true or false")
    return cell.value


_TEST: Form = {
    "measure": _text,
    "policy": _text,
    "versus": Field(read.text, required=False, default="status-quo"),
    "at_months": Field(read.items(read.whole)),
    "direction": Field(read.choice(*words.CLAIM_DIRECTIONS)),
    "margin": Field(read.number, required=False),
    "kind": Field(read.choice(*words.FINDING_KINDS)),
    "versus_measure": Field(read.text, required=False),
    "versus_month": Field(read.whole, required=False),
    "per_cost": Field(_yes_or_no, required=False, default=False),
}

_FURTHER_TEST: Form = {
    **_TEST,
    "at_months": Field(read.items(read.whole), required=False, default=()),
    "kind": Field(read.choice(*words.FINDING_KINDS), required=False, default=""),
}


def _contested(cell: Cell) -> bool | str:
    """Whether a claim is contested, or by what."""
    return cell.value if isinstance(cell.value, bool) else read.text(cell)


_CLAIM: Form = {
    "statement": _text,
    "documents": Field(_ids),
    "asserted_by": _text,
    "kind": Field(read.choice(*words.CLAIM_KINDS)),
    "stance": Field(read.choice(*words.STANCES)),
    "subsystem": _text,
    "origin": Field(read.identifier),
    "test": Field(_made(_TEST, ClaimTest), required=False),
    "together": Field(read.items(_made(_FURTHER_TEST, ClaimTest)), required=False, default=()),
    "also": Field(read.items(_made(_FURTHER_TEST, ClaimTest)), required=False, default=()),
    "why_not": Field(read.text, required=False),
    "note": _remark,
    "contested": Field(_contested, required=False, default=False),
}

_flag = Field(read.yes_or_no, required=False, default=False)
_terms = Field(read.table(read.number), required=False, default={})

_TARGET: Form = {
    "label": _text,
    "series": _text,
    "definition": _text,
    "minus": Field(_made({"series": _text, "definition": _text}, SeriesPart), required=False),
    "measures": Field(read.table(read.number)),
    "over": _terms,
    "times": _terms,
    "background": Field(read.not_negative, required=False, default=0.0),
    "frequency": Field(read.choice(*words.FREQUENCIES)),
    "rolling_months": Field(read.whole, required=False, default=1),
    "scale": Field(read.choice("log", "logit")),
    "falling": _flag,
    "seasonal": _flag,
    "level_margin": Field(read.positive),
    "published": Field(
        _made({"unit": Field(read.unit), "per_unit": Field(read.positive)}, Published), required=False
    ),
    "unit_texts": _ids_if_any,
    "fit": Field(read.yes_or_no),
    "score": Field(read.choice(*words.SCORES)),
    "reasoning": _text,
}

_DRIVER_RULE: Form = {
    "scale": Field(read.choice(*words.DRIVER_SCALES)),
    "trend": Field(read.choice(*words.DRIVER_TRENDS)),
    "least_change": Field(read.positive),
    "reasoning": _text,
}

_LEARNED: Form = {"axes": Field(_ids, default=()), "parameters": Field(_ids, default=()), "reasoning": _text}

ENTRIES: Mapping[str, Form] = {
    "products.yaml": _PRODUCT,
    "corridors.yaml": _CORRIDOR,
    "levers.yaml": _LEVER,
    "axes.yaml": _AXIS,
    "theories.yaml": _THEORY,
    "policies.yaml": _POLICY,
    "claims.yaml": _CLAIM,
    "pathways.yaml": _OBJECTIVE,
    "targets.yaml": _TARGET,
    "driver_rules.yaml": _DRIVER_RULE,
    "learned.yaml": _LEARNED,
}
"""Form of each YAML file of entries by id."""

OPTIONAL = frozenset({"pathways.yaml", "targets.yaml", "driver_rules.yaml", "learned.yaml"})
"""Files that a case may do without."""
