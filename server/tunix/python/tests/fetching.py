"""Fetches as the runner starts them, from the stand-in for the hub; see hub.py."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

from runs import PACKAGE_DIR, TIMEOUT

REPO = 'someone/tiny-qwen3'
WEIGHTS = 'model.safetensors'
NEEDED = ['config.json', WEIGHTS, 'tokenizer.json', 'tokenizer_config.json']


class Fetch:
  """`python -m tunix_rt.fetch` in a process of its own, started the way the runner does."""

  def __init__(self, endpoint: str, target: pathlib.Path, repo_id: str = REPO, **environment: str):
    self.process = subprocess.Popen(
      [sys.executable, '-m', 'tunix_rt.fetch', repo_id, str(target)],
      env={
        'PATH': os.environ['PATH'],
        'HOME': str(target.parents[1]),
        'PYTHONPATH': str(PACKAGE_DIR),
        'HF_ENDPOINT': endpoint,
        **environment,
      },
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      stderr=subprocess.PIPE,
      text=True,
    )

  def end(self) -> int:
    self.stdout, self.stderr = self.process.communicate(timeout=TIMEOUT)
    return self.process.returncode

  def result(self) -> dict[str, object]:
    assert self.end() == 0, self.stderr
    return json.loads(self.stdout)

  def reason(self) -> str:
    assert self.end() == 1, self.stdout + self.stderr
    assert self.stdout == ''
    assert 'Traceback' not in self.stderr
    return self.stderr.splitlines()[-1]


def nothing_is_left(target: pathlib.Path) -> bool:
  return not target.parent.exists() or not list(target.parent.iterdir())
