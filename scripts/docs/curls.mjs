import { spawnSync } from 'node:child_process';

/**
 * Runs the blocks of a document that call `curl`, unchanged except for the port.
 *
 * @param {string} markdown
 * @param {string} url of the server
 * @param {string} cwd the server's working directory, which the commands may read
 * @returns {{ count: number, answers: string }}
 */
export function runCurls(markdown, url, cwd) {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code);
  const curls = blocks.filter((code) => /\bcurl\b/.test(code));
  const answers = curls.map((code) => {
    const script = code.replaceAll('http://localhost:3000', url);
    const { stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, encoding: 'utf8' });
    return stdout + stderr;
  });
  return { count: curls.length, answers: answers.join('\n') };
}
