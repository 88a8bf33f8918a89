"""Greedy answers of a model to prompts it has never seen, trained or on its way there."""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tunix_rt import data
from tunix_rt.events import to_line
from tunix_rt.loading import Loaded


class Generator:
  """Answers records in batches of one shape, so that all of them are compiled once."""

  def __init__(
    self,
    model: Any,
    loaded: Loaded,
    tokenizer: Any,
    records: Iterable[data.Record],
    options: dict[str, Any],
    max_seq_length: int,
  ):
    """`options` holds `max_new_tokens` and `batch_size`; only `records` can be answered."""
    from tunix.generate import sampler as tunix_sampler

    self.batch_size = options['batch_size']
    self._model = model
    self._tokenizer = tokenizer
    self._new_tokens = options['max_new_tokens']
    self._max_seq_length = max_seq_length
    self._lengths = {
      record.prompt: len(data.encode_prompt(tokenizer, record.prompt)) for record in records
    }
    fitting = [length for length in self._lengths.values() if length < max_seq_length]
    # One more than needed, as some tokenizers add a first.
    self._longest = max(fitting, default=0) + 1
    self._sampler = tunix_sampler.Sampler(
      model,
      tokenizer,
      tunix_sampler.CacheConfig(
        cache_size=self._longest + self._new_tokens,
        num_layers=loaded.config.num_layers,
        num_kv_heads=loaded.config.num_kv_heads,
        head_dim=loaded.config.head_dim,
      ),
    )

  def refresh(self) -> None:
    """Takes the weights the model has now; training gives the buffers of earlier ones away."""
    from flax import nnx

    self._sampler.transformer_state = nnx.variables(self._model)

  def __call__(self, batch: list[data.Record]) -> list[dict[str, Any]]:
    """Returns `text` and `tokens` of each record, and `error` where the prompt is too long."""
    fitting = [
      record.prompt for record in batch if self._lengths[record.prompt] < self._max_seq_length
    ]
    answers: dict[str, dict[str, Any]] = {}
    if fitting:
      rendered = [data.render_prompt(self._tokenizer, prompt) for prompt in fitting]
      with _without_remat(self._model):
        out = self._sampler(
          rendered + rendered[-1:] * (self.batch_size - len(rendered)),
          max_generation_steps=self._new_tokens,
          max_prompt_length=self._longest,
          eos_tokens=[self._tokenizer.eos_id()],
        )
      # `out` is longer: its last rows only fill the batch.
      for prompt, text, tokens in zip(fitting, out.text, out.tokens, strict=False):
        answers[prompt] = {'text': text, 'tokens': len(tokens)}
    return [answers.get(record.prompt) or self._too_long(record.prompt) for record in batch]

  def _too_long(self, prompt: str) -> dict[str, Any]:
    limit = self._max_seq_length
    error = f'the prompt has {self._lengths[prompt]} tokens, max_seq_length is {limit}'
    return {'text': '', 'tokens': 0, 'error': error}


@contextlib.contextmanager
def _without_remat(model: Any) -> Iterator[None]:
  """Computes nothing twice: there is no backward pass, and nnx.remat fails in sampler loops."""
  from flax import nnx

  modules = (node for _, node in nnx.iter_graph(model) if isinstance(node, nnx.Module))
  configs = {id(node.config): node.config for node in modules if hasattr(node, 'config')}
  chosen = {name: config.remat_config for name, config in configs.items()}
  try:
    for config in configs.values():
      config.remat_config = type(config.remat_config).NONE
    yield
  finally:
    for name, config in configs.items():
      config.remat_config = chosen[name]


def predict(
  generator: Generator,
  splits: dict[str, list[data.Record]],
  output: pathlib.Path,
  should_stop: Callable[[], bool],
  report: Callable[[str, int, int], None] = lambda split, done, total: None,
) -> bool:
  """Writes one line per record to `output`; returns False when it was asked to stop instead.

  The file appears when it is complete. `report` hears of each split how many are done, and of all.
  """
  draft = output.with_suffix('.jsonl.tmp')
  size = generator.batch_size
  with draft.open('w', encoding='utf-8') as lines:
    for split, records in splits.items():
      report(split, 0, len(records))
      for start in range(0, len(records), size):
        if should_stop():
          draft.unlink()
          return False
        batch = records[start : start + size]
        for record, result in zip(batch, generator(batch), strict=True):
          fields = {'id': record.id, 'split': split, 'expected': record.answer}
          lines.write(to_line({**fields, **result}))
        report(split, start + len(batch), len(records))
  os.replace(draft, output)
  return True
