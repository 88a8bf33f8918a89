/**
 * `npm run test:transformers`: an exported model computes in transformers what it computes in Tunix.
 * Apart from `npm test`, because PyTorch with what it needs is 5 GB on Linux.
 */
import { once } from 'node:events';
import { pythonWith } from './python.ts';

const FOLDER = 'server/tunix/python';

const python = await pythonWith(
  `${FOLDER}/requirements-test.txt`,
  `${FOLDER}/requirements-transformers.txt`,
);
const args = ['-m', 'pytest', '-q', '-rP', '-o', 'addopts=', 'tests/test_transformers.py'];
const [code] = (await once(python.start(args, FOLDER, 'inherit'), 'exit')) as [number | null];
process.exitCode = code ?? 1;
