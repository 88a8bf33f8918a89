/** What the ids of people, keys, invitations and audit entries tell whom. */
import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { makeKey, makeUser } from '../server/test/access.ts';
import { ANONYMOUS, contextOf, LOCAL, MEMBER, VIEWER } from '../server/test/actors.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = (app: App, source: string, actor: Actor) =>
  graphql({ schema, source, contextValue: contextOf(app, actor) });

/** One of each, of the same person. */
async function make(app: App) {
  const { id: ada, email } = await makeUser(app);
  await makeKey(app, ['READ'], ada);
  const key = await app.db.apiKey.findFirstOrThrow({ where: { ownerId: ada } });
  const invitation = await app.db.invitation.create({
    data: {
      id: randomUUIDv7(),
      tokenHash: randomUUIDv7().replaceAll('-', '').padEnd(64, '0'),
      role: 'VIEWER',
      email,
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  const entry = await app.db.auditEntry.create({
    data: { id: randomUUIDv7(), actorKind: 'USER', actorName: email, action: 'x', outcome: 'OK' },
  });
  const nodes = [
    ['User', ada, 'email'],
    ['ApiKey', key.id, 'prefix'],
    ['Invitation', invitation.id, 'email'],
    ['AuditEntry', entry.id, 'actorName'],
  ] as const;
  return { ada: { ...MEMBER, id: ada, userId: ada }, email, prefix: key.prefix, nodes };
}

describe('an id', () => {
  test('of somebody or something of theirs tells nothing to others', async ({ app }) => {
    const { nodes, email, prefix } = await make(app);
    for (const [type, id, field] of nodes) {
      const of = globalId(type, id);
      for (const source of [
        `{ node(id: "${of}") { __typename } }`,
        `{ node(id: "${of}") { id ... on ${type} { ${field} } } }`,
        `{ nodes(ids: ["${of}"]) { __typename ... on ${type} { ${field} } } }`,
      ]) {
        for (const actor of [VIEWER, MEMBER, ANONYMOUS]) {
          const { data, errors } = await ask(app, source, actor);
          expect(errors?.[0]?.extensions.code, `${actor.name}: ${source}`).toMatch(
            actor === ANONYMOUS ? 'UNAUTHENTICATED' : 'FORBIDDEN',
          );
          const told = JSON.stringify(data);
          for (const secret of [type, email, prefix]) expect(told).not.toContain(secret);
        }
        expect((await ask(app, source, LOCAL)).errors, source).toBeUndefined();
      }
    }
  });

  test('of oneself or of a key of one’s own tells them to oneself', async ({ app }) => {
    const { ada, nodes, email, prefix } = await make(app);
    const told = async (index: 0 | 1 | 2 | 3) => {
      const [type, id, field] = nodes[index];
      const source = `{ node(id: "${globalId(type, id)}") { ... on ${type} { ${field} } } }`;
      return (await ask(app, source, ada)).data?.node;
    };
    expect(await told(0)).toEqual({ email });
    expect(await told(1)).toEqual({ prefix });
    expect([await told(2), await told(3)]).toEqual([null, null]);
  });
});
