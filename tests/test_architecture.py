"""Imports point down, siblings never meet, each package has one home. The design as data."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Lowest first. A module may import from lower rows only, never from its own.
ROWS = [
    "types errors byline queueing background",
    "lines settings ports feed tagging number_words odds release",
    "german sentences quantities shape names",
    "alignment clauses sentence_questions synonyms",
    "short_forms",
    "wording",
    "amounts naming negation offices opposites predicate ranges roles",
    "assertion attribution bounds moments parallels",
    "sought mend",
    "promotion texts",
    "boilerplate",
    "page",
    "masthead",
    "corpus structure chunk metadata comparison",
    "question parts cite verify prompt pointing judgement select",
    "extract matter polarity",
    "conflict opinion",
    "prover",
    "e5small fetch whole slot_files",
    "catalogue hub",
    "embed embed_cache store lexical records versions models generate_ollama generate_llamacpp",
    "indexing retrieve feedback",
    "suggest",
    "assistant",
    "app contract plain_text",
    "doctor asking talk viewer guard server scope",
    "cited panes mcp_tools starting",
    "markdown",
    "render",
    "chat",
    "web",
    "cli",
]
LEVEL = {name: level for level, row in enumerate(ROWS) for name in row.split()}

HOMES = {
    "HanTa": "tagging",
    "Stemmer": "german",
    "anyio": "mcp_tools",  # a task that ends with another one
    "bm25s": "lexical german",  # its German stop words are wanted where words are
    "faiss": "store",
    "fastapi": "web",
    "filelock": "versions models",  # two things that only one process may write
    "gradio": "chat",
    "httpx": "generate_ollama",  # the errors its client lets through
    "httpx2": "hub",  # the errors its client lets through
    "huggingface_hub": "hub",
    "langchain_text_splitters": "chunk",
    "mcp": "mcp_tools",
    "ollama": "generate_ollama",
    "pydantic": "settings talk mcp_tools",
    "pydantic_settings": "settings",
    "safetensors": "e5small",
    "sentence_transformers": "embed",
    "sentencex": "sentences",
    "starlette": "guard server mcp_tools",  # names of types, and one plain response
    "torch": "embed",
    "tqdm": "app models",  # progress of the index, and of a download
    "transformers": "embed",
    "uvicorn": "server",
    "xllamacpp": "generate_llamacpp",
    "numpy": "ports e5small embed embed_cache store lexical",  # what vectors are made of
}

# What measures the program may put it together, but never judge it by its own checks.
EVAL_MAY = set(
    "types errors lines ports settings corpus app contract assistant indexing embed_cache lexical "
    "models records store versions".split()
)
# What plants false sentences judges the check itself, on sentences as the program cuts them.
PLANTED_MAY = EVAL_MAY | {"cite", "chunk", "prover", "structure"}
# What the adapter is tuned on is found and has the form as when the program asks.
TUNING_MAY = EVAL_MAY | {"pointing", "question", "retrieve", "select", "sentences"}

FORBIDDEN = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "eval", "exec"}


def modules(package: str) -> dict[str, str]:
    paths = sorted((ROOT / package).glob("*.py"))
    return {p.stem: p.read_text(encoding="utf-8") for p in paths if p.stem != "__init__"}


def imports(source: str, package: str) -> set[str]:
    """Every name that is imported, also inside functions: "rag.lines", "numpy", "os"."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, [package if node.level else "", node.module]))
            whole = base in ("rag", "eval")
            found |= {f"{base}.{alias.name}" for alias in node.names} if whole else {base}
    return found


def violations(name: str, source: str) -> list[str]:
    """What a module of rag/ does against the design, each in a few words."""
    if name not in LEVEL:
        return [f"{name} stands in no row of ROWS"]
    found = []
    for imported in sorted(imports(source, "rag")):
        top, _, rest = imported.partition(".")
        module = rest.partition(".")[0]
        if top == "rag":
            if LEVEL.get(module, 99) >= LEVEL[name]:
                found.append(f"{name} imports {module}, which is not below it")
        elif top == "eval" or top in FORBIDDEN:
            found.append(f"{name} imports {top}")
        elif top not in sys.stdlib_module_names and name not in HOMES.get(top, "").split():
            found.append(f"{name} is no home of {top}")
    return found + dangers(name, source)


