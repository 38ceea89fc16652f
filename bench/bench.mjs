/** Measures Sallyport beside what else could do its work, in one run. `--help` lists the options. */
import { contestants } from './contestants.mjs';
import { readOptions } from './harness/options.mjs';
import { prepare } from './harness/prepare.mjs';
import { run } from './harness/run.mjs';
import { workloads } from './workloads.mjs';
import { report } from './harness/report.mjs';

const options = readOptions({ contestants: Object.keys(contestants), workloads: Object.keys(workloads) });
prepare();
const results = await run(options);
await report(results, options);
