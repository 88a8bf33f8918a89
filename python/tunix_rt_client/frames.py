"""Answers as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import TunixRtError

if TYPE_CHECKING:
  import pandas

Ask = Callable[[dict[str, Any]], dict[str, Any]]


def query_df(ask: Ask, variables: dict[str, Any]) -> pandas.DataFrame:
  """The first list or connection of an answer as a table; `a.b` for fields of fields.

  When the document has a variable `$after` and asks for `pageInfo { hasNextPage endCursor }`, all
  pages are read.
  """
  import pandas

  rows: list[Any] = []
  while True:
    found = _first_list(ask(variables))
    if found is None:
      raise TunixRtError('The answer holds no list. Ask for a list or a connection.')
    if isinstance(found, list):
      rows += found
      break
    rows += [edge.get('node', edge) for edge in found['edges']]
    page = found.get('pageInfo') or {}
    if not page.get('hasNextPage'):
      break
    variables = {**variables, 'after': page['endCursor']}
  return pandas.json_normalize([_flat(row) for row in rows])


def _first_list(value: Any) -> list[Any] | dict[str, Any] | None:
  """The first list or connection in an answer, the outermost first."""
  level = [value]
  while level:
    for each in level:
      if isinstance(each, list) or (isinstance(each, dict) and 'edges' in each):
        return each
    level = [inner for each in level if isinstance(each, dict) for inner in each.values()]
  return None


def _flat(value: Any) -> Any:
  """A value with lists of nodes in place of connections."""
  if isinstance(value, list):
    return [_flat(each) for each in value]
  if not isinstance(value, dict):
    return value
  if 'edges' in value:
    return [_flat(edge.get('node', edge)) for edge in value['edges']]
  return {name: _flat(inner) for name, inner in value.items()}
