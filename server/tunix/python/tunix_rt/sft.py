"""Supervised fine-tuning of one run: `python -m tunix_rt.sft RUN_DIR/config.json`.

Exit codes: 0 finished, 75 stopped by a signal with a checkpoint to resume from, 1 failed. The same
command resumes from the newest checkpoint in `checkpoint_root_directory`.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import pathlib
import sys
import traceback
from typing import Any

from tunix_rt import data, watch
from tunix_rt.events import Events

FINISHED, FAILED, STOPPED = 0, 1, 75


@dataclasses.dataclass(frozen=True)
class Settings:
  """The `tunix_rt` section of the config; README.md explains every key."""

  attempt_dir: str
  data: dict[str, str | None]
  batch_size: int
  max_seq_length: int
  num_epochs: int = 1
  max_steps: int | None = None
  seed: int = 0
  predict: dict[str, Any] | None = None
  checkpoint_predictions: dict[str, Any] | None = None
  export: bool = True
  tiny: dict[str, Any] | None = None
  exit_with_parent: bool = False


def read_settings(config: dict[str, Any]) -> Settings:
  """Checks the `tunix_rt` section. Raises ValueError for a missing, unknown or wrong key."""
  section = config.get('tunix_rt')
  if not isinstance(section, dict):
    raise ValueError('the config has no tunix_rt section')
  try:
    settings = Settings(**section)
  except TypeError as error:
    raise ValueError(f'tunix_rt: {error}') from error
  for name in ('batch_size', 'max_seq_length', 'num_epochs'):
    value = getattr(settings, name)
    if not isinstance(value, int) or value < 1:
      raise ValueError(f'tunix_rt.{name} must be a positive integer, got {value!r}')
  if not isinstance(settings.seed, int) or settings.seed < 0:
    raise ValueError(f'tunix_rt.seed must be an integer of at least 0, got {settings.seed!r}')
  if settings.checkpoint_predictions is not None:
    for name in ('every_steps', 'items', 'max_new_tokens', 'batch_size'):
      value = settings.checkpoint_predictions.get(name)
      if not isinstance(value, int) or value < 1:
        where = f'tunix_rt.checkpoint_predictions.{name}'
        raise ValueError(f'{where} must be a positive integer, got {value!r}')
  return settings


def main(argv: list[str]) -> int:
  """Runs one attempt; returns its exit code."""
  stop = watch.StopSignal().install()
  if len(argv) != 2:
    print('usage: python -m tunix_rt.sft CONFIG.json', file=sys.stderr)
    return FAILED
  # Tunix would read the nearest .env above its own files into this process.
  os.environ['PYTHON_DOTENV_DISABLED'] = '1'
  os.environ.setdefault('TOKENIZERS_PARALLELISM', 'false')
  events = None
  try:
    config = json.loads(pathlib.Path(argv[1]).read_text(encoding='utf-8'))
    settings = read_settings(config)
    if settings.exit_with_parent:
      watch.die_with_parent()
    events = Events(pathlib.Path(settings.attempt_dir) / 'events.jsonl')
    return _run(argv, settings, events, stop)
  except BaseException as error:
    if events:
      events.emit('error', message=f'{type(error).__name__}: {error}')
    traceback.print_exc()
    return FAILED


def _run(argv: list[str], settings: Settings, events: Events, stop: watch.StopSignal) -> int:
  _log_to_stderr()
  from tunix.cli import config as tunix_config
  from tunix.cli.utils import model as tunix_model
  from tunix.sft import peft_trainer
  from tunix.utils import mesh as tunix_mesh

  from tunix_rt import checkpoints, loading, predict, probe, tiny, trainer

  events.emit(
    'started', versions=probe.versions(), devices=probe.devices(), pid=os.getpid(), argv=argv
  )
  parameters = tunix_config.HyperParameters(['tunix_rt', argv[1]])
  config = parameters.config
  model_config = config['model_config']
  records = {name: data.read_records(settings.data.get(name)) for name in ('train', 'eval', 'test')}
  if settings.tiny is not None:
    tiny.ensure_tiny_model(model_config['model_path'], settings.tiny, records['train'])

  tokenizer_config = config['tokenizer_config']
  tokenizer = tunix_model.create_tokenizer(tokenizer_config, tokenizer_config['tokenizer_path'])
  training = parameters.obtain_training_config_dict('training_config')
  accumulation = training.get('gradient_accumulation_steps') or 1
  encoded = {
    name: data.encode(tokenizer, split, settings.max_seq_length) for name, split in records.items()
  }
  per_epoch, total = _steps(settings, training, len(encoded['train'].examples), accumulation)
  events.emit(
    'data',
    **{name: len(split.examples) for name, split in encoded.items()},
    dropped={name: len(split.dropped) for name, split in encoded.items()},
    dropped_ids={name: split.dropped[:100] for name, split in encoded.items()},
    steps_per_epoch=per_epoch,
    total_steps=total,
    tokens=encoded['train'].tokens,
  )

  mesh = tunix_mesh.create_mesh(*parameters.parse_mesh_config('model_config'))
  loaded = loading.load_model(model_config, mesh)
  lora = dict(model_config.get('lora_config') or {}) or None
  model = loading.add_lora(loaded.model, mesh, lora) if lora else loaded.model
  parameters_count, trainable = loading.count_parameters(model)
  events.emit(
    'model', parameters=parameters_count, trainable_parameters=trainable, lora=lora is not None
  )

  training['max_steps'] = total
  trained = trainer.Trainer(
    model,
    parameters.create_optimizer('optimizer_config'),
    peft_trainer.TrainingConfig(**training),
    events,
    lambda: stop.requested,
  )
  events.emit('restored', step=trained.train_steps)

  def should_stop(pulled: int) -> bool:
    # Only between updates: a checkpoint cannot say how much of an update was accumulated.
    return stop.requested and pulled % accumulation == 0

  shape = (settings.batch_size, settings.max_seq_length, tokenizer.pad_id())
  batches = data.train_batches(encoded['train'].examples, *shape, settings.seed, should_stop)
  with mesh:
    if settings.checkpoint_predictions:
      options = settings.checkpoint_predictions
      chosen = records['eval'][: options['items']]
      batches = checkpoints.CheckpointPredictions(
        trained,
        predict.Generator(model, loaded, tokenizer, chosen, options, settings.max_seq_length),
        chosen,
        options,
        pathlib.Path(settings.attempt_dir),
        events,
        lambda: stop.requested,
      ).between(batches)
    trained.fit(batches, data.eval_batches(encoded['eval'].examples, *shape))
    step = trained.train_steps
    if step < total:
      events.emit('stopped', step=step)
      return STOPPED
    done = _finish(model, loaded, lora, tokenizer, records, settings, events, stop)
  events.emit('finished' if done else 'stopped', step=step)
  return FINISHED if done else STOPPED


def _finish(
  model: Any,
  loaded: Any,
  lora: dict[str, Any] | None,
  tokenizer: Any,
  records: dict[str, list[data.Record]],
  settings: Settings,
  events: Events,
  stop: watch.StopSignal,
) -> bool:
  """Predicts and exports; returns False when a signal came first. Both start over on a resume."""
  from tunix_rt import export, predict

  attempt = pathlib.Path(settings.attempt_dir)
  if settings.predict:
    splits = {name: records[name] for name in settings.predict['splits']}
    every = [record for split in splits.values() for record in split]
    complete = predict.predict(
      predict.Generator(model, loaded, tokenizer, every, settings.predict, settings.max_seq_length),
      splits,
      attempt / 'predictions.jsonl',
      lambda: stop.requested,
      lambda split, done, total: events.emit('predictions', split=split, done=done, total=total),
    )
    if not complete:
      return False
  if settings.export:
    export.export(model, loaded, lora, attempt / 'export')
    events.emit('exported', path=str(attempt / 'export'))
  return True


def _steps(
  settings: Settings, training: dict[str, Any], examples: int, accumulation: int
) -> tuple[int, int]:
  """Returns (steps per epoch, total steps); an explicit `max_steps` wins over epochs."""
  per_epoch, total = data.count_steps(
    examples, settings.batch_size, settings.num_epochs, accumulation
  )
  given = {steps for steps in (settings.max_steps, training.get('max_steps')) if steps is not None}
  if len(given) > 1:
    raise ValueError('tunix_rt.max_steps and training_config.max_steps differ')
  return per_epoch, given.pop() if given else total


def _is_worth_reading(line: logging.LogRecord) -> bool:
  if line.levelno >= logging.WARNING:
    return True
  # Orbax writes forty lines about every checkpoint. Tunix prints the learning rate as an integer,
  # and as the loss of an evaluation the mean of all evaluations so far; the trainer logs the truth.
  misleading = ('Creating learning rate with learning_rate', 'Train step %d eval loss')
  return 'orbax' not in line.pathname and not str(line.msg).startswith(misleading)


def _log_to_stderr() -> None:
  import warnings

  import absl.flags
  import absl.logging

  # Libraries of this stack read absl flags, which exist only once some command line was parsed.
  absl.flags.FLAGS(['tunix_rt'])
  absl.logging.use_absl_handler()
  absl.logging.set_verbosity(absl.logging.INFO)
  absl.logging.get_absl_handler().addFilter(_is_worth_reading)
  # Tunix reads the mesh that only the deprecated form sets.
  warnings.filterwarnings('ignore', message='`with mesh:`', category=DeprecationWarning)


if __name__ == '__main__':
  sys.exit(main(sys.argv))
