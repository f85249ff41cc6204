"""Every error a user can meet: what is wrong, and ``mend``, the command that mends it.

RagError
├── SettingsError      an unknown RAG_ name or a value out of range
├── CorpusError        no articles, or a file that cannot be used
├── IndexMissing       nothing has been indexed yet
├── IndexMismatch      the index was built from another model, setting or file
├── IndexBusy          another process is writing the index
├── ModelError         a model is missing, damaged or unknown
├── GeneratorError     the language model cannot answer now
│   ├── GeneratorDown      its server does not answer
│   └── PromptTooLong      it would have cut the prompt
├── FeedbackError      an opinion cannot be stored or read
└── QuestionError      the question is empty or too long

Raised anywhere, caught only in ``cli`` and ``web``.
"""

from __future__ import annotations


class RagError(Exception):
    """What is wrong, in one line, and the command that mends it (may be empty)."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what} Mend it: {self.mend}" if self.mend else self.what


class SettingsError(RagError):
    """An unknown RAG_ name or a value out of range."""


class CorpusError(RagError):
    """No articles, or a file that cannot be used."""


class IndexMissing(RagError):
    """Nothing has been indexed yet."""


class IndexMismatch(RagError):
    """The index was built from another model, setting or file than the one at hand."""


class IndexBusy(RagError):
    """Another process is writing the index."""


class ModelError(RagError):
    """A model is missing, damaged or unknown."""


class GeneratorError(RagError):
    """The language model cannot answer now."""


class GeneratorDown(GeneratorError):
    """The language model's server does not answer."""


class PromptTooLong(GeneratorError):
    """The language model would have cut the prompt."""


class FeedbackError(RagError):
    """An opinion cannot be stored or read."""


class QuestionError(RagError):
    """The question is empty or too long. ``reason``: "empty", "too_long", "not_text"."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(what)
        self.reason = reason
