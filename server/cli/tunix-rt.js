#!/usr/bin/env node
/**
 * `npx tunix-rt`: starts the command line on the Node of the lock file, which runs TypeScript as it is;
 * whatever Node runs this file may be too old for that.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pinned = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const node = existsSync(pinned) ? pinned : process.execPath;
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });

// Ctrl-C reaches both; the command says how it ended.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
