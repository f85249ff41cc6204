"""The command ``rag``: parses, shows, and turns every RagError into one line and exit code 1.

Results go to stdout, progress and errors to stderr.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import NoReturn

from rag import app, contract, doctor, feedback, models, starting, versions
from rag.background import leave
from rag.errors import RagError
from rag.settings import Settings, load_settings
from rag.types import Answer, Citation, Turn


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code: 0 done, 1 refused, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):  # JSON is UTF-8, whatever the terminal's language
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        settings = load_settings(corpus=options.corpus, index=options.index)
        code = int(options.run(settings, options))
        sys.stdout.flush()
        return code
    except RagError as error:
        say(f"rag: {error}")
        return 1
    except KeyboardInterrupt:
        say("rag: stopped.")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, sqlite3.Error) as error:  # disk full, no permission, a folder that is a file
        say(f"rag: {error}")
        return 1


def run() -> NoReturn:
    """Runs the command of the command line and ends the program."""
    leave(main())


def say(line: str) -> None:
    """One line on stderr, whatever an error message holds."""
    print(" ".join(line.split()), file=sys.stderr, flush=True)


def make_parser() -> argparse.ArgumentParser:
    """The whole command line; its help texts stand in the README too."""
    parser = argparse.ArgumentParser(
        prog="rag",
        description="Answers German questions from German articles, every sentence with its lines.",
    )
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="folder of the articles")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")

    index = commands.add_parser("index", help="build or update the index")
    index.add_argument("--json", action="store_true", help="print the report as JSON")
    index.set_defaults(run=_index)

    search = commands.add_parser("search", help="find passages, ask no model")
    search.add_argument("question", metavar="QUESTION")
    search.add_argument("-k", type=_positive, metavar="N", help="how many passages")
    search.add_argument("--json", action="store_true", help="print passages as JSON")
    search.set_defaults(run=_search)

    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument(
        "--history", type=Path, metavar="FILE", help='earlier turns: [["question", "answer"], ...]'
    )
    ask.set_defaults(run=_ask)

    chat = commands.add_parser("chat", help="open the web chat")
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    chat.add_argument("--port", type=_port, default=7860, help="port to listen on (7860)")
    chat.set_defaults(run=_chat)

    examine = commands.add_parser("doctor", help="what is installed, reachable, stale")
    examine.set_defaults(run=_doctor)

    catalogue = commands.add_parser("models", help="list, fetch or check the models")
    actions = catalogue.add_subparsers(required=True, metavar="ACTION", dest="action")
    actions.add_parser("list", help="the models of the catalogue").set_defaults(run=_models_list)
    pull = actions.add_parser("pull", help="fetch one model, or those needed")
    pull.add_argument("name", nargs="?", metavar="NAME")
    pull.set_defaults(run=_models_pull)
    actions.add_parser("verify", help="read every model again and check it").set_defaults(
        run=_models_verify
    )

    ratings = commands.add_parser("feedback", help="what readers said of the answers")
    actions = ratings.add_subparsers(required=True, metavar="ACTION", dest="action")
    export = actions.add_parser("export", help="print the ratings, one JSON object a line")
    export.add_argument(
        "--since", type=date.fromisoformat, default=date.min, metavar="DATE", help="YYYY-MM-DD, UTC"
    )
    export.set_defaults(run=_feedback_export)

    commands.add_parser("versions", help="the index versions").set_defaults(run=_versions)
    back = commands.add_parser("rollback", help="make an earlier index version current")
    back.add_argument("version", metavar="VERSION")
    back.set_defaults(run=_rollback)
    return parser


def _index(settings: Settings, options: argparse.Namespace) -> int:
    report = app.make_index(settings, say)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        for what in ("added", "changed", "removed", "unchanged"):
            for name in getattr(report, what):
                print(f"{what:9} {name}")
        for refusal in report.refused:
            print(f"refused   {refusal.article}: {refusal.reason}")
        print(f"{report.chunks} chunks in {report.seconds:.1f} s, version {report.version}")
    for remark in report.remarks:
        say(f"rag: note: {remark}")
    if report.truncated:
        say(f"rag: note: {report.truncated} chunks are longer than the embedding model reads.")
    for refusal in report.refused:
        say(f"rag: {refusal.article} was refused. {refusal.reason}")
    return 1 if report.refused else 0


def _search(settings: Settings, options: argparse.Namespace) -> int:
    question = _readable(options.question)
    result = app.make_assistant(settings, say, llm=False).search(question, options.k)
    if options.json:
        print(json.dumps(contract.search_json(result), ensure_ascii=False))
        return 0
    for number, passage in enumerate(result.passages, 1):
        chunk = passage.chunk
        lines = _lines(chunk.first_line, chunk.last_line)
        print(f"{number}. {chunk.article}, {lines} ({passage.score:.3f})")
        print(f"   {' '.join(passage.text.split())}")
    return 0


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    question = _readable(options.question)
    history = _read_history(options.history) if options.history else ()
    answer = app.make_assistant(settings, say).ask(question, history)
    if options.json:
        print(json.dumps(contract.answer_json(answer), ensure_ascii=False))
    else:
        print(terminal_text(answer))
    return 0


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    from rag import server

    with server.listen(options.host, options.port) as socket:
        assistant = starting.late_assistant(settings, say)
        say("Starting the chat page ...")
        from rag import web  # takes seconds: what is wrong is said before

        ratings = feedback.Feedback(settings.index / feedback.FILE)
        page = web.build_app(assistant, contract.answer_json, ratings)
        server.serve(page, socket, assistant.load)
    return 0


def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    findings = doctor.examine(settings)
    for finding in findings:
        print(finding)
    return 1 if any(f.fatal for f in findings) else 0


def _models_list(settings: Settings, options: argparse.Namespace) -> int:
    for model in models.load_catalogue().values():
        state = "here" if models.ready(model, settings.model_dir) else "not here"
        megabytes = sum(f.size for f in model.files) / 1e6
        print(f"{model.name:30} {model.task:10} {megabytes:6.0f} MB  {model.licence:11} {state}")
    return 0


def _models_pull(settings: Settings, options: argparse.Namespace) -> int:
    for name in [options.name] if options.name else app.needed_models(settings):
        print(models.pull(app.catalogued(name), settings.model_dir, say))
    return 0


def _models_verify(settings: Settings, options: argparse.Namespace) -> int:
    bad = 0
    for model in models.load_catalogue().values():
        findings = models.verify(model, settings.model_dir)
        bad += len(findings)
        for finding in findings:
            say(f"rag: {finding} Mend it: rag models pull {model.name}")
        if not findings and models.ready(model, settings.model_dir):
            print(f"{model.name}: whole")
    return 1 if bad else 0


def _feedback_export(settings: Settings, options: argparse.Namespace) -> int:
    rated = feedback.Feedback(settings.index / feedback.FILE).all(options.since)
    for each in rated:
        print(json.dumps(asdict(each), ensure_ascii=False))
    if not rated:
        say("rag: note: no answer has been rated.")
    return 0


def _versions(settings: Settings, options: argparse.Namespace) -> int:
    present = versions.current(settings.index)
    for name in versions.versions(settings.index):
        print(f"{name}{'  (current)' if name == present else ''}")
    return 0


def _rollback(settings: Settings, options: argparse.Namespace) -> int:
    with versions.write_lock(settings.index):
        versions.point_to(settings.index, options.version)
    print(f"The current version is {options.version}.")
    return 0


def terminal_text(answer: Answer) -> str:
    """The answer for a terminal: each sentence with numbers, where the articles differ, the cited
    lines below."""
    if answer.abstention:
        return answer.text
    places: dict[str, int] = {}

    def marked(text: str, citations: Sequence[Citation]) -> str:
        marks = ""
        for c in citations:
            quote = " ".join(c.quote.split())
            place = f"{c.article}, {_lines(c.first_line, c.last_line)}: »{quote}«"
            marks += f"[{places.setdefault(place, len(places) + 1)}]"
        return f"{text} {marks}".strip()

    said = " ".join(marked(s.text, s.citations) for s in answer.statements)
    conflicts = [marked(c.text, c.citations) for c in answer.conflicts]
    below = [f"[{number}] {place}" for place, number in places.items()]
    return "\n".join([said, *answer.untold, *conflicts, "", *below, "", f"({answer.model})"])


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _read_history(file: Path) -> tuple[Turn, ...]:
    try:
        turns = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(turns, list) or not all(_is_turn(t) for t in turns):
            raise ValueError("it is no list of pairs of texts")
    except (OSError, ValueError, RecursionError) as error:
        raise RagError(
            f"The history {file} cannot be read: {error}.",
            'write [["question", "answer"], ...] into it',
        ) from error
    return tuple(Turn(question, answer) for question, answer in turns)


def _is_turn(turn: object) -> bool:
    return isinstance(turn, list) and len(turn) == 2 and all(isinstance(t, str) for t in turn)


def _readable(question: str) -> str:
    """The question; RagError if the terminal passed bytes that are no UTF-8."""
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RagError("The question is not valid UTF-8.", "export LC_ALL=C.UTF-8") from error
    return question


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("between 1 and 1000")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("between 0 and 65535")
    return number


if __name__ == "__main__":
    run()
