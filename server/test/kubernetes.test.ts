/** What the manifests for Kubernetes promise: rights, probes, names of settings and of secrets. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { SETTINGS } from '../settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const names = new Set(Object.values(SETTINGS).flatMap((group) => Object.keys(group)));
/** Of the image, not ours. */
const OTHERS = ['HOME', 'POD_IP', 'POD_NAME'];
/** What `kustomization.yaml` names in a comment: for whoever wants it. */
const OPTIONAL = ['backup.yaml'];

type Container = {
  name: string;
  command?: string[];
  env?: { name: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  securityContext: object;
  resources: { requests: object; limits: object };
  ports?: { name: string }[];
  startupProbe?: object;
  livenessProbe?: object;
  readinessProbe?: object;
};
type Pod = {
  metadata: { labels: Record<string, string> };
  spec: {
    securityContext: object;
    automountServiceAccountToken: boolean;
    containers: Container[];
  };
};
type Resource = {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec?: {
    selector?: { matchLabels?: object };
    publishNotReadyAddresses?: boolean;
    template?: Pod;
    jobTemplate?: { spec: { template: Pod } };
  };
};

describe('deploy/kubernetes', () => {
  const folder = join(ROOT, 'deploy/kubernetes');
  const kustomization = readFileSync(join(folder, 'kustomization.yaml'), 'utf8');
  const { resources: listed, images } = parse(kustomization) as {
    resources: string[];
    images: { name: string }[];
  };
  const resources = [...listed, ...OPTIONAL].flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { merge: true }).map(
      (document) => document.toJS() as Resource,
    ),
  );
  const workloads = resources.flatMap(({ kind, spec }) => {
    const pod = spec?.jobTemplate?.spec.template ?? spec?.template;
    return pod ? [[kind, pod, spec] as const] : [];
  });

  test('lists every file that is there', () => {
    const files = globSync('*.yaml', { cwd: folder }).filter(
      (file) => file !== 'kustomization.yaml',
    );
    expect([...listed, ...OPTIONAL].toSorted()).toEqual(files.toSorted());
    for (const file of OPTIONAL) expect(kustomization).toContain(`\n  # - ${file}\n`);
    expect(images.map(({ name }) => name)).toEqual(['tunix-rt-server', 'tunix-rt-runner']);
    expect(workloads.map(([kind]) => kind)).toEqual([
      'Job',
      'Deployment',
      'StatefulSet',
      'CronJob',
    ]);
  });

  test.for(workloads)('the %s keeps to the restricted standard', ([, pod]) => {
    expect(pod.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of pod.spec.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({ requests: {}, limits: {} });
    }
  });

  test.for(workloads)('the %s takes secrets by name, and sets only what there is', ([, pod]) => {
    for (const { env = [] } of pod.spec.containers) {
      for (const { name, valueFrom } of env) {
        expect(OTHERS.includes(name) || names.has(name), name).toBe(true);
        const isSecret = /PASSWORD|TOKEN|SECRET|ACCESS_KEY|DATABASE_URL/.test(name);
        expect(Boolean(valueFrom?.secretKeyRef), name).toBe(isSecret);
        if (isSecret) expect(valueFrom?.secretKeyRef?.name).toBe('tunix-rt');
      }
    }
  });

  test('every secret is named in the instructions', () => {
    const instructions = readFileSync(join(folder, 'README.md'), 'utf8');
    const keys = workloads.flatMap(([, pod]) =>
      pod.spec.containers.flatMap(({ env = [] }) =>
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

  test.for(workloads.filter(([kind]) => !kind.endsWith('Job')))(
    'the %s is asked whether it lives and whether it is ready, and not started again for its database',
    ([, pod, spec]) => {
      const [container] = pod.spec.containers;
      const port = container?.ports?.[0]?.name;
      expect(container).toMatchObject({
        startupProbe: { httpGet: { path: '/health', port } },
        livenessProbe: { httpGet: { path: '/health', port } },
        readinessProbe: { httpGet: { path: '/ready', port } },
      });
      expect(spec?.selector?.matchLabels).toEqual(pod.metadata.labels);
    },
  );

  test('starts programs that are there', () => {
    const commands = workloads.flatMap(([, pod]) =>
      pod.spec.containers.flatMap(({ command = [] }) => command),
    );
    const started = commands.join(' ').match(/server\/[\w/]+\.ts/g) ?? [];
    expect(started).toEqual(['server/migrate.ts', 'server/cli/main.ts']);
    for (const file of started) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });

  test('whoever has the key of the object store may reach it', () => {
    const outward = resources.find(({ metadata }) => metadata.name === 'outward');
    const selected = JSON.stringify(outward?.spec);
    const users = workloads.filter(([, pod]) =>
      pod.spec.containers.some(({ env }) => env?.some(({ name }) => name === 'S3_ACCESS_KEY_ID')),
    );
    expect(users.map(([kind]) => kind)).toEqual(['Deployment', 'StatefulSet', 'CronJob']);
    for (const [, pod] of users) {
      expect(selected).toContain(`"${pod.metadata.labels['app.kubernetes.io/name']}"`);
    }
  });

  test('a runner tells its numbers also while it is not ready', () => {
    const service = resources.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'runner',
    );
    expect(service?.spec?.publishNotReadyAddresses).toBe(true);
  });
});
