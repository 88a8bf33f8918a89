import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take minutes; a machine without a history of them would begin with the largest. */
const LONGEST = [
  'demo.test.ts',
  'pytest.test.ts',
  'access.test.ts',
  'datasets.test.ts',
  'follow.test.ts',
];

/** Begins with what takes longest, so that no worker waits for the other at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.indexOf(basename(moduleId));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
