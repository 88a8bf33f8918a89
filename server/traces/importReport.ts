import { type ImportCounts, REPORT_LINES } from './importModel.ts';
import type { Progress, StoredPosition } from './importSession.ts';
import type { LineIssue } from './readRecord.ts';

const PACE_MS = 5_000;

/** How fast something went over the last seconds, by samples of what was done. */
function openPace() {
  const samples: { at: number; lines: number; bytes: number }[] = [];
  return (lines: number, bytes: number) => {
    const at = performance.now();
    samples.push({ at, lines, bytes });
    while (samples.length > 2 && (samples[1]?.at ?? at) < at - PACE_MS) samples.shift();
    const first = samples[0];
    const seconds = first ? (at - first.at) / 1000 : 0;
    if (!first || seconds <= 0) return {};
    return {
      linesPerSecond: (lines - first.lines) / seconds,
      bytesPerSecond: (bytes - first.bytes) / seconds,
    };
  };
}

/** Keeps the counts and the report of an import while it is read, from where it stood. */
export function openReport(start: ImportCounts, format: () => StoredPosition['format']) {
  let { lines, rejected, bytes } = start;
  const rejectedByCode = { ...start.rejectedByCode };
  const report = [...start.report];
  let reported = report.length;
  let line = 1;
  const pace = openPace();
  pace(lines, bytes);
  return {
    get rejected() {
      return rejected;
    },
    /** Everything up to here was read. */
    reached(nextLine: number, end: number) {
      line = nextLine;
      bytes = end;
    },
    /** The file ends here. */
    ended(at: number) {
      bytes = at;
    },
    /** One more record. */
    count() {
      lines += 1;
    },
    reject(issue: LineIssue) {
      rejected += 1;
      rejectedByCode[issue.code] = (rejectedByCode[issue.code] ?? 0) + 1;
      if (report.length < REPORT_LINES) report.push(issue);
    },
    /** How it stands at this moment; the report only when it has grown since the last time. */
    snapshot(): Progress {
      const hasGrown = report.length > reported;
      reported = report.length;
      return {
        lines,
        rejected,
        bytes,
        rejectedByCode: { ...rejectedByCode },
        report: hasGrown ? [...report] : null,
        position: { line, format: format(), ...pace(lines, bytes) },
      };
    },
  };
}
