"""The command ``python -m eval``: parses, shows, turns each RagError into one line.

Results go to stdout, progress and errors to stderr. 0 done, 1 refused, 2 wrong usage, 130 stopped.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from eval import bench, compare, run, tables
from eval.baselines import SYSTEMS
from eval.datasets import SEED
from eval.errors import EvalError
from eval.planted import measure as planted
from eval.tuning.asking import of_suite
from eval.tuning.shown import read_shown, write_shown
from rag import app
from rag.errors import RagError
from rag.settings import load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    if getattr(options, "system", None) == "extractive" and options.llm not in (None, "extractive"):
        parser.error("--system extractive has no language model: leave out --llm")
    try:
        return int(options.run(options))
    except RagError as error:
        say(f"eval: {error}")
        return 1
    except run.Interrupted as stopped:
        say(f"eval: stopped; {stopped}")
        return 130
    except KeyboardInterrupt:
        say("eval: stopped.")
        return 130


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Measures the assistant: scores, comparisons, speed."
    )
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="folder of the articles")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")

    asking = commands.add_parser("run", help="ask all questions of a suite and score the answers")
    asking.add_argument(
        "suite", metavar="SUITE", help="a .jsonl suite, squad:FILE, nomiracl:FILE or invented"
    )
    asking.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the results; goes on if it has some"
    )
    asking.add_argument("--llm", metavar="LLM", help="as RAG_LLM: auto, ollama:MODEL, ...")
    asking.add_argument("--retrieval-only", action="store_true", help="search, ask no model")
    asking.add_argument(
        "--limit", type=_positive, metavar="N", help="a sample of N questions, always the same"
    )
    asking.add_argument(
        "--system", choices=SYSTEMS, default="full", help="the program (full) or a baseline"
    )
    asking.add_argument(
        "--distractors",
        type=Path,
        metavar="FILE",
        help="with squad:FILE, articles without an answer: JSON lines with id and text",
    )
    asking.set_defaults(run=_run)

    comparing = commands.add_parser("compare", help="compare two runs question by question")
    comparing.add_argument("first", type=Path, metavar="A", help="folder of a run")
    comparing.add_argument("second", type=Path, metavar="B", help="folder of another run")
    comparing.set_defaults(run=_compare)

    speed = commands.add_parser("bench", help="measure speed and memory on this machine")
    speed.add_argument("--out", type=Path, metavar="DIR", help="eval/results if not --quick")
    speed.add_argument("--llm", metavar="LLM", help="as RAG_LLM")
    speed.add_argument("--quick", action="store_true", help="few repetitions, no figures to keep")
    speed.set_defaults(run=_bench)

    planting = commands.add_parser(
        "planted", help="how well the check tells planted false sentences from true ones"
    )
    planting.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="squad:FILE or news:FILE; else the corpus"
    )
    planting.add_argument("--out", type=Path, metavar="DIR", help="folder of the results")
    planting.add_argument(
        "--limit",
        type=_positive,
        metavar="N",
        default=planted.LIMIT,
        help="sentences of each kind (%(default)s)",
    )
    planting.add_argument(
        "--seed",
        type=int,
        metavar="N",
        default=SEED,
        help="of what is changed where; rules are made on one seed and measured on another",
    )
    planting.add_argument(
        "--corpus",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="folder of the articles, if no SOURCE is named",
    )
    planting.set_defaults(run=_planted)

    showing = commands.add_parser("shown", help="write what the model is shown of a suite")
    showing.add_argument("suite", metavar="SUITE", help="as of run; invented: all; news:FILE")
    showing.add_argument("--out", type=Path, metavar="FILE", required=True)
    showing.add_argument("--limit", type=_positive, metavar="N", help="a sample, as of run")
    showing.add_argument("--rest", action="store_true", help="what that sample leaves out")
    showing.set_defaults(run=_shown)

    tuning = commands.add_parser("tune", help="tune the embedded model to point at evidence")
    tuning.add_argument("shown", nargs="+", type=Path, metavar="FILE", help="what shown wrote")
    tuning.add_argument(
        "--out", type=Path, metavar="FILE", default=run.RUNS / "adapter.gguf", help="%(default)s"
    )
    tuning.add_argument("--epochs", type=_positive, metavar="N", default=4, help="%(default)s")
    tuning.add_argument("--seed", type=int, metavar="N", default=1, help="of all that is drawn")
    tuning.add_argument("--batch", type=_positive, metavar="N", default=32, help="%(default)s")
    tuning.add_argument("--rate", type=float, metavar="X", default=3e-4, help="%(default)s")
    tuning.add_argument(
        "--strength",
        type=float,
        metavar="X",
        default=1.0,
        help="share of what was learned that counts in use (%(default)s)",
    )
    tuning.add_argument("--limit", type=_positive, metavar="N", help="tune on a sample only")
    tuning.add_argument("--begin", type=Path, metavar="FILE", help="an adapter to go on from")
    tuning.add_argument(
        "--watch",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="what shown wrote: not tuned on, but measured after each epoch",
    )
    tuning.set_defaults(run=_tune)

    table = commands.add_parser("tables", help="write the tables of README.md anew")
    table.add_argument("--check", action="store_true", help="change nothing, fail if they drifted")
    table.add_argument("--readme", type=Path, metavar="FILE", default=Path("README.md"))
    table.add_argument("--results", type=Path, metavar="DIR", default=tables.RESULTS)
    table.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="NAME=RUN",
        help="first keep the figures in folder RUN (of run or planted) as NAME.json",
    )
    table.set_defaults(run=_tables)
    return parser


def _run(options: argparse.Namespace) -> int:
    llm = "extractive" if options.system == "extractive" else options.llm
    settings = load_settings(corpus=options.corpus, index=options.index, llm=llm)
    out = run.run(
        run.Options(
            *(options.suite, options.out, options.system, options.retrieval_only, options.limit),
            options.distractors,
        ),
        settings,
        say,
    )
    print((out / "scores.md").read_text(encoding="utf-8"))
    say(f"eval: {out / 'report.html'}")
    return 0


def _compare(options: argparse.Namespace) -> int:
    print(compare.text(compare.compare(options.first, options.second)))
    return 0


def _bench(options: argparse.Namespace) -> int:
    settings = load_settings(corpus=options.corpus, index=options.index, llm=options.llm)
    usual = run.RUNS / "bench-quick" if options.quick else tables.RESULTS
    print(bench.bench(settings, options.out or usual, options.quick, say))
    return 0


def _planted(options: argparse.Namespace) -> int:
    settings = load_settings(corpus=options.corpus, index=options.index)
    out = options.out or run.RUNS / "planted"
    asked = (options.sources, settings, out, options.limit, say, options.seed)
    print(planted.planted(*asked))
    say(f"eval: {out / planted.PAGE}")
    return 0


def _shown(options: argparse.Namespace) -> int:
    if options.rest and not options.limit:
        raise EvalError("--rest needs --limit.", "--limit N --rest")
    suite = (options.suite, load_settings(), say, options.limit, options.rest)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    print(f"{write_shown(options.out, of_suite(*suite))} questions in {options.out}")
    return 0


def _tune(options: argparse.Namespace) -> int:
    try:
        from eval.tuning.train import Schedule, tune
    except ModuleNotFoundError as error:
        raise EvalError(
            f"Tuning needs {error.name}, which is not installed.", "pip install -e '.[tune]'"
        ) from error
    shown = [one for path in options.shown for one in read_shown(path)]
    watched = {path.stem: read_shown(path) for path in options.watch}
    watched["held out"] = tuple(one for one in shown if one.held)
    _, path = app.llm_file(load_settings(), app.DEFAULT_LLM, say)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    schedule = Schedule(
        epochs=options.epochs,
        seed=options.seed,
        batch=options.batch,
        rate=options.rate,
        strength=options.strength,
        begin=options.begin,
    )
    try:
        tuned_on = [one for one in shown if not one.held]
        if options.limit and options.limit < len(tuned_on):
            tuned_on = random.Random(options.seed).sample(tuned_on, options.limit)  # noqa: S311
        tune(path, tuned_on, watched, options.out, schedule, say)
    except (OSError, ValueError) as error:
        raise EvalError(f"The adapter cannot be made: {error}.") from error
    print(options.out)
    return 0


def _tables(options: argparse.Namespace) -> int:
    for addition in options.add:
        print(tables.add(addition, options.results))
    changed = tables.update(options.readme, options.results, write=not options.check)
    for name in changed:
        print(f"{'drifted' if options.check else 'written'}: {name}")
    return 1 if options.check and changed else 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
