import { Button, CopyButton } from '@mantine/core';
import { formatCount } from '../lib/format.ts';
import { tellDone, tellProblem } from '../lib/tell.ts';
import type { LineRange } from './lineRange.ts';
import type { ReadPage } from './logRow.ts';
import { MOST_COPIED, readText } from './readText.ts';

/** What can be done with the lines that are marked. */
export function MarkedLines(props: {
  range: LineRange;
  read: ReadPage;
  url: string;
  onClear: () => void;
}) {
  const { range } = props;
  const count = range.last - range.first + 1;
  const words =
    count === 1
      ? `Line ${formatCount(range.first)}`
      : `Lines ${formatCount(range.first)}–${formatCount(range.last)}`;

  async function copy() {
    try {
      await navigator.clipboard.writeText(await readText(props.read, range));
      tellDone(`${words} copied`);
    } catch (error) {
      tellProblem(error instanceof Error ? error.message : String(error), 'Not copied');
    }
  }

  return (
    <>
      <span data-testid="log-marked">{words}</span>
      <CopyButton value={props.url}>
        {({ copied, copy: copyUrl }) => (
          <Button size="compact-xs" variant="subtle" onClick={copyUrl}>
            {copied ? 'Link copied' : 'Copy link'}
          </Button>
        )}
      </CopyButton>
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={count > MOST_COPIED}
        title={count > MOST_COPIED ? `At most ${formatCount(MOST_COPIED)} lines` : undefined}
        onClick={() => void copy()}
      >
        Copy text
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={props.onClear}>
        Clear
      </Button>
    </>
  );
}
