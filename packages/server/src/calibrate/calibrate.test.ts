import type { Argon2Cost } from '@sallyport/adapters-crypto/argon2-cost';
import { describe, expect, it } from 'vitest';
import { calibrate, type Machine } from './calibrate.ts';

/** A machine on which a hash takes so many nanoseconds for each KiB and pass. */
const machine = (nanoseconds: number, given: Partial<Machine> = {}) => {
  const measured: Argon2Cost[] = [];
  const measure = async (cost: Argon2Cost) => {
    measured.push(cost);
    return (cost.memoryCost * cost.timeCost * nanoseconds) / 1e6;
  };
  return { measured, concurrency: 4, memoryKib: 16 * 2 ** 20, measure, ...given };
};

const suggest = async (on: Machine, options: Record<string, string> = {}) => {
  const outcome = await calibrate({ environment: {}, options } as never, on);
  return { ...outcome, json: outcome.json as Record<string, number> };
};

describe('sallyport calibrate', () => {
  it('suggests as much memory as fits the time, and says what that bears', async () => {
    const { lines, notes = [], json } = await suggest(machine(1000));
    // 250 ms pay for 250,000 KiB passes.
    expect(lines).toEqual(['ARGON2_MEMORY_KIB=124928', 'ARGON2_PASSES=2']);
    expect(json).toMatchObject({ memory_kib: 124_928, passes: 2, concurrency: 4, peak_memory_mib: 488 });
    expect(json['logins_per_second']).toBeCloseTo(4000 / 249.856);
    expect(notes.join('\n')).toContain('16.0 logins per second, with 488 MiB for hashes at the peak');
  });

  it('suggests more passes where memory is short', async () => {
    const { json } = await suggest(machine(1000), { 'memory-mib': '160' });
    expect(json).toMatchObject({ memory_kib: 40_960, passes: 6, peak_memory_mib: 160 });
  });

  it('takes a quarter of the machine, and aims at the time that is asked for', async () => {
    const { json } = await suggest(machine(1000, { memoryKib: 2 ** 20 }), { 'target-ms': '500' });
    expect(json).toMatchObject({ memory_kib: 65_536, passes: 7, peak_memory_mib: 256 });
  });

  it('never goes below the minimum of OWASP, and says so', async () => {
    const { lines, notes, json } = await suggest(machine(10_000), { 'memory-mib': '1' });
    expect(lines).toEqual(['ARGON2_MEMORY_KIB=19456', 'ARGON2_PASSES=2']);
    expect(notes).toContainEqual(expect.stringContaining('the least cost that OWASP recommends'));
    expect(json).toMatchObject({ meets_target: false });
  });

  it('suggests nothing that took longer than it may, though a machine is unsteady', async () => {
    let times = 0;
    const steady = machine(1000);
    const measure = async (cost: Argon2Cost) => (await steady.measure(cost)) * (++times === 2 ? 3 : 1);
    const { json } = await suggest({ ...steady, measure });
    expect(json['milliseconds']).toBeLessThanOrEqual(262.5);
    expect(steady.measured.length).toBeLessThanOrEqual(5);
  });
});
