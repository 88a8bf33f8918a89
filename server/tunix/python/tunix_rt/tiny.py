"""A tiny Qwen3 model, made on the spot.

It is an ordinary Hugging Face directory (config, weights, tokenizer), so everything that works on
it works on a downloaded model too. It knows nothing until it is trained.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterable
from typing import Any

import numpy as np

from tunix_rt import data

PAD, START, END = '<pad>', '<|im_start|>', '<|im_end|>'
CHAT_TEMPLATE = (
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}"
  "{{ message['content'] + '<|im_end|>\\n' }}{% endfor %}"
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)

DEFAULTS: dict[str, Any] = {
  'seed': 0,
  'vocab_size': 512,
  'num_layers': 2,
  'embed_dim': 64,
  'hidden_dim': 192,
  'num_heads': 4,
  'num_kv_heads': 2,
  'head_dim': 16,
  'init_scale': 0.04,
}


def ensure_tiny_model(path: str, options: dict[str, Any], records: list[data.Record]) -> bool:
  """Builds the model directory at `path` unless it is there already; returns whether it did.

  The result depends on `options` (see DEFAULTS) and `records` alone. The directory appears complete
  or not at all; of two processes that build at the same time, one wins and both can use it.
  Raises ValueError for an unknown option.
  """
  target = pathlib.Path(path)
  if target.exists():
    return False
  unknown = sorted(set(options) - set(DEFAULTS))
  if unknown:
    raise ValueError(f'unknown options of the tiny model: {", ".join(unknown)}')
  shape = {**DEFAULTS, **options}
  target.parent.mkdir(parents=True, exist_ok=True)
  draft = pathlib.Path(tempfile.mkdtemp(prefix=f'.{target.name}-', dir=target.parent))
  try:
    write_tokenizer(draft, shape['vocab_size'], texts(records))
    write_model(draft, shape)
    os.chmod(draft, 0o755)
    try:
      os.rename(draft, target)
    except OSError:
      if not target.exists():
        raise
      return False
    return True
  finally:
    shutil.rmtree(draft, ignore_errors=True)


def texts(records: Iterable[data.Record]) -> Iterable[str]:
  """Yields what the tokenizer learns its words from: both turns of every record."""
  for record in records:
    yield f'user\n{record.prompt}'
    yield f'assistant\n{data.render_completion(record.steps, record.answer)}'


def write_tokenizer(directory: pathlib.Path, vocab_size: int, texts: Iterable[str]) -> None:
  """Trains a byte-level BPE on `texts` and writes it in Hugging Face form.

  All 256 bytes are in the vocabulary, so any text can be encoded. Raises ValueError when
  `vocab_size` has no room for them.
  """
  from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

  alphabet = pre_tokenizers.ByteLevel.alphabet()
  specials = [PAD, START, END]
  if vocab_size < len(alphabet) + len(specials):
    raise ValueError(f'vocab_size must be at least {len(alphabet) + len(specials)}')
  tokenizer = Tokenizer(models.BPE())
  tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
  tokenizer.decoder = decoders.ByteLevel()
  trainer = trainers.BpeTrainer(
    vocab_size=vocab_size,
    special_tokens=specials,
    initial_alphabet=sorted(alphabet),
    show_progress=False,
  )
  tokenizer.train_from_iterator(texts, trainer)
  tokenizer.save(str(directory / 'tokenizer.json'))
  _write_json(
    directory / 'tokenizer_config.json',
    {
      'tokenizer_class': 'PreTrainedTokenizerFast',
      'pad_token': PAD,
      'eos_token': END,
      'additional_special_tokens': [START],
      'clean_up_tokenization_spaces': False,
      'model_max_length': 32768,
      'chat_template': CHAT_TEMPLATE,
    },
  )


def write_model(directory: pathlib.Path, shape: dict[str, Any]) -> None:
  """Writes config.json and random float32 weights for a Qwen3 of the given shape."""
  from safetensors.numpy import save_file

  config = {
    'architectures': ['Qwen3ForCausalLM'],
    'model_type': 'qwen3',
    'vocab_size': shape['vocab_size'],
    'num_hidden_layers': shape['num_layers'],
    'hidden_size': shape['embed_dim'],
    'intermediate_size': shape['hidden_dim'],
    'num_attention_heads': shape['num_heads'],
    'num_key_value_heads': shape['num_kv_heads'],
    'head_dim': shape['head_dim'],
    # The only base that Tunix's Qwen3 computes with.
    'rope_theta': 1_000_000,
    'rms_norm_eps': 1e-6,
    'tie_word_embeddings': True,
    'attention_bias': False,
    'hidden_act': 'silu',
    'max_position_embeddings': 32768,
    'pad_token_id': 0,
    'eos_token_id': 2,
    'torch_dtype': 'float32',
  }
  _write_json(directory / 'config.json', config)
  save_file(random_weights(shape), directory / 'model.safetensors', metadata={'format': 'pt'})


def random_weights(shape: dict[str, Any]) -> dict[str, np.ndarray]:
  """Returns every tensor of the model by its Hugging Face name: normal matrices, norms of one."""
  width, hidden, head = shape['embed_dim'], shape['hidden_dim'], shape['head_dim']
  queries, keys = shape['num_heads'] * head, shape['num_kv_heads'] * head
  random = np.random.default_rng(shape['seed'])
  tensors: dict[str, np.ndarray] = {}

  def matrix(name: str, rows: int, columns: int) -> None:
    values = random.standard_normal((rows, columns), np.float32)
    tensors[name] = values * np.float32(shape['init_scale'])

  def norm(name: str, size: int) -> None:
    tensors[name] = np.ones(size, np.float32)

  matrix('model.embed_tokens.weight', shape['vocab_size'], width)
  for index in range(shape['num_layers']):
    layer = f'model.layers.{index}'
    matrix(f'{layer}.self_attn.q_proj.weight', queries, width)
    matrix(f'{layer}.self_attn.k_proj.weight', keys, width)
    matrix(f'{layer}.self_attn.v_proj.weight', keys, width)
    matrix(f'{layer}.self_attn.o_proj.weight', width, queries)
    norm(f'{layer}.self_attn.q_norm.weight', head)
    norm(f'{layer}.self_attn.k_norm.weight', head)
    matrix(f'{layer}.mlp.gate_proj.weight', hidden, width)
    matrix(f'{layer}.mlp.up_proj.weight', hidden, width)
    matrix(f'{layer}.mlp.down_proj.weight', width, hidden)
    norm(f'{layer}.input_layernorm.weight', width)
    norm(f'{layer}.post_attention_layernorm.weight', width)
  norm('model.norm.weight', width)
  return tensors


def _write_json(path: pathlib.Path, value: dict[str, Any]) -> None:
  path.write_text(json.dumps(value, indent=2) + '\n', encoding='utf-8')
