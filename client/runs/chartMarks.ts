/** What is drawn over the curves: events of the run, and points that are no number. */
import type uPlot from 'uplot';
import type { FloatKind, MarkerKind } from '../gql/graphql.ts';
import type { Scheme } from '../lib/ZoomChart.tsx';

export type Marker = { kind: MarkerKind; place: number; label: string };
type OddPoint = { place: number; kind: FloatKind; line: number };

export const MARKER_LOOKS: Record<
  MarkerKind,
  { word: string; dash: number[]; light: string; dark: string }
> = {
  CHECKPOINT: { word: 'checkpoint', dash: [4, 4], light: '#17713b', dark: '#4ac27a' },
  RESTART: { word: 'restart', dash: [], light: '#b42318', dark: '#ff8177' },
  EVALUATION: { word: 'evaluation', dash: [1, 3], light: '#3541ac', dark: '#9ba3f0' },
  CANCEL: { word: 'stop', dash: [8, 3], light: '#8a5300', dark: '#e0a84b' },
};

const ODD_WORDS: Partial<Record<FloatKind, string>> = {
  NAN: 'NaN',
  POSITIVE_INFINITY: '∞',
  NEGATIVE_INFINITY: '−∞',
};

/** Pixels within which two words would lie on each other. */
const WORD = 26;
/** Pixels within which the mouse is at a marker. */
const NEAR = 5;

export type Marks = { markers: readonly Marker[]; odd: readonly OddPoint[] };

type Drawn = Marks & { lines: readonly string[]; scheme: Scheme };

/** A plugin that draws what `read` gives at that moment, and names the marker under the mouse. */
export function chartMarks(read: () => Drawn): uPlot.Plugin {
  return {
    hooks: {
      draw: (chart) => {
        const { ctx, bbox } = chart;
        const { markers, odd, lines, scheme } = read();
        const isInside = (x: number) => x >= bbox.left && x <= bbox.left + bbox.width;
        ctx.save();
        for (const { kind, place } of markers) {
          const x = chart.valToPos(place, 'x', true);
          if (!isInside(x)) continue;
          ctx.strokeStyle = MARKER_LOOKS[kind][scheme];
          ctx.setLineDash(MARKER_LOOKS[kind].dash);
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.setLineDash([]);
        ctx.textAlign = 'center';
        let worded = Number.NEGATIVE_INFINITY;
        for (const { place, kind, line } of odd) {
          const x = chart.valToPos(place, 'x', true);
          if (!isInside(x)) continue;
          ctx.strokeStyle = lines[line] ?? '';
          ctx.fillStyle = lines[line] ?? '';
          const y = bbox.top + 6;
          ctx.beginPath();
          ctx.moveTo(x - 4, y - 4);
          ctx.lineTo(x + 4, y + 4);
          ctx.moveTo(x + 4, y - 4);
          ctx.lineTo(x - 4, y + 4);
          ctx.stroke();
          if (x - worded < WORD) continue;
          worded = x;
          ctx.fillText(ODD_WORDS[kind] ?? '', x, y + 18);
        }
        ctx.restore();
      },
      setCursor: (chart) => {
        const { left = -1 } = chart.cursor;
        const at = read().markers.find(
          ({ place }) => left >= 0 && Math.abs(chart.valToPos(place, 'x') - left) < NEAR,
        );
        chart.over.title = at?.label ?? '';
      },
    },
  };
}
