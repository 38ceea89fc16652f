import type { ProfileFields } from '@sallyport/core';
import * as v from 'valibot';
import { type Call, type Outcome, UsageError } from './command.ts';
import { deliver } from './deliver.ts';
import type { creationOptions } from './user-options.ts';
import { shown } from './show-user.ts';
import { withApplication } from './with-application.ts';

type CreateCall = Call<typeof creationOptions>;

/** Creates an account. Without a password, an invitation is mailed. */
export async function createUser(call: CreateCall): Promise<Outcome> {
  const {
    arguments: [email = ''],
    options,
  } = call;
  const { name, role, field = [], verified = false, 'external-id': externalId } = options;
  if (name === undefined) throw new UsageError('--name is missing');
  refuseContradictions(call);
  return withApplication(
    call,
    async (opened) => {
      const { application, system } = opened;
      if (application.policy.registration === 'closed') {
        throw new UsageError('REGISTRATION is closed: set it to invited for this command');
      }
      // Asked for once the store is open, so that no password is typed in vain.
      const password = await readPassword(call);
      const user = await application.createUser.execute(system, {
        email,
        name,
        role,
        password,
        externalId,
        emailVerified: verified,
        profile: readFields(field, application.policy.profile.fields),
      });
      const isMailed = password === undefined || !verified;
      return shown(opened, user, isMailed ? [await deliver(opened)] : []);
    },
    'create',
  );
}

/** @throws UsageError when the options say in two ways how the account gets its password, or in none that works here */
function refuseContradictions({ options, terminal }: CreateCall): void {
  const { invite, password, 'password-stdin': isPiped } = options;
  if ([invite, password, isPiped].filter(Boolean).length > 1) {
    throw new UsageError('--invite, --password and --password-stdin exclude each other');
  }
  if (password && !terminal.isInteractive) {
    throw new UsageError('--password needs a terminal: use --password-stdin');
  }
}

/** The password of the account; `undefined` if the member is to set it. */
async function readPassword({ options, terminal }: CreateCall): Promise<string | undefined> {
  if (options['password-stdin']) return (await terminal.readInput()).replace(/\r?\n$/, '');
  if (!options.password) return undefined;
  const first = await terminal.ask('Password: ', { isSecret: true });
  const second = await terminal.ask('The same again: ', { isSecret: true });
  if (first !== second) throw new UsageError('The two passwords differ');
  return first;
}

/** Fields of the profile, as NAME=VALUE. A value is text if the field takes text, else JSON. */
function readFields(given: readonly string[], fields: ProfileFields): Record<string, never> {
  const read = given.map((pair) => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field?.write?.includes('admins')) {
      const known = Object.entries(fields).filter(([, { write }]) => write?.includes('admins'));
      throw new UsageError(`--field takes NAME=VALUE, with one of ${known.map(([one]) => one).join(', ')}`);
    }
    return [name, v.is(field.schema, value) ? value : (fromJson(value) ?? value)] as const;
  });
  return Object.fromEntries(read) as Record<string, never>;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
