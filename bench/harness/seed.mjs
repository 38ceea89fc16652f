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
    await answerTo(connection, api.register(person).request);
    const { request, keep } = api.logIn(person);
    keep(await answerTo(connection, request));
  });
  if (!api.createPost || posts === 0) return people;
  const authors = Array.from({ length: posts }, (_, n) => people[n % people.length]);
  await inParallel(url, authors, async (connection, author) => {
    const { body } = await answerTo(connection, api.createPost(author).request);
    if (api.publish) await answerTo(connection, api.publish(author, JSON.parse(body).id).request);
  });
  return people;
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
