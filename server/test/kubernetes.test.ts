/** What the manifests for Kubernetes promise: rights, probes, names of settings and of secrets. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { SETTINGS } from '../settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const names = new Set(Object.values(SETTINGS).flatMap((group) => Object.keys(group)));
/** Of the image, not ours. */
const OTHERS = ['HOME', 'POD_IP'];

type Container = {
  name: string;
  env?: { name: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  securityContext: object;
  resources: { requests: object; limits: object };
  startupProbe?: object;
  livenessProbe?: object;
  readinessProbe?: object;
};
type Resource = {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec?: {
    selector?: { matchLabels?: object };
    template?: {
      metadata: { labels: object };
      spec: {
        securityContext: object;
        automountServiceAccountToken: boolean;
        containers: Container[];
      };
    };
  };
};

describe('deploy/kubernetes', () => {
  const folder = join(ROOT, 'deploy/kubernetes');
  const { resources: listed, images } = parse(
    readFileSync(join(folder, 'kustomization.yaml'), 'utf8'),
  ) as { resources: string[]; images: { name: string }[] };
  const resources = listed.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { merge: true }).map(
      (document) => document.toJS() as Resource,
    ),
  );
  const workloads = resources.flatMap((resource) =>
    resource.spec?.template ? [[resource.kind, resource] as const] : [],
  );

  test('lists every file that is there', () => {
    const files = globSync('*.yaml', { cwd: folder }).filter(
      (file) => file !== 'kustomization.yaml',
    );
    expect(listed.toSorted()).toEqual(files.toSorted());
    expect(images.map(({ name }) => name)).toEqual(['tunix-rt-server', 'tunix-rt-runner']);
    expect(workloads.map(([kind]) => kind)).toEqual(['Job', 'Deployment', 'StatefulSet']);
  });

  test.for(workloads)('the %s keeps to the restricted standard', ([, { spec }]) => {
    const pod = spec?.template?.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of pod?.containers ?? []) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({ requests: {}, limits: {} });
    }
  });

  test.for(workloads)(
    'the %s takes secrets by name, and sets only what there is',
    ([, { spec }]) => {
      for (const { env = [] } of spec?.template?.spec.containers ?? []) {
        for (const { name, valueFrom } of env) {
          expect(OTHERS.includes(name) || names.has(name), name).toBe(true);
          const isSecret = /PASSWORD|TOKEN|SECRET|ACCESS_KEY|DATABASE_URL/.test(name);
          expect(Boolean(valueFrom?.secretKeyRef), name).toBe(isSecret);
          if (isSecret) expect(valueFrom?.secretKeyRef?.name).toBe('tunix-rt');
        }
      }
    },
  );

  test('every secret is named in the instructions', () => {
    const instructions = readFileSync(join(folder, 'README.md'), 'utf8');
    const keys = workloads.flatMap(([, { spec }]) =>
      (spec?.template?.spec.containers ?? []).flatMap(({ env = [] }) =>
        env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []),
      ),
    );
    expect(keys.length).toBeGreaterThan(8);
    for (const key of keys) expect(instructions).toContain(`--from-literal=${key}=`);
  });

  test('settings that are no secret are settings', () => {
    const settings = resources.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    expect(Object.keys(settings).filter((name) => !names.has(name))).toEqual([]);
  });

  test.for(workloads.filter(([kind]) => kind !== 'Job'))(
    'the %s is asked how it is',
    ([, { spec }]) => {
      const [container] = spec?.template?.spec.containers ?? [];
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
        expect(container?.[probe]).toMatchObject({ httpGet: {} });
      }
      expect(spec?.selector?.matchLabels).toEqual(spec?.template?.metadata.labels);
    },
  );
});
