"""What can go wrong between a program and a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gql.transport.exceptions import TransportError, TransportQueryError, TransportServerError

# Codes a server closes a socket with when it does not know who asks.
_WHO_ASKS = (4401, 4403)
_HTTP_CODES = {401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 429: 'RATE_LIMITED'}
_REMEDIES = {
  'UNAUTHENTICATED': ' Put a good key into TUNIX_RT_KEY; the page of the server makes one.',
  'FORBIDDEN': ' Use a key with that scope, or ask somebody who may do it.',
}
# Codes of errors that pass by themselves.
_PASSING = ('INTERNAL', 'INTERNAL_SERVER_ERROR', 'UNAVAILABLE', 'RATE_LIMITED')


class TunixRtError(Exception):
  """Every error of this package."""


class ConnectionLostError(TunixRtError):
  """The server did not answer for as long as was to be waited."""


class ApiError(TunixRtError):
  """The server answers that this cannot be done.

  Attributes:
    code: of the errors of the API: `NOT_FOUND`, `VALIDATION`, `FORBIDDEN`, …
    issues: for `VALIDATION`, what is wrong with which field: `{'path': [...], 'message': ...}`.
    retry_after: for `RATE_LIMITED`, after how many seconds to try again; None for others.
  """

  def __init__(
    self,
    message: str,
    code: str,
    issues: list[dict[str, Any]] | None = None,
    retry_after: float | None = None,
  ) -> None:
    fields = ' '.join(_named(issue) for issue in issues or [])
    later = '' if retry_after is None else f' Try again in {retry_after:g} seconds.'
    super().__init__(f'{code}: {fields or message}{later}{_REMEDIES.get(code, "")}')
    self.code = code
    self.issues = issues or []
    self.retry_after = retry_after

  @property
  def passes(self) -> bool:
    """Whether another try may help."""
    return self.code in _PASSING


def _named(issue: dict[str, Any]) -> str:
  """What is wrong with a field, beginning with the field, as most messages do already."""
  field, message = '.'.join(issue['path']), str(issue['message'])
  return message if message.startswith(field) else f'{field}: {message}'


def granted(answer: Mapping[str, Any]) -> dict[str, Any]:
  """What a mutation answers that did what was asked. Raises ApiError for what it refuses."""
  if 'code' in answer:
    raise ApiError(answer['message'], answer['code'], answer.get('issues'))
  return dict(answer)


def understood(error: BaseException) -> BaseException:
  """An error of gql, aiohttp or websockets as one of ours, or the error itself."""
  if isinstance(error, TransportQueryError):
    first = (error.errors or [{}])[0]
    extensions = first.get('extensions') or {}
    return ApiError(
      first.get('message', str(error)),
      extensions.get('code', 'INTERNAL'),
      extensions.get('issues'),
      extensions.get('retryAfterSeconds'),
    )
  if isinstance(error, TransportServerError) and error.code in _HTTP_CODES:
    return ApiError('The server refuses.', _HTTP_CODES[error.code])
  if any(code in _WHO_ASKS for code in _close_codes(error)):
    return ApiError('The server ended the connection.', 'UNAUTHENTICATED')
  if isinstance(error, TransportError | OSError | TimeoutError):
    return ConnectionLostError(str(error) or type(error).__name__)
  return error


def _close_codes(error: BaseException | None) -> Iterator[int]:
  """The close codes of sockets among an error and what caused it."""
  while error is not None:
    received = getattr(error, 'rcvd', None)
    if received is not None:
      yield received.code
    error = error.__cause__ or error.__context__
