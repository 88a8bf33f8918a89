"""Every operation of the package is one of the schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from tunix_rt_client import documents

SCHEMA = build_schema(
  (Path(__file__).parents[2] / 'schema' / 'schema.graphql').read_text(), assume_valid=True
)
OPERATIONS = {name: value for name, value in vars(documents).items() if name.isupper()}


@pytest.mark.parametrize('name', OPERATIONS)
def test_the_operation_is_valid(name: str) -> None:
  assert validate(SCHEMA, parse(OPERATIONS[name])) == []


def test_there_are_operations() -> None:
  assert len(OPERATIONS) > 8
