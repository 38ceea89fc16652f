import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a command to its end, and returns what it printed.
 *
 * @param {readonly string[]} command
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<string>}
 * @throws Error with what the command printed, if it fails
 */
export async function run([program, ...args], options) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (printed += text));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${code ?? signal}:\n${printed.trim()}`);
  return printed;
}

/**
 * Installs what the package in a folder depends on, without scripts of any package and without a lock file.
 *
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env of `withRegistry`
 */
export async function install(folder, env) {
  await run(['npm', 'install', '--ignore-scripts', '--no-package-lock'], { cwd: folder, env });
}
