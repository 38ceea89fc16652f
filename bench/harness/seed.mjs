import { Connection } from './connection.mjs';
import { newPerson } from './people.mjs';
import { answerTo } from './requests.mjs';

const connections = 8;

/**
 * Gives a contestant its members, who are logged in, and its posts, all by its own API.
 *
 * @returns the members
 */
export async function seed({ url, api }, { members, posts }) {
  const people = Array.from({ length: members }, newPerson);
  if (!api.logIn) return people;
  await inParallel(url, people, async (connection, person) => {
    await insist(connection, api.register(person));
    const { request, keep } = api.logIn(person);
    keep(await insist(connection, { request }));
  });
  if (!api.createPost || posts === 0) return people;
  const authors = Array.from({ length: posts }, (_, n) => people[n % people.length]);
  await inParallel(url, authors, async (connection, author) => {
    const { body } = await insist(connection, api.createPost(author));
    if (api.publish) await insist(connection, api.publish(author, JSON.parse(body).id));
  });
  return people;
}

/** Sends a request until the server is not too busy for it. */
async function insist(connection, { request }) {
  for (;;) {
    const answer = await answerTo(connection, request);
    if (answer) return answer;
  }
}

async function inParallel(url, items, work) {
  const waiting = [...items];
  const take = async () => {
    const connection = await Connection.open(url);
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(connection, item);
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, take));
}
