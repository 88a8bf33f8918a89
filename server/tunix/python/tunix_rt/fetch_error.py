"""Why a model cannot be brought from the hub, in one sentence that says what to do."""

from __future__ import annotations

import errno
from typing import Any

from tunix_rt.hub import endpoint_name, hub_token


class FetchError(Exception):
  """Why the model cannot be had, in one sentence."""


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
      f'{endpoint_name()} cannot be reached ({error}): check the network, HTTPS_PROXY and '
      f'HF_ENDPOINT, or {_by_hand(repo_id)}'
    )
  if isinstance(error, httpx.HTTPError) or 'Consistency check failed' in str(error):
    first = str(error).partition('\n')[0].rstrip('.')
    return f'the transfer from {endpoint_name()} broke off ({first}); try again'
  if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
    return f'the disk is full: make room for {repo_id} and try again'
  if isinstance(error, OSError) and error.strerror:
    return f'{error.filename or "a file"} cannot be written: {error.strerror}'
  return None


def _explain_refusal(error: Any, repo_id: str) -> str:
  from huggingface_hub import errors

  endpoint, token = endpoint_name(), hub_token()
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
