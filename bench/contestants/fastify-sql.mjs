/** The tables and prepared statements of the Fastify servers. */

export async function createTables(pool) {
  await pool.query(`
    create table users (
      id bigint generated always as identity primary key,
      name text not null,
      email text not null unique,
      password_hash text not null,
      age integer not null,
      city text not null,
      role text not null default 'user',
      is_active boolean not null default true,
      email_verified boolean not null default false,
      created_at timestamptz not null default now()
    );
    create table sessions (
      id uuid primary key,
      user_id bigint not null references users on delete cascade,
      secret_hash bytea not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index on sessions (user_id);
    create table posts (
      id bigint generated always as identity primary key,
      title text not null,
      content text not null,
      published boolean not null default true,
      author_id bigint not null references users on delete cascade,
      created_at timestamptz not null default now()
    )`);
}

const userColumns = 'users.id, name, email, age, city, role, is_active, email_verified, users.created_at';
const postColumns = 'id, title, content, published, author_id, created_at';

export const statements = {
  user: { name: 'user', text: `select ${userColumns} from users where id = $1 and is_active` },
  userOfSession: {
    name: 'user of session',
    text: `select ${userColumns} from sessions join users on users.id = user_id
           where sessions.id = $1 and user_id = $2 and expires_at > now() and is_active`,
  },
  userByEmail: {
    name: 'user by email',
    text: `select ${userColumns}, password_hash from users where email = lower($1) and is_active`,
  },
  createUser: {
    name: 'create user',
    text: `insert into users (name, email, password_hash, age, city) values ($1, lower($2), $3, $4, $5)
           on conflict (email) do nothing returning ${userColumns}`,
  },
  createSession: {
    name: 'create session',
    text: `insert into sessions (id, user_id, secret_hash, expires_at)
           values ($1, $2, sha256($3::text::bytea), now() + make_interval(days => $4))`,
  },
  refreshSession: {
    name: 'refresh session',
    text: `update sessions set secret_hash = sha256($3::text::bytea) from users
           where sessions.id = $1 and secret_hash = sha256($2::text::bytea) and expires_at > now()
             and users.id = user_id and is_active
           returning ${userColumns}`,
  },
  posts: { name: 'posts', text: `select ${postColumns} from posts where published order by id desc limit 10` },
  createPost: {
    name: 'create post',
    text: `insert into posts (title, content, author_id) values ($1, $2, $3) returning ${postColumns}`,
  },
};
