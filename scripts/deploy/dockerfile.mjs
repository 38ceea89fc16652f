import { exists, failing, launcher, listFiles, port, read, unknownVariables } from './server-facts.mjs';

const file = 'deploy/Dockerfile';

/** The instructions of the Dockerfile, by stage: its name is the first word, the rest its text. */
export function readStages() {
  const lines = read(file).replaceAll('\\\n', ' ').split('\n');
  const stages = [];
  for (const line of lines.filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
    const [, instruction, text] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (instruction === undefined) throw new Error(`${file}: cannot read ${line}`);
    if (instruction === 'FROM') stages.push([]);
    stages.at(-1).push({ instruction, text });
  }
  return stages;
}

/** The command of an instruction of the last stage that is written as a list. */
export function commandOf(instruction) {
  const { text = '' } =
    readStages()
      .at(-1)
      .find((one) => one.instruction === instruction) ?? {};
  return JSON.parse(text.slice(text.indexOf('[')));
}

/** The variables that the image sets. */
export function imageEnvironment() {
  const { text } = readStages()
    .at(-1)
    .find(({ instruction }) => instruction === 'ENV');
  return Object.fromEntries(text.split(' ').map((pair) => pair.split('=')));
}

/** The files of the repository that the build gets: the last pattern of `.dockerignore` that matches decides. */
export function contextFiles() {
  const patterns = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isKept: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  return listFiles().filter((name) => patterns.findLast(({ pattern }) => matches(pattern, name))?.isKept ?? true);
}

/** Whether a pattern matches a path or a folder above it: `*`, a path, or `**` and a slash before a name that may begin with `*`. */
function matches(pattern, path) {
  if (pattern === '*') return true;
  if (!pattern.startsWith('**/')) return path === pattern || path.startsWith(`${pattern}/`);
  const name = pattern.slice('**/'.length);
  return path.split('/').some((part) => (name.startsWith('*') ? part.endsWith(name.slice(1)) : part === name));
}

export function checkDockerfile() {
  const stages = readStages();
  const last = stages.at(-1);
  const texts = (instruction) => last.filter((one) => one.instruction === instruction).map(({ text }) => text);
  const environment = imageEnvironment();
  const [probe, probed] = commandOf('HEALTHCHECK');
  const context = contextFiles();
  return [
    ...unknownVariables(Object.keys(environment), file),
    ...failing(file, {
      'every stage must start from the same image': new Set(stages.map(([{ text }]) => text.split(' ')[0])).size === 1,
      'the image must have a major version': /^node:\d+-/.test(stages[0][0].text),
      'the port must be that of the server': texts('EXPOSE').join() === String(port),
      'the user must be a number that is not root, for runAsNonRoot': /^[1-9]\d*:[1-9]\d*$/.test(texts('USER').join()),
      'the volume must be DATA_DIR': texts('VOLUME').join() === environment.DATA_DIR,
      'the server must listen on every address': environment.HOST === '0.0.0.0',
      'the launcher must exist': commandOf('ENTRYPOINT')[1] === launcher && exists(launcher),
      'the health check must be a script in the build': probe === 'node' && context.includes(probed),
      'npm must install what the lock file says': !/npm (install|i)\b/.test(read(file)),
      'the build must get no test': !context.some((name) => /\.test\.|\/test\//.test(name)),
      'the build must get no settings file': !context.some((name) => /(^|\/)\.env/.test(name)),
    }),
  ];
}
