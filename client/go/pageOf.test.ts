import { expect, it } from 'vitest';
import { pageOf } from './pageOf.ts';

type Node = Parameters<typeof pageOf>[0];

it.each<[Node, string | undefined]>([
  [{ __typename: 'Run', id: 'r', number: 7 }, '/runs/7'],
  [{ __typename: 'Dataset', id: 'd', key: 'gsm-v1' }, '/datasets/gsm-v1'],
  [{ __typename: 'Trace', id: 'VHJhY2U6MQ==' }, '/traces/VHJhY2U6MQ%3D%3D'],
  [
    { __typename: 'Check', id: 'c', baseline: { id: 'b', name: 'main' } },
    '/baselines/main?check=c',
  ],
  [{ __typename: 'User', id: 'u' }, '/settings/members'],
  [{ __typename: 'ApiKey', id: 'k' }, '/settings/keys'],
  [{ __typename: 'AuditEntry', id: 'a' }, '/audit?open=a'],
  [{ __typename: 'TraceScore', id: 's' }, undefined],
])('knows the page of %j', (node, page) => {
  expect(pageOf(node)).toBe(page);
});
