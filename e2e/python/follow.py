"""Follows the log of a run from its first line to its last, through any number of lost connections.

`python follow.py ws|sse URL RUN_ID` prints exactly the log on stdout, and on stderr one line for
each connection it lost.
"""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

from gql import Client, gql
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

FOLLOW = """
subscription Follow($runId: ID!, $after: BigInt!) {
  runLogs(runId: $runId, after: $after) {
    __typename
    ... on LogBatch { firstSeq lastSeq text }
    ... on StreamCompleted { lastSeq status }
  }
}
"""


class Log:
  """What has arrived so far; refuses a line that is missing or comes twice."""

  def __init__(self) -> None:
    self.after = 0
    self.completed = False

  def take(self, event: dict) -> None:
    """Takes one message of the stream."""
    if event['__typename'] == 'LogBatch':
      if int(event['firstSeq']) != self.after + 1:
        raise SystemExit(f'expected line {self.after + 1}, got {event["firstSeq"]}')
      sys.stdout.write(event['text'])
      self.after = int(event['lastSeq'])
    elif event['__typename'] == 'StreamCompleted':
      if int(event['lastSeq']) != self.after:
        raise SystemExit(f'completed at line {event["lastSeq"]}, got {self.after}')
      self.completed = True

  def variables(self, run_id: str) -> dict:
    """The cursor to go on from."""
    return {'runId': run_id, 'after': str(self.after)}


async def follow_websocket(url: str, run_id: str, log: Log) -> None:
  """One connection with the public gql package, until it ends or breaks."""
  transport = WebsocketsTransport(url=url.replace('http', 'ws', 1) + '/graphql')
  async with Client(transport=transport) as session:
    request = gql(FOLLOW)
    request.variable_values = log.variables(run_id)
    async for result in session.subscribe(request):
      log.take(result['runLogs'])


def read_events(response: Iterator[bytes]) -> Iterator[dict]:
  """The `next` events of a server-sent event stream."""
  name = ''
  for line in response:
    text = line.decode().rstrip('\n')
    if text.startswith('event: '):
      name = text.removeprefix('event: ')
    elif text.startswith('data: ') and name == 'next':
      yield json.loads(text.removeprefix('data: '))


def follow_events(url: str, run_id: str, log: Log) -> None:
  """One connection over server-sent events on the same URL, until it ends or breaks."""
  request = urllib.request.Request(
    f'{url}/graphql',
    data=json.dumps({'query': FOLLOW, 'variables': log.variables(run_id)}).encode(),
    headers={'content-type': 'application/json', 'accept': 'text/event-stream'},
  )
  with urllib.request.urlopen(request, timeout=60) as response:
    for event in read_events(response):
      log.take(event['data']['runLogs'])


def main() -> None:
  transport, url, run_id = sys.argv[1:]
  log = Log()
  while not log.completed:
    try:
      if transport == 'ws':
        asyncio.run(follow_websocket(url, run_id, log))
      else:
        follow_events(url, run_id, log)
    except (TransportError, urllib.error.URLError, OSError) as error:
      print(f'lost after line {log.after}: {type(error).__name__}', file=sys.stderr)
    sys.stdout.flush()


if __name__ == '__main__':
  main()
