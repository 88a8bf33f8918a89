/** `tunix-rt status`: whether the server works, and what it has. */
import { printable } from '../lib/text.ts';
import { ask } from './ask.ts';
import { COMMON_HELP, define, EXIT, jsonLine } from './define.ts';

const HELP = `Usage: tunix-rt status [options]

Says whether each part of the server works, what it has, and what the runners can do.

  --json             print it as JSON
${COMMON_HELP}

Exit codes: 0 every part that the API needs works, 1 one does not, 2 the command is wrong, 3 the server
cannot be reached, 4 it refuses the key.
`;

const STATUS = `query CliStatus {
  health { ok version parts { name ok message } }
  tunixStatus { available message }
  overview { traceCount datasetCount runCount runningCount pendingCount evaluationCount }
}`;

type Status = {
  health: { ok: boolean; version: string; parts: { name: string; ok: boolean; message: string }[] };
  tunixStatus: { available: boolean; message: string };
  overview: Record<string, number>;
};

function asText({ health, tunixStatus, overview }: Status, url: URL): string {
  const parts = [...health.parts, { name: 'tunix', ok: tunixStatus.available, ...tunixStatus }];
  const lines = [
    `Tunix RT ${health.version} at ${url.origin}`,
    ...parts.map(({ name, ok, message }) => `  ${ok ? 'ok  ' : 'FAIL'} ${name}: ${message}`),
    `  ${overview.traceCount} traces, ${overview.datasetCount} datasets, ${overview.runCount} runs (${overview.runningCount} at work, ${overview.pendingCount} waiting), ${overview.evaluationCount} evaluations`,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

export const statusCommand = define({
  name: 'status',
  help: HELP,
  options: {},
  takes: { min: 0, max: 0, called: 'options only' },
  async body({ values, target, terminal }) {
    const status = await ask<Status>(target, STATUS);
    terminal.out(values.json ? jsonLine(status) : asText(status, target.url));
    return status.health.ok ? EXIT.ok : EXIT.failed;
  },
});
