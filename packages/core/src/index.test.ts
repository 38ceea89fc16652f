import { describe, expect, it } from 'vitest';

describe('The package', () => {
  // Files that cannot be loaded have no tests that could fail: this one is loaded first, and says so.
  it('loads as a whole', async () => {
    expect(await import('./index.ts')).toHaveProperty('createApplication', expect.any(Function));
    expect(await import('./contracts/index.ts')).toHaveProperty('storeContract', expect.any(Function));
  });
});
