import { memoryPorts } from '@sallyport/adapters-memory/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../test/scenario.ts';
import { createApplication } from './application.ts';
import { anyone } from './model/caller.ts';
import type { Hooks } from './model/hooks.ts';
import { NoInput, NoOutput } from './model/input.ts';
import { Profile } from './model/profile.ts';
import { defineModule } from './module.ts';

const start = (options: unknown) => () => createApplication(memoryPorts(), options as never);
const field = { schema: v.string(), default: null };
const quota = { attempts: 5, seconds: 60 };
const useCase = { caller: 'anyone', input: NoInput, output: NoOutput, errors: [], run: async () => {} };
const module = { name: 'notes', useCases: { read: useCase } };

describe('createApplication', () => {
  it.each<[string, unknown]>([
    ['The options must be an object', null],
    ['The options must be an object', 'closed'],
    ['The options must be an object', []],
    ['The options must be an object', new Map([['registration', 'closed']])],
    ['The option "regstration" is none of', { regstration: 'closed' }],
    ['The option "registration" must be "open" or "invited" or "closed"', { registration: 'close' }],
    ['The option "registration" must be', { registration: null }],
    ['The option "emailVerification" must be "optional" or "required"', { emailVerification: true }],
    ['The option "userDirectory" must be "members" or "admins"', { userDirectory: 'admin' }],
    ['The option "userDirectory" must be', { userDirectory: null }],
    ['The option "defaultLocale" must be a string', { defaultLocale: null }],
    ['The option "roles" must be a list', { roles: 'user' }],
    ['The option "roles" must be a list', { roles: null }],
    ['The option "roles.2" must be a string', { roles: ['user', 'admin', 7] }],

    ['The option "limits" must be "off" or an object', { limits: null }],
    ['The option "limits" must be "off" or an object', { limits: 'on' }],
    ['The option "limits" must be "off" or an object', { limits: [] }],
    ['The option "limits.logn" is none of login, register,', { limits: { logn: {} } }],
    ['The option "limits.login" must be an object', { limits: { login: 'off' } }],
    ['The option "limits.login" must be an object', { limits: { login: [] } }],
    ['The option "limits.login" must be an object', { limits: { login: null } }],
    [
      'The option "limits.login.byAdress" is none of byAccountAndAddress, byAccount, byAddress',
      { limits: { login: { byAdress: quota } } },
    ],
    ['The option "limits.login.byAddress" must be an object', { limits: { login: { byAddress: null } } }],
    [
      'The option "limits.login.byAddress.attempt" is none of attempts, seconds',
      { limits: { login: { byAddress: { attempt: 5, seconds: 60 } } } },
    ],
    ['The option "limits.login.byAddress.seconds" is missing', { limits: { login: { byAddress: { attempts: 5 } } } }],

    ['The option "profile" must be an object', { profile: null }],
    ['The option "profile" must be an object', { profile: [] }],
    ['The option "profile.city" must be an object', { profile: { city: null } }],
    ['The option "profile.city.read" must be a list', { profile: { city: { ...field, read: 'self' } } }],
    [
      'The option "profile.city.read.0" must be "self" or "admins" or "members" or "public"',
      { profile: { city: { ...field, read: ['admin'] } } },
    ],
    [
      'The option "profile.city.write.1" must be "self" or "admins"',
      { profile: { city: { ...field, write: ['self', 'members'] } } },
    ],
    ['The option "profile.city.readers" is none of', { profile: { city: { ...field, readers: ['self'] } } }],
    ['The option "profile.city.required" must be true or false', { profile: { city: { ...field, required: 'no' } } }],
    ['The option "profile.city.schema" is missing', { profile: { city: { default: null } } }],
    ['The option "profile.city.schema" must be a schema', { profile: { city: { ...field, schema: {} } } }],

    ['The option "hooks" must be an object', { hooks: null }],
    ['The option "hooks" must be an object', { hooks: () => {} }],
    ['The option "hooks.refuseAccount" must be a function', { hooks: { refuseAccount: 'no' } }],
    ['The option "hooks.refuseAcount" is none of refuseAccount,', { hooks: { refuseAcount: () => 'No' } }],
    ['The option "hooks" has none of refuseAccount, accessTokenClaims', { hooks: new Date() }],

    ['The option "mails" must be an object', { mails: null }],
    ['The option "mails" must be an object', { mails: [1] }],
    ['The option "mails.en" must be an object', { mails: { en: null } }],
    ['The option "mails.en.letter" is none of letters, shared,', { mails: { en: { letter: {} } } }],
    ['The option "mails.en.letters" must be an object', { mails: { en: { letters: [] } } }],
    [
      'The option "mails.en.letters.invitation" must be a function or an object',
      { mails: { en: { letters: { invitation: null } } } },
    ],
    [
      'The option "mails.en.letters.invitation" must be a function or an object',
      { mails: { en: { letters: { invitation: 'Hi' } } } },
    ],
    [
      'The option "mails.en.letters.invitation.paragraphs" is missing',
      { mails: { en: { letters: { invitation: { subject: 'Hi' } } } } },
    ],
    [
      'The option "mails.en.letters.constructor" is no kind of mail',
      { mails: { en: { letters: { constructor: {} } } } },
    ],
    ['The option "mails.en.shared.greeting" must be a function', { mails: { en: { shared: { greeting: 'Hello' } } } }],
    [
      'The option "mails.en.pages.verify-email.title" must be a string',
      { mails: { en: { pages: { 'verify-email': { title: () => 'Hi' } } } } },
    ],

    ['The option "modules" must be a list', { modules: null }],
    ['The option "modules" must be a list', { modules: {} }],
    ['The option "modules.0" must be an object', { modules: [null] }],
    ['The option "modules.0.name" is missing', { modules: [{}] }],
    ['The option "modules.0.errors" is missing', { modules: [module] }],
  ])('refuses to start: %s …, for %j', (sentence, options) => {
    expect(start(options)).toThrow(sentence);
  });

  it.each(
    [
      'accessTokenLifetime',
      'refreshTokenLifetime',
      'sessionLifetime',
      'passwordResetLifetime',
      'emailVerificationLifetime',
      'invitationLifetime',
      'auditRetention',
    ].flatMap((name) => [NaN, -1, 0, 1.5, Infinity, 1e300, '15m', '900', null, 60n].map((value) => ({ name, value }))),
  )('refuses $value as the $name', ({ name, value }) => {
    expect(start({ [name]: value })).toThrow(`The option "${name}" must be a whole number of seconds from 1 to `);
  });

  it.each([NaN, -1, 0, 1.5, Infinity, 'five', null])('refuses %j as the number of a quota', (value) => {
    const limitsWith = (part: object) => start({ limits: { login: { byAddress: { ...quota, ...part } } } });
    expect(limitsWith({ attempts: value })).toThrow(
      'The option "limits.login.byAddress.attempts" must be a whole number of attempts from 1 to ',
    );
    expect(limitsWith({ seconds: value })).toThrow(
      'The option "limits.login.byAddress.seconds" must be a whole number of seconds from 1 to ',
    );
  });

  it('takes undefined for the default, whatever the option', async () => {
    const { policy } = createApplication(memoryPorts()).application;
    const names = [...Object.keys(policy), 'defaultLocale', 'hooks', 'modules'];
    const undefinedAll = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(createApplication(memoryPorts(), undefinedAll).application.policy).toEqual(policy);
    const nested = {
      limits: { login: { byAddress: undefined, byAccountAndAddress: undefined }, register: undefined },
      profile: { city: undefined },
      mails: { fr: undefined, en: { letters: { invitation: undefined }, shared: undefined } },
      hooks: { refuseAccount: undefined },
    };
    const { application } = createApplication(memoryPorts(), nested as never);
    expect([application.policy.limits, application.policy.profile.fields]).toEqual([policy.limits, {}]);
  });

  it('takes the policy of an application as its options', () => {
    const { policy } = createApplication(memoryPorts(), { sessionLifetime: 60, profile: { city: field } }).application;
    expect(createApplication(memoryPorts(), policy).application.policy).toEqual(policy);
  });

  it('takes options that are inherited or read by a getter', () => {
    const options = Object.create({ registration: 'closed' }, { sessionLifetime: { get: () => 60, enumerable: true } });
    expect(createApplication(memoryPorts(), options as object).application.policy).toMatchObject({
      registration: 'closed',
      sessionLifetime: 60,
    });
  });

  it('does not follow later changes of its options', () => {
    const read: string[] = ['self'];
    const options = {
      roles: ['user', 'admin'],
      profile: { city: { ...field, read } },
      limits: { login: { byAddress: { ...quota } } },
    };
    const { policy } = createApplication(memoryPorts(), options as never).application;
    const before = structuredClone([policy.roles, policy.limits]);
    read.push('public');
    options.roles.push('editor');
    options.limits.login.byAddress.attempts = 1e6;
    expect([policy.roles, policy.limits]).toEqual(before);
    expect(policy.profile.fields['city']?.read).toEqual(['self']);
  });

  it('takes hooks of a class, which may have members of its own', async () => {
    class Invitations implements Hooks {
      readonly code = 'spring-fair';
      refuseAccount() {
        return `Only with the code ${this.code}`;
      }
    }
    const { application } = createApplication(memoryPorts(), { hooks: new Invitations() });
    const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123' };
    expect(await codeOf(application.register.execute(anyone, ada))).toBe('account_refused');
  });
});

