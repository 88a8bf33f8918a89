"""Starts `python -m tunix_rt.sft` the way the runner does, and reads what it leaves behind."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

PACKAGE_DIR = pathlib.Path(__file__).parents[1]
TIMEOUT = 180.0


def environment(compile_cache: pathlib.Path | None = None, devices: int = 1) -> dict[str, str]:
  """The whole environment of a run: nothing of ours leaks in, nothing needs the network.

  `devices` is how many devices JAX takes the processor for.
  """
  cache = {'JAX_COMPILATION_CACHE_DIR': str(compile_cache)} if compile_cache else {}
  if devices > 1:
    cache['XLA_FLAGS'] = f'--xla_force_host_platform_device_count={devices}'
  return {
    'PATH': os.environ['PATH'],
    'HOME': os.environ.get('HOME', '/'),
    'JAX_PLATFORMS': 'cpu',
    'TRANSFORMERS_OFFLINE': '1',
    'HF_HUB_OFFLINE': '1',
    'WANDB_MODE': 'disabled',
    'PYTHONUNBUFFERED': '1',
    'PYTHONPATH': str(PACKAGE_DIR),
    **cache,
  }


class Attempt:
  """One training process and its files."""

  def __init__(self, run_dir: pathlib.Path, config: dict[str, Any], process: subprocess.Popen):
    self.run_dir = run_dir
    self.config = config
    self.dir = pathlib.Path(config['tunix_rt']['attempt_dir'])
    self.process = process

  @property
  def log(self) -> str:
    return self.dir.with_suffix('.log').read_text(encoding='utf-8')

  def lines(self) -> list[str]:
    file = self.dir / 'events.jsonl'
    return file.read_text(encoding='utf-8').splitlines() if file.exists() else []

  def events(self, name: str | None = None) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in self.lines()]
    return [event for event in found if name in (None, event['event'])]

  def metrics(self, name: str) -> dict[int, float]:
    return {e['step']: e['value'] for e in self.events('metric') if e['name'] == name}

  def predictions(self) -> list[dict[str, Any]]:
    text = (self.dir / 'predictions.jsonl').read_text(encoding='utf-8')
    return [json.loads(line) for line in text.splitlines()]

  def signal(self, number: int) -> None:
    self.process.send_signal(number)

  def wait(self) -> int:
    return self.process.wait(TIMEOUT)

  def until(self, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
      assert self.process.poll() is None, f'ended too early:\n{self.log[-3000:]}'
      assert time.monotonic() < deadline, 'took too long'
      time.sleep(0.02)


def start(
  run_dir: pathlib.Path,
  config: dict[str, Any],
  compile_cache: pathlib.Path | None = None,
  devices: int = 1,
) -> Attempt:
  """Starts a run in a process group of its own; its output goes to a file beside the attempt."""
  attempt_dir = pathlib.Path(config['tunix_rt']['attempt_dir'])
  config_file = attempt_dir.with_suffix('.json')
  config_file.write_text(json.dumps(config), encoding='utf-8')
  with attempt_dir.with_suffix('.log').open('w') as log:
    process = subprocess.Popen(
      [sys.executable, '-m', 'tunix_rt.sft', str(config_file)],
      env=environment(compile_cache, devices),
      stdin=subprocess.DEVNULL,
      stdout=log,
      stderr=log,
      start_new_session=True,
    )
  return Attempt(run_dir, config, process)
