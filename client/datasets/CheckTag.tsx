import type { CheckTag_DatasetCheckFragment } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { Tag } from '../ui/Tag.tsx';
import { openFindings } from './rules.ts';
import { useUntilDone } from './useUntilDone.ts';

const CheckTag_DatasetCheck = graphql(`
  fragment CheckTag_DatasetCheck on DatasetCheck {
    id
    status
    error
    counts {
      code
      severity
      found
      waived
    }
  }
`);

const CheckTag_Changed = graphql(`
  subscription CheckTag_Changed($id: ID!) {
    datasetCheckChanged(id: $id) {
      id
      ...CheckTag_DatasetCheck
    }
  }
`);

/** What a check says, in a word or two; follows it while it is not over. */
export function CheckTag(props: {
  check: FragmentType<typeof CheckTag_DatasetCheck> | null | undefined;
}) {
  const check = read(CheckTag_DatasetCheck, props.check);
  const isOver = check?.status === 'COMPLETED' || check?.status === 'FAILED';
  useUntilDone(CheckTag_Changed, check?.id, isOver);
  return (
    <span data-testid="check-state" data-status={check?.status ?? 'NONE'}>
      {check ? <State check={check} /> : <Tag tone="idle">Not checked</Tag>}
    </span>
  );
}

function State(props: { check: CheckTag_DatasetCheckFragment }) {
  const { check } = props;
  if (check.status === 'PENDING') {
    return (
      <Tag tone="idle" icon="clock">
        Check queued
      </Tag>
    );
  }
  if (check.status === 'RUNNING') {
    return (
      <Tag tone="info" icon="spin" busy>
        Checking
      </Tag>
    );
  }
  if (check.status === 'FAILED') {
    return (
      <Tag tone="bad" icon="cross" title={check.error ?? undefined}>
        Check failed
      </Tag>
    );
  }
  const { errors, warnings, waived } = openFindings(check.counts);
  if (errors > 0) {
    return (
      <Tag tone="bad" icon="cross" title={plural(warnings, 'warning')}>
        {plural(errors, 'error')}
      </Tag>
    );
  }
  if (warnings > 0) {
    return (
      <Tag tone="warn" icon="warn">
        {plural(warnings, 'warning')}
      </Tag>
    );
  }
  return (
    <Tag
      tone="good"
      icon="check"
      title={waived > 0 ? `${plural(waived, 'finding')} waived` : undefined}
    >
      Clean
    </Tag>
  );
}
