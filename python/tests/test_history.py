"""Places in a stream that outlive the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tunix_rt_client import (
  Completed,
  Cursor,
  Event,
  Gap,
  History,
  Log,
  Metrics,
  OpenLine,
  Point,
  TunixRtError,
)

AT = '2026-01-01T00:00:00.000Z'
LOG = Log(1, 2, 1, 'STDOUT', AT, 'one\ntwo\n')
GAP = Gap(3, 1, AT, 5, 80)
METRICS = Metrics(2, (Point('train/loss', 1, 1, 0.5, AT), Point('train/loss', 2, 1, None, AT)))
EVENT = Event(4, 1, 'STARTED', AT, {'versions': {'tunix': '0.1.7'}})
DONE = Completed('COMPLETED', 0)
EVENTS = [LOG, GAP, METRICS, EVENT, DONE]


def test_a_cursor_stands_behind_each_kind_of_event(tmp_path: Path) -> None:
  cursor = Cursor()
  for event in EVENTS:
    cursor.take(event)
  assert cursor == Cursor(log=3, events=4, metrics=2)
  cursor.save(tmp_path / 'run.cursor')
  assert Cursor.load(tmp_path / 'run.cursor') == cursor
  assert [path.name for path in tmp_path.iterdir()] == ['run.cursor']


def test_a_cursor_without_a_file_is_the_beginning(tmp_path: Path) -> None:
  assert Cursor.load(tmp_path / 'nothing') == Cursor()


def test_a_history_holds_after_a_restart_what_it_held_before(tmp_path: Path) -> None:
  with History(tmp_path / 'deep' / 'run.jsonl') as history:
    for event in EVENTS:
      history.take(event)
  with History(tmp_path / 'deep' / 'run.jsonl') as again:
    assert again.events == EVENTS
    assert again.cursor == Cursor(log=3, events=4, metrics=2)
    assert again.completed == DONE
    assert again.text == 'one\ntwo\n'
    assert [point.value for point in again.points] == [0.5, None]


def test_a_line_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
  path = tmp_path / 'run.jsonl'
  with History(path) as history:
    history.take(LOG)
    history.take(EVENT)
  path.write_bytes(path.read_bytes()[:-10])
  with History(path) as again:
    assert again.events == [LOG]
    again.take(EVENT)
  with History(path) as once_more:
    assert once_more.events == [LOG, EVENT]


def test_an_unfinished_line_is_no_part_of_a_history(tmp_path: Path) -> None:
  with History(tmp_path / 'run.jsonl') as history:
    history.take(OpenLine(1, 1, 'STDERR', '10 %'))
    assert history.events == []
    assert history.completed is None


def test_a_history_is_of_one_run(tmp_path: Path) -> None:
  path = tmp_path / 'run.jsonl'
  with History(path) as history:
    history.bind('one')
    history.bind('one')
  with (
    History(path) as again,
    pytest.raises(TunixRtError, match=r'run\.jsonl is the history of another run'),
  ):
    again.bind('two')


def test_curves_are_a_table_in_which_the_newest_attempt_counts(tmp_path: Path) -> None:
  with History(tmp_path / 'run.jsonl') as history:
    history.take(
      Metrics(2, (Point('train/loss', 1, 1, 3.0, AT), Point('train/loss', 2, 1, 2.0, AT)))
    )
    history.take(
      Metrics(3, (Point('train/loss', 2, 2, 1.5, AT), Point('eval/loss', 2, 2, 1.0, AT)))
    )
    frame = history.metrics_df()
  assert frame['train/loss'].to_dict() == {1: 3.0, 2: 1.5}
  assert frame['eval/loss'].dropna().to_dict() == {2: 1.0}


def test_a_batch_says_its_lines_one_by_one() -> None:
  assert LOG.lines == ['one', 'two']
  assert Log(1, 2, 1, 'STDOUT', AT, 'one\ntwo').lines == ['one', 'two']
