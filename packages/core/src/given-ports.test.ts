import { memoryStore } from '@sallyport/adapters-memory';
import { memoryPorts, testApplication } from '@sallyport/adapters-memory/testing';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../test/scenario.ts';
import { createApplication } from './application.ts';
import { anyone } from './model/caller.ts';
import { portNames, type Ports, type StorePorts } from './ports/ports.ts';

const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123' };
const storeNames = ['users', 'sessions', 'knownNetworks', 'oneTimeTokens', 'audit', 'keys', 'unitOfWork'] as const;

/** Ports of a class: one is a property, one is inherited, and the others are getters. */
function portsOfClass(ports: Ports): Ports {
  class Inherited {
    close() {}
  }
  class Provided extends Inherited {
    readonly mailer = ports.mailer;
    open() {}
  }
  for (const name of portNames.filter((one) => one !== 'mailer')) {
    const owner = name === 'clock' ? Inherited.prototype : Provided.prototype;
    Object.defineProperty(owner, name, { get: () => ports[name] });
  }
  return new Provided() as unknown as Ports;
}

describe('createApplication', () => {
  it.each(portNames)('does not start without the port %s', (name) => {
    for (const missing of [undefined, null, 'none']) {
      const ports = { ...memoryPorts(), [name]: missing } as unknown as Ports;
      expect(() => createApplication(ports)).toThrow(`The application lacks the port "${name}"`);
    }
  });

  it('names every port that is missing', () => {
    const { mailer: _, clock: __, ...ports } = memoryPorts();
    expect(() => createApplication(ports as Ports)).toThrow('The application lacks the ports "mailer", "clock"');
    for (const none of [undefined, null, {}]) {
      expect(() => createApplication(none as never)).toThrow('The application lacks the ports "users", "sessions", ');
    }
  });

  it('names every method that a port lacks', () => {
    const lacking = { ...memoryPorts(), mailer: {}, unitOfWork: { run: 'later' }, clock: Object.create(null) };
    expect(() => createApplication(lacking as never)).toThrow(
      'The application lacks the methods "unitOfWork.run", "mailer.send", "clock.now"',
    );
    const promised = { ...memoryPorts(), users: Promise.resolve(memoryStore().users) };
    expect(() => createApplication(promised as never)).toThrow(
      'The application lacks the methods "users.findById", "users.findCredentials", "users.list", "users.listCredentials"',
    );
  });

  it('does not start with a lifetime of access tokens that no token can be issued for', () => {
    const ports = memoryPorts();
    const accessTokens = Object.assign(Object.create(ports.accessTokens) as Ports['accessTokens'], {
      longestLifetime: 1800,
    });
    const create = (accessTokenLifetime?: number) =>
      createApplication({ ...ports, accessTokens }, { accessTokenLifetime });
    expect(() => create()).not.toThrow();
    expect(() => create(1801)).toThrow(
      'accessTokenLifetime is 1801 seconds, but the port "accessTokens" issues tokens for 1800 at most: give both the same lifetime',
    );
  });

  it('takes ports from getters and classes', async () => {
    const ports = memoryPorts();
    const { application, system } = createApplication(portsOfClass(ports));
    await application.register.execute(anyone, ada);
    await application.sendMails.execute(system);
    expect(ports.mailer.mails).toHaveLength(1);
  });
});

describe('join', () => {
  it.each(storeNames)('refuses a store without the port %s', (name) => {
    const { [name]: _, ...store } = memoryStore();
    expect(() => testApplication().application.join(store as unknown as StorePorts)).toThrow(
      `The store of the transaction lacks the port "${name}"`,
    );
  });

  it('names every port that is missing', () => {
    const { application } = testApplication();
    const { unitOfWork } = memoryStore();
    const rest = storeNames.filter((name) => name !== 'unitOfWork').map((name) => `"${name}"`);
    const all = (names: readonly string[]) => `The store of the transaction lacks the ports ${names.join(', ')}`;
    expect(() => application.join({ unitOfWork } as never)).toThrow(all(rest));
    for (const none of [undefined, null, {}]) {
      expect(() => application.join(none as never)).toThrow(all([...rest, '"unitOfWork"']));
    }
  });

  it('names every method that a port lacks', () => {
    const store = { ...memoryStore(), audit: { list: () => Promise.resolve([]) } };
    expect(() => testApplication().application.join(store as never)).toThrow(
      'The store of the transaction lacks the method "audit.since"',
    );
  });

  it('takes a store from getters and classes', async () => {
    const { application, admin } = testApplication();
    const grace = await admin('Grace');
    const ports = memoryPorts();
    const joined = application.join(portsOfClass(ports));
    await joined.register.execute(anyone, ada);
    expect(await ports.users.list({}, { skip: 0, limit: 9 })).toHaveLength(1);
    // Grace has an account in the other store alone.
    expect(await codeOf(joined.searchUsers.execute(grace))).toBe('invalid_token');
  });
});
