import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';

const text = { title: 'On engines', content: 'Weaves algebraical patterns.' };

describe('CreatePost', () => {
  it('starts a draft by the caller', async () => {
    const { application, clock, member } = scenario();
    const ada = await member('Ada');
    clock.advance(60);
    const input = { title: ' On engines ', content: '\nWeaves\r\nalgebraical patterns.\n' };
    expect(await application.createPost.execute(ada, input)).toStrictEqual({
      id: 1,
      title: 'On engines',
      content: 'Weaves\r\nalgebraical patterns.',
      published: false,
      authorId: ada.user.id,
      createdAt: clock.now(),
    });
  });

  it('pays no heed to fields that are not for the caller to set', async () => {
    const { application, clock, ports, member, register } = scenario();
    const [ada, bob] = [await member('Ada'), await register('Bob')];
    const privileges = { id: 99, published: true, authorId: bob.id, author_id: bob.id, createdAt: new Date(0) };
    const draft = { ...text, id: 1, published: false, authorId: ada.user.id, createdAt: clock.now() };
    expect(await application.createPost.execute(ada, { ...text, ...privileges })).toStrictEqual(draft);
    expect((await ports.posts.findWithAuthor(1))?.post).toStrictEqual(draft);
  });

  it.each([
    { title: 'Looms' },
    { title: '😀'.repeat(5) },
    { title: '😀'.repeat(100) },
    { content: '😀'.repeat(20) },
    { content: '😀'.repeat(50_000) },
    { content: `"><script>\u001b[31m\u202e 2020` },
  ])('accepts what fits', async (fields) => {
    const { application, member } = scenario();
    expect(await application.createPost.execute(await member('Ada'), { ...text, ...fields })).toMatchObject(fields);
  });

  it.each([
    [{ title: ' Loom ' }, { title: 'Must be at least 5 characters' }],
    [{ title: '😀'.repeat(101) }, { title: 'Must be at most 100 characters' }],
    [{ title: 'Looms\nand' }, { title: 'Must not contain control or direction characters' }],
    [{ title: 'Looms\0' }, { title: 'Must be well-formed Unicode without NUL' }],
    [{ title: '\u200b'.repeat(5) }, { title: 'Must contain a visible character' }],
    [{ title: 'Looms\ufff9' }, { title: 'Must not contain deprecated format characters or noncharacters' }],
    [{ content: '\u2800'.repeat(20) }, { content: 'Must contain a visible character' }],
    [{ content: ' nineteen letters... ' }, { content: 'Must be at least 20 characters' }],
    [{ content: '😀'.repeat(19) }, { content: 'Must be at least 20 characters' }],
    [{ content: 'x'.repeat(50_001) }, { content: 'Must be at most 50000 characters' }],
    [{ content: `${'x'.repeat(20)}\udc00` }, { content: 'Must be well-formed Unicode without NUL' }],
    [
      { title: null, content: undefined },
      { title: 'Must be a string', content: 'Field required' },
    ],
  ])('refuses what does not fit', async (fields, issues) => {
    const { application, member } = scenario();
    const answer = application.createPost.execute(await member('Ada'), { ...text, ...fields } as never);
    expect(await issuesOf(answer)).toEqual(issues);
  });

  it('says so where the author is gone', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    await application.deleteAccount.execute(ada);
    expect(await codeOf(application.createPost.execute(ada, text))).toBe('user_no_longer_exists');
  });
});
