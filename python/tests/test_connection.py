"""What a server is told of who asks."""

from __future__ import annotations

import asyncio
from typing import Any

from tunix_rt_client.connection import Connection

NAME = 'tunix-rt-client'


def first_message_of(connection: Connection) -> Any:
  """What a socket of the connection says of itself when it is opened."""

  async def open_socket() -> Any:
    return connection.socket()

  return asyncio.run(open_socket()).transport.init_payload


def test_requests_and_sockets_say_which_program_asks_and_with_which_key() -> None:
  connection = Connection('http://127.0.0.1:4000', 'trt_k_1')
  key = {'authorization': 'Bearer trt_k_1'}
  assert connection.headers == {'x-graphql-client-name': NAME, **key}
  assert first_message_of(connection) == {'client': NAME, **key}


def test_without_a_key_they_say_the_program_alone() -> None:
  connection = Connection('http://127.0.0.1:4000', None)
  assert connection.headers == {'x-graphql-client-name': NAME}
  assert first_message_of(connection) == {'client': NAME}
