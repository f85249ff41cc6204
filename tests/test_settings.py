"""Settings come from RAG_ variables, and what is wrong with one is said in one line."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


def test_without_variables_the_defaults_hold() -> None:
    settings = load_settings(model_dir="~/models")
    assert settings == Settings(model_dir=Path("~/models").expanduser())


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_has_a_variable_and_a_description_with_its_unit(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    field = Settings.model_fields[name]
    assert field.description
    other = {int: 321, float: 9.5, Path: Path("/elsewhere")}.get(
        field.annotation or str, "extractive"
    )
    if name == "passages":
        other = 9
    monkeypatch.setenv(f"RAG_{name.upper()}", str(other))
    assert getattr(load_settings(), name) == other
    assert getattr(load_settings(), name) != field.default


def test_what_is_passed_wins_over_the_variable_and_none_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RAG_PASSAGES", "5")
    assert load_settings(passages=7).passages == 7
    assert load_settings(passages=None).passages == 5


def test_an_empty_variable_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_CORPUS", "")
    monkeypatch.setenv("RAG_THREADS", "")
    assert load_settings().corpus == Path("corpus")
    assert load_settings().threads == 0


def test_settings_cannot_be_changed() -> None:
    with pytest.raises((ValidationError, FrozenInstanceError)):
        load_settings().passages = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("RAG_LLM", v) for v in ("gpt-4", "ollama:", "extractive:x", "AUTO", "auto\n", "llama")),
        *(("RAG_THREADS", v) for v in ("-1", "viele", "1.5")),
        *(("RAG_CHUNK_CHARS", v) for v in ("0", "199", "4001")),
        *(("RAG_LLM_SECONDS", v) for v in ("0", "-1", "nan", "inf", "bald")),
        *(("RAG_PASSAGES", v) for v in ("0", "101")),
        ("RAG_INDEX", "~no-such-user/index"),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_name_and_what_mends_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.what.startswith(f"{name}=")
    assert caught.value.mend == f"unset {name}"


def test_an_unknown_name_is_refused_and_the_known_ones_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RAG_PASAGES", "5")
    with pytest.raises(SettingsError, match="RAG_PASAGES") as caught:
        load_settings()
    assert "RAG_PASSAGES" in caught.value.what
    assert caught.value.mend == "unset RAG_PASAGES"
