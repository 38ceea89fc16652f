import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createLog } from '../src/log.ts';

/** Absent where the run is not searched at its end. */
const folder: string | undefined = inject('secrecyFolder');
const file = folder && join(folder, `${randomUUID()}.log`);

/** Keeps what a server logged for the search at the end of the run. */
export function keepLog(text: string): void {
  if (file) appendFileSync(file, text);
}

/** The log of a server in this process: it tells all that it can. */
export const keptLog = createLog('trace', { write: keepLog });
