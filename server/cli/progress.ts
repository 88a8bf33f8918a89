/** One line that is drawn over: how much is sent, how fast, how long to go. */
export type Progress = ReturnType<typeof openProgress>;

const DRAW_MS = 100;
const WIDTH = 24;

/** Draws by `write`, at most ten times a second. */
export function openProgress(write: (text: string) => void) {
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
      const speed = `${(sent / 1e6).toFixed(1)} MB, ${(perSecond / 1e6).toFixed(1)} MB/s`;
      if (total === null || total === 0) {
        write(`\r\x1b[K${speed}`);
        return;
      }
      const share = Math.min(1, sent / total);
      const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.');
      const left = perSecond > 0 ? `, ${Math.ceil((total - sent) / perSecond)} s left` : '';
      write(
        `\r\x1b[K[${bar}] ${Math.floor(share * 100)} % of ${(total / 1e6).toFixed(1)} MB, ${speed}${left}`,
      );
    },
    /** Takes the line away. */
    clear() {
      if (drawnAt > 0) write('\r\x1b[K');
      drawnAt = 0;
    },
  };
}
