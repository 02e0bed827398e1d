"""Reading and checking a case: data that a domain expert can read and edit.

A case is a folder of YAML and CSV files.  ``check_case`` finds all that is wrong in it, with file, line and
suggestion; ``load_case`` gives the case as frozen records, each knowing where it is written.
"""

from __future__ import annotations

from .distributions import Distribution, Summary, describe, quantile, summary
from .evidence import evidence_for, origin_count
from .load import case_digest, case_folder, check_case, load_case, new_case, shipped_cases
from .names import NameTables
from .pathway_records import Objective, Pathway, Transfer
from .problems import RULES, CheckReport, Problem, Rule
from .records import (
    Axis,
    Case,
    Claim,
    ClaimTest,
    Corridor,
    Event,
    EvidenceRecord,
    Group,
    HistoryValue,
    Lever,
    Meta,
    Parameter,
    Policy,
    PolicyRule,
    Product,
    Rival,
    Series,
    SeriesPoint,
    Theory,
    Tie,
    Variant,
    WeightTable,
    parameter_distribution,
)

__all__ = [
    "RULES",
    "Axis",
    "Case",
    "CheckReport",
    "Claim",
    "ClaimTest",
    "Corridor",
    "Distribution",
    "Event",
    "EvidenceRecord",
    "Group",
    "HistoryValue",
    "Lever",
    "Meta",
    "NameTables",
    "Objective",
    "Parameter",
    "Pathway",
    "Policy",
    "PolicyRule",
    "Problem",
    "Product",
    "Rival",
    "Rule",
    "Series",
    "SeriesPoint",
    "Summary",
    "Theory",
    "Tie",
    "Transfer",
    "Variant",
    "WeightTable",
    "case_digest",
    "case_folder",
    "check_case",
    "describe",
    "evidence_for",
    "load_case",
    "new_case",
    "origin_count",
    "parameter_distribution",
    "quantile",
    "shipped_cases",
    "summary",
]
