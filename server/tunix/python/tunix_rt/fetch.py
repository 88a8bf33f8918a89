"""Brings a model from the Hugging Face hub: `python -m tunix_rt.fetch REPO_ID TARGET_DIR`.

Only what training reads is brought, and config.json first: a model that Tunix cannot compute is
refused before its weights. Exit codes: 0 there, 1 failed; the last line on stderr is the reason.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import re
import shutil
import sys
import traceback
from collections.abc import Iterable
from typing import Any

from tunix_rt import loading
from tunix_rt.draft import draft_of
from tunix_rt.fetch_error import FetchError, explain
from tunix_rt.hub import endpoint_name, hub_token, prepare_environment
from tunix_rt.progress import readable_size, reporting, say

FETCHED, FAILED = 0, 1

REVISION_FILE = 'revision.json'

TOKENIZERS = {'tokenizer.json', 'tokenizer.model', 'vocab.json'}
SMALL_FILES = TOKENIZERS | {
  'config.json',
  'generation_config.json',
  'model.safetensors.index.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'merges.txt',
  'chat_template.jinja',
  'chat_template.json',
}

# The hub's own rule, without the short names of its first models.
_PART = r'[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?'
_REPO_ID = re.compile(rf'{_PART}/{_PART}')
_WEIGHTS = re.compile(r'[A-Za-z0-9][A-Za-z0-9._-]*\.safetensors')

_TIMEOUT_SECONDS = 30


def main(argv: list[str]) -> int:
  """Fetches one model; returns the exit code."""
  if len(argv) != 3:
    print('usage: python -m tunix_rt.fetch REPO_ID TARGET_DIR', file=sys.stderr)
    return FAILED
  try:
    result = fetch(argv[1], pathlib.Path(argv[2]).absolute())
  except Exception as error:
    reason = explain(error, argv[1])
    if reason is None:
      traceback.print_exc()
      reason = f'{type(error).__name__}: {error}'
    say(' '.join(reason.split()))
    return FAILED
  print(json.dumps(result))
  return FETCHED


def fetch(repo_id: str, target: pathlib.Path) -> dict[str, Any]:
  """Makes sure that `target` holds the model; returns what the command prints.

  The directory appears complete or not at all; of two processes that fetch at the same time, one
  wins and both can use it. One that is there is used as it is, without a request.
  """
  check_repo_id(repo_id)
  revision = _revision_of(target, repo_id)
  if revision:
    return _summary(repo_id, revision, target, downloaded=False)
  with draft_of(target) as draft:
    revision = download(repo_id, draft)
    content = json.dumps({'repo_id': repo_id, 'revision': revision}, indent=2) + '\n'
    (draft / REVISION_FILE).write_text(content, encoding='utf-8')
    try:
      os.rename(draft, target)
    except OSError:
      winner = _revision_of(target, repo_id)
      if not winner:
        raise
      return _summary(repo_id, winner, target, downloaded=False)
    return _summary(repo_id, revision, target, downloaded=True)


def check_repo_id(repo_id: str) -> None:
  """Raises FetchError unless this is `namespace/name` as the hub allows it."""
  doubled = '--' in repo_id or '..' in repo_id
  if doubled or not _REPO_ID.fullmatch(repo_id) or repo_id.endswith('.git'):
    raise FetchError(f'{repo_id!r} is not the id of a hub model, like Qwen/Qwen3-0.6B')


def download(repo_id: str, directory: pathlib.Path) -> str:
  """Downloads the newest revision into an empty directory; returns its commit."""
  prepare_environment()
  from huggingface_hub import HfApi, hf_hub_download, snapshot_download

  token: str | bool = hub_token() or False  # False: never one that a login left on this machine.
  try:
    info = HfApi().model_info(repo_id, files_metadata=True, token=token, timeout=_TIMEOUT_SECONDS)
    found = {file.rfilename: file for file in info.siblings}
    revision = info.sha
  except (ValueError, TypeError, KeyError) as error:
    raise FetchError(f'{endpoint_name()} does not answer like a Hugging Face hub') from error

  wanted = wanted_files(repo_id, found)
  options: dict[str, Any] = {'revision': revision, 'local_dir': directory, 'token': token}
  config = pathlib.Path(hf_hub_download(repo_id, 'config.json', **options))
  check_config(repo_id, config.read_text(encoding='utf-8'))

  sizes = {name: found[name].size or 0 for name in wanted}
  total = sum(sizes.values())
  _check_space(directory, total)
  say(f'{repo_id} at {revision}: {len(wanted)} files, {readable_size(total)}')
  with reporting(directory, sizes):
    snapshot_download(repo_id, allow_patterns=wanted, max_workers=4, **options)
  shutil.rmtree(directory / '.cache', ignore_errors=True)
  for name in wanted:
    _verify(directory / name, found[name])
  return revision


def wanted_files(repo_id: str, names: Iterable[str]) -> list[str]:
  """Picks the files to bring from those of the repository, all at its root.

  Raises FetchError when they make no model.
  """
  names = set(names)
  weights = {name for name in names if _WEIGHTS.fullmatch(name)}
  # Beside it, other files hold the same weights once more in another precision or layout.
  weights = weights & {'model.safetensors'} or weights
  for found, what in (
    (names & {'config.json'}, 'config.json'),
    (weights, '*.safetensors'),
    (names & TOKENIZERS, 'tokenizer'),
  ):
    if not found:
      raise FetchError(f'{repo_id} cannot be trained: it has no {what}')
  return sorted(weights | names & SMALL_FILES)


def check_config(repo_id: str, text: str) -> None:
  """Raises FetchError for a config.json that Tunix cannot represent faithfully."""
  try:
    config = json.loads(text)
    if not isinstance(config, dict):
      raise ValueError('its config.json is not an object')
    loading.model_fields(config, loading._family(config))
    if config.get('quantization_config'):
      raise ValueError('Tunix does not read quantized weights (quantization_config)')
  except KeyError as error:
    raise FetchError(f'{repo_id} cannot be trained: its config.json has no {error}') from error
  except ValueError as error:
    raise FetchError(f'{repo_id} cannot be trained: {error}') from error


def _revision_of(target: pathlib.Path, repo_id: str) -> str | None:
  """Returns the revision of the model at `target`; None when nothing is there."""
  if not target.exists() or (target.is_dir() and not any(target.iterdir())):
    return None
  try:
    found = json.loads((target / REVISION_FILE).read_text(encoding='utf-8'))
    owner, revision = found['repo_id'], found['revision']
  except (OSError, ValueError, TypeError, KeyError) as error:
    raise FetchError(f'{target} is something else: it has no {REVISION_FILE}') from error
  if owner != repo_id:
    raise FetchError(f'{target} is something else: it holds {owner}')
  return revision


def _summary(
  repo_id: str, revision: str, target: pathlib.Path, *, downloaded: bool
) -> dict[str, Any]:
  sizes = [file.stat().st_size for file in target.iterdir() if file.name != REVISION_FILE]
  say(f'{target}: {repo_id} at {revision}' + ('' if downloaded else ', there already'))
  return {
    'repo_id': repo_id,
    'revision': revision,
    'files': len(sizes),
    'bytes': sum(sizes),
    'downloaded': downloaded,
  }


def _check_space(directory: pathlib.Path, needed: int) -> None:
  free = shutil.disk_usage(directory).free
  if free < needed:
    raise FetchError(
      f'the disk has no room: {readable_size(needed)} are needed, {readable_size(free)} are free '
      f'at {directory.parent}'
    )


def _verify(file: pathlib.Path, expected: Any) -> None:
  """The client compares sizes only; large files have a checksum too."""
  if expected.lfs:
    with file.open('rb') as content:
      if hashlib.file_digest(content, 'sha256').hexdigest() == expected.lfs.sha256:
        return
  elif expected.size in (None, file.stat().st_size):
    return
  raise FetchError(f'{file.name} arrived damaged: its size or checksum is wrong; try again')


if __name__ == '__main__':
  sys.exit(main(sys.argv))
