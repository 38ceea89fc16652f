import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { exists, failing, launcher, probes, read, root, secondsToStop, unknownVariables } from './server-facts.mjs';

/** Runs a program if it is installed. What it prints is a failure unless it is accepted. */
function run(program, args, environment = {}) {
  const { error, status, stderr } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  if (error?.code !== 'ENOENT') return status === 0 ? [] : [`${program}: ${stderr}`];
  console.log(`${program} is not installed, so it checked nothing.`);
  return [];
}

export function checkUnit() {
  const [file, users] = ['deploy/sallyport.service', 'deploy/sallyport.sysusers.conf'];
  const settings = [...read(file).matchAll(/^([A-Za-z]+)=(.*)$/gm)].map(([, name, value]) => ({ name, value }));
  const valueOf = (name) => settings.find((one) => one.name === name)?.value ?? '';
  const variables = Object.fromEntries(
    valueOf('Environment')
      .split(' ')
      .map((pair) => pair.split('=')),
  );
  return [
    ...unknownVariables(Object.keys(variables), file),
    ...failing(file, {
      'it must start the launcher': valueOf('ExecStart').endsWith(`${launcher} serve`) && exists(launcher),
      'a node must have longer to stop than it takes': Number(valueOf('TimeoutStopSec')) > secondsToStop,
      'DATA_DIR must be the state directory': variables.DATA_DIR === join('/var/lib', valueOf('StateDirectory')),
      'the user must be one that exists while the unit is stopped':
        valueOf('DynamicUser') === '' && read(users).includes(`\nu ${valueOf('User')} `),
      'its home must be the state directory': read(users).trimEnd().endsWith(` ${variables.DATA_DIR}`),
      'the guide must be one that is not on the machine': valueOf('Documentation').startsWith('https://'),
    }),
    ...run('systemd-analyze', ['verify', '--man=no', file]),
    ...run('systemd-sysusers', ['--dry-run', join(root, users)]),
  ];
}

export function checkHaproxy() {
  const file = 'docs/haproxy.cfg';
  const addresses = { BIND: ':8080', NODE_A: '127.0.0.1:3000', NODE_B: '127.0.0.1:3000' };
  return [
    ...failing(file, { 'it must ask for readiness': read(file).includes(`GET ${probes.ready}`) }),
    ...[{}, addresses].flatMap((environment) => run('haproxy', ['-c', '-q', '-f', file], environment)),
  ];
}
