/** What the files of a deployment promise: rights, health, names of settings, files that are there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const names = new Set(Object.values(SETTINGS).flatMap((group) => Object.keys(group)));
/** Of the image, not ours. */
const OTHERS = ['HOME'];
/** Folders that are mounted and not of the project. */
const MADE_BY_USERS = ['./backups'];

type Service = {
  image?: string;
  build?: { target: string };
  command?: string[];
  entrypoint?: string[];
  profiles?: string[];
  env_file?: object[];
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  healthcheck?: { test: string[] };
};

type Job = {
  'timeout-minutes': number;
  steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
};

describe('docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, unknown>;
    networks: Record<string, { internal?: boolean }>;
  };
  const services = Object.entries(compose.services);
  const lasting = services.filter(([, { restart }]) => restart);

  test('has the parts of the system', () => {
    expect(Object.keys(compose.services)).toEqual([
      'postgres',
      'migrate',
      'runner-key',
      'server',
      'runner',
      'runner-gpu',
      'backup',
      'restore',
      'store',
      'prometheus',
      'grafana',
    ]);
  });

  test.for(services)('%s has no right that it does not need', ([, service]) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    // Our images run as `node`.
    if (service.image) expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.for(services)('%s is of an exact version, by digest', ([, { image, build }]) => {
    if (image) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-\w+)?@sha256:[0-9a-f]{64}$/);
    else expect(read('Dockerfile')).toContain(` AS ${build?.target}`);
  });

  test.for(lasting)('%s says whether it is well', ([, { healthcheck }]) => {
    expect(healthcheck?.test[0]).toBe('CMD');
  });

  test.for(lasting.filter(([, { build }]) => build))(
    '%s is well while it is ready, on the port that it listens on',
    ([, { healthcheck, environment }]) => {
      const port = environment?.METRICS_PORT ?? '4000';
      expect(healthcheck?.test.at(-1)).toContain(`'http://127.0.0.1:${port}/ready'`);
    },
  );

  test.for(services.filter(([, { build }]) => build))(
    '%s sets only what there is',
    ([, service]) => {
      const given = Object.keys(service.environment ?? {}).filter((name) => !OTHERS.includes(name));
      expect(given.filter((name) => !names.has(name))).toEqual([]);
    },
  );

  test.for(services)('%s mounts files and volumes that are there', ([, { volumes = [] }]) => {
    for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
      const isThere = source.startsWith('.')
        ? existsSync(join(ROOT, source)) || MADE_BY_USERS.includes(source)
        : source in compose.volumes;
      expect(isThere, source).toBe(true);
    }
  });

  test('nobody but whoever needs it reaches the database', () => {
    expect(compose.networks.database?.internal).toBe(true);
    const there = services.filter(([, { networks }]) => networks?.includes('database'));
    expect(there.map(([name]) => name)).toEqual([
      'postgres',
      'migrate',
      'runner-key',
      'server',
      'runner',
      'runner-gpu',
      'backup',
      'restore',
    ]);
    const userOf = (name: string) =>
      /\/\/(\w+):/.exec(compose.services[name]?.environment?.DATABASE_URL ?? '')?.[1];
    expect(there.slice(1).map(([name]) => [name, userOf(name)])).toEqual([
      ['migrate', 'tunix_rt'],
      ['runner-key', 'tunix_rt_api'],
      ['server', 'tunix_rt_api'],
      ['runner', 'tunix_rt_runner'],
      ['runner-gpu', 'tunix_rt_runner'],
      ['backup', 'tunix_rt'],
      ['restore', 'tunix_rt'],
    ]);
  });

  test('a backup only reads what is stored, and a restore only reads the backup', () => {
    const { backup, restore } = compose.services;
    expect(backup?.volumes).toEqual(['data:/data:ro', './backups:/backups']);
    expect(restore?.volumes).toEqual(['data:/data', './backups:/backups:ro']);
    expect([backup, restore].map((tool) => tool?.profiles)).toEqual([['tools'], ['tools']]);
  });

  test.for(['backup', 'restore', 'runner', 'runner-gpu'])(
    '%s has the store of the server',
    (name) => {
      const { server, [name]: other } = compose.services;
      const storeOf = (service?: Service) =>
        Object.entries(service?.environment ?? {}).filter(([key]) => /^(S3|ARTIFACT)_/.test(key));
      expect(storeOf(other).length).toBeGreaterThan(4);
      expect(storeOf(other)).toEqual(storeOf(server));
      expect(other?.networks).toContain('outside');
    },
  );

  test.for(['server', 'runner', 'runner-gpu'])('%s reads further settings from a file', (name) => {
    const file = { path: 'tunix-rt.env', required: false };
    expect(compose.services[name]?.env_file).toEqual([file]);
  });

  test('passwords and backups get into no repository and no image', () => {
    const ignored = read('.gitignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', 'tunix-rt.env', 'backups/']));
    const taken = read('.dockerignore').split('\n');
    expect(taken).toContain('*');
    expect(taken.filter((line) => /^!.*(env|backups)/.test(line))).toEqual([]);
  });

  test('starts programs that are there', () => {
    const started = services.flatMap(
      ([, { entrypoint = [], command = [] }]) =>
        [...entrypoint, ...command].join(' ').match(/server\/[\w/]+\.ts/g) ?? [],
    );
    expect(started.length).toBeGreaterThan(3);
    for (const file of started) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });
});

