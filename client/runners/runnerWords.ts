/** What is said of runners and queues, and the command that starts one more. Pure. */
import { formatBytes, formatDuration } from '../lib/format.ts';

type Device = { kind: string; platform: string; memoryBytes: string | null };

/**
 * "2 × NVIDIA H200 (gpu, 104.6 GiB)": equal devices are counted, not repeated. The memory is their own,
 * as far as a training may take it.
 */
export function deviceText(devices: readonly Device[]): string {
  const counts = new Map<string, number>();
  for (const { kind, platform, memoryBytes } of devices) {
    const name = `${kind} (${platform}${memoryBytes === null ? '' : `, ${formatBytes(memoryBytes)}`})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join(', ');
}

type Memory = { memoryBytes: string | null; memoryFreeBytes: string | null };

/** How full the memory is, 0–100, and in words; undefined where the runner does not say. */
export function memoryUse({ memoryBytes, memoryFreeBytes }: Memory) {
  const all = Number(memoryBytes ?? 0);
  if (all <= 0 || memoryFreeBytes === null) return undefined;
  const used = Math.max(0, all - Number(memoryFreeBytes));
  return {
    percent: (used / all) * 100,
    words: `${formatBytes(used)} of ${formatBytes(all)} in use`,
  };
}

/** A name for the labels of a queue. */
export const queueName = (labels: readonly string[]): string =>
  labels.length > 0 ? labels.join(', ') : 'Any runner';

type Presence = { online: boolean; heartbeatAgeSeconds: number };

/**
 * When a runner was last heard of. `sinceSeconds` is how long ago the answer came: of one that is lost
 * the age goes on, of one that is online the server would have said so if it did.
 */
export const heartbeatWords = ({ online, heartbeatAgeSeconds }: Presence, sinceSeconds: number) =>
  online
    ? 'alive, heard of within 15 s'
    : `lost, last heard of ${formatDuration(heartbeatAgeSeconds + sinceSeconds)} ago`;

export type NewRunner = {
  name: string;
  labels: string;
  slots: string;
  /** Beside the server with the database it brings, or anywhere with one that is shared. */
  place: 'HERE' | 'ELSEWHERE';
  /** Where people sign in a runner shows a key. */
  needsKey?: boolean;
};

/** The role that `npm start` makes for runners, with the rights that one needs and no more. */
const OWN_DATABASE =
  '"postgresql://tunix_rt_runner:$(cat .data/postgres/password.runner)@127.0.0.1:' +
  '$(sed -n 4p .data/postgres/cluster/postmaster.pid)/tunix_rt"';

const quoted = (text: string) =>
  /^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** One shell line that connects a runner. */
export function runnerCommand({ name, labels, slots, place, needsKey }: NewRunner): string {
  const words = labels.split(/[\s,]+/).filter(Boolean);
  const settings = [
    place === 'HERE'
      ? `DATABASE_URL=${OWN_DATABASE}`
      : "DATABASE_URL='postgresql://tunix_rt_runner:PASSWORD@HOST/DATABASE' DATA_DIR=/shared/data",
    ...(needsKey ? ['RUNNER_TOKEN=trt_r_…'] : []),
    ...(name.trim() ? [`RUNNER_NAME=${quoted(name.trim())}`] : []),
    ...(words.length > 0 ? [`RUNNER_LABELS=${quoted(words.join(','))}`] : []),
    ...(/^[1-9]\d?$/.test(slots) && slots !== '1' ? [`RUNNER_SLOTS=${slots}`] : []),
  ];
  return `${settings.join(' ')} npm run runner`;
}
