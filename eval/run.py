"""One run: asks a suite's questions, scores the answers, writes the report. Can be continued."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval import answers, report, runinfo, tables
from eval.datasets import (
    Dataset,
    check_lines,
    load_dataset,
    name_for_file,
    sample,
    with_distractors,
)
from eval.errors import EvalError
from eval.scores import rows, scores_json
from eval.systems import System, open_system
from rag.errors import RagError
from rag.settings import Settings

RUNS = Path("eval") / "runs"
PASSAGES = 10
"""Passages of a run that only retrieves, at least: nDCG@10 looks at ten."""

Say = Callable[[str], None]
Open = Callable[[str, Settings, Dataset, Say, bool], AbstractContextManager[System]]


@dataclass(frozen=True, slots=True)
class Options:
    """What to run. ``out`` None: a new folder below eval/runs."""

    suite: str
    out: Path | None = None
    system: str = "full"
    retrieval_only: bool = False
    limit: int | None = None
    distractors: Path | None = None


class Interrupted(Exception):
    """Stopped by the user; ``say`` how to go on."""


def run(options: Options, settings: Settings, say: Say, opener: Open = open_system) -> Path:
    """Runs or continues; the folder with its results. RagError says what stands in the way."""
    dataset = load_dataset(options.suite)
    if options.distractors:
        dataset = with_distractors(dataset, options.distractors)
    dataset = sample(dataset, options.limit)
    if options.retrieval_only:
        passages = max(PASSAGES, settings.passages)
        settings = settings.model_copy(update={"passages": passages})
    if dataset.articles is not None:
        check_lines(dataset, dataset.articles)
    out = options.out or _new_folder(dataset)
    info = runinfo.describe(
        dataset, settings, options.system, options.retrieval_only, options.limit
    )
    info = _continued(out, info)
    done = answers.read(out, {q.id for q in dataset.questions})
    with opener(options.system, settings, dataset, say, not options.retrieval_only) as system:
        check_lines(dataset, system.articles)
        info |= {"model": system.model, "index_version": system.index_version}
        info = _continued(out, info)
        _make(out)
        runinfo.write(out / runinfo.FILE, info)
        _ask(dataset, system, options, out, done)
        texts = dict(system.articles)
    found = rows(dataset.questions, answers.read(out, {q.id for q in dataset.questions}), texts)
    info = {**info, "finished": runinfo.now()}
    scores = {"run": info, **scores_json(found)}
    runinfo.write(out / "scores.json", scores)
    (out / "scores.md").write_text(tables.scores_table([scores]) + "\n", encoding="utf-8")
    (out / "report.html").write_text(report.page(scores, found, texts), encoding="utf-8")
    runinfo.write(out / runinfo.FILE, info)
    return out


def _ask(
    dataset: Dataset, system: System, options: Options, out: Path, done: dict[str, Any]
) -> None:
    """Asks what has not been answered yet; a bar with the time left on stderr."""
    left = [q for q in dataset.questions if q.id not in done]
    with (
        closing(answers.Writer(out)) as writer,
        tqdm(total=len(dataset.questions), initial=len(done), unit=" questions") as bar,
    ):
        for question in left:
            ask = system.search if options.retrieval_only else system.answer
            try:
                writer.append({"id": question.id, **ask(question)})
            except RagError as error:
                where = f"{dataset.path}: question {question.id}: {error.what}"
                raise EvalError(where, error.mend or _again(options, out)) from error
            except KeyboardInterrupt as error:
                raise Interrupted(_again(options, out)) from error
            bar.update()


def _continued(out: Path, info: dict[str, Any]) -> dict[str, Any]:
    """The description of the run already in ``out`` if it is the same run. EvalError if not."""
    if not (out / runinfo.FILE).exists():
        if (out / answers.FILE).exists():
            raise EvalError(f"{out} holds answers but no {runinfo.FILE}.", f"rm -r {out}")
        return info
    old = runinfo.read(out)
    different = runinfo.differences(old, info)
    if different:
        raise EvalError(f"{out} holds another run: {'; '.join(different)}.", "--out ANOTHER_FOLDER")
    return {**info, "started": old["started"], "machine": old["machine"], "commit": old["commit"]}


def _again(options: Options, out: Path) -> str:
    return f"the same command with --out {out} goes on"


def _new_folder(dataset: Dataset) -> Path:
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    return RUNS / f"{stamp}-{name_for_file(dataset.name)}"


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalError(f"{out}: cannot be made ({error.strerror}).", "--out DIR") from error
