import { Button, Checkbox, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useMutation } from 'urql';
import { SCOPES } from '../access/roles.ts';
import type { Scope } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { useViewer } from '../lib/viewer.ts';
import { Notice } from '../ui/Notice.tsx';
import type { MadeKey } from './KeyMade.tsx';
import { EXPIRIES } from './keyWords.ts';

const CreateKeyForm_Create = graphql(`
  mutation CreateKeyForm_Create($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeyPayload {
        secret
        apiKey {
          ...KeyRows_Key
        }
      }
      ...Problem_Error
    }
  }
`);

/** A key of a runner opens nothing else, so that scope stands alone. */
const withScope = (chosen: readonly Scope[], scope: Scope, isOn: boolean): Scope[] => {
  if (!isOn) return chosen.filter((other) => other !== scope);
  return scope === 'RUNNER' ? ['RUNNER'] : [...chosen.filter((other) => other !== 'RUNNER'), scope];
};

export function CreateKeyForm(props: { onCancel: () => void; onMade: (made: MadeKey) => void }) {
  const viewer = useViewer();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['READ']);
  const [days, setDays] = useState('90');
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, create] = useMutation(CreateKeyForm_Create);
  const placed = problem
    ? issuesByField(problem, ['name', 'scopes', 'expiresInDays'] as const)
    : { byField: {}, rest: [] };
  const errors: { name?: string; scopes?: string; expiresInDays?: string } = placed.byField;
  const mine = viewer?.scopes ?? new Set<Scope>();
  const offered = SCOPES.filter(([scope]) => mine.has(scope === 'RUNNER' ? 'ADMIN' : scope));

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setProblem(undefined);
    const expiresInDays = days === '' ? undefined : Number(days);
    const { data, error } = await create({ input: { name: name.trim(), scopes, expiresInDays } });
    if (error) return tellFailure(error);
    const answer = data?.createApiKey;
    if (answer?.__typename === 'CreateApiKeyPayload') {
      const isRunner = scopes.includes('RUNNER');
      props.onMade({ name: name.trim(), secret: answer.secret, isRunner });
    } else if (answer) setProblem(readProblem(answer));
  }

  return (
    <form onSubmit={(event) => void submit(event)} data-testid="create-key-form">
      <Stack gap="md">
        <TextInput
          label="Name"
          description="What it is for: you will want to know when you revoke it"
          placeholder="ci, notebook of Ada, h200-1"
          required
          withAsterisk={false}
          data-autofocus
          maxLength={128}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="It may"
          description="No more than you may yourself; less is safer"
          value={scopes}
          error={errors.scopes}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={10} mt={8}>
            {offered.map(([scope, means]) => (
              <Checkbox
                key={scope}
                size="sm"
                value={scope}
                label={means}
                description={scope}
                onChange={(event) =>
                  setScopes(withScope(scopes, scope, event.currentTarget.checked))
                }
              />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Select
          label="It is good for"
          allowDeselect={false}
          data={EXPIRIES.map(({ value, label }) => ({ value, label }))}
          value={days}
          error={errors.expiresInDays}
          onChange={(value) => setDays(value ?? '')}
        />
        {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={fetching}
            disabled={name.trim() === '' || scopes.length === 0}
            data-testid="make-key"
          >
            Create the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
