import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatPercent } from '../lib/format.ts';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { DeltaInterval } from './DeltaInterval.tsx';
import { points, probability } from './pairedWords.ts';

const CompareSlices_Comparison = graphql(`
  fragment CompareSlices_Comparison on EvaluationComparison {
    slices {
      by
      value
      adjustedP
      statistics {
        items
        baselineMean
        candidateMean
        delta
        alpha
        interval {
          low
          high
        }
      }
    }
  }
`);

/** The same comparison on each part of an evaluation set; nothing for a side of a dataset. */
export function CompareSlices(props: {
  comparison: FragmentType<typeof CompareSlices_Comparison>;
}) {
  const { slices } = read(CompareSlices_Comparison, props.comparison);
  if (slices.length === 0) return null;
  return (
    <Section title="Parts of the set" flush>
      <Table
        caption="Parts of the set"
        testId="compare-slices"
        columns={[
          { name: 'Part' },
          { name: 'Items', numeric: true, wide: true },
          { name: 'A → B', numeric: true, wide: true },
          { name: 'Points', numeric: true },
          { name: 'Interval', wide: true },
          { name: 'Adjusted p', numeric: true },
        ]}
      >
        <tbody>
          {slices.map(({ by, value, adjustedP, statistics }) => {
            const { delta, interval } = statistics;
            return (
              <tr key={`${by} ${value}`}>
                <td>
                  {by.toLowerCase()} {value}
                </td>
                <td data-numeric data-wide>
                  {formatCount(statistics.items)}
                </td>
                <td data-numeric data-wide>
                  {formatPercent(statistics.baselineMean)} →{' '}
                  {formatPercent(statistics.candidateMean)}
                </td>
                <td data-numeric>{points(delta)}</td>
                <td data-wide>
                  <DeltaInterval
                    delta={delta}
                    low={interval.low}
                    high={interval.high}
                    words={`${points(delta)} points, interval ${points(interval.low)} to ${points(interval.high)}`}
                  />
                </td>
                <td data-numeric>
                  {probability(adjustedP)}
                  {adjustedP < statistics.alpha && ' (significant)'}
                </td>
              </tr>
            );
          })}
        </tbody>
      </Table>
      <p style={{ margin: 0, padding: '8px 16px', color: 'var(--mantine-color-dimmed)' }}>
        p values are corrected for the number of parts by Holm’s method.
      </p>
    </Section>
  );
}
