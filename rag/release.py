"""Which release of the program this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version in pyproject.toml; "" if the program runs without having been installed."""
    try:
        return version("zeilentreu")
    except PackageNotFoundError:
        return ""
