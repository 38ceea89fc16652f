/** A password, its hash, and the format that reads it. */
export type Vector = readonly [format: string, source: string, password: string, hash: string];

/** passlib's own texts for its tests. */
const table = 't\u00e1\u0411\u2113\u0259';

const saltAndKey = (salt: string, keyInHex: string) => ({
  salt: Buffer.from(salt).toString('base64'),
  value: Buffer.from(keyInHex, 'hex').toString('base64'),
});

/** A credential as a realm export of Keycloak contains it. */
const keycloak = (secret: object, credential: object) =>
  JSON.stringify({
    type: 'password',
    userLabel: 'My password',
    secretData: JSON.stringify(secret),
    credentialData: JSON.stringify(credential),
  });

// RFC 6070, RFC 7914 (section 12), and the vectors of SHA-256 that Werkzeug's tests use.
const rfc6070 = '4b007901b765489abead49d926f721d065a429c1';
const sha256Twice = 'ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43';
const rfc7914 =
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';

/** Public test vectors of other projects. */
export const vectors: readonly Vector[] = [
  // Openwall's crypt_blowfish, wrapper.c
  ['bcrypt', 'crypt_blowfish', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['bcrypt', 'crypt_blowfish', 'U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['bcrypt', 'crypt_blowfish', '', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
  // passlib 1.7.4, tests/test_handlers_bcrypt.py
  ['bcrypt', 'passlib', table, '$2b$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG'],
  ['bcrypt', 'passlib', '\u0451', '$2y$05$6bNw2HLQYeqHYyBfLMsv/OUcZd0LKP39b87nBw3.S2tVZSqiQX6eu'],
  ['bcrypt', 'passlib', 'password', '$bcrypt-sha256$2a,5$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu'],
  ['bcrypt', 'passlib', table, '$bcrypt-sha256$2b,5$.US1fQ4TQS.ZTz/uJ5Kyn.$QNdPDOTKKT5/sovNz1iWg26quOU4Pje'],
  [
    'bcrypt',
    'passlib',
    'password',
    '$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS',
  ],
  ['bcrypt', 'passlib', table, '$bcrypt-sha256$v=2,t=2b,r=5$.US1fQ4TQS.ZTz/uJ5Kyn.$pzzgp40k8reM1CuQb03PvE0IDPQSdV6'],
  // Made by the steps of wp_hash_password in WordPress 6.8
  ['bcrypt', 'WordPress', 'password', '$wp$2y$05$lqF05I4iASPDeV3cbR7MWuD.R5e2N/y579oP7v62SSonp6DzE9Q8.'],
  // The hashes of Django's BCryptSHA256PasswordHasher and BCryptPasswordHasher, made by its steps
  ['bcrypt', 'Django', 'password', 'bcrypt_sha256$$2b$05$dIHqCe5/cvIxD3RQq8tVt.5RbUF9L0WYxXfrVGNYoW1iERyuyQ/Pu'],
  ['bcrypt', 'Django', 'U*U', 'bcrypt$$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  // Spring Security's reference, "Password Storage"
  ['bcrypt', 'Spring', 'password', '{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG'],
  // passlib 1.7.4, tests/test_handlers_argon2.py
  ['argon2', 'passlib', 'password', '$argon2i$v=19$m=256,t=1,p=1$c29tZXNhbHQ$AJFIsNZTMKTAewB4+ETN1A'],
  ['argon2', 'passlib', 'password', '$argon2i$v=19$m=380,t=2,p=2$c29tZXNhbHQ$SrssP8n7m/12VWPM8dvNrw'],
  // Supabase Auth, internal/crypto/password_test.go
  ['argon2', 'Supabase', 'test', '$argon2i$v=19$m=16,t=2,p=1$bGJRWThNOHJJTVBSdHl2dQ$NfEnUOuUpb7F2fQkgFUG4g'],
  [
    'argon2',
    'Supabase',
    'test',
    '$argon2id$v=19$m=32,t=3,p=2$SFVpOWJ0eXhjRzVkdGN1RQ$RXnb8rh7LaDcn07xsssqqulZYXOM/EUCEFMVcAcyYVk',
  ],
  // Django, tests/auth_tests/test_hashers.py
  [
    'argon2',
    'Django',
    'secret',
    'argon2$argon2i$m=8,t=1,p=1$c29tZXNhbHQ$gwQOXSNhxiOxPOA0+PY10P9QFO4NAYysnqRt1GSQLE55m+2GYDt9FEjPMHhP2Cuf0nOEXXMocVrsJAtNSsKyfg',
  ],
  ['argon2', 'Django', 'secret', 'argon2$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q'],
  ['argon2', 'Django', 'secret', 'argon2$argon2id$v=19$m=102400,t=2,p=8$Y041dExhNkljRUUy$TMa6A8fPJhCAUXRhJXCXdw'],
  // The same values, with the parameters in another order.
  ['argon2', 'another order', 'secret', '$argon2i$v=19$t=1,p=1,m=8$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q'],
  [
    'argon2',
    'Keycloak',
    'secret',
    keycloak(
      { value: 'YC9+jJCrQhs5R6db7LlN8Q==', salt: 'c2FsdHNhbHQ=', additionalParameters: {} },
      {
        hashIterations: 1,
        algorithm: 'argon2',
        additionalParameters: { hashLength: ['16'], memory: ['8'], type: ['i'], version: ['1.3'], parallelism: ['1'] },
      },
    ),
  ],
  // passlib 1.7.4, tests/test_handlers_scrypt.py
  [
    'scrypt',
    'passlib',
    'test',
    '$scrypt$ln=8,r=8,p=1$wlhLyXmP8b53bm1NKYVQqg$mTpvG8lzuuDk+DWz8HZIB6Vum6erDuUm0As5yU+VxWA',
  ],
  [
    'scrypt',
    'passlib',
    'nacl',
    '$scrypt$ln=1,r=4,p=2$yhnD+J+Tci4lZCwFgHCuVQ$fAsEWmxSHuC0cHKMwKVFPzrQukgvK09Sj+NueTSxKds',
  ],
  // Django, tests/auth_tests/test_hashers.py
  [
    'scrypt',
    'Django',
    'l\u00e8tmein',
    'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
  ],
  // Spring Security's reference, "Password Storage"
  [
    'scrypt',
    'Spring',
    'password',
    '{scrypt}$e0801$8bWJaSu2IKSn9Z9kM+TPXfOc/9bdYSrN1oD9qfVThWEwdRTnO7re7Ei+fUZRJ68k9lTyuTeUp4of4g24hHnazw==$OAOec05+bXxvuu/1qZ6NUR+xQYvYv7BeL1QxwRpY5Pc=',
  ],
  ['scrypt', 'Werkzeug, of RFC 7914', 'pleaseletmein', `scrypt:16384:8:1$SodiumChloride$${rfc7914}`],
  // Made by better-auth 1.7.25, which takes the ligature and the decomposed letter in NFKC
  [
    'scrypt',
    'better-auth',
    '\ufb01sh and Zoe\u0308',
    '51293736921837ee97ba4176e38fcac4:8b94a5ed9716508dbe77896606919a71094f32154086ae4b8937ae8c21db0c3e3e5a648fa02b6c7297ff3f15a8977d937fe207256d0659adecb77bc4a186ce99',
  ],
  [
    'scrypt',
    'Lucia, of better-auth',
    '\ufb01sh and Zoe\u0308',
    's2:51293736921837ee97ba4176e38fcac4:8b94a5ed9716508dbe77896606919a71094f32154086ae4b8937ae8c21db0c3e3e5a648fa02b6c7297ff3f15a8977d937fe207256d0659adecb77bc4a186ce99',
  ],
  // Made by Node's scryptSync with a salt of bytes
  [
    'scrypt',
    'Node, with a salt of bytes',
    'password',
    'd086eaf942b120b60e4e35a150c70690:c791c9653b8ba8a8a88067e22f6453183bbc5bfbb7fc08c730941ac23c558550e36e69efa660a52b447242b6c08f9c2b5d3b46ca935439bc0736320d73304a1b',
  ],
  ['scrypt', 'Node, of RFC 7914', 'pleaseletmein', `SodiumChloride:${rfc7914}`],
  ['scrypt', 'Node with the key in front, of RFC 7914', 'pleaseletmein', `${rfc7914}.SodiumChloride`],
  // hashcat's example hashes (https://hashcat.net/wiki/doku.php?id=example_hashes), whose password is its name
  [
    'pbkdf2',
    'Django, by hashcat',
    'hashcat',
    'pbkdf2_sha256$20000$H0dPx8NeajVu$GiC4k5kqbbR9qWBlsRgDywNqC2vd9kqfk7zdorEnNas=',
  ],
  // passlib 1.7.4, tests/test_handlers_pbkdf2.py
  ['pbkdf2', 'passlib', 'password', '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI'],
  [
    'pbkdf2',
    'passlib',
    'password',
    '$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ',
  ],
  [
    'pbkdf2',
    'passlib',
    'password',
    '$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww',
  ],
  [
    'pbkdf2',
    'PHC',
    'password',
    '$pbkdf2-sha256$i=1212,l=32$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg+fJPeq1h/gXXY7acBp9/6c+tmQ',
  ],
  ['pbkdf2', 'Werkzeug, of RFC 6070', 'password', `pbkdf2:sha1:4096$salt$${rfc6070}`],
  ['pbkdf2', 'Werkzeug', 'password', `pbkdf2:sha256:2$salt$${sha256Twice}`],
  [
    'pbkdf2',
    'Keycloak',
    'password',
    keycloak(
      { ...saltAndKey('salt', sha256Twice), additionalParameters: {} },
      { hashIterations: 2, algorithm: 'pbkdf2-sha256', additionalParameters: {} },
    ),
  ],
  [
    'pbkdf2',
    'Keycloak',
    'password',
    keycloak(saltAndKey('salt', rfc6070), { hashIterations: 4096, algorithm: 'pbkdf2' }),
  ],
  // ASP.NET Core, src/Identity/test/Identity.Test/PasswordHasherTest.cs
  ['pbkdf2', 'ASP.NET 2', 'my password', 'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg=='],
  [
    'pbkdf2',
    'ASP.NET 3',
    'my password',
    'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==',
  ],
  // https://github.com/firebase/scrypt
  [
    'firebase-scrypt',
    'Firebase',
    'user1password',
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  ],
  // Supabase Auth, internal/crypto/password_test.go
  [
    'firebase-scrypt',
    'Supabase',
    'mytestpassword',
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==',
  ],
  // phpass 0.5, test.php, and passlib 1.7.4, tests/test_handlers.py
  ['phpass', 'phpass', 'test12345', '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0'],
  ['phpass', 'passlib', 'test1', '$H$9aaaaaSXBjgypwqm.JsMssPLiS8YQ00'],
  ['phpass', 'passlib', 'JohnRipper', '$P$B12345678L6Lpt4BxNotVIMILOa9u81'],
  ['phpass', 'Drupal, by hashcat', 'hashcat', '$S$C33783772bRXEx1aCsvY.dqgaaSu76XmVlKrW9Qu8IQlvxHlmzLf'],
  // https://www.akkadia.org/drepper/SHA-crypt.txt
  ['sha-crypt', 'SHA-crypt', 'Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  [
    'sha-crypt',
    'SHA-crypt',
    'Hello world!',
    '$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA',
  ],
  // passlib 1.7.4, tests/test_handlers.py, and John the Ripper
  [
    'sha-crypt',
    'John the Ripper',
    'U*U*U*U*',
    '$6$LKO/Ute40T3FNF95$6S/6T2YuOIHY0N3XpLKABJ3soYcXD9mB7uVbtEZDj/LNscVhZoZ9DEH.sBciDrMsHOWOoASbNLTypH/5X26gN0',
  ],
  [
    'sha-crypt',
    'passlib',
    'with unic\u00d6de',
    '$5$rounds=1000$IbG0EuGQXw5EkMdP$LQ5AfPf13KufFsKtmazqnzSGZ4pxtUNw3woQ.ELRDF4',
  ],
  [
    'sha-crypt',
    'passlib',
    '4lpHa N|_|M3r1K W/ Cur5Es: #$%(*)(*%#',
    '$6$rounds=11065$5KXQoE1bztkY5IZr$Jf6krQSUKKOlKca4hSW07MSerFFzVIZt/N3rOTsUgKqp7cUdHrwV8MoIVNCk9q9WL3ZRMsdbwNXpVk0gVxKtz1',
  ],
  [
    'sha-crypt',
    'passlib',
    '',
    '$6$rounds=11021$KsvQipYPWpr93wWP$v7xjI4X6vyVptJjB1Y02vZC5SaSijBkGmq1uJhPr3cvqvvkd42Xvo48yLVPFt8dvhCsnlUgpX.//Cxn91H4qy1',
  ],
];
