"""What to compute: a study of policies under theories, as an object and as a YAML file.

A study holds everything that determines its numbers.  Two studies that differ only in how many worlds they
ask for share their digest: worlds are points of an extendable sequence, so the larger study contains the
smaller one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ..calendar import START, parse_month
from ..errors import InputError, did_you_mean
from .names import KnownNames, first_unknown_name, known_names
from .posterior import posterior_digest, posterior_path

__all__ = ["STATUS_QUO", "Study", "read_stored_study"]

STATUS_QUO = "status-quo"
"""The policy that every difference is taken from; part of every study."""

Count = Annotated[int, Field(strict=True)]


class Study(BaseModel):
    """A comparison to run.

    Empty lists mean "all that the case knows"; :meth:`resolved` writes them out.  ``status-quo`` is always
    among the policies, because results are paired differences from it.

    >>> Study(policies=("surveillance-only",)).policies
    ('status-quo', 'surveillance-only')

    Raises
    ------
    InputError
        If a field is unknown or out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str = "us_mexico"
    """Id of a shipped case, or the path of a case folder."""
    policies: tuple[str, ...] = ()
    theories: tuple[str, ...] = ()
    worlds: Annotated[Count, Field(ge=1, le=10_000_000)] = 256
    """Worlds per theory."""
    decision: str = "2025-04"
    """Month (YYYY-MM) or day (YYYY-MM-DD) on which policies part."""
    years: Annotated[Count, Field(ge=1, le=25)] = 10
    """Length of the projection after the decision, years."""
    seed: Annotated[Count, Field(ge=0, lt=2**63)] = 0
    """Sets the scrambles and every draw; 0 is a seed like any other."""
    measures: tuple[str, ...] = ()
    full_paths: Annotated[Count, Field(ge=0, le=500)] = 16
    """How many worlds per theory keep their whole monthly path."""
    precision: Literal["float32", "float64"] = "float32"
    beliefs: str = "prior"
    """Where parameters come from: ``prior``, ``posterior`` (the shipped one of the case), or a posterior's file."""

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise _input_error(error) from error

    @field_validator("policies", "theories", "measures", mode="before")
    @classmethod
    def _read_list(cls, value: Any) -> Any:
        names = [value] if isinstance(value, str) else value
        if isinstance(names, list | tuple) and len(set(map(str, names))) < len(names):
            raise ValueError("every name once")
        return names

    @field_validator("policies")
    @classmethod
    def _include_status_quo(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return value if not value or STATUS_QUO in value else (STATUS_QUO, *value)

    @field_validator("decision", mode="before")
    @classmethod
    def _read_decision(cls, value: Any) -> str:
        try:
            day = parse_month(str(value))
        except InputError as error:
            raise ValueError("a month, YYYY-MM, or a day, YYYY-MM-DD, such as 2025-04") from error
        if day < START:
            raise ValueError(f"a month from {START:%Y-%m} on")
        return f"{day:%Y-%m}" if day.day == 1 else f"{day:%Y-%m-%d}"

    @field_validator("beliefs", mode="after")
    @classmethod
    def _read_beliefs(cls, value: str) -> str:
        if value in ("prior", "posterior"):
            return value
        if not value.endswith(".npz"):
            raise ValueError("prior, posterior, or the path of a posterior's file (.npz)")
        return str(Path(value).resolve())

    @field_validator("case", mode="after")
    @classmethod
    def _read_case(cls, value: str) -> str:
        """A case of the user's own is kept by its whole path, so that a study can be gone on with from anywhere."""
        shipped = Path(__file__).parent.parent / "cases" / value
        with contextlib.suppress(OSError):
            if not shipped.is_dir() and Path(value).is_dir():
                return str(Path(value).resolve())
        return value

    @classmethod
    def from_yaml(cls, path: str | Path, names: KnownNames | None = None) -> Study:
        """Read a study file and check every name in it.

        Parameters
        ----------
        path : path
            A YAML mapping of this class's fields; what is left out takes its default.
        names : KnownNames, optional
            Valid names; those of the study's case when left out.

        Raises
        ------
        InputError
            With file and line, for a missing or unreadable file, an unknown key or name, or a value out of
            range.
        """
        file = Path(path)
        study, fields = _read_fields(file)
        names = names or known_names(study.case)
        unknown = first_unknown_name(study, names)
        if unknown is not None:
            raise unknown.error(file, _item_line(fields, unknown.field, unknown.name))
        return study.resolved(names)

    def resolved(self, names: KnownNames | None = None) -> Study:
        """The same study with empty lists written out and every name checked.

        Raises
        ------
        InputError
            If a policy, theory or measure is unknown; the message names the nearest valid one.
        """
        if names is None:
            names = known_names(self.case)
        unknown = first_unknown_name(self, names)
        if unknown is not None:
            raise unknown.error()
        return Study(
            **{
                **self.model_dump(),
                "policies": self.policies or names.policies,
                "theories": self.theories or names.theories,
                "measures": self.measures or names.measures,
            }
        )

    def with_worlds(self, worlds: int) -> Study:
        """The same study with another number of worlds per theory."""
        return Study(**{**self.model_dump(), "worlds": worlds})

    def to_yaml(self) -> str:
        """The study as a YAML document that :meth:`from_yaml` reads back to an equal object.

        Every scalar is written as JSON, which is YAML 1.2: no name can turn into a boolean or a date.
        """
        lines = []
        for key, value in self.model_dump().items():
            if isinstance(value, tuple):
                lines.append(f"{key}:" + ("".join(f"\n- {json.dumps(item)}" for item in value) or " []"))
            else:
                lines.append(f"{key}: {json.dumps(value)}")
        return "\n".join(lines) + "\n"

    def digest(self) -> str:
        """SHA-256 of everything that determines the numbers, except how many worlds there are.

        The order of policies, theories and measures changes no number and is left out too.
        """
        fields = self.model_dump(exclude={"worlds"}) | {"case": Path(self.case).name}
        if self.beliefs == "prior":  # studies from before there were posteriors keep their digest
            del fields["beliefs"]
        else:
            fields["beliefs"] = posterior_digest(posterior_path(self.case, self.beliefs))
        for key in ("policies", "theories", "measures"):
            fields[key] = sorted(fields[key])
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()

    @property
    def name(self) -> str:
        """A short name for folders.

        >>> Study().name[:-8]
        'us_mexico-2025-04-10y-seed0-'
        """
        case = re.sub(r"[^A-Za-z0-9_]+", "-", Path(self.case).name).strip("-") or "case"
        return f"{case}-{self.decision}-{self.years}y-seed{self.seed}-{self.digest()[:8]}"


def read_stored_study(file: Path) -> Study:
    """Read a study without checking its names against a case, for a results folder whose case may have moved.

    Raises
    ------
    InputError
        As :meth:`Study.from_yaml`.
    """
    return _read_fields(file)[0]


def _read_fields(file: Path) -> tuple[Study, Any]:
    """The study in a file, and its mapping with line numbers."""
    fields = _read_mapping(file)
    if getattr(fields, "merge", None):
        raise InputError("merge keys (<<) are not read", fix="write the values out", file=file)
    for key in fields:
        if key not in Study.model_fields:
            raise InputError(
                "unknown key", given=key, fix=did_you_mean(str(key), Study.model_fields),
                file=file, line=_line(fields, key),
            )  # fmt: skip
    try:
        return Study(**_plain(fields)), fields
    except InputError as error:
        key = _field_of(error)
        line = _line(fields, key) if key in fields else None
        raise InputError(
            error.message, given=error.given, expected=error.expected, fix=error.fix, file=file, line=line
        ) from error


def _input_error(error: ValidationError) -> InputError:
    """Word the first problem pydantic found the way this package words errors."""
    problem = error.errors()[0]
    key = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return InputError("unknown field of a study", given=key, fix=did_you_mean(key, Study.model_fields))
    text = problem["msg"].removeprefix("Value error, ")
    expected = _EXPECTED.get(problem["type"]) or re.sub(r"^(Input|Value) should be ", "", text)
    return InputError(f"{key} cannot be used", given=problem["input"], expected=expected)


_EXPECTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "tuple_type": "a list of names",
    "string_type": "a text",
}


