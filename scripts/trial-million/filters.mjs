import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { people } from './fill.mjs';

const root = new URL('../../packages/core/src/', import.meta.url);
const before = (days) => new Date(Date.now() - days * 86_400_000);

/** The filters of the store's lists, by the port's interface, and values for each field: frequent ones and rare ones. */
const filters = {
  users: {
    file: 'ports/users.ts',
    name: 'UserFilter',
    values: ({ email }) => ({
      isActive: [true, false],
      role: ['user', 'admin'],
      emailVerified: [true, false],
      externalId: [`legacy-${people.ordinary}`],
      search: [email.slice(0, -4), 'abc', 'a', 'a b', 'no such name'],
    }),
  },
  audit: {
    file: 'ports/audit.ts',
    name: 'AuditFilter',
    values: () => ({
      subjectId: [people.busy, people.ordinary],
      actorId: [people.admin, people.ordinary],
      type: ['user.logged_in', 'signing_key.created'],
      ip: ['198.51.100.7', '203.0.7.7'],
      since: [before(1), before(200)],
      until: [before(1), before(200)],
    }),
  },
  posts: {
    file: 'posts/posts.ts',
    name: 'PostFilter',
    values: () => ({
      authorId: [people.busy, people.ordinary, people.hidden],
      published: [true, false],
      draftsOf: [people.busy, people.ordinary],
      byActive: [true],
    }),
  },
};

/**
 * Every combination of filters that a list accepts. The fields are read from the port's interface, so that a field
 * without values here fails the trial.
 *
 * @param {'users' | 'audit' | 'posts'} list
 * @param {object} facts of the schema
 */
export function combinations(list, facts) {
  const { file, name, values } = filters[list];
  const given = values(facts);
  return fieldsOf(file, name).reduce(
    (combined, field) => {
      if (!given[field]) throw new Error(`The trial has no values for ${field} of ${name}`);
      return combined.flatMap((filter) => [filter, ...given[field].map((value) => ({ ...filter, [field]: value }))]);
    },
    [{}],
  );
}

function fieldsOf(file, name) {
  const path = new URL(file, root);
  const { program } = parseSync(path.pathname, readFileSync(path, 'utf8'));
  const declared = program.body.map((statement) => statement.declaration ?? statement);
  const found = declared.find(({ type, id }) => type === 'TSInterfaceDeclaration' && id.name === name);
  if (!found) throw new Error(`${file} has no interface ${name}`);
  return found.body.body.map(({ key }) => key.name);
}
