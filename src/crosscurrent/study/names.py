"""Which policies, theories and measures a case knows, so that a study can refuse a name nobody defines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, did_you_mean

if TYPE_CHECKING:
    from .specification import Study

__all__ = ["KnownNames", "UnknownName", "case_folder", "first_unknown_name", "known_names"]


@dataclass(frozen=True)
class KnownNames:
    """The names a study may use, in the order of the case."""

    policies: tuple[str, ...]
    theories: tuple[str, ...]
    measures: tuple[str, ...]
    variants: tuple[str, ...] = ()
    """Variants of policies, named ``policy@variant``; part of a study only where it names them."""


@dataclass(frozen=True)
class UnknownName:
    """A name in a study that its case does not define."""

    field: str
    position: int
    name: str
    valid: tuple[str, ...]

    def error(self, file: Path | None = None, line: int | None = None) -> InputError:
        """The error to raise, with the nearest valid name."""
        noun = {"policies": "policy", "theories": "theory", "measures": "measure"}[self.field]
        return InputError(
            f"unknown {noun}", given=self.name, fix=did_you_mean(self.name, self.valid), file=file, line=line
        )


def case_folder(case: str) -> Path:
    """Folder of a case: the id of a shipped case, or the path of a folder.

    Raises
    ------
    InputError
        If there is no such case.
    """
    shipped = Path(__file__).parent.parent / "cases"
    for folder in (shipped / case, Path(case)):
        if (folder / "policies.yaml").is_file():
            return folder
    known = [path.name for path in shipped.iterdir() if (path / "policies.yaml").is_file()]
    raise InputError(
        "no such case", given=case, expected="the id of a shipped case or a case folder",
        fix=did_you_mean(case, known) if known else None,
    )  # fmt: skip


def known_names(case: str) -> KnownNames:
    """Read the names a case defines; the measures are those of the model.

    Only the keys are read: a study can be checked without loading the case's data.
    """
    from ..model import schema

    folder = case_folder(case)
    return KnownNames(
        _top_keys(folder / "policies.yaml"),
        _top_keys(folder / "theories.yaml"),
        tuple(schema.MEASURES),
        _variants(folder / "policies.yaml"),
    )


def _top_keys(path: Path) -> tuple[str, ...]:
    return tuple(str(key) for key in _entries(path))


def _variants(path: Path) -> tuple[str, ...]:
    found = ((name, entry.get("variants")) for name, entry in _entries(path).items() if isinstance(entry, dict))
    return tuple(f"{name}@{variant}" for name, variants in found if isinstance(variants, dict) for variant in variants)


def _entries(path: Path) -> dict[str, object]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        entries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(
            "cannot read this file of the case", given=str(error).split("\n")[0], file=path
        ) from error
    if not isinstance(entries, dict):
        raise InputError("not a mapping of ids to entries", file=path)
    return {str(key): entry for key, entry in entries.items()}


def first_unknown_name(study: Study, names: KnownNames) -> UnknownName | None:
    """The first name of a study that is not among the known ones, if any."""
    for field in ("policies", "theories", "measures"):
        valid: tuple[str, ...] = getattr(names, field)
        valid += names.variants if field == "policies" else ()
        for position, name in enumerate(getattr(study, field)):
            if name not in valid:
                return UnknownName(field, position, name, valid)
    return None