def _field_of(error: InputError) -> str:
    cause = error.__cause__
    return str(cause.errors()[0]["loc"][0]) if isinstance(cause, ValidationError) else ""


def _read_mapping(file: Path) -> Any:
    """The mapping of a YAML file, with the line of every key."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        fields = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = str(error.problem or error.context).split("\n")[0]
        raise InputError(
            f"not valid YAML: {reason}", file=file, line=mark.line + 1 if mark is not None else None
        ) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError("not a YAML text in UTF-8", file=file) from error
    except ValueError as error:
        raise InputError(f"a value cannot be read: {error}", file=file) from error
    except OSError as error:
        raise InputError(f"cannot read the study file: {error.strerror}", given=str(file)) from error
    if not isinstance(fields, dict):
        raise InputError("not a study", expected="a mapping with keys such as policies and worlds", file=file)
    return fields


def _plain(fields: Any) -> dict[str, Any]:
    """Values without the reader's own types; an empty value takes the default."""
    values = {str(key): list(value) if isinstance(value, list) else value for key, value in fields.items()}
    return {key: value for key, value in values.items() if value is not None}


def _line(fields: Any, key: str) -> int:
    return int(fields.lc.key(key)[0]) + 1


def _item_line(fields: Any, field: str, name: str) -> int | None:
    if field not in fields:
        return None
    items = fields[field]
    if isinstance(items, list) and name in items:
        return int(items.lc.item(items.index(name))[0]) + 1  # type: ignore[attr-defined]
    return _line(fields, field)
