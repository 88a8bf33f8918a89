import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createDatabase, withDatabase } from '../test/database.ts';
import { connect } from './connection.ts';
import { databaseFaultOf } from './faults.ts';

/** What is said of a database that this address was written for. */
const faultAt = async (url: string, sql = 'SELECT 1') => {
  try {
    const client = await connect(url);
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  } catch (error) {
    return databaseFaultOf(error);
  }
  throw new Error('it works');
};

const withUser = (url: string, user: string, password: string): string => {
  const at = new URL(url);
  Object.assign(at, { username: user, password });
  return at.href;
};

describe('what keeps a database from being used is told', () => {
  test.for([
    [
      'nobody listens',
      'postgresql://ada:hidden@127.0.0.1:1/x',
      'The database at 127.0.0.1, port 1, cannot be reached: ECONNREFUSED. Start it, or correct DATABASE_URL.',
    ],
    [
      'its host has no address',
      'postgresql://ada:hidden@nowhere.invalid/x',
      /^The database at nowhere\.invalid cannot be reached: (ENOTFOUND|EAI_AGAIN)\./,
    ],
  ] as const)('when %s', async ([, url, said], { expect }) => {
    const fault = await faultAt(url);
    expect(fault).toEqual({ kind: 'away', message: expect.stringMatching(said) });
  });

  test('when it hangs up in the middle', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await faultAt(`postgresql://ada@127.0.0.1:${port}/x`)).toMatchObject({ kind: 'away' });
    } finally {
      server.close();
    }
  });

  test('when it does not speak TLS', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('N')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await faultAt(`postgresql://ada@127.0.0.1:${port}/x?sslmode=verify-full`)).toEqual({
        kind: 'refused',
        message: 'The database does not speak TLS. Set sslmode=disable in DATABASE_URL.',
      });
    } finally {
      server.close();
    }
  });

  test('when it refuses who asks, what it is asked for, or what is not there', async () => {
    await using database = await createDatabase({ migrated: false });
    const { url } = database;
    expect(await faultAt(withUser(url, 'nobody', 'hidden'))).toEqual({
      kind: 'refused',
      message: expect.stringMatching(
        /^The database says: .*"nobody".* Correct (the user and the password|user and sslmode) in DATABASE_URL/,
      ),
    });
    expect(await faultAt(withDatabase(url, 'nowhere'))).toEqual({
      kind: 'refused',
      message:
        'The database says: database "nowhere" does not exist. Name a database that is there in ' +
        'DATABASE_URL, or create this one.',
    });
    expect(await faultAt(url, 'SELECT FROM artifacts')).toEqual({
      kind: 'failed',
      message: expect.stringMatching(/"artifacts" does not exist\. .*`npm run migrate`/),
    });
  });

  test.for([
    ['28P01', 'refused', 'user and the password'],
    ['42501', 'refused', 'owner of the tables'],
    ['25006', 'refused', 'written to'],
    ['53100', 'failed', 'Free space'],
    ['53300', 'away', 'max_connections'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'refused', 'sslrootcert'],
    ['ENETUNREACH', 'away', 'correct DATABASE_URL'],
    ['57P03', 'away', 'correct DATABASE_URL'],
  ] as const)('by the code %s, also of a cause', ([code, kind, remedy]) => {
    const error = Object.assign(new Error('no'), { code });
    const fault = { kind, message: expect.stringContaining(remedy) };
    expect(databaseFaultOf(error)).toEqual(fault);
    expect(databaseFaultOf(new Error('outer', { cause: error }))).toEqual(fault);
  });

  test('when the password is missing, in words that say so', () => {
    const error = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string');
    expect(databaseFaultOf(error)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^The database wants a password\. Correct/),
    });
  });

  test.for([[new TypeError('undefined is not a function')], [null], ['ECONNREFUSED']])(
    'but not of %s',
    ([error]) => expect(databaseFaultOf(error)).toBeNull(),
  );
});
