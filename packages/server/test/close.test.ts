import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** Closes while a mail is being sent by a mailer that leaves nothing to keep the process alive. */
const script = `
  import { compose, ports, readConfig, replace } from '@sallyport/server';
  let isSending;
  const sending = new Promise((resolve) => (isSending = resolve));
  const send = () => (isSending(), new Promise((resolve) => setTimeout(resolve, 500).unref()));
  const config = readConfig({ DATABASE_URL: 'memory:', LOG_LEVEL: 'silent' });
  const { application, workers, close } = await compose(config, replace(ports.mailer, { send }));
  const ada = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  await application.register.execute({}, { ...ada, profile: { age: 36, city: 'London' } });
  workers.start();
  await sending;
  await close();
  console.log('closed');`;

it('closes everything in order, even if a mailer does not keep the process alive', async () => {
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname });
  expect(stdout).toBe('closed\n');
});