describe('defineModule', () => {
  const records = { note: { schema: NoInput, importWith: 'read', exportWith: 'read' } };

  it.each<[string, unknown]>([
    ['The options of the module "undefined" must be an object', null],
    ['The option "name" of the module "undefined" is missing', { useCases: {} }],
    ['The option "useCases" of the module "notes" is missing', { name: 'notes' }],
    ['The option "purge" of the module "notes" is none of', { ...module, purge: async () => 0 }],
    ['The option "purgeAccount" of the module "notes" must be a function', { ...module, purgeAccount: 'no' }],
    ['The option "checkPolicy" of the module "notes" must be a function', { ...module, checkPolicy: true }],
    ['The option "events" of the module "notes" must be a list', { ...module, events: 'notes.written' }],
    ['The option "errors" of the module "notes" must be an object', { ...module, errors: null }],
    ['The option "mails.en" of the module "notes" must be an object', { ...module, mails: { en: null } }],
    [
      'The option "limits.notes.write.byAcount" of the module "notes" is none of',
      { ...module, limits: { 'notes.write': { byAcount: quota } } },
    ],
    [
      'The module "notes" has no use case "write" for its records "note"',
      { ...module, records: { note: { ...records.note, importWith: 'write' } } },
    ],
    [
      'The option "records.note.exportWith" of the module "notes" is missing',
      { ...module, records: { note: { schema: NoInput, importWith: 'read' } } },
    ],
  ])('refuses: %s …', (sentence, declared) => {
    expect(() => defineModule(declared as never)).toThrow(sentence);
  });

  it.each<[string, unknown]>([
    ['" of the module "notes" must be an object', undefined],
    ['.run" of the module "notes" must be a function', { ...useCase, run: undefined }],
    ['.input" of the module "notes" must be a schema of valibot for an object', { ...useCase, input: undefined }],
    ['.input" of the module "notes" must be a schema', { ...useCase, input: {} }],
    ['.input" of the module "notes" must be a schema', { ...useCase, input: v.array(v.string()) }],
    ['.output" of the module "notes" must be a schema', { ...useCase, output: 'user' }],
    ['.errors" of the module "notes" must be a list', { ...useCase, errors: undefined }],
    ['.joinable" of the module "notes" must be true or false', { ...useCase, joinable: 'yes' }],
    ['.restrictedTo" of the module "notes" must be a function', { ...useCase, restrictedTo: 'admin' }],
    ['.restrictedto" of the module "notes" is none of', { ...useCase, restrictedto: () => 'admin' }],
  ])('refuses a use case: …%s, for %j', (sentence, read) => {
    const declared = { name: 'notes', useCases: { read } };
    expect(() => defineModule(declared as never)).toThrow(`The option "useCases.read${sentence}`);
  });

  it('refuses an error that does not exist', () => {
    const declared = { name: 'notes', useCases: { read: { ...useCase, errors: ['not_found'] } } };
    expect(() => defineModule(declared as never)).toThrow('notes.read refuses with not_found, which is not declared');
  });

  it('makes a module that does not start with a function that makes no schema', () => {
    const withPart = (part: object) =>
      start({ modules: [defineModule({ ...module, useCases: { read: { ...useCase, ...part } } } as never)] });
    expect(withPart({ input: () => ({}) })).toThrow('notes.read has an input that is no schema of an object');
    expect(withPart({ output: () => undefined })).toThrow('notes.read has an output that is no schema');
  });
});

describe('Profile', () => {
  it('names the option of a field that cannot be used', () => {
    const fields = { city: { ...field, read: 'self' } };
    expect(() => new Profile(fields as never)).toThrow('The option "profile.city.read" must be a list');
  });
});
