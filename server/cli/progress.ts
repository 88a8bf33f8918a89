/** One line that is drawn over: how much is done, how fast, how long to go. */
export type Progress = ReturnType<typeof openProgress>;

const DRAW_MS = 100;
const WIDTH = 24;

/** What is counted: how a total and a speed are said. */
type Unit = { total(count: number): string; speed(count: number, perSecond: number): string };

const BYTES: Unit = {
  total: (count) => `${(count / 1e6).toFixed(1)} MB`,
  speed: (count, perSecond) =>
    `${(count / 1e6).toFixed(1)} MB, ${(perSecond / 1e6).toFixed(1)} MB/s`,
};

/** Things that are counted one by one, such as steps. */
export const counted = (things: string): Unit => ({
  total: (count) => `${count} ${things}`,
  speed: (_count, perSecond) => `${perSecond.toFixed(1)}/s`,
});

/** Draws by `write`, at most ten times a second. */
export function openProgress(write: (text: string) => void, unit: Unit = BYTES) {
  let drawnAt = 0;
  let started: { at: number; sent: number } | null = null;
  return {
    /** `total` null when nobody knows it. */
    update(sent: number, total: number | null) {
      const now = performance.now();
      started ??= { at: now, sent };
      if (now - drawnAt < DRAW_MS) return;
      drawnAt = now;
      const perSecond = ((sent - started.sent) / Math.max(1, now - started.at)) * 1000;
      const speed = unit.speed(sent, perSecond);
      if (total === null || total === 0) {
        write(`\r\x1b[K${speed}`);
        return;
      }
      const share = Math.min(1, sent / total);
      const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.');
      const left = perSecond > 0 ? `, ${Math.ceil((total - sent) / perSecond)} s left` : '';
      write(
        `\r\x1b[K[${bar}] ${Math.floor(share * 100)} % of ${unit.total(total)}, ${speed}${left}`,
      );
    },
    /** Takes the line away. */
    clear() {
      if (drawnAt > 0) write('\r\x1b[K');
      drawnAt = 0;
    },
  };
}
