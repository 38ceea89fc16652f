import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { searchRun } from './secrecy.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder for the logs and credentials of the run. */
    secrecyFolder: string;
  }
}

/** Fails the run if a log, a refusal or the audit contains a credential that a test used. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-secrecy-'));
  project.provide('secrecyFolder', folder);
  return async () => {
    // Vitest would report an error of a teardown, but still end with 0.
    try {
      const { credentials, requests } = searchRun(folder, randomBytes(16).toString('base64url'));
      console.log(`None of ${credentials} credentials stands in the log of ${requests} requests, or in the audit`);
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}
