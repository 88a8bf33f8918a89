"""A model is there whole or not at all, whatever becomes of who brings it."""

from __future__ import annotations

import os
import shutil
import signal
import threading

import pytest

from fetching import NEEDED, WEIGHTS, Fetch, nothing_is_left
from runs import TIMEOUT


def test_of_two_processes_one_wins_and_both_have_it(hub, target):
  both = threading.Barrier(2)

  def together(handler, request):
    if request.path.endswith(WEIGHTS) and 'storage' in request.path:
      both.wait(TIMEOUT)
    return False

  hub.interfere = together
  processes = [Fetch(hub.endpoint, target), Fetch(hub.endpoint, target)]
  results = [process.result() for process in processes]
  assert sorted(result['downloaded'] for result in results) == [False, True]
  assert [entry.name for entry in target.parent.iterdir()] == ['tiny']


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_transfer_leaves_no_directory(hub, target, number):
  waiting, stopped = threading.Event(), threading.Event()

  def hold(handler, request):
    if 'storage' in request.path:
      waiting.set()
      stopped.wait(TIMEOUT)
    return False

  hub.interfere = hold
  fetched = Fetch(hub.endpoint, target)
  assert waiting.wait(TIMEOUT)
  fetched.process.send_signal(number)
  assert fetched.end() == 128 + number
  stopped.set()
  assert nothing_is_left(target)


def test_only_what_a_killed_process_left_is_removed(hub, target):
  waiting, killed = threading.Event(), threading.Event()

  def hold_the_first(handler, request):
    if request.path.endswith(WEIGHTS) and 'storage' in request.path and not waiting.is_set():
      waiting.set()
      killed.wait(TIMEOUT)
    return False

  hub.interfere = hold_the_first
  first = Fetch(hub.endpoint, target)
  assert waiting.wait(TIMEOUT)
  announced = set()
  while announced != {*NEEDED} - {WEIGHTS}:  # All but the weights: its directory is at rest.
    line = first.process.stderr.readline()
    assert line, 'ended too early'
    announced |= {line.partition(': ')[0]} & {*NEEDED}
  (draft,) = target.parent.iterdir()
  os.utime(draft, (0, 0))
  assert Fetch(hub.endpoint, target).result()['downloaded']
  assert set(target.parent.iterdir()) == {draft, target}

  first.process.kill()
  first.end()
  killed.set()
  assert draft.exists()
  os.utime(draft, (0, 0))
  shutil.rmtree(target)
  assert Fetch(hub.endpoint, target).result()['downloaded']
  assert list(target.parent.iterdir()) == [target]


def test_another_directory_is_not_touched(hub, target):
  target.mkdir(parents=True)
  (target / 'config.json').write_text('{}')
  assert 'is something else: it has no revision.json' in Fetch(hub.endpoint, target).reason()
  (target / 'revision.json').write_text('{"repo_id": "someone/else", "revision": "1"}')
  assert 'is something else: it holds someone/else' in Fetch(hub.endpoint, target).reason()
  assert hub.requests == []
  assert (target / 'config.json').read_text() == '{}'
