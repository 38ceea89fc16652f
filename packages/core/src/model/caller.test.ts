import { describe, expect, it } from 'vitest';
import { scenario } from '../../test/scenario.ts';
import { anyone, isAdmin, isMember, requireAdmin, requireMember, roles } from './caller.ts';

describe('A caller', () => {
  it('without an identity is neither member nor admin', () => {
    expect(isMember(anyone)).toBe(false);
    expect(isAdmin(anyone)).toBe(false);
    expect(() => requireMember(anyone)).toThrow(expect.objectContaining({ code: 'not_authenticated' }));
    expect(() => requireAdmin(anyone)).toThrow(expect.objectContaining({ code: 'not_authenticated' }));
  });

  it('without an identity, which all calls may share, cannot be changed', () => {
    expect(() => Object.assign(anyone, { ip: '203.0.113.7' })).toThrow(TypeError);
    expect(anyone).toEqual({});
  });

  it('with one of some roles stays so: the roles cannot be changed', () => {
    const editors = roles('editor');
    expect(() => Object.assign(editors, { roles: ['user'] })).toThrow(TypeError);
    expect(() => Object.assign(editors.roles, { 0: 'user' })).toThrow(TypeError);
  });

  it('with a user and a session is a member', async () => {
    const ada = await scenario().member('Ada');
    expect(isMember(ada)).toBe(true);
    expect(requireMember(ada)).toBe(ada);
    expect(isAdmin(ada)).toBe(false);
    expect(() => requireAdmin(ada)).toThrow(expect.objectContaining({ code: 'admin_required' }));
  });

  it('with the role of an admin is an admin', async () => {
    const grace = await scenario().admin('Grace');
    expect(isAdmin(grace)).toBe(true);
    expect(requireAdmin(grace)).toBe(grace);
  });

  it('is no member with a user or a session alone', async () => {
    const { user, sessionId } = await scenario().admin('Grace');
    for (const half of [{ user }, { sessionId }]) {
      expect(isMember(half)).toBe(false);
      expect(isAdmin(half)).toBe(false);
      expect(() => requireAdmin(half)).toThrow(expect.objectContaining({ code: 'not_authenticated' }));
    }
  });
});
