"""The model made on the spot."""

from __future__ import annotations

import pytest

import models
from tunix_rt import tiny

FILES = ('config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json')


def test_it_depends_on_data_and_seed_alone(tmp_path):
  one, two = models.tiny_model(tmp_path / 'one'), models.tiny_model(tmp_path / 'two')
  other = models.tiny_model(tmp_path / 'other', seed=1)
  for name in FILES:
    assert (one / name).read_bytes() == (two / name).read_bytes()
  assert (one / FILES[1]).read_bytes() != (other / FILES[1]).read_bytes()
  assert (one / FILES[2]).read_bytes() == (other / FILES[2]).read_bytes()


def test_it_leaves_an_existing_directory_alone(tmp_path):
  (tmp_path / 'model').mkdir()
  assert tiny.ensure_tiny_model(str(tmp_path / 'model'), {}, []) is False
  assert list((tmp_path / 'model').iterdir()) == []


def test_a_failure_leaves_nothing_behind(tmp_path):
  with pytest.raises(ValueError, match='vocab_size must be at least 259'):
    models.tiny_model(tmp_path / 'model', vocab_size=100)
  assert list(tmp_path.iterdir()) == []


def test_unknown_options_are_refused(tmp_path):
  with pytest.raises(ValueError, match='unknown options of the tiny model: layers'):
    models.tiny_model(tmp_path / 'model', layers=3)


@pytest.mark.parametrize('text', ['1 + 1', 'Grüße, 世界 🙂', '\x00\t\r\n ', 'a  b\n\n c '])
def test_any_text_survives(tmp_path, text):
  tokenizer = models.tokenizer(models.tiny_model(tmp_path / 'model'))
  assert tokenizer.decode(tokenizer.encode(text)) == text


def test_special_tokens_are_one_token_each(tmp_path):
  tokenizer = models.tokenizer(models.tiny_model(tmp_path / 'model'))
  assert tokenizer.encode(tiny.PAD + tiny.START + tiny.END) == [0, 1, 2]
  assert (tokenizer.pad_id(), tokenizer.eos_id()) == (0, 2)
