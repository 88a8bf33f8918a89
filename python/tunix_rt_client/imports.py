"""Sends traces to the import of a server."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from .connection import Connection
from .errors import ApiError, ConnectionLostError

# How many records go into one piece of what is sent.
_CHUNK = 500


async def import_traces(
  connection: Connection,
  traces: str | os.PathLike[str] | Iterable[Mapping[str, Any]],
  source: str | None,
  tags: Iterable[str],
) -> dict[str, Any]:
  """Stores traces; see `Client.import_traces`."""
  parameters = [('tag', tag) for tag in tags]
  if source is not None:
    parameters.append(('source', source))
  headers = {'content-type': 'application/x-ndjson', **connection.headers}
  if isinstance(traces, str | os.PathLike):
    path = Path(traces)
    if path.suffix == '.gz':
      headers['content-encoding'] = 'gzip'
    with path.open('rb') as file:
      return await _send(connection.url, parameters, headers, file)
  return await _send(connection.url, parameters, headers, _lines(traces))


async def _send(
  url: str, parameters: list[tuple[str, str]], headers: dict[str, str], data: Any
) -> dict[str, Any]:
  # As long as it takes; a server that says nothing for five minutes is gone.
  timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=300)
  try:
    async with (
      aiohttp.ClientSession(timeout=timeout) as session,
      session.post(f'{url}/import/traces', params=parameters, headers=headers, data=data) as answer,
    ):
      report: dict[str, Any] = await answer.json(content_type=None)
  except (aiohttp.ClientError, OSError, ValueError) as error:
    raise ConnectionLostError(f'The import was cut off: {error}') from error
  refusal = report.get('error')
  if refusal:
    raise ApiError(refusal['message'], refusal['code'])
  return report


async def _lines(traces: Iterable[Mapping[str, Any]]) -> AsyncIterator[bytes]:
  lines: list[str] = []
  for trace in traces:
    lines.append(json.dumps(trace))
    if len(lines) == _CHUNK:
      yield _joined(lines)
      lines = []
  if lines:
    yield _joined(lines)


def _joined(lines: list[str]) -> bytes:
  return ('\n'.join(lines) + '\n').encode()
