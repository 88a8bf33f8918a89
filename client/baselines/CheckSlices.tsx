import { probability } from '../evaluations/pairedWords.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatMetric, formatPercent, formatSigned } from '../lib/format.ts';
import { Table } from '../ui/Table.tsx';
import { VerdictTag } from './VerdictTag.tsx';

const CheckSlices_Check = graphql(`
  fragment CheckSlices_Check on Check {
    id
    slices {
      by
      value
      items
      baselineValue
      candidateValue
      delta
      adjustedP
      verdict
      floor {
        minimum
        accuracy
        verdict
      }
    }
  }
`);

/** The parts of an evaluation set in a check; nothing for a side of a dataset. */
export function CheckSlices(props: { check: FragmentType<typeof CheckSlices_Check> }) {
  const { slices } = read(CheckSlices_Check, props.check);
  if (slices.length === 0) return null;
  return (
    <details>
      <summary>Parts of the set ({formatCount(slices.length)})</summary>
      <Table
        caption="Parts of the set"
        testId="check-slices"
        columns={[
          { name: 'Part' },
          { name: 'Items', numeric: true, wide: true },
          { name: 'Change', numeric: true },
          { name: 'Adjusted p', numeric: true, wide: true },
          { name: 'Finding' },
          { name: 'Floor' },
        ]}
      >
        <tbody>
          {slices.map((slice) => (
            <tr key={`${slice.by} ${slice.value}`}>
              <td>
                {slice.by.toLowerCase()} {slice.value}
              </td>
              <td data-numeric data-wide>
                {formatCount(slice.items)}
              </td>
              <td data-numeric>
                {formatMetric(slice.baselineValue)} → {formatMetric(slice.candidateValue)} (
                {formatSigned(slice.delta)})
              </td>
              <td data-numeric data-wide>
                {slice.adjustedP === null ? '–' : probability(slice.adjustedP)}
              </td>
              <td>{slice.verdict ? <VerdictTag verdict={slice.verdict} /> : '–'}</td>
              <td>
                {slice.floor ? (
                  <>
                    {formatPercent(slice.floor.accuracy)} of {formatPercent(slice.floor.minimum)}{' '}
                    <VerdictTag verdict={slice.floor.verdict} />
                  </>
                ) : (
                  '–'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}
