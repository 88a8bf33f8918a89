import { Button, Checkbox, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { May } from '../lib/May.tsx';
import { problemText, readProblem } from '../lib/problem.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { Tag } from '../ui/Tag.tsx';
import css from './FindingRow.module.css';
import { OpenTrace } from './OpenTrace.tsx';
import { RULES } from './rules.ts';
import { WaiveDialog } from './WaiveDialog.tsx';

const FindingRow_Finding = graphql(`
  fragment FindingRow_Finding on Finding {
    id
    code
    severity
    position
    message
    trace {
      id
      promptPreview
    }
    relatedTrace {
      id
      promptPreview
    }
    evaluationItem {
      id
      itemId
      set {
        id
        key
      }
    }
    waiver {
      reason
      createdAt
    }
    viewerCanWaive
    viewerCanUnwaive
  }
`);

const FindingRow_Unwaive = graphql(`
  mutation FindingRow_Unwaive($id: ID!) {
    unwaiveFinding(input: { id: $id }) {
      __typename
      ... on UnwaiveFindingPayload {
        finding {
          id
          ...FindingRow_Finding
        }
      }
      ...Problem_Error
    }
  }
`);

export function FindingRow(props: {
  finding: FragmentType<typeof FindingRow_Finding>;
  isChosen: boolean;
  onChoose: (yes: boolean) => void;
  onOpen: (traceId: string) => void;
  /** Which list it belongs to has changed. */
  onChanged: () => void;
}) {
  const finding = read(FindingRow_Finding, props.finding);
  const { relatedTrace, evaluationItem, waiver } = finding;
  const [asking, setAsking] = useState(false);
  const [{ fetching }, unwaive] = useMutation(FindingRow_Unwaive);
  const isError = finding.severity === 'ERROR';
  const { name } = RULES[finding.code];

  async function takeBack() {
    const { data, error } = await unwaive({ id: finding.id });
    if (error) tellFailure(error);
    else if (data?.unwaiveFinding.__typename === 'UnwaiveFindingPayload') props.onChanged();
    else if (data) tellProblem(problemText(readProblem(data.unwaiveFinding)));
  }

  return (
    <tr data-testid="finding" data-code={finding.code}>
      <td>
        <May scope="DATASETS_WRITE">
          <Checkbox
            size="xs"
            aria-label={`Choose: ${name} of item ${finding.position}`}
            checked={props.isChosen}
            onChange={(event) => props.onChoose(event.currentTarget.checked)}
          />
        </May>
      </td>
      <td className={css.finding}>
        <div className={css.head}>
          <Tag
            tone={isError ? 'bad' : 'warn'}
            icon={isError ? 'cross' : 'warn'}
            title={isError ? 'error' : 'warning'}
          >
            {name}
          </Tag>
          <span className={css.place}>item {formatCount(finding.position)}</span>
        </div>
        <OpenTrace id={finding.trace.id} onOpen={props.onOpen} title={finding.trace.promptPreview}>
          {finding.trace.promptPreview}
        </OpenTrace>
        <div className={css.message}>
          {finding.message}{' '}
          {relatedTrace && (
            <OpenTrace
              short
              id={relatedTrace.id}
              onOpen={props.onOpen}
              title={relatedTrace.promptPreview}
            >
              Show the other
            </OpenTrace>
          )}
          {evaluationItem && (
            <TextLink to={paths.evaluationSet(evaluationItem.set.key)}>
              {evaluationItem.itemId} of {evaluationItem.set.key}
            </TextLink>
          )}
        </div>
        {waiver && (
          <Text size="xs" c="dimmed" data-testid="waiver">
            Waived: {waiver.reason}
          </Text>
        )}
      </td>
      <td>
        {finding.viewerCanUnwaive && (
          <Button
            size="compact-xs"
            variant="default"
            loading={fetching}
            onClick={() => void takeBack()}
            aria-label={`Unwaive: ${name} of item ${finding.position}`}
          >
            Unwaive
          </Button>
        )}
        {finding.viewerCanWaive && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => setAsking(true)}
            aria-label={`Waive: ${name} of item ${finding.position}`}
            data-testid="waive"
          >
            Waive
          </Button>
        )}
        {asking && (
          <WaiveDialog
            findingId={finding.id}
            message={finding.message}
            onClose={() => setAsking(false)}
            onWaived={props.onChanged}
          />
        )}
      </td>
    </tr>
  );
}
