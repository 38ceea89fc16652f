/** The hosts that the API is mounted on, by their names in packages/http-api/test/hosts.ts, each at a path. */
export const mounts = [
  { host: 'node:http', path: '' },
  { host: 'Express', path: '/api' },
  { host: 'Express with its parsers', path: '' },
  { host: 'Fastify with middie', path: '/api' },
  { host: 'a route of Fastify', path: '/api' },
  { host: 'Koa', path: '/api' },
  { host: 'koa-mount', path: '/api' },
  { host: 'Koa with a parser', path: '' },
  { host: 'Hono', path: '/api' },
];

const everywhere = mounts.map(({ host }) => host);
const except = (...hosts) => everywhere.filter((host) => !hosts.includes(host));

/** The tests that must fail on a mount, by a title: of a test, or of a group, each of whose tests must fail. */
export const differences = [
  {
    title: 'a path that no route has',
    // The route gives every path below it to the API, so the API answers.
    on: except('a route of Fastify'),
    why: 'The API passes a path that it does not know on to the host.',
  },
  {
    title: 'are escaped by no host in front of the path',
    // middie resolves such a target before the API sees it.
    on: except('Fastify with middie'),
    why: 'A target with a scheme and host is resolved by the host or not at all: no path of the API matches it.',
  },
  {
    title: 'are escaped by no other spelling of the path (GHSA-x732-6j76-qmhm)',
    on: ['Hono'],
    why: 'The URL of a `Request` has no dot segments: such a path is the route itself, and is limited as it is.',
  },
  {
    title: 'is a problem for a JSON body that is malformed',
    on: ['Express with its parsers', 'a route of Fastify', 'Koa with a parser'],
    why: 'The parser of the host refuses what it cannot parse. The one for Koa lets its error through.',
  },
  {
    title: 'is a problem for a JSON body that is too large',
    on: ['Express with its parsers', 'a route of Fastify', 'Koa with a parser'],
    why: 'The parser of the host has a limit of its own, or none.',
  },
  {
    title: 'takes the longest post, by code points',
    on: ['Express with its parsers'],
    why: 'express.json() accepts 100 KB unless it is told otherwise. The longest post takes more.',
  },
  ...['in another charset', 'in a charset after white space'].map((kind) => ({
    title: `is a problem for a JSON body ${kind}`,
    on: ['Express with its parsers'],
    why: 'express.json() refuses charsets that it does not know.',
  })),
  {
    title: "meets the body ''",
    on: ['Express with its parsers'],
    why: 'express.json() makes an empty object of an empty body, in which all fields are missing.',
  },
  ...["meets the body ''", `meets the body '{"a":1}x'`, "meets the body '{\\'a\\':1}'"].map((title) => ({
    title,
    on: ['Koa with a parser'],
    why: 'The parser of the host lets its error through.',
  })),
];
