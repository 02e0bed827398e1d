"""The page's own files, put together: many small ones to read and edit, one style sheet and one script to open.

A class of pupils behind one address opens the page with a handful of requests each, where every file by itself would
be thirty.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["SCRIPT", "STATIC", "STYLE", "PageParts", "linked_page", "page_parts"]

STATIC = Path(__file__).parent / "static"
STYLE, SCRIPT = "page.css", "page.js"
_STYLES = re.compile(r'<link rel="stylesheet" href="static/([^"]+)">\n?')
_SCRIPTS = re.compile(r'<script src="static/([^"]+)" defer></script>\n?')


class PageParts(NamedTuple):
    """What a browser needs to show the page."""

    markup: str
    """``index.html`` without its links to the other files."""
    style: str
    script: str


def page_parts(folder: Path = STATIC) -> PageParts:
    """Markup, style and script of the page, from the files that ``index.html`` names, in its order.

    Parameters
    ----------
    folder : path
        Of the page's files.

    >>> parts = page_parts()
    >>> "static/" in parts.markup, ".cell" in parts.style, "CC.render" in parts.script
    (False, True, True)
    """
    page = (folder / "index.html").read_text(encoding="utf-8")

    def joined(names: list[str]) -> str:
        return "\n".join(f"/* ==== {name} ==== */\n{(folder / name).read_text(encoding='utf-8')}" for name in names)

    markup = _SCRIPTS.sub("", _STYLES.sub("", page))
    return PageParts(markup, joined(_STYLES.findall(page)), joined(_SCRIPTS.findall(page)))


def linked_page(parts: PageParts) -> str:
    """The page as a server gives it: its style and script are one file each.

    >>> linked_page(PageParts("<head></head>", "", ""))
    '<head><link rel="stylesheet" href="static/page.css"><script src="static/page.js" defer></script></head>'
    """
    links = f'<link rel="stylesheet" href="static/{STYLE}"><script src="static/{SCRIPT}" defer></script>'
    return parts.markup.replace("</head>", f"{links}</head>", 1)
