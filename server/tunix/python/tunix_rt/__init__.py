"""Tunix RT's side of Google Tunix: what a run executes in its own Python process."""

__version__ = '0.1.0'
