import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { CancelMode } from '../gql/graphql.ts';
import { plural } from '../lib/format.ts';
import { tellDone } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { type BulkAnswer, inBulk } from './bulk.ts';
import { BULK, type BulkAction } from './bulkActions.ts';
import { type RunRow, runTitle } from './runRows.ts';
import { useRunActions } from './useRunActions.ts';

const SHOWN = 8;

function Names(props: { runs: readonly RunRow[] }) {
  const { runs } = props;
  const more = runs.length - SHOWN;
  return (
    <Text size="sm" c="dimmed">
      {runs.slice(0, SHOWN).map(runTitle).join(', ')}
      {more > 0 && ` and ${more} more`}
    </Text>
  );
}

function Faults(props: { answers: readonly BulkAnswer[]; runs: readonly RunRow[]; what: string }) {
  const titles = new Map(props.runs.map((run) => [run.id, runTitle(run)]));
  const faults = props.answers.filter(({ fault }) => fault !== undefined);
  if (faults.length === 0) return null;
  return (
    <Notice tone="bad" title={`${plural(faults.length, 'run')} ${props.what}`} testId="bulk-faults">
      <Stack gap={4}>
        {faults.map(({ id, fault }) => (
          <div key={id}>
            {titles.get(id)}: {fault}
          </div>
        ))}
      </Stack>
    </Notice>
  );
}

/**
 * One action on several runs: asks before it stops something, says which runs it passes over, and
 * names those it could not do. Closes by itself when all went well.
 */
export function BulkDialog(props: {
  action: BulkAction;
  runs: readonly RunRow[];
  onDone: (ids: readonly string[]) => void;
  onClose: () => void;
}) {
  const { action, runs, onDone, onClose } = props;
  const words = BULK[action];
  const able = runs.filter(words.can);
  const unable = runs.filter((run) => !words.can(run));
  const [mode, setMode] = useState<CancelMode>('SAVE');
  const [answers, setAnswers] = useState<readonly BulkAnswer[]>();
  const [isOver, setOver] = useState(false);
  const isBusy = useRef(false);
  const actions = useRunActions();

  async function start() {
    if (isBusy.current) return;
    isBusy.current = true;
    setAnswers([]);
    const one = {
      cancel: (id: string) => actions.cancel(id, mode),
      retry: actions.retry,
      archive: (id: string) => actions.archive(id, true),
      restore: (id: string) => actions.archive(id, false),
    }[action];
    const all = await inBulk(
      able.map(({ id }) => id),
      one,
      (answer) => setAnswers((before = []) => [...before, answer]),
    );
    const done = all.filter(({ fault }) => fault === undefined).map(({ id }) => id);
    if (done.length > 0) {
      tellDone(`${plural(done.length, 'run')} ${words.done}`);
      onDone(done);
    }
    setOver(true);
    if (done.length === all.length) onClose();
  }

  return (
    <Dialog onClose={onClose} title={`${words.name} ${plural(able.length, 'run')}`}>
      <Stack gap="md" data-testid="bulk-dialog">
        <Text size="sm">{words.means}</Text>
        <Names runs={able} />
        {unable.length > 0 && (
          <Notice tone="info" title={`${plural(unable.length, 'run')} ${words.passedOver}`}>
            <Names runs={unable} />
          </Notice>
        )}
        {action === 'cancel' && !answers && (
          <SegmentedControl
            aria-label="How to stop"
            value={mode}
            onChange={setMode}
            data={[
              { value: 'SAVE', label: 'Stop and save' },
              { value: 'NOW', label: 'Stop now' },
            ]}
          />
        )}
        {answers && (
          <Text size="sm" role="status">
            {answers.length} of {able.length} asked
          </Text>
        )}
        {answers && <Faults answers={answers} runs={runs} what={words.failed} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {isOver ? 'Close' : 'Back'}
          </Button>
          {!isOver && (
            <Button
              color={action === 'cancel' ? 'red' : undefined}
              disabled={able.length === 0}
              loading={answers !== undefined}
              onClick={() => void start()}
              data-autofocus
              data-testid="bulk-confirm"
            >
              {words.name}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