describe('the Dockerfile', () => {
  const text = read('Dockerfile');

  test('runs as somebody who is not root, from exact versions, and says whether it is well', () => {
    const stages = text.split(/^FROM /m).slice(1);
    for (const stage of stages.slice(1)) {
      expect(stage.match(/^USER .+/gm)?.at(-1)).toBe('USER 1000:1000');
      const [, check = ''] = /^HEALTHCHECK .*\\\n {2}CMD (\[.+\])$/m.exec(stage) ?? [];
      const [, , script] = JSON.parse(check) as string[];
      expect(script).toMatch(/^fetch\(`http:\/\/127\.0\.0\.1:\$\{.+\}\/ready`\)/);
    }
    for (const [, image = ''] of text.matchAll(/^FROM (\S+)/gm)) {
      expect(image).toMatch(/^(server|node:\d+\.\d+\.\d+-[\w-]+@sha256:[0-9a-f]{64})$/);
    }
  });

  test('starts programs that are there, as package.json does', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const [, command = ''] of text.matchAll(/^CMD (\[.+\])$/gm)) {
      const said = (JSON.parse(command) as string[]).join(' ');
      expect(Object.values(scripts)).toContain(said);
    }
  });
});

describe('.github/workflows', () => {
  const files = globSync('.github/workflows/*.yml', { cwd: ROOT });

  test.for(files)('%s names every action by its commit, and gives no right to all jobs', (file) => {
    const text = read(file);
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(used.length).toBeGreaterThan(1);
    for (const [, action = '', comment = ''] of used) {
      if (action.startsWith('docker://')) {
        expect(action).toMatch(/:v\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
        continue;
      }
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    const { permissions } = parse(text) as { permissions: Record<string, string> };
    expect(Object.values(permissions).filter((right) => right !== 'read')).toEqual([]);
  });

  test.for(files)('%s leaves no credentials behind and ends in time', (file) => {
    const { jobs } = parse(read(file)) as { jobs: Record<string, Job> };
    for (const [name, { steps, 'timeout-minutes': minutes }] of Object.entries(jobs)) {
      expect(minutes, name).toBeLessThanOrEqual(60);
      for (const { uses = '', with: given } of steps) {
        if (uses.startsWith('actions/checkout@')) {
          expect(given?.['persist-credentials'], name).toBe(false);
        }
      }
    }
  });

  test.for(files)('%s calls scripts that are there', (file) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const [, script = ''] of read(file).matchAll(/npm run (?:-s )?([\w:]+)/g)) {
      expect(scripts).toHaveProperty([script]);
    }
  });
});
