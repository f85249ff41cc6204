"""Zeilentreu: answers German questions from German articles, proven line by line."""
