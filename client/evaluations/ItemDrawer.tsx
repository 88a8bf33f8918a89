import '@mantine/core/styles/Drawer.css';
import { Drawer, Group, Stack, Text } from '@mantine/core';
import type { EvaluationItems_ItemFragment } from '../gql/graphql.ts';
import { formatPercent } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { Passage } from '../ui/Passage.tsx';
import { JudgeDetails } from './JudgeDetails.tsx';
import { MarkedText } from './MarkedText.tsx';
import { OutcomeTag } from './OutcomeTag.tsx';
import { ruleWords } from './ruleWords.ts';

function ItemContent(props: { item: EvaluationItems_ItemFragment }) {
  const { item } = props;
  const text = item.prediction?.text;
  const alternatives = item.setItem?.alternatives ?? [];
  return (
    <Stack gap="md" data-testid="item-drawer">
      <Group gap="sm">
        <OutcomeTag outcome={item.outcome} />
        <Text size="sm" c="dimmed">
          scored {formatPercent(item.score, 0)}
        </Text>
        {item.trace && <TextLink to={paths.trace(item.trace.id)}>Open the trace</TextLink>}
      </Group>
      <Passage title="Prompt" text={item.prompt} />
      <Passage title="Expected" text={item.expected}>
        {alternatives.length > 0 && (
          <Text size="sm" c="dimmed">
            or {alternatives.join(', ')}
          </Text>
        )}
      </Passage>
      <Passage title="Generated">
        {text ? (
          <MarkedText text={text} extracted={item.extracted} isRight={item.correct} />
        ) : (
          <Text size="sm">{item.prediction?.error ?? 'There is no text.'}</Text>
        )}
      </Passage>
      <Passage title="Why">
        <div>{item.error ?? ruleWords(item.rule)}</div>
        <Text size="xs" c="dimmed" component="div">
          Found: {item.extracted ?? 'nothing'} · rule <Mono>{item.rule}</Mono>
        </Text>
      </Passage>
      <JudgeDetails details={item.details} />
    </Stack>
  );
}

/** One judged item beside the list it stands in. */
export function ItemDrawer(props: {
  item: EvaluationItems_ItemFragment | undefined;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={props.item !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title={`Item ${(props.item?.position ?? 0) + 1}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.item && <ItemContent item={props.item} />}
    </Drawer>
  );
}
