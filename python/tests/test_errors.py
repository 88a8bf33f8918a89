"""What a program is told, and what is never told."""

from __future__ import annotations

import pytest
from gql.transport.exceptions import (
  TransportConnectionFailed,
  TransportQueryError,
  TransportServerError,
)
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from tunix_rt_client import ApiError, ConnectionLostError, Run, connect
from tunix_rt_client.errors import granted, understood


def test_an_error_of_the_api_has_its_code_and_the_remedy() -> None:
  error = understood(
    TransportQueryError(
      'no', errors=[{'message': 'You may not.', 'extensions': {'code': 'FORBIDDEN'}}]
    )
  )
  assert isinstance(error, ApiError)
  assert error.code == 'FORBIDDEN'
  assert not error.passes
  assert 'Use a key with that scope' in str(error)


def test_a_limit_says_when_to_try_again_and_passes() -> None:
  extensions = {'code': 'RATE_LIMITED', 'retryAfterSeconds': 7}
  error = understood(
    TransportQueryError('', errors=[{'message': 'Wait.', 'extensions': extensions}])
  )
  assert isinstance(error, ApiError)
  assert error.passes
  assert error.retry_after == 7
  assert 'Try again in 7 seconds' in str(error)


def test_a_database_that_is_away_passes_by_itself() -> None:
  extensions = {'code': 'UNAVAILABLE'}
  error = understood(
    TransportQueryError('', errors=[{'message': 'Try again.', 'extensions': extensions}])
  )
  assert isinstance(error, ApiError)
  assert error.passes
  assert isinstance(understood(TransportServerError('503', 503)), ConnectionLostError)


@pytest.mark.parametrize('code', [4401, 4403])
def test_a_socket_that_was_closed_for_its_key_does_not_pass(code: int) -> None:
  lost = TransportConnectionFailed('closed')
  lost.__cause__ = ConnectionClosedError(Close(code, 'Forbidden'), None)
  error = understood(lost)
  assert isinstance(error, ApiError)
  assert error.code == 'UNAUTHENTICATED'


def test_any_other_end_of_a_connection_is_lost_and_a_refusal_is_not() -> None:
  assert isinstance(understood(TransportConnectionFailed('closed')), ConnectionLostError)
  assert isinstance(understood(ConnectionResetError('reset')), ConnectionLostError)
  refused = understood(TransportServerError('401', 401))
  assert isinstance(refused, ApiError)
  assert refused.code == 'UNAUTHENTICATED'
  bug = KeyError('a')
  assert understood(bug) is bug


def test_a_refused_mutation_names_the_fields() -> None:
  issues = [{'path': ['hyperparameters', 'batchSize'], 'message': 'is too small'}]
  with pytest.raises(
    ApiError, match=r'VALIDATION: hyperparameters\.batchSize: is too small'
  ) as caught:
    granted({'code': 'VALIDATION', 'message': 'is too small', 'issues': issues})
  assert caught.value.issues == issues
  named = [{'path': ['limit'], 'message': 'limit: is 0.'}]
  with pytest.raises(ApiError, match=r'^VALIDATION: limit: is 0\.$'):
    granted({'code': 'VALIDATION', 'message': 'limit: is 0.', 'issues': named})
  assert granted({'run': {'id': 'x'}}) == {'run': {'id': 'x'}}


def test_the_key_is_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
  monkeypatch.setenv('TUNIX_RT_URL', 'http://127.0.0.1:1/')
  monkeypatch.setenv('TUNIX_RT_KEY', 'trt_k_secret')
  client = connect()
  assert repr(client) == "Client('http://127.0.0.1:1')"
  assert 'secret' not in repr(vars(client))


def test_a_server_that_is_away_is_told_so() -> None:
  client = connect('http://127.0.0.1:9')
  with pytest.raises(ConnectionLostError):
    client.query('{ health { ok } }')
  with pytest.raises(ConnectionLostError, match='cannot be reached'):
    next(client.follow(Run('id', 1), patience=0))
  with pytest.raises(ConnectionLostError, match='cut off'):
    client.import_traces([{'a': 1}])
