import { openServer } from '../test/http.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { EXIT } from './define.ts';
import { statusCommand } from './status.ts';

describe('tunix-rt status', () => {
  test('says whether each part works and what there is', async ({ app }) => {
    await using server = await openServer(app);
    const { code, out } = await runIn({ url: server.url }, statusCommand);
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^Tunix RT \d+\.\d+\.\d+ at http/);
    expect(out).toMatch(/\n {2}ok {3}database: /);
    expect(out).toMatch(/\n {2}\d+ traces, \d+ datasets, \d+ runs/);
    const { out: json } = await runIn({ url: server.url }, statusCommand, '--json');
    expect(JSON.parse(json)).toMatchObject({ health: { ok: true } });
  });

  test('exits with 3 for nobody and for somebody else', async () => {
    const { code, error } = await runIn({ url: 'http://127.0.0.1:9' }, statusCommand);
    expect(code).toBe(EXIT.unreachable);
    expect(error).toContain('cannot be reached');
  });
});
