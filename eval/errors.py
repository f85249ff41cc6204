"""What can go wrong while measuring: one line that says where and why.

RagError
├── SuiteError (suite.py)   a suite that cannot be used
└── EvalError               a data set, a run folder or a results file that cannot be used
"""

from __future__ import annotations

from rag.errors import RagError


class EvalError(RagError):
    """A data set, a run folder or a results file that cannot be used."""
