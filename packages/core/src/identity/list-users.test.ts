import { describe, expect, it } from 'vitest';
import { codeOf, scenario } from '../../test/scenario.ts';

describe('ListUsers', () => {
  it('lists active accounts by ascending id, to admins no others', async () => {
    const { application, member, admin } = scenario();
    const [grace, ada, bob] = [await admin('Grace'), await member('Ada'), await member('Bob')];
    await application.deactivate.execute(ada);
    for (const caller of [bob, grace]) {
      expect(await application.listUsers.execute(caller, {})).toStrictEqual({ items: [grace.user, bob.user] });
    }
  });

  it('pays no heed to the filters of admins', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    const input: object = { isActive: false, role: 'admin', search: 'x' };
    expect((await application.listUsers.execute(ada, input)).items).toHaveLength(1);
  });

  it('is for admins where the policy says so', async () => {
    const { application, member, admin } = scenario({ userDirectory: 'admins' });
    const [ada, grace] = [await member('Ada'), await admin('Grace')];
    expect(await codeOf(application.listUsers.execute(ada, {}))).toBe('admin_required');
    expect((await application.listUsers.execute(grace, {})).items).toHaveLength(2);
  });
});
