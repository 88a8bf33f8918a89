"""Greedy answers of the trained model to prompts it has never seen."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable
from typing import Any

from tunix_rt import data
from tunix_rt.events import Events, to_line
from tunix_rt.loading import Loaded


def predict(
  model: Any,
  loaded: Loaded,
  tokenizer: Any,
  splits: dict[str, list[data.Record]],
  options: dict[str, Any],
  max_seq_length: int,
  output: pathlib.Path,
  events: Events,
  should_stop: Callable[[], bool],
) -> bool:
  """Writes one line per record to `output`; returns False when it was asked to stop instead.

  `options` holds `max_new_tokens` and `batch_size`. The file appears when it is complete. A prompt
  of `max_seq_length` tokens or more gets an empty text and an `error`.
  """
  draft = output.with_suffix('.jsonl.tmp')
  generate = _generator(model, loaded, tokenizer, splits, options, max_seq_length)
  size = options['batch_size']
  with draft.open('w', encoding='utf-8') as lines:
    for split, records in splits.items():
      events.emit('predictions', split=split, done=0, total=len(records))
      for start in range(0, len(records), size):
        if should_stop():
          return False
        batch = records[start : start + size]
        for record, result in zip(batch, generate(batch), strict=True):
          fields = {'id': record.id, 'split': split, 'expected': record.answer}
          lines.write(to_line({**fields, **result}))
        events.emit('predictions', split=split, done=start + len(batch), total=len(records))
  os.replace(draft, output)
  return True


Generate = Callable[[list[data.Record]], list[dict[str, Any]]]


def _generator(
  model: Any,
  loaded: Loaded,
  tokenizer: Any,
  splits: dict[str, list[data.Record]],
  options: dict[str, Any],
  max_seq_length: int,
) -> Generate:
  from tunix.generate import sampler as tunix_sampler

  size, new_tokens = options['batch_size'], options['max_new_tokens']
  lengths = {
    record.prompt: len(data.encode_prompt(tokenizer, record.prompt))
    for records in splits.values()
    for record in records
  }
  fitting = {prompt for prompt, length in lengths.items() if length < max_seq_length}
  # One shape for all batches: compiled once. One more than needed, as some tokenizers add a first.
  longest = max((lengths[prompt] for prompt in fitting), default=0) + 1
  sampler = tunix_sampler.Sampler(
    model,
    tokenizer,
    tunix_sampler.CacheConfig(
      cache_size=longest + new_tokens,
      num_layers=loaded.config.num_layers,
      num_kv_heads=loaded.config.num_kv_heads,
      head_dim=loaded.config.head_dim,
    ),
  )

  def generate(batch: list[data.Record]) -> list[dict[str, Any]]:
    prompts = [record.prompt for record in batch if record.prompt in fitting]
    answers: dict[str, dict[str, Any]] = {}
    if prompts:
      rendered = [data.render_prompt(tokenizer, prompt) for prompt in prompts]
      out = sampler(
        rendered + rendered[-1:] * (size - len(rendered)),
        max_generation_steps=new_tokens,
        max_prompt_length=longest,
        eos_tokens=[tokenizer.eos_id()],
      )
      # `out` is longer: its last rows only fill the batch.
      for prompt, text, tokens in zip(prompts, out.text, out.tokens, strict=False):
        answers[prompt] = {'text': text, 'tokens': len(tokens)}
    return [answers.get(record.prompt) or _too_long(lengths[record.prompt]) for record in batch]

  def _too_long(length: int) -> dict[str, Any]:
    return {
      'text': '',
      'tokens': 0,
      'error': f'the prompt has {length} tokens, max_seq_length is {max_seq_length}',
    }

  return generate
