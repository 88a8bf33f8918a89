"""Answers as tables."""

from __future__ import annotations

from typing import Any

import pytest

from tunix_rt_client import TunixRtError
from tunix_rt_client.frames import query_df


def test_all_pages_are_read_and_fields_of_fields_are_columns() -> None:
  pages = {
    None: {'edges': [{'node': {'number': 1, 'dataset': {'key': 'a-1'}}}], 'next': 'x'},
    'x': {'edges': [{'node': {'number': 2, 'dataset': {'key': 'b-1'}}}], 'next': None},
  }
  asked: list[dict[str, Any]] = []

  def ask(variables: dict[str, Any]) -> dict[str, Any]:
    asked.append(variables)
    page = pages[variables.get('after')]
    info = {'hasNextPage': page['next'] is not None, 'endCursor': page['next']}
    return {'runs': {'edges': page['edges'], 'pageInfo': info}}

  frame = query_df(ask, {'first': 1})
  assert frame.to_dict('list') == {'number': [1, 2], 'dataset.key': ['a-1', 'b-1']}
  assert asked == [{'first': 1}, {'first': 1, 'after': 'x'}]


def test_a_list_is_a_table_and_connections_in_it_are_lists() -> None:
  answer = {'run': {'attempts': [{'epoch': 1, 'files': {'edges': [{'node': {'path': 'a'}}]}}]}}
  frame = query_df(lambda _: answer, {})
  assert frame.to_dict('list') == {'epoch': [1], 'files': [[{'path': 'a'}]]}


def test_an_answer_without_a_list_is_refused() -> None:
  with pytest.raises(TunixRtError, match='holds no list'):
    query_df(lambda _: {'health': {'ok': True}}, {})
