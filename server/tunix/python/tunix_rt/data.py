"""From records to batches.

A record is one line `{"id", "prompt", "steps": [str], "answer"}`. The prompt becomes a user turn in
the tokenizer's own chat template; the model learns to go on with the reasoning and the answer.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Record:
  """One trace, as the runner hands it over."""

  id: str
  prompt: str
  steps: list[str]
  answer: str


@dataclasses.dataclass(frozen=True)
class Example:
  """One trace in tokens: `tokens` is int32 of any length, its first `prompt_length` the prompt."""

  id: str
  tokens: np.ndarray
  prompt_length: int


@dataclasses.dataclass(frozen=True)
class Encoded:
  """The examples of a split that fit, and the ids of those that are too long."""

  examples: list[Example]
  dropped: list[str]

  @property
  def tokens(self) -> int:
    """Number of tokens in all examples, padding not counted."""
    return sum(len(example.tokens) for example in self.examples)


def read_records(path: str | None) -> list[Record]:
  """Reads a JSONL file; no path or an empty file is an empty list.

  Raises what `iterate_records` raises.
  """
  return list(iterate_records(path)) if path else []


def iterate_records(path: str) -> Iterator[Record]:
  """Yields the records of a JSONL file one by one, so that a file of any size can be read.

  Raises ValueError naming file and line when a line is not a record, FileNotFoundError when the
  file is missing.
  """
  with pathlib.Path(path).open(encoding='utf-8') as lines:
    for number, line in enumerate(lines, start=1):
      if not line.strip():
        continue
      try:
        yield _record(json.loads(line))
      except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f'{path}:{number}: not a record: {error!r}') from error


def _record(value: dict[str, Any]) -> Record:
  fields = {name: value[name] for name in ('id', 'prompt', 'answer')}
  steps = value.get('steps') or []
  for text in [*fields.values(), *steps]:
    if not isinstance(text, str):
      raise TypeError(f'expected text, got {type(text).__name__}')
  return Record(**fields, steps=list(steps))


def render_prompt(tokenizer: Any, prompt: str) -> str:
  """Returns the user turn and the opening of the model's turn, in the tokenizer's chat template."""
  messages = [{'role': 'user', 'content': prompt}]
  return tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)


def render_completion(steps: list[str], answer: str) -> str:
  """Returns what the model shall write: numbered reasoning, if any, then the answer line."""
  reasoning = ''.join(f'{number}. {step}\n' for number, step in enumerate(steps, start=1))
  return (f'Reasoning:\n{reasoning}' if steps else '') + f'Answer: {answer}'


def encode_prompt(tokenizer: Any, prompt: str) -> list[int]:
  """Returns the token ids of the rendered prompt. The template brings its own special tokens."""
  return list(tokenizer.encode(render_prompt(tokenizer, prompt), add_special_tokens=False))


def encode_record(tokenizer: Any, record: Record) -> Example:
  """Returns one record in tokens, at its full length."""
  prompt = encode_prompt(tokenizer, record.prompt)
  completion = render_completion(record.steps, record.answer)
  # The two halves are tokenized apart: generation starts exactly at this boundary.
  tokens = prompt + list(tokenizer.encode(completion, add_special_tokens=False))
  tokens.append(tokenizer.eos_id())
  return Example(record.id, np.asarray(tokens, np.int32), len(prompt))


def encode(tokenizer: Any, records: list[Record], max_seq_length: int) -> Encoded:
  """Tokenizes records; those longer than `max_seq_length` tokens are set aside, never cut.

  A cut example would teach the model to stop before the answer.
  """
  examples, dropped = [], []
  for record in records:
    example = encode_record(tokenizer, record)
    if len(example.tokens) > max_seq_length:
      dropped.append(record.id)
    else:
      examples.append(example)
  return Encoded(examples, dropped)


Batch = dict[str, np.ndarray]


def to_batch(examples: list[Example], batch_size: int, max_seq_length: int, pad_id: int) -> Batch:
  """Packs at most `batch_size` examples, padded on the right and with empty rows at the end.

  Returns three arrays of shape [batch_size, max_seq_length]: `tokens` int32, `valid` bool (a real
  token) and `loss` bool (a token of the completion, the only ones that are learnt).
  """
  shape = (batch_size, max_seq_length)
  tokens = np.full(shape, pad_id, np.int32)
  valid = np.zeros(shape, np.bool_)
  loss = np.zeros(shape, np.bool_)
  for row, example in enumerate(examples):
    length = len(example.tokens)
    tokens[row, :length] = example.tokens
    valid[row, :length] = True
    loss[row, example.prompt_length : length] = True
  return {'tokens': tokens, 'valid': valid, 'loss': loss}


def epoch_order(count: int, seed: int, epoch: int) -> np.ndarray:
  """Returns the order of `count` examples in one epoch: a function of (seed, epoch) alone.

  A resumed run pulls the same batches again to skip what it already learnt, so nothing else may
  have a say.
  """
  return np.random.default_rng([seed, epoch]).permutation(count)


def train_batches(
  examples: list[Example],
  batch_size: int,
  max_seq_length: int,
  pad_id: int,
  seed: int,
  should_stop: Callable[[int], bool] = lambda pulled: False,
) -> Iterator[Batch]:
  """Yields full batches without end, epoch after epoch; an epoch's remainder is left out.

  Before each batch `should_stop` is asked with the number of batches pulled so far; when it agrees,
  the iterator ends, which makes Tunix save and return.
  """
  pulled, epoch = 0, 0
  while True:
    order = epoch_order(len(examples), seed, epoch)
    for start in range(0, len(order) - batch_size + 1, batch_size):
      if should_stop(pulled):
        return
      chosen = [examples[index] for index in order[start : start + batch_size]]
      yield to_batch(chosen, batch_size, max_seq_length, pad_id)
      pulled += 1
    epoch += 1


def eval_batches(
  examples: list[Example], batch_size: int, max_seq_length: int, pad_id: int
) -> list[Batch]:
  """Returns every example once, in order; the last batch is filled with rows that do not count."""
  return [
    to_batch(examples[start : start + batch_size], batch_size, max_seq_length, pad_id)
    for start in range(0, len(examples), batch_size)
  ]


def count_steps(examples: int, batch_size: int, epochs: int, accumulation: int) -> tuple[int, int]:
  """Returns (steps per epoch, steps in all epochs); a step is one update of the weights.

  `accumulation` batches make one step. Raises ValueError when not even one batch can be filled.
  """
  batches = examples // batch_size
  if batches == 0:
    raise ValueError(
      f'{examples} usable training examples do not fill one batch of {batch_size}: '
      'lower batch_size, or raise max_seq_length if examples were dropped as too long'
    )
  total = batches * epochs // accumulation
  if total == 0:
    raise ValueError(
      f'{epochs} epochs of {batches} batches do not make one step of {accumulation} batches'
    )
  return batches // accumulation, total
