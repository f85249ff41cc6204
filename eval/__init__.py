"""Measuring: question suites, runs over them, scores and the comparison of two runs."""
