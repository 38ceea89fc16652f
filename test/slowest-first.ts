import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The modules of files that start processes, or send thousands of requests. */
const slow = /from '\.\/(?:sallyport-process|fuzz\/fuzz)\.ts'/;

const { sort } = BaseSequencer.prototype;

/** Runs the slow files first, so that no worker is left alone with one in the end. They are not the long ones, which Vitest begins with. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await sort.call(this, files);
    const isSlow = ({ moduleId }: TestSpecification) => slow.test(readFileSync(moduleId, 'utf8'));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
