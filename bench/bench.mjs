/** Measures Sallyport beside what else could do its work, in one run. `--help` lists the options. */
import { contestants } from './contestants.mjs';
import { readOptions } from './harness/options.mjs';
import { prepare } from './harness/prepare.mjs';
import { report } from './harness/report.mjs';
import { run, starts } from './harness/run.mjs';
import { workloads } from './workloads.mjs';

const known = { contestants: Object.keys(contestants), workloads: [...Object.keys(workloads), starts] };
const options = readOptions(known);
prepare();
report(await run(options), options);
