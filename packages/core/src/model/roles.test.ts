import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';
import { NoInput } from './input.ts';
import { roles } from './caller.ts';
import { policyOf } from './policy.ts';
import { createApplication } from '../application.ts';
import { defineModule } from '../module.ts';
import { useCase } from '../use-case.ts';
import { memoryPorts } from '@sallyport/adapters-memory/testing';

const withEditors = { roles: ['user', 'admin', 'editor'] };

describe('The roles of a host', () => {
  it.each([
    [['admin', 'user'], 'must begin with user and admin'],
    [['user'], 'must begin with user and admin'],
    [[], 'must begin with user and admin'],
    [['user', 'admin', 'Editor'], '"Editor"'],
    [['user', 'admin', ''], '""'],
    [['user', 'admin', 'x'.repeat(33)], 'x'.repeat(33)],
    [['user', 'admin', 'editor', 'editor'], '"editor" is declared twice'],
  ])('are refused as %j', (declared, reason) => {
    expect(() => policyOf({ roles: declared })).toThrow(reason);
  });

  it('must include the roles that a use case accepts', () => {
    const edit = useCase({
      caller: roles('editor'),
      input: NoInput,
      output: v.void(),
      errors: [],
      run: async () => {},
    });
    const edits = defineModule({ name: 'edits', useCases: { edit } });
    expect(() => createApplication(memoryPorts(), { modules: [edits] })).toThrow(
      'edits.edit accepts the role "editor"',
    );
    expect(() => createApplication(memoryPorts(), { modules: [edits], ...withEditors })).not.toThrow();
  });
});

describe('A role that the host declares', () => {
  it('is given by an admin and is shown', async () => {
    const { application, admin, member } = scenario(withEditors);
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    const changed = await application.changeRole.execute(grace, { id: ada.user.id, role: 'editor' });
    expect(changed.role).toBe('editor');
    expect((await application.getProfile.execute(ada)).role).toBe('editor');
    const { items } = await application.searchUsers.execute(grace, { role: 'editor' });
    expect(items.map(({ name }) => name)).toEqual(['Ada']);
  });

  it('does not give the permissions of an admin', async () => {
    const { application, admin, member } = scenario(withEditors);
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    await application.changeRole.execute(grace, { id: ada.user.id, role: 'editor' });
    expect(await codeOf(application.searchUsers.execute(ada as never))).toBe('admin_required');
  });

  it('is unknown to another host, who sees a user', async () => {
    const story = scenario(withEditors);
    const ada = await story.member('Ada');
    await story.ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { role: 'publisher' }));
    expect((await story.application.getProfile.execute(ada)).role).toBe('user');
    const { accessToken } = await story.login('Ada');
    expect((await story.application.authenticate.execute({}, { accessToken })).user.role).toBe('user');
  });

  it('is refused where the host does not declare it', async () => {
    const { application, admin, member } = scenario();
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    const attempt = application.changeRole.execute(grace, { id: ada.user.id, role: 'editor' });
    expect(await issuesOf(attempt)).toEqual({ role: 'Must be one of "user" | "admin"' });
  });
});
