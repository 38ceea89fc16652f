import { describe, expect, it, vi } from 'vitest';
import { codeOf, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { type DomainEvent, eventOf } from '../model/domain-event.ts';
import { eventTypes } from '../model/event-types.ts';
import { Events, publishing, type FailureListener, type Subscriber } from './events.ts';

const event = (type: DomainEvent['type'] = 'user.registered') => eventOf(type, anyone, new Date(0), 7);
const subscriber = () => vi.fn<Subscriber>();

describe('Events', () => {
  it('are told to those who subscribed to their type', () => {
    const events = new Events();
    const [here, too, elsewhere] = [subscriber(), subscriber(), subscriber()];
    events.on('user.registered', here);
    events.on('user.registered', too);
    events.on('user.deleted', elsewhere);
    events.publish(event());
    expect(here.mock.calls).toEqual([[event()]]);
    expect(too.mock.calls).toEqual([[event()]]);
    expect(elsewhere).not.toHaveBeenCalled();
  });

  it('are all told to those who subscribed to *', () => {
    const events = new Events();
    const all = subscriber();
    events.on('*', all);
    events.publish(event());
    events.publish(event('user.deleted'));
    expect(all.mock.calls).toEqual([[event()], [event('user.deleted')]]);
  });

  it('have no type that is not declared', () => {
    const events = new Events(['user.registered']);
    expect(() => events.on('user.regsitered', () => {})).toThrow('There is no event of the type');
    expect(events.on('user.registered', () => {})).toBeTypeOf('function');
    expect(events.on('*', () => {})).toBeTypeOf('function');
  });

  it.each([undefined, null, 'log', {}])('have no subscriber or listener that is %j', (none) => {
    const events = new Events();
    expect(() => events.on('*', none as never)).toThrow('A subscriber must be a function');
    expect(() => events.onFailure(none as never)).toThrow('A listener must be a function');
  });

  it('are the same for each subscriber, whatever another one changes', async () => {
    const events = new Events();
    const change = (changed: { subjectId?: unknown; at: Date; detail: object }) => {
      changed.subjectId = 999;
      changed.at.setTime(1);
      Object.assign(changed.detail, { hacked: true });
    };
    const [second, failure] = [subscriber(), vi.fn<FailureListener>()];
    events.onFailure(failure);
    events.on('*', (one) => {
      change(one);
      throw new Error('broken');
    });
    events.on('*', second);
    const published = event();
    events.publish(published);
    expect(second.mock.calls).toEqual([[event()]]);
    await vi.waitFor(() => expect(failure.mock.calls).toEqual([[new Error('broken'), event()]]));
    expect(published).toEqual(event());
  });

  it('need no subscriber', () => {
    const events = new Events();
    const failure = vi.fn<FailureListener>();
    events.onFailure(failure);
    expect(events.publish(event())).toBeUndefined();
    expect(failure).not.toHaveBeenCalled();
  });

  it('are told no more to those who left, and go on being told to the others', () => {
    const events = new Events();
    const [leaving, staying] = [subscriber(), subscriber()];
    const leave = events.on('*', leaving);
    events.on('*', staying);
    events.publish(event());
    leave();
    leave();
    events.publish(event());
    expect(leaving).toHaveBeenCalledTimes(1);
    expect(staying).toHaveBeenCalledTimes(2);
  });

  it('are told to all who were there, even where one leaves or comes while they are told', () => {
    const events = new Events();
    const [second, late] = [subscriber(), subscriber()];
    const leave = events.on('*', () => {
      leave();
      events.on('*', late);
    });
    events.on('*', second);
    events.publish(event());
    expect(second).toHaveBeenCalledTimes(1);
    expect(late).not.toHaveBeenCalled();
  });

  it.each<[string, Subscriber]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('survive a subscriber that %s, and report it', async (_, broken) => {
    const events = new Events();
    const [before, behind, failure] = [subscriber(), subscriber(), vi.fn<FailureListener>()];
    events.onFailure(failure);
    events.on('*', before);
    events.on('*', broken);
    events.on('*', behind);
    expect(events.publish(event())).toBeUndefined();
    expect([before.mock.calls.length, behind.mock.calls.length]).toEqual([1, 1]);
    await vi.waitFor(() => expect(failure.mock.calls).toEqual([[new Error('broken'), event()]]));
  });

  it.each<[string, FailureListener]>([
    [
      'throws',
      () => {
        throw new Error('the listener is broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the listener is broken'))],
  ])('survive a listener to failures that itself %s', async (_, broken) => {
    const unhandled = vi.fn<() => void>();
    process.once('unhandledRejection', unhandled);
    const events = new Events();
    const behind = subscriber();
    events.onFailure(broken);
    events.on('*', () => Promise.reject(new Error('broken')));
    events.on('*', behind);
    events.publish(event());
    await new Promise((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(behind).toHaveBeenCalledOnce();
  });

  it('survive a subscriber that fails, without a listener to failures', async () => {
    const events = new Events();
    events.on('*', () => Promise.reject(new Error('broken')));
    expect(events.publish(event())).toBeUndefined();
    await Promise.resolve();
  });
});

describe('Transactions that publish', () => {
  /** A store that runs work as often as it likes, and may refuse to commit. */
  function publishingStore({ times = 1, commits = true } = {}) {
    const order: string[] = [];
    const audit = {
      append: async (): Promise<void> => void order.push('appended'),
      purge: async (_: Date, limit: number) => limit,
    };
    const store: UnitOfWork = {
      async run(work) {
        for (let n = 1; n < times; n += 1) await work({ audit } as unknown as Transaction);
        const result = await work({ audit } as unknown as Transaction);
        order.push(commits ? 'committed' : 'rolled back');
        if (!commits) throw new Error('no commit');
        return result;
      },
    };
    const events = new Events();
    const told: DomainEvent[] = [];
    events.on('*', (one) => {
      order.push('told');
      told.push(one);
    });
    return { order, told, events, unitOfWork: publishing(store, events, eventTypes) };
  }

  it('tell of what they appended once it is committed, in order', async () => {
    const { unitOfWork, order, told } = publishingStore();
    const result = await unitOfWork.run(async ({ audit }) => {
      await audit.append(event('user.registered'));
      await audit.append(event('user.deleted'));
      return 'done';
    });
    expect(result).toBe('done');
    expect(order).toEqual(['appended', 'appended', 'committed', 'told', 'told']);
    expect(told).toEqual([event('user.registered'), event('user.deleted')]);
  });

  it('tell nothing where the work throws or the store does not commit', async () => {
    const { unitOfWork, told } = publishingStore();
    const failing = unitOfWork.run(async ({ audit }) => {
      await audit.append(event());
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');

    const refusing = publishingStore({ commits: false });
    await expect(refusing.unitOfWork.run(({ audit }) => audit.append(event()))).rejects.toThrow('no commit');
    expect([told, refusing.told]).toEqual([[], []]);
  });

  it('tell once of what work did that ran more than once: what it did the last time', async () => {
    const { unitOfWork, told } = publishingStore({ times: 3 });
    let run = 0;
    await unitOfWork.run(async ({ audit }) => {
      run += 1;
      await audit.append(event(run === 3 ? 'user.deleted' : 'user.registered'));
    });
    expect(told).toEqual([event('user.deleted')]);
  });

  it('tell nothing of what the audit did not take', async () => {
    const events = new Events();
    const heard = subscriber();
    events.on('*', heard);
    const audit = { append: () => Promise.reject(new Error('full')), purge: async () => 0 };
    const store: UnitOfWork = { run: (work) => work({ audit } as unknown as Transaction) };
    await publishing(store, events, eventTypes).run(({ audit: publishes }) =>
      publishes.append(event()).catch(() => {}),
    );
    expect(heard).not.toHaveBeenCalled();
  });

  it.each([
    ['an object', {}],
    ['null', null],
    ['undefined', undefined],
    ['a bigint', 1n],
    ['infinity', Infinity],
    ['NUL', 'a\0b'],
    ['an unpaired surrogate', '\ud800'],
  ])('refuse an event whose detail has %s', async (_, value) => {
    const { unitOfWork, order } = publishingStore();
    const unusable: DomainEvent = { ...event(), detail: { note: value as never } };
    const message = 'The detail "note" of "user.registered" is no text, number or boolean that can be stored';
    await expect(unitOfWork.run(({ audit }) => audit.append(unusable))).rejects.toThrow(message);
    await expect(unitOfWork.run(({ audit }) => audit.appendAll([event(), unusable]))).rejects.toThrow(message);
    expect(order).toEqual([]);
  });

  it('leave the rest of the audit as it is', async () => {
    const { unitOfWork } = publishingStore();
    expect(await unitOfWork.run(({ audit }) => audit.purge(new Date(0), 7))).toBe(7);
  });
});

describe('The events of an application', () => {
  it('are what its audit remembers', async () => {
    const { application, register, login, audited } = scenario();
    const told: DomainEvent[] = [];
    application.events.on('*', (one) => void told.push(one));
    await register('Ada');
    await codeOf(register('Ada'));
    await login('Ada');
    await codeOf(login('Ada', 'wrong-1'));
    expect(told.map(({ type }) => type)).toEqual(['user.registered', 'user.logged_in', 'user.login_failed']);
    expect(told).toEqual((await audited()).map(({ id: _, ...one }) => one));
  });

  it('let a subscriber act on them: what it tells of can be seen', async () => {
    const { application, register, ports } = scenario();
    const seen: unknown[] = [];
    application.events.on('user.registered', async ({ subjectId }) => {
      seen.push(await ports.users.findById(subjectId ?? 0));
      await application.forgotPassword.execute(anyone, { email: 'ada@example.com' });
      seen.push('acted');
    });
    const user = await register('Ada');
    await vi.waitFor(() => expect(seen).toEqual([user, 'acted']));
  });

  it('hurt no use case whose subscriber fails', async () => {
    const { application, register, login } = scenario();
    const failure = vi.fn<FailureListener>();
    application.events.onFailure(failure);
    application.events.on('*', () => {
      throw new Error('broken');
    });
    expect(await register('Ada')).toMatchObject({ id: 1 });
    expect(await login('Ada')).toHaveProperty('accessToken');
    await vi.waitFor(() => expect(failure).toHaveBeenCalledTimes(2));
  });
});
