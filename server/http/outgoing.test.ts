/**
 * Server-side request forgery: nobody who asks says where this server connects to. Endpoints are
 * settings, named by the administrator, and none of them is followed to another place.
 */
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { openRedi } from '../redi/health.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Every name under which a caller hands something in, with where it stands. */
function inputs(): { at: string; name: string; description: string }[] {
  const told = (at: string, parts: readonly (GraphQLArgument | GraphQLInputField)[]) =>
    parts.map(({ name, description }) => ({ at, name, description: description ?? '' }));
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    if (isInputObjectType(type)) return told(type.name, Object.values(type.getFields()));
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      told(`${type.name}.${field.name}`, field.args),
    );
  });
}

describe('where this server connects to', () => {
  test('is no input of the API', () => {
    const all = inputs();
    expect(all.length).toBeGreaterThan(100);
    const place =
      /(^|[a-z])(url|uri|href|host|hostname|port|webhook|callback|proxy|address|server)s?$/i;
    const named = all.filter(({ name }) => place.test(name));
    expect(named).toEqual([]);
    const described = all.filter(({ description }) => /\bURLs?\b|https?:/.test(description));
    expect(described).toEqual([]);
  });

  test('is no parameter of a route', () => {
    const routes = globSync('server/http/*.ts', { cwd: ROOT }).filter((f) => !f.includes('.test.'));
    const names = routes.flatMap((file) => {
      const source = readFileSync(join(ROOT, file), 'utf8');
      const asked = source.matchAll(/(?:query|searchParams)\.get(?:All)?\('(\w+)'\)/g);
      return [...asked].map(([, name]) => name ?? '');
    });
    expect(names.filter((name) => /url|uri|host|href|callback|endpoint/i.test(name))).toEqual([]);
  });

  test('is decided in three files, which take it from the settings', () => {
    const calls =
      /\b(?:await|return|=) fetch\(|\bhttps?\.(?:request|get)\(|new (?:sdk\.)?S3Client\(/;
    const files = globSync('server/**/*.ts', { cwd: ROOT }).filter(
      (file) => !/\.test\.ts$|^server\/(test|cli|demo)\//.test(file),
    );
    const calling = files.filter((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .some((line) => !/^\s*(\/\/|\/?\*)/.test(line) && calls.test(line)),
    );
    expect(calling.toSorted()).toEqual([
      'server/artifacts/s3.ts',
      'server/evaluations/judges/llm/ask.ts',
      'server/redi/health.ts',
    ]);
  });

  test('is not changed by a redirect, as with judges', async () => {
    let followed = 0;
    const server = createServer((request, response) => {
      if (request.url === '/inside') followed += 1;
      response.writeHead(302, { location: '/inside' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const healthUrl = `http://127.0.0.1:${port}/health`;
    const { health } = openRedi({ mode: 'real', healthUrl, cacheSeconds: 0 });
    expect(await health()).toMatchObject({ status: 'down', error: 'HTTP 302' });
    expect(followed).toBe(0);
    server.closeAllConnections();
    server.close();
  });
});
