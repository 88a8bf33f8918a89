"""What records are in tokens, compared with what a training is fed."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

import example
import models
from runs import TIMEOUT, environment
from tunix_rt import data, tiny, tokens

# The server renders the same text before any Python runs; its tests hold the same file.
RENDERED = json.loads(pathlib.Path(__file__).with_name('rendered.json').read_text('utf-8'))


@pytest.fixture(scope='module')
def model(tmp_path_factory):
  return models.tiny_model(tmp_path_factory.mktemp('tokens') / 'model')


@pytest.fixture(scope='module')
def tokenizer(model):
  return models.tokenizer(model)


def record(case):
  return data.Record('r', case['prompt'], case['steps'], case['answer'])


@pytest.mark.parametrize('case', RENDERED, ids=lambda case: case['name'])
def test_the_text_is_the_one_that_is_promised(tokenizer, case):
  line = tokens.describe(tokenizer, record(case), 10_000)
  assert line['text'] == case['text']
  assert ''.join(token['text'] for token in line['tokens']) == case['text']


@pytest.mark.parametrize('case', RENDERED, ids=lambda case: case['name'])
def test_tokens_and_mask_are_those_of_a_training_batch(tokenizer, case):
  line = tokens.describe(tokenizer, record(case), 10_000)
  encoded = data.encode(tokenizer, [record(case)], 2_000)
  batch = next(data.train_batches(encoded.examples, 1, 2_000, tokenizer.pad_id(), seed=0))
  count = line['count']
  assert batch['valid'][0].sum() == count == len(line['tokens'])
  assert [token['id'] for token in line['tokens']] == batch['tokens'][0, :count].tolist()
  assert [token['loss'] for token in line['tokens']] == batch['loss'][0, :count].tolist()
  assert line['loss_count'] == batch['loss'].sum()


def test_a_list_is_cut_and_the_counts_are_not(tokenizer):
  whole = tokens.describe(tokenizer, record(RENDERED[0]), 10_000)
  cut = tokens.describe(tokenizer, record(RENDERED[0]), 3)
  assert cut == {**whole, 'tokens': whole['tokens'][:3]}


def ask(directory, **request):
  """Answers a request in a process of its own, as the runner does."""
  output = directory / 'output.jsonl'
  request = {'model_path': None, 'tiny': None, 'output': str(output), **request}
  file = directory / 'request.json'
  file.write_text(json.dumps(request), encoding='utf-8')
  done = subprocess.run(
    [sys.executable, '-m', 'tunix_rt.tokens', str(file)],
    env=environment(),
    capture_output=True,
    text=True,
    timeout=TIMEOUT,
    stdin=subprocess.DEVNULL,
  )
  lines = output.read_text('utf-8').splitlines() if output.exists() else []
  return done, [json.loads(line) for line in lines]


def test_counts_are_those_by_which_training_drops(tmp_path, model, tokenizer):
  records = [*models.records(), data.Record('long', 'word ' * 200, [], '1')]
  values = [vars(each) for each in records]
  half = len(values) // 2
  files = [
    example.write_jsonl(tmp_path / 'a.jsonl', values[:half]),
    example.write_jsonl(tmp_path / 'b.jsonl', values[half:]),
  ]
  done, lines = ask(tmp_path, model_path=str(model), records=files)
  assert (done.returncode, done.stdout) == (0, '')
  assert [line['id'] for line in lines] == [each.id for each in records]
  limit = sorted(line['count'] for line in lines)[half]
  encoded = data.encode(tokenizer, records, limit)
  assert [line['id'] for line in lines if line['count'] > limit] == encoded.dropped
  kept = [line['count'] for line in lines if line['count'] <= limit]
  assert kept == [len(each.tokens) for each in encoded.examples]


def test_the_tiny_tokenizer_is_the_one_of_a_run_on_the_same_records(tmp_path):
  train = example.write_jsonl(tmp_path / 'train.jsonl', [vars(each) for each in models.records()])
  done, [line, *_] = ask(tmp_path, tiny={'train': train}, records=[train], list_tokens=1000)
  assert done.returncode == 0
  tiny.ensure_tiny_model(str(tmp_path / 'model'), {}, models.records())
  [first, *_] = data.encode(models.tokenizer(tmp_path / 'model'), models.records(), 1000).examples
  assert [token['id'] for token in line['tokens']] == first.tokens.tolist()
  assert not list(tmp_path.glob('tokenizer-*'))


def test_a_failure_is_one_sentence_and_no_output(tmp_path):
  bad = tmp_path / 'bad.jsonl'
  bad.write_text('{"id":"a"}\n')
  done, lines = ask(tmp_path, tiny={'train': str(bad)}, records=[str(bad)])
  assert (done.returncode, lines) == (1, [])
  assert 'bad.jsonl:1: not a record' in done.stderr.splitlines()[-1]
