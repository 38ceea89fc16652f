import { memoryPorts } from '@sallyport/adapters-memory/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  createApplication,
  defineModule,
  GrantView,
  type Hooks,
  moduleErrors,
  type Ports,
  signIn,
  type SignInNeeds,
  useCase,
} from '../index.ts';

const errors = moduleErrors({ 'badges.unknown': 'Unknown badge' });

/** A way to sign in that the core does not have: by the badge that the host gave to an account. */
const signInByBadge = useCase({
  caller: 'anyone',
  input: v.object({ badge: v.string() }),
  output: GrantView,
  errors: ['badges.unknown', 'email_not_verified'],
  async run(needs: SignInNeeds & Pick<Ports, 'users'>, caller, { badge }) {
    const [user] = await needs.users.list({ externalId: badge }, { skip: 0, limit: 1 });
    const credentials = user && (await needs.users.findCredentials({ id: user.id }));
    if (!credentials) throw errors.refusal('badges.unknown');
    const { securityVersion } = credentials;
    const proof = { userId: user.id, methods: ['hwk'], securityVersion };
    const grant = await signIn(needs, caller, user, proof);
    if (!grant) throw errors.refusal('badges.unknown');
    return grant;
  },
});
const badges = defineModule({ name: 'badges', useCases: { signInByBadge }, errors });

async function withBadge(hooks: Hooks = {}) {
  const ports = memoryPorts();
  const { application, system } = createApplication(ports, { modules: [badges], hooks });
  await application.bootstrapAdmin.execute(system, { email: 'grace@example.com', password: 'secret123' });
  const login = await application.login.execute({}, { email: 'grace@example.com', password: 'secret123' });
  const grace = await application.authenticate.execute({}, login);
  const ada = { name: 'Ada', email: 'ada@example.com', externalId: 'badge-7', emailVerified: true };
  const { id } = await application.createUser.execute(grace as never, ada);
  return { application, ports, grace, id, enter: application.use(badges).signInByBadge };
}

describe('A module that signs users in', () => {
  it('opens a session of an account without a password, with its method, and records the login', async () => {
    const { application, ports, id, enter } = await withBadge();
    const member = await application.authenticate.execute({}, await enter.execute({}, { badge: 'badge-7' }));
    expect(member.user.id).toBe(id);
    const { items } = await application.listSessions.execute(member);
    expect(items).toMatchObject([{ methods: ['hwk'], current: true }]);
    const [entry] = await ports.audit.list({ type: 'user.logged_in', subjectId: id }, { skip: 0, limit: 1 });
    expect(entry).toMatchObject({ actorId: id, detail: { newDevice: true } });
  });

  it('opens none for a deactivated account', async () => {
    const { application, grace, id, enter } = await withBadge();
    await application.deactivateUser.execute(grace as never, { id });
    const refused = await enter.execute({}, { badge: 'badge-7' }).catch((error: unknown) => error);
    expect(badges.isError(refused)).toBe(true);
  });
});
