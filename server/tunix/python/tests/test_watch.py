"""A run whose parent is gone is gone too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import example
from conftest import write_data
from runs import environment

PARENT = """
import subprocess, sys, time
child = subprocess.Popen(
  [sys.executable, '-m', 'tunix_rt.sft', sys.argv[1]],
  stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
)
print(child.pid, flush=True)
time.sleep(600)
"""


def is_running(pid: int) -> bool:
  state = subprocess.run(['ps', '-o', 'stat=', '-p', str(pid)], capture_output=True, text=True)
  # Nobody may be left to reap it in a container; dead it is all the same.
  return state.stdout.strip() not in ('',) and not state.stdout.strip().startswith('Z')


def until(condition) -> None:
  deadline = time.monotonic() + 60
  while not condition():
    assert time.monotonic() < deadline, 'took too long'
    time.sleep(0.02)


def orphan(run_dir, exit_with_parent: bool) -> int:
  """Starts a parent with a training child, kills the parent, returns the child's pid."""
  write_data(run_dir)
  config = example.example_config(run_dir, max_steps=100_000, exit_with_parent=exit_with_parent)
  file = run_dir / 'config.json'
  file.write_text(json.dumps(config))
  parent = subprocess.Popen(
    [sys.executable, '-c', PARENT, str(file)], env=environment(), stdout=subprocess.PIPE, text=True
  )
  assert parent.stdout
  pid = int(parent.stdout.readline())
  until((run_dir / 'attempt' / 'events.jsonl').exists)
  assert is_running(pid)
  parent.kill()
  parent.wait()
  parent.stdout.close()
  return pid


def test_it_dies_with_its_parent(tmp_path):
  pid = orphan(tmp_path, exit_with_parent=True)
  until(lambda: not is_running(pid))


def test_by_hand_it_outlives_its_parent(tmp_path):
  pid = orphan(tmp_path, exit_with_parent=False)
  time.sleep(0.5)
  assert is_running(pid)
  os.killpg(pid, signal.SIGKILL)
