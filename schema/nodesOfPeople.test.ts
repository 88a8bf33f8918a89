/** What the ids of people, keys, invitations and audit entries tell whom. */
import { graphql } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { ANONYMOUS, contextOf, LOCAL, MEMBER, VIEWER } from '../server/test/actors.ts';
import { makeOneOfPeople } from '../server/test/makePeople.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = (app: App, source: string, actor: Actor) =>
  graphql({ schema, source, contextValue: contextOf(app, actor) });

/** What each shows that is not for all. */
const TELLING = {
  User: 'email',
  ApiKey: 'prefix',
  Invitation: 'email',
  AuditEntry: 'actorName',
} as const;
const TYPES = Object.keys(TELLING) as (keyof typeof TELLING)[];

describe('an id', () => {
  test('of somebody or something of theirs tells nothing to others', async ({ app }) => {
    const made = await makeOneOfPeople(app);
    const { email } = await app.db.user.findUniqueOrThrow({ where: { id: made.User } });
    const { prefix } = await app.db.apiKey.findUniqueOrThrow({ where: { id: made.ApiKey } });
    for (const type of TYPES) {
      const of = globalId(type, made[type]);
      const field = TELLING[type];
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
    const made = await makeOneOfPeople(app);
    const ada = { ...MEMBER, id: made.User, userId: made.User };
    const told = async (type: keyof typeof TELLING) => {
      const of = globalId(type, made[type]);
      const source = `{ node(id: "${of}") { ... on ${type} { ${TELLING[type]} } } }`;
      return (await ask(app, source, ada)).data?.node;
    };
    expect(await told('User')).toEqual({ email: expect.stringContaining('@') });
    expect(await told('ApiKey')).toEqual({ prefix: expect.stringContaining('trt_') });
    expect([await told('Invitation'), await told('AuditEntry')]).toEqual([null, null]);
  });
});
