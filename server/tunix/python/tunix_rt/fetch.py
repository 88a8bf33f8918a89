"""Brings a model from the Hugging Face hub: `python -m tunix_rt.fetch REPO_ID TARGET_DIR`.

Only what training reads is brought, and config.json first: a model that Tunix cannot compute is
refused before its weights. Exit codes: 0 there, 1 failed; the last line on stderr is the reason.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt import loading

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
_REPORT_SECONDS = 10
_ABANDONED_SECONDS = 60


class FetchError(Exception):
  """Why the model cannot be had, in one sentence."""


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
    _say(' '.join(reason.split()))
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
  with _draft_of(target) as draft:
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
  _prepare_environment()
  from huggingface_hub import HfApi, hf_hub_download, snapshot_download

  token: str | bool = _token() or False  # False: never one that a login left on this machine.
  try:
    info = HfApi().model_info(repo_id, files_metadata=True, token=token, timeout=_TIMEOUT_SECONDS)
    found = {file.rfilename: file for file in info.siblings}
    revision = info.sha
  except (ValueError, TypeError, KeyError) as error:
    raise FetchError(f'{_endpoint()} does not answer like a Hugging Face hub') from error

  wanted = wanted_files(repo_id, found)
  options: dict[str, Any] = {'revision': revision, 'local_dir': directory, 'token': token}
  config = pathlib.Path(hf_hub_download(repo_id, 'config.json', **options))
  check_config(repo_id, config.read_text(encoding='utf-8'))

  sizes = {name: found[name].size or 0 for name in wanted}
  total = sum(sizes.values())
  _check_space(directory, total)
  _say(f'{repo_id} at {revision}: {len(wanted)} files, {_readable(total)}')
  with _progress(directory, sizes):
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


def explain(error: BaseException, repo_id: str) -> str | None:
  """Says in one sentence what failed and what to do; None for what nobody expected."""
  if isinstance(error, FetchError):
    return str(error)
  import httpx
  from huggingface_hub import errors

  while isinstance(error, errors.LocalEntryNotFoundError) and error.__cause__:
    error = error.__cause__  # The hub's client hides what happened behind an empty cache.
  if isinstance(error, errors.HfHubHTTPError):
    return _explain_refusal(error, repo_id)
  if isinstance(error, errors.OfflineModeIsEnabled):
    return f'HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids to fetch; {_by_hand(repo_id)}'
  unreachable = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    errors.LocalEntryNotFoundError,
  )
  if isinstance(error, unreachable):
    return (
      f'{_endpoint()} cannot be reached ({error}): check the network, HTTPS_PROXY and '
      f'HF_ENDPOINT, or {_by_hand(repo_id)}'
    )
  if isinstance(error, httpx.HTTPError) or 'Consistency check failed' in str(error):
    first = str(error).partition('\n')[0].rstrip('.')
    return f'the transfer from {_endpoint()} broke off ({first}); try again'
  if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
    return f'the disk is full: make room for {repo_id} and try again'
  if isinstance(error, OSError) and error.strerror:
    return f'{error.filename or "a file"} cannot be written: {error.strerror}'
  return None


def _explain_refusal(error: Any, repo_id: str) -> str:
  from huggingface_hub import errors

  endpoint, token = _endpoint(), _token()
  status = error.response.status_code
  said = error.response.headers.get('X-Error-Message') or f'HTTP {status}'
  if isinstance(error, errors.GatedRepoError):
    terms = f'accept the terms at {endpoint}/{repo_id}'
    if token:
      return f'{repo_id} is gated and the account of HF_TOKEN has no access: {terms}'
    return f'{repo_id} is gated: {terms} and set HF_TOKEN to a token of that account'
  if status == 401 and token:
    return f'{endpoint} does not accept HF_TOKEN ({said}): it is wrong or has expired'
  if status in (401, 404):
    hidden = 'the account of HF_TOKEN may not see it' if token else 'it is private: set HF_TOKEN'
    return f'{repo_id} was not found at {endpoint}: the name is wrong, or {hidden}'
  if status == 403:
    advice = 'HF_TOKEN lacks the permission' if token else 'set HF_TOKEN'
    return f'{endpoint} denies access to {repo_id} ({said}): {advice}'
  if status == 429:
    return f'{endpoint} has had too many requests: try again later' + (
      '' if token else ', or set HF_TOKEN for a higher limit'
    )
  return f'{endpoint} failed ({said}); try again later'


def _by_hand(repo_id: str) -> str:
  return (
    f'download {repo_id} elsewhere and put its folder (config.json, *.safetensors and the '
    'tokenizer files) under MODELS_DIR'
  )


def _prepare_environment() -> None:
  # The hub's client reads these when it is imported.
  if not os.environ.get('HF_ENDPOINT'):
    os.environ.pop('HF_ENDPOINT', None)
  os.environ['HF_HUB_DISABLE_PROGRESS_BARS'] = '1'
  os.environ['HF_HUB_DISABLE_TELEMETRY'] = '1'
  # Plain HTTPS needs one host less, goes through any proxy, and says why it failed.
  os.environ.setdefault('HF_HUB_DISABLE_XET', '1')


def _endpoint() -> str:
  endpoint = os.environ.get('HF_ENDPOINT') or 'https://huggingface.co'
  return re.sub('//[^/]*@', '//', endpoint).rstrip('/')  # For messages: without a password.


def _token() -> str:
  return os.environ.get('HF_TOKEN', '').strip()


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
  _say(f'{target}: {repo_id} at {revision}' + ('' if downloaded else ', there already'))
  return {
    'repo_id': repo_id,
    'revision': revision,
    'files': len(sizes),
    'bytes': sum(sizes),
    'downloaded': downloaded,
  }


@contextlib.contextmanager
def _draft_of(target: pathlib.Path) -> Iterator[pathlib.Path]:
  """An empty directory beside `target`, gone in the end unless it was renamed."""
  target.parent.mkdir(parents=True, exist_ok=True)
  prefix = f'.{target.name}-'
  for abandoned in target.parent.glob(glob.escape(prefix) + '*'):
    _remove_abandoned(abandoned)
  draft = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
  lock = os.open(draft, os.O_RDONLY)
  try:
    _try_lock(lock)
    _remove_on_signal(draft)
    os.chmod(draft, 0o755)
    yield draft
  finally:
    os.close(lock)
    shutil.rmtree(draft, ignore_errors=True)


def _remove_abandoned(draft: pathlib.Path) -> None:
  """Removes a draft whose process was killed: nobody holds its lock, and it is not just made."""
  try:
    lock = os.open(draft, os.O_RDONLY | os.O_DIRECTORY)
  except OSError:
    return
  try:
    if time.time() - os.fstat(lock).st_mtime > _ABANDONED_SECONDS and _try_lock(lock):
      shutil.rmtree(draft, ignore_errors=True)
  finally:
    os.close(lock)


def _try_lock(descriptor: int) -> bool:
  try:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
  except OSError:
    return False  # Held by its process, or a file system without locks.
  return True


def _remove_on_signal(draft: pathlib.Path) -> None:
  """Leaves nothing behind on SIGTERM and SIGINT.

  A transfer cannot be woken, and its threads would go on to write while the draft is removed. So
  another program takes over this process, which ends all of them at once.
  """
  remove = 'import os, shutil, sys; shutil.rmtree(sys.argv[1], True); os._exit(int(sys.argv[2]))'

  def end(number: int, frame: object) -> None:
    command = [sys.executable, '-I', '-S', '-c', remove, str(draft), str(128 + number)]
    os.execv(sys.executable, command)

  for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, end)


def _check_space(directory: pathlib.Path, needed: int) -> None:
  free = shutil.disk_usage(directory).free
  if free < needed:
    raise FetchError(
      f'the disk has no room: {_readable(needed)} are needed, {_readable(free)} are free at '
      f'{directory.parent}'
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


@contextlib.contextmanager
def _progress(directory: pathlib.Path, sizes: dict[str, int]) -> Iterator[None]:
  """Reports on stderr every file that is complete, and now and then how much has come in all."""
  over = threading.Event()
  reporter = threading.Thread(target=_report, args=(directory, sizes, over), daemon=True)
  reporter.start()
  try:
    yield
  finally:
    over.set()
    reporter.join()


def _report(directory: pathlib.Path, sizes: dict[str, int], over: threading.Event) -> None:
  pending = sorted(sizes)
  reported = time.monotonic()
  while pending:
    last = over.wait(0.5)
    for name in [name for name in pending if (directory / name).exists()]:
      _say(f'{name}: {_readable(sizes[name])}')
      pending.remove(name)
    if last:
      return
    if time.monotonic() - reported >= _REPORT_SECONDS:
      reported = time.monotonic()
      _say(f'{_readable(_size_of(directory))} of {_readable(sum(sizes.values()))}')


def _size_of(directory: pathlib.Path) -> int:
  total = 0
  for file in directory.rglob('*'):
    with contextlib.suppress(OSError):  # It is renamed once it is complete.
      total += file.stat().st_size if file.is_file() else 0
  return total


def _readable(size: int) -> str:
  value = float(size)
  for unit in ('B', 'kB', 'MB'):
    if value < 1000:
      return f'{value:.3g} {unit}'
    value /= 1000
  return f'{value:.1f} GB'


def _say(line: str) -> None:
  print(line, file=sys.stderr, flush=True)


if __name__ == '__main__':
  sys.exit(main(sys.argv))
