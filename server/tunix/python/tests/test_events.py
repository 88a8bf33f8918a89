"""The event file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tunix_rt.events import Events, strict, to_line

VALUES = [
  (float('nan'), 'NaN'),
  (float('inf'), 'Infinity'),
  (float('-inf'), '-Infinity'),
  (np.float32('nan'), 'NaN'),
  (np.float32(0.5), 0.5),
  (np.int32(7), 7),
  (np.asarray(1.5), 1.5),
  (True, True),
  ({'a': [np.inf, (1, None)]}, {'a': ['Infinity', [1, None]]}),
]


@pytest.mark.parametrize(('value', 'expected'), VALUES)
def test_values_become_strict_json(value, expected):
  assert strict(value) == expected
  assert type(strict(value)) is type(expected)


def test_a_line_is_one_line():
  line = to_line({'text': 'a\nb\u2028\ud800', 'loss': float('nan')})
  assert line.count('\n') == 1 and line.isascii()
  assert json.loads(line) == {'text': 'a\nb\u2028\ud800', 'loss': 'NaN'}


def test_lines_are_there_at_once_and_kept_on_reopening(tmp_path):
  path = tmp_path / 'attempt' / 'events.jsonl'
  first = Events(path)
  first.metric('train/loss', 3, np.float32('inf'))
  first.emit('finished', step=3)
  lines = [json.loads(line) for line in path.read_text().splitlines()]
  assert [line['event'] for line in lines] == ['metric', 'finished']
  assert lines[0] | {'time': 0} == {
    'time': 0, 'event': 'metric', 'name': 'train/loss', 'step': 3, 'value': 'Infinity'
  }  # fmt: skip
  first.close()
  first.emit('late')
  Events(path).emit('started')
  assert [json.loads(line)['event'] for line in path.read_text().splitlines()][2:] == ['started']
