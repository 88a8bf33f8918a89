"""Runs that several tests look at; each is a real training process."""

from __future__ import annotations

import pathlib
import signal

import pytest

import example
import models
from fetching import REPO
from hub import Hub
from runs import Attempt, start

STEPS = 40


@pytest.fixture(scope='session')
def compile_cache(tmp_path_factory) -> pathlib.Path:
  """Shared by all runs of the session: most of their time is compilation."""
  return tmp_path_factory.mktemp('compile-cache')


def write_data(run_dir: pathlib.Path) -> None:
  traces = example.records(148)
  example.write_jsonl(run_dir / 'data' / 'train.jsonl', traces[:120])
  example.write_jsonl(run_dir / 'data' / 'eval.jsonl', traces[120:139])
  example.write_jsonl(run_dir / 'data' / 'test.jsonl', traces[139:])


@pytest.fixture(scope='session')
def finished(tmp_path_factory, compile_cache) -> Attempt:
  """An uninterrupted run of the example."""
  run_dir = tmp_path_factory.mktemp('finished')
  write_data(run_dir)
  attempt = start(run_dir, example.example_config(run_dir, max_steps=STEPS), compile_cache)
  attempt.wait()
  return attempt


@pytest.fixture(scope='session')
def interrupted(tmp_path_factory, compile_cache) -> Attempt:
  """The same run, stopped by SIGTERM somewhere after step 5."""
  run_dir = tmp_path_factory.mktemp('interrupted')
  write_data(run_dir)
  config = example.example_config(run_dir, max_steps=STEPS)
  # Slow enough to be caught in the middle, and no different in its numbers: it evaluates often.
  config['training_config']['eval_every_n_steps'] = 1
  attempt = start(run_dir, config, compile_cache)
  attempt.until(lambda: any(e['step'] >= 5 for e in attempt.events('progress')))
  attempt.signal(signal.SIGTERM)
  attempt.wait()
  return attempt


@pytest.fixture(scope='session')
def resumed(interrupted, compile_cache) -> Attempt:
  """The second attempt of the interrupted run: a directory of its own, the same checkpoints."""
  run_dir = interrupted.run_dir
  config = example.example_config(run_dir, max_steps=STEPS, attempt_dir=str(run_dir / 'attempt-2'))
  attempt = start(run_dir, config, compile_cache)
  attempt.wait()
  return attempt


@pytest.fixture(scope='session')
def base(tmp_path_factory) -> pathlib.Path:
  """The model as its author has it: with files that training does not need."""
  directory = models.tiny_model(tmp_path_factory.mktemp('hub') / 'base')
  (directory / 'README.md').write_text('# Tiny')
  (directory / 'pytorch_model.bin').write_bytes(b'a second time')
  (directory / 'model.fp16.safetensors').write_bytes(b'a third time')
  (directory / 'onnx').mkdir()
  (directory / 'onnx' / 'model.safetensors').write_bytes(b'a fourth time')
  return directory


@pytest.fixture
def hub(base):
  with Hub() as running:
    running.add(REPO, base)
    yield running


@pytest.fixture
def target(tmp_path) -> pathlib.Path:
  return tmp_path / 'models' / 'tiny'
