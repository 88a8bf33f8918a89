import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { scopeName } from '../access/roles.ts';
import type { KeyRows_KeyFragment } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { Ago, useNow } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Table } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './KeyRows.module.css';
import { expiryWords, keyState } from './keyWords.ts';

const RevokeKeyDialog = lazy(async () => ({
  default: (await import('./RevokeKeyDialog.tsx')).RevokeKeyDialog,
}));

const KeyRows_Key = graphql(`
  fragment KeyRows_Key on ApiKey {
    id
    name
    prefix
    scopes
    createdBy
    createdAt
    expiresAt
    lastUsedAt
    revokedAt
    viewerCanRevoke
    owner {
      id
      name
      isYou
    }
  }
`);

export const KeyRows_Query = graphql(`
  query KeyRows_Query($after: String) {
    apiKeys(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...KeyRows_Key
        }
      }
    }
  }
`);

const API = `mutation {
  createApiKey(input: { name: "ci", scopes: [READ, RUNS_WRITE], expiresInDays: 90 }) {
    ... on CreateApiKeyPayload { secret }
  }
}`;

type Key = KeyRows_KeyFragment;

function State(props: { of: Key; now: number }) {
  const state = keyState(props.of, props.now);
  if (state === 'good') {
    return (
      <Tag tone="good" icon="check">
        Good
      </Tag>
    );
  }
  return (
    <Tag tone="idle" icon="stop">
      {state === 'revoked' ? 'Revoked' : 'Expired'}
    </Tag>
  );
}

function KeyRow(props: { of: Key; now: number; onRevoke: () => void }) {
  const { of: key, now } = props;
  const isGood = keyState(key, now) === 'good';
  return (
    <tr data-testid="api-key" data-state={keyState(key, now)}>
      <td>
        {key.name}
        <div className={css.prefix}>
          <Mono>{key.prefix}…</Mono>
        </div>
      </td>
      <td data-wide>
        <div className={css.scopes}>
          {key.scopes.map((scope) => (
            <span key={scope}>{scopeName(scope)}</span>
          ))}
        </div>
      </td>
      <td data-wide>{key.owner ? (key.owner.isYou ? 'you' : key.owner.name) : 'the server'}</td>
      <td>
        <State of={key} now={now} />
      </td>
      <td data-numeric data-wide>
        {expiryWords(key)}
      </td>
      <td data-numeric data-wide>
        {key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : 'never'}
      </td>
      <td data-numeric>
        {isGood && key.viewerCanRevoke && (
          <Button
            size="compact-xs"
            variant="default"
            c="var(--rt-bad)"
            onClick={props.onRevoke}
            aria-label={`Revoke ${key.name}`}
            data-testid="revoke-key"
          >
            Revoke…
          </Button>
        )}
      </td>
    </tr>
  );
}

export function KeyRows() {
  const now = useNow(60_000);
  const [revoking, setRevoking] = useState<Key>();
  return (
    <>
      <Table
        caption="API keys"
        testId="keys-table"
        columns={[
          { name: 'Key' },
          { name: 'May', wide: true },
          { name: 'Owner', wide: true },
          { name: 'State' },
          { name: 'Expires', numeric: true, wide: true },
          { name: 'Last used', numeric: true, wide: true },
          { name: 'Actions', label: 'Actions', numeric: true },
        ]}
      >
        <PagedRows
          query={KeyRows_Query}
          variables={{}}
          pageOf={(data) => data.apiKeys}
          noun="key"
          empty={
            <EmptyState title="No keys yet" api={API}>
              A key lets a script, a notebook, CI or a runner in, with no more rights than you give
              it.
            </EmptyState>
          }
        >
          {(nodes) => (
            <tbody>
              {read(KeyRows_Key, nodes).map((key) => (
                <KeyRow key={key.id} of={key} now={now} onRevoke={() => setRevoking(key)} />
              ))}
            </tbody>
          )}
        </PagedRows>
      </Table>
      <Suspense>
        {revoking && <RevokeKeyDialog of={revoking} onClose={() => setRevoking(undefined)} />}
      </Suspense>
    </>
  );
}
