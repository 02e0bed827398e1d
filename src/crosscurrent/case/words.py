"""The fixed word lists of a case, and the keys it may never have."""

from __future__ import annotations

import re

__all__ = [
    "BASES",
    "CLAIM_DIRECTIONS",
    "CLAIM_KINDS",
    "CORRIDOR_KINDS",
    "DRIVER_SCALES",
    "DRIVER_TRENDS",
    "EVENT_KINDS",
    "FINDING_KINDS",
    "FREQUENCIES",
    "GRADES",
    "LEVER_GROUPS",
    "OWNERS",
    "RANK_CLASSES",
    "SCORES",
    "STANCES",
    "UNIT_WORDS",
    "VERIFIED",
    "forbidden",
    "unit_words",
    "unknown_unit_words",
]

GRADES = ("strong", "moderate", "weak", "assumption")
OWNERS = ("US", "MX", "both")
RANK_CLASSES = ("top", "large", "middle", "small")
CORRIDOR_KINDS = ("land", "sea", "bypass")
LEVER_GROUPS = ("force", "pressure", "cooperation", "enforcement", "prevention", "health", "border")
BASES = ("data", "assumption")
VERIFIED = ("yes", "abstract", "no")
EVENT_KINDS = (
    "removal_top", "removal_middle", "split", "rupture", "cooperation", "law", "designation", "consent",
    "supply_shock", "border",
)  # fmt: skip
CLAIM_KINDS = ("fact", "judgement", "prediction")
STANCES = ("neutral", "sceptic", "supporter")
CLAIM_DIRECTIONS = (
    "lower", "higher", "not_lower", "not_higher", "equivalent", "ratio_below", "ratio_above", "below", "above",
)  # fmt: skip
FINDING_KINDS = ("finding", "rule", "input", "belief")
FREQUENCIES = ("month", "year", "fiscal year")
SCORES = ("main", "further", "none")
DRIVER_SCALES = ("logit", "log", "plain")
DRIVER_TRENDS = ("none", "damped")

_FORBIDDEN_PART = re.compile(
    r"(^|_)(lat|lon|lng|latitude|longitude|coordinate|coordinates|geometry|geojson|geocode|wkt|gps|address|addresses"
    r"|street|postcode|zipcode|municipality|neighbourhood|passport|birthdate)($|_)"
)
_FORBIDDEN_WHOLE = re.compile(
    r"(person|persons|leader|leaders|suspect|alias|nickname|surname|phone|email|city|town"
    r"|(person|leader|full|first|last|given|family|nick|suspect|official|place|city|street)s?_name"
    r"|names?_of_.*|date_of_birth|place_of_birth|[xy]_coord)"
)


def forbidden(key: str) -> bool:
    """Whether a key or column would hold a person, a coordinate or an address.

    >>> forbidden("leader_name"), forbidden("start-lat"), forbidden("latent_demand")
    (True, True, False)
    """
    plain = re.sub(r"[^a-z0-9]+", "_", key.strip().lower())
    return bool(_FORBIDDEN_PART.search(plain) or _FORBIDDEN_WHOLE.fullmatch(plain))


_UNIT_TEXT = """
% percent point points share index score scale mean total relative status quo number count counts ratio
year years month months week weeks day days fiscal calendar quarter per of in to the and at for or from
kg lb lbs g mg gram kilogram kilograms pound pounds tonne tonnes pure bulk weight dose doses pill pills
purity potency USD dollar dollars US MX MXN bn billion million thousand hundred nominal real person
persons people patient patients soldier soldiers migrant migrants prisoner prisoners adult adults young
user users victim victims death deaths killing killings killed injured homicide homicides report reports
case cases file files reported occurring event events encounter encounters attempt attempts shipment
shipments seizure seizures group groups member members recruit recruits organisation organisations
organization organizations state states strike strikes removal removals arrest arrests extradition
extraditions extradited list official kit kits favourable unfavourable support oppose approve disagree
respondents civilian civilians militant militants leader leaders missing seized fentanyl methamphetamine
cocaine heroin estimate low high min max population 100k rate weapon weapons firearm firearms logit log
unit units level
"""

UNIT_WORDS = frozenset(_UNIT_TEXT.split())
"""Words a unit may be made of outside the model's own list."""


def unit_words(unit: str) -> list[str]:
    """Words of a unit.

    >>> unit_words("million USD/year")
    ['million', 'USD', 'year']
    """
    return [word for word in re.split(r"[\s/·*^,()=]+", unit) if word]


def unknown_unit_words(unit: str, more: frozenset[str] = frozenset()) -> list[str]:
    """Words of a unit that are neither known nor numbers.

    >>> unknown_unit_words("kg / month"), unknown_unit_words("deaths per moth")
    ([], ['moth'])
    """
    words = unit_words(unit)
    return [
        word
        for word in words
        if word not in UNIT_WORDS and word not in more and not re.fullmatch(r"[-+]?[\d.,]+", word)
    ]
