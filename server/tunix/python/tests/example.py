"""The example of README.md as code: one complete config, and the records it trains on."""

from __future__ import annotations

import json
import pathlib
import random
from typing import Any

LORA_PATTERN = '.*q_proj|.*k_proj|.*v_proj|.*o_proj|.*gate_proj|.*up_proj|.*down_proj'


def records(count: int, seed: int = 0) -> list[dict[str, Any]]:
  """Word problems with two steps; ids and prompts are distinct."""
  draw = random.Random(seed)
  found: dict[str, dict[str, Any]] = {}
  while len(found) < count:
    start, gained, given = (draw.randint(2, 9) for _ in range(3))
    if given > start + gained:
      continue
    name = draw.choice(['Ada', 'Ben', 'Cleo', 'Dan'])
    total = start + gained
    prompt = f'{name} has {start} pens, gets {gained} more and gives {given} away. How many now?'
    found[prompt] = {
      'id': f'trace-{len(found)}',
      'prompt': prompt,
      'steps': [f'{start} + {gained} = {total}', f'{total} - {given} = {total - given}'],
      'answer': str(total - given),
    }
  return list(found.values())


def write_jsonl(path: pathlib.Path, values: list[dict[str, Any]]) -> str:
  path.parent.mkdir(parents=True, exist_ok=True)
  path.write_text(''.join(json.dumps(value) + '\n' for value in values), encoding='utf-8')
  return str(path)


def example_config(run_dir: pathlib.Path, **changes: Any) -> dict[str, Any]:
  """A config that trains, predicts and exports; `changes` replace keys of its tunix_rt section."""
  model_path = str(run_dir / 'model')
  return {
    'model_config': {
      'model_name': 'qwen3-tiny',
      'model_id': 'qwen3-tiny',
      'model_source': 'internal',
      'model_path': model_path,
      'rng_seed': 0,
      'lora_config': {},
      'mesh': {'shape': '(1,1)', 'axis_names': "('fsdp','tp')"},
    },
    'tokenizer_config': {
      'tokenizer_type': 'huggingface',
      'tokenizer_path': model_path,
      'add_bos': False,
      'add_eos': False,
    },
    'optimizer_config': {'opt_type': 'adamw', 'learning_rate': 0.003, 'weight_decay': 0.01},
    'training_config': {
      'max_steps': None,
      'eval_every_n_steps': 20,
      'gradient_accumulation_steps': None,
      'checkpoint_root_directory': str(run_dir / 'checkpoints'),
      'checkpointing_options': {'save_interval_steps': 20, 'max_to_keep': 3},
      'metrics_logging_options': None,
    },
    'tunix_rt': {
      'attempt_dir': str(run_dir / 'attempt'),
      'data': {name: str(run_dir / 'data' / f'{name}.jsonl') for name in ('train', 'eval', 'test')},
      'batch_size': 8,
      'max_seq_length': 96,
      'num_epochs': 1,
      'max_steps': 40,
      'seed': 0,
      'predict': {'splits': ['eval', 'test'], 'max_new_tokens': 40, 'batch_size': 8},
      'export': True,
      'tiny': {'seed': 0, 'vocab_size': 384},
      'exit_with_parent': False,
      **changes,
    },
  }
