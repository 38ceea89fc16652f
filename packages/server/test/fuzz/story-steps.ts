import type { Caller, Name, Race, Shot } from './shot.ts';

type Options = Partial<Pick<Shot, 'expect' | 'learn'>> & {
  readonly json?: object;
  readonly form?: Record<string, string>;
};

/** A request of a story: the caller, the request and the result that it must have. */
export function ask(
  caller: Caller,
  methodAndPath: string,
  expect: number | readonly number[],
  { json, form, learn }: Options = {},
): Shot {
  const [method = '', target = ''] = methodAndPath.split(' ');
  const text = json
    ? JSON.stringify(json)
    : form &&
      Object.entries(form)
        .map((entry) => entry.join('='))
        .join('&');
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  const isSomebody = caller !== 'anonymous' && caller !== 'forger';
  return {
    kind: 'stories',
    caller,
    method,
    target,
    headers: [
      ['Host', 'sallyport.test'],
      ...(isSomebody ? [['Authorization', `Bearer ⟦${caller}.token⟧`] as const] : []),
      ...(text === undefined ? [] : [['Content-Type', type] as const]),
    ],
    ...(text !== undefined && { body: { text, coding: 'plain' as const } }),
    plain: true,
    expect: [expect].flat(),
    ...(learn && { learn }),
  };
}

export const password = (who: Name) => ({ email: `⟦${who}.email⟧`, password: `⟦${who}.password⟧` });
const profile = { name: 'Eve', age: 36, ...password('eve') };
const grantOf = (who: Name): Options => ({ learn: { who, what: 'grant' } });

export const register = ask('anonymous', 'POST /auth/register', 201, { json: profile });
export const login = (who: Name, expect = 200) =>
  ask('anonymous', 'POST /auth/login', expect, { json: password(who), ...(expect === 200 && grantOf(who)) });
export const loginByForm = (who: Name) =>
  ask('anonymous', 'POST /auth/token', 200, {
    form: { grant_type: 'password', username: `⟦${who}.email⟧`, password: `⟦${who}.password⟧` },
    ...grantOf(who),
  });
export const refresh = (who: Name, what: string, expect: number) =>
  ask('anonymous', 'POST /auth/refresh', expect, {
    json: { refresh_token: `⟦${who}.${what}⟧` },
    ...(expect === 200 && grantOf(who)),
  });
export const me = (who: Name, expect: number) => ask(who, 'GET /users/me', expect);
export const times = (count: number, shot: Shot, once = false): Race => ({
  together: Array.from({ length: count }, () => shot),
  once,
});

const setPassword = (who: Name, link: string, expect: number | readonly number[]) =>
  ask('anonymous', 'POST /auth/reset-password', expect, {
    json: { token: `⟦${who}.${link}⟧`, new_password: `⟦${who}.newPassword⟧` },
    learn: { who, what: 'password' },
  });
export const reset = (expect: number | readonly number[] = 204, link = 'reset') => setPassword('ada', link, expect);
export const accept = (expect: number | readonly number[]) => setPassword('ivy', 'invitation', expect);
export const invite = (expect: number) => ask('root', 'POST /admin/users/⟦ivy.id⟧/invitation', expect);

/** Has links mailed, without using them up. */
export const look = (...which: readonly string[]) =>
  which.map((link) => ask('root', 'POST /auth/introspect', 200, { form: { token: `⟦ada.${link}⟧` } }));
export const changePassword = ask('ada', 'PATCH /users/me/password', 200, {
  json: { current_password: '⟦ada.password⟧', new_password: '⟦ada.newPassword⟧' },
  learn: { who: 'ada', what: 'password' },
});
export const oldLogin = ask('anonymous', 'POST /auth/login', 401, {
  json: { email: '⟦ada.email⟧', password: '⟦ada.old_password⟧' },
});
export const verify = (expect: number) =>
  ask('anonymous', 'POST /auth/verify-email', expect, { json: { token: '⟦ada.verify⟧' } });
export const post = (caller: Name | 'anonymous', method: string, expect: number, json?: object) =>
  ask(caller, `${method} /posts/⟦ada.draft⟧`, expect, { ...(json && { json }) });
export const role = (name: string) => ask('root', 'PATCH /admin/users/⟦ada.id⟧/role', 200, { json: { role: name } });
