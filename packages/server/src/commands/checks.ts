import { calibrateOptions } from './check-options.ts';
import { command } from './command.ts';

/** What looks at a deployment and at its machine. */
export const checkCommands = [
  command({
    name: 'doctor',
    summary: 'check configuration, database, keys, mail and machine; change nothing',
    details: `Each line is ok, a warning or an error, and says what to do. It may run beside the server. On an embedded database
that a server has open, the checks of its contents are left out. The exit code is 1 if there is an error; warnings do
not count.`,
    run: async (call) => (await import('../doctor/doctor.ts')).doctor(call),
  }),
  command({
    name: 'calibrate',
    options: calibrateOptions,
    summary: 'measure argon2 on this machine, and suggest its cost',
    details: `Run it on a machine without other work, with the UV_THREADPOOL_SIZE of the server.`,
    run: async (call) => (await import('../calibrate/calibrate.ts')).calibrate(call),
  }),
];
