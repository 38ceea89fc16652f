import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort, startProcess } from '../hosts/processes.mjs';
import { readBlocks } from './blocks.mjs';

/**
 * What is done beside the blocks of a guide, each with its folder.
 *
 * @typedef {object} Beside
 * @property {Map<string, Promise<unknown>>} [setUp] the `run setup` blocks of all guides that share an environment. Each is run
 *   once
 * @property {(folder: string) => void} [before] the first block
 * @property {(folder: string) => void} [afterRun] each time that commands have ended
 * @property {(url: string, folder: string) => Promise<void>} [whileRunning] once all blocks were followed, with the origin of the
 *   process that goes on
 * @property {(folder: string) => Promise<void>} [afterwards] once that process has stopped
 */

/**
 * Follows a guide in an empty folder, as it is printed, except that port 3000 is replaced by a free one.
 *
 * @param {string} path of the Markdown file
 * @param {NodeJS.ProcessEnv} [env] of its commands; with that of `withRegistry`, they install the packages of this
 *   repository
 * @param {Beside} [beside]
 * @returns {Promise<readonly import('./blocks.mjs').Block[]>} the blocks that were run
 * @throws Error when a command fails, a process does not answer or does not end cleanly, or something else is printed
 */
export async function followGuide(path, env = process.env, beside = {}) {
  const blocks = readBlocks(readFileSync(path, 'utf8'));
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-guide-'));
  const processes = [];
  let printed = '';
  let url;
  try {
    beside.before?.(folder);
    for (const block of blocks) {
      const text = withPort(block.text, port);
      if (block.isSetup && beside.setUp) {
        if (!beside.setUp.has(text)) beside.setUp.set(text, runShell(text, block.exits, folder, env));
        await beside.setUp.get(text);
      } else if (block.kind === 'file') writeFile(join(folder, block.name), text);
      else if (block.kind === 'printed') expectPrinted(text, printed);
      else if (block.until === undefined) {
        printed = await runShell(text, block.exits, folder, env);
        beside.afterRun?.(folder);
      } else {
        url = withPort(block.until, port);
        const started = startProcess(text.trim(), { cwd: folder, env });
        processes.push(started);
        await started.answers(url);
      }
    }
    await beside.whileRunning?.(new URL(url).origin, folder);
    for (const started of processes) await started.stop();
    await beside.afterwards?.(folder);
    return blocks;
  } finally {
    for (const started of processes) started.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function withPort(text, port) {
  return text.replaceAll(/\b3000\b/g, String(port));
}

function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Variables that one block sets are for its own commands. */
async function runShell(script, exits, cwd, env) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [printed, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code, signal] = await once(child, 'close');
  if (code !== exits) throw new Error(`These commands ended with ${code ?? signal}:\n${script}\n${printed}${said}`);
  return printed;
}

function expectPrinted(expected, printed) {
  const missing = expected.split('\n').filter((line) => !printed.includes(line));
  if (missing.length > 0) throw new Error(`“${missing.join('\n')}” was not printed, but this:\n${printed}`);
}