def dangers(name: str, source: str) -> list[str]:
    """Calls and arguments that run code from a file, or that disagree about what a line is."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg="allow_dangerous_deserialization" | "allow_pickle" as arg):
                found.append(f"{name} passes {arg}")
            case ast.keyword(arg="trust_remote_code", value=value):
                if not (isinstance(value, ast.Constant) and value.value is False):
                    found.append(f"{name} passes trust_remote_code")
            case ast.Attribute(attr="splitlines"):
                found.append(f"{name} calls splitlines")
            case ast.Call(func=ast.Name(id="eval" | "exec" as called)):
                found.append(f"{name} calls {called}")
    return found


@pytest.mark.parametrize("name", modules("rag"))
def test_a_module_imports_only_what_is_below_it_and_its_own_packages(name: str) -> None:
    assert violations(name, modules("rag")[name]) == []


def test_every_module_stands_in_exactly_one_row_and_every_row_holds_modules() -> None:
    placed = [name for row in ROWS for name in row.split()]
    assert sorted(placed) == sorted(modules("rag"))


def test_every_home_is_one() -> None:
    empty = [
        f"{package}: {home}"
        for package, homes in HOMES.items()
        for home in homes.split()
        if package not in {i.partition(".")[0] for i in imports(modules("rag")[home], "rag")}
    ]
    assert empty == []


@pytest.mark.parametrize(
    ("folder", "name"),
    [(f, n) for f in ("eval", "eval/planted", "eval/tuning") for n in modules(f)],
)
def test_the_evaluation_uses_the_program_and_none_of_its_own_judgement(
    folder: str, name: str
) -> None:
    source = modules(folder)[name]
    used = {i.split(".")[1] for i in imports(source, "eval") if i.startswith("rag.")}
    assert used <= {"eval/planted": PLANTED_MAY, "eval/tuning": TUNING_MAY}.get(folder, EVAL_MAY)
    assert dangers(name, source) == []


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("lines", "from rag.cli import main", "lines imports cli, which is not below it"),
        ("lines", "def f():\n    import rag.app", "lines imports app, which is not below it"),
        ("store", "from rag import lexical", "store imports lexical, which is not below it"),
        ("store", "from . import lexical", "store imports lexical, which is not below it"),
        ("store", "from .lexical import FOLDER", "store imports lexical, which is not below it"),
        ("store", "from rag.store import x", "store imports store, which is not below it"),
        ("web", "import rag.nowhere", "web imports nowhere, which is not below it"),
        ("nowhere", "", "nowhere stands in no row of ROWS"),
        ("cite", "import numpy as np", "cite is no home of numpy"),
        ("cite", "if True:\n    from torch.nn import Linear", "cite is no home of torch"),
        ("cite", "import requests", "cite is no home of requests"),
        ("cli", "from eval.run import main", "cli imports eval"),
        ("store", "import pickle", "store imports pickle"),
        ("store", "import numpy\nnumpy.load('x', allow_pickle=True)", "store passes allow_pickle"),
        ("embed", "f(trust_remote_code=True)", "embed passes trust_remote_code"),
        ("embed", "f(trust_remote_code=x)", "embed passes trust_remote_code"),
        ("chunk", "f(allow_dangerous_deserialization=True)", "allow_dangerous_deserialization"),
        ("chunk", "text.splitlines()", "chunk calls splitlines"),
        ("chunk", "list(map(str.splitlines, texts))", "chunk calls splitlines"),
        ("chunk", "eval('1')", "chunk calls eval"),
    ],
)
def test_the_check_catches_what_is_planted(name: str, source: str, said: str) -> None:
    assert any(said in violation for violation in violations(name, source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("cite", "from rag.lines import line_of\nimport re"),
        ("app", "def f():\n    from rag.embed import SentenceTransformersEmbedder"),
        ("store", "import faiss"),
        ("embed", "f(trust_remote_code=False)"),
    ],
)
def test_the_check_lets_pass_what_is_right(name: str, source: str) -> None:
    assert violations(name, source) == []
