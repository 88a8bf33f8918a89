"""How a server is reached: its addresses, its key, and streams that outlive a lost connection."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

from .errors import ApiError, ConnectionLostError, TunixRtError, understood

logger = logging.getLogger('tunix_rt_client')

T = TypeVar('T')

# How this client calls itself, for the log, the numbers and the audit of the server.
_CLIENT = 'tunix-rt-client'

# A batch of log lines may be larger than websockets allows by itself.
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_PING_SECONDS = 10
_LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Connection:
  """Where a server is and who asks it. The key is in no text that is made of it."""

  url: str
  key: str | None = field(repr=False)

  @property
  def headers(self) -> dict[str, str]:
    """What says which program asks, and with which key."""
    return {'x-graphql-client-name': _CLIENT, **self._credential}

  @property
  def _credential(self) -> dict[str, str]:
    return {} if self.key is None else {'authorization': f'Bearer {self.key}'}

  async def query(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The data of one operation. Raises ApiError, ConnectionLostError."""
    transport = AIOHTTPTransport(f'{self.url}/graphql', headers=self.headers, timeout=300)
    try:
      async with Client(transport=transport, execute_timeout=None) as session:
        data: dict[str, Any] = await session.execute(_request(document, variables))
        return data
    except Exception as error:
      raise understood(error) from error

  def socket(self) -> Client:
    """A client for subscriptions, to be entered; one socket carries any number of them."""
    transport = WebsocketsTransport(
      f'{self.url.replace("http", "ws", 1)}/graphql',
      init_payload={'client': _CLIENT, **self._credential},
      # Without pings a network that is gone is noticed after minutes.
      ping_interval=_PING_SECONDS,
      pong_timeout=_PING_SECONDS,
      connect_args={'max_size': _MAX_MESSAGE_BYTES},
    )
    return Client(transport=transport)

  async def subscribe(self, document: str, variables: dict[str, Any]) -> AsyncGenerator[Any]:
    """What one subscription brings, until it ends or the connection breaks."""
    async with self.socket() as session:
      async for data in messages_of(session, document, variables):
        yield data


async def messages_of(
  session: Any, document: str, variables: dict[str, Any]
) -> AsyncGenerator[dict[str, Any]]:
  """The values of the one field of a subscription."""
  async for data in session.subscribe(_request(document, variables)):
    yield next(iter(data.values()))


def _request(document: str, variables: dict[str, Any]) -> Any:
  request = gql(document)
  request.variable_values = variables
  return request


async def patiently(attempt: Callable[[], AsyncGenerator[T]], patience: float) -> AsyncGenerator[T]:
  """What attempts bring until one ends in order; a server that is away is tried again.

  Args:
    attempt: begins where the caller is now, so that nothing is missing or comes twice.
    patience: for how many seconds the server may be away.

  Raises:
    ApiError: what does not pass by itself.
    ConnectionLostError: the server was away for longer.
  """
  pause = 0.25
  heard_at = time.monotonic()
  while True:
    try:
      async with aclosing(attempt()) as messages:
        async for message in messages:
          pause = 0.25
          yield message
          heard_at = time.monotonic()
      return
    except Exception as error:
      ours = understood(error)
      passes = isinstance(ours, ConnectionLostError) or (isinstance(ours, ApiError) and ours.passes)
      if not passes:
        raise ours from error
      if time.monotonic() - heard_at >= patience:
        raise ConnectionLostError(f'The server cannot be reached: {ours}') from error
      logger.info('The connection was lost: %s. Trying again.', ours)
    await asyncio.sleep(pause * random.uniform(0.5, 1))
    pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


async def last_of(stream: AsyncIterator[T]) -> T:
  """The last thing a stream brings. Raises TunixRtError when it brings nothing."""
  last: list[T] = []
  async for each in stream:
    last = [each]
  if not last:
    raise TunixRtError('There is nothing to wait for: it was deleted.')
  return last[0]
