/** What is measured: the load that a workload puts on a contestant. The first load of each is the one reported. */
import { startClosedLoop, startOpenLoop } from './harness/load.mjs';
import { newPerson } from './harness/people.mjs';

const readers = 32;
const writers = 8;
/** Connections of an open loop: enough for the requests of a second. */
const openConnections = 200;
const loginsPerSecond = 60;

/**
 * `needs` names the requests that a contestant must know. Where there is a second load, `beside` is true. `isOpen` says
 * that the rate is fixed.
 */
export const workloads = {
  'current-user': {
    title: `the current user, ${readers} connections`,
    needs: ['currentUser'],
    start: (contestant) => [closed(contestant, 'currentUser', readers)],
  },
  login: {
    title: `logins, ${writers} connections`,
    needs: ['logIn'],
    start: (contestant) => [closed(contestant, 'logIn', writers)],
  },
  'current-user-during-logins': {
    title: `the current user, ${readers} connections, while ${writers} connections log in`,
    needs: ['currentUser', 'logIn'],
    beside: true,
    start: (contestant) => [closed(contestant, 'currentUser', readers), closed(contestant, 'logIn', writers)],
  },
  ...atFixedRate(500),
  ...atFixedRate(1000),
  register: {
    title: `registrations, ${writers} connections`,
    needs: ['register'],
    start: ({ url, api }) => [startClosedLoop(url, { connections: writers, next: () => api.register(newPerson()) })],
  },
  refresh: {
    title: `refreshes, ${writers} connections`,
    needs: ['refresh'],
    start: (contestant) => [closed(contestant, 'refresh', writers)],
  },
  posts: {
    title: `a page of ten posts, ${readers} connections`,
    needs: ['posts'],
    start: (contestant) => [closed(contestant, 'posts', readers)],
  },
};

function atFixedRate(rate) {
  return {
    [`fixed-${rate}`]: {
      title: `the current user ${rate} times a second, while ${loginsPerSecond} log in a second`,
      needs: ['currentUser', 'logIn'],
      beside: true,
      isOpen: true,
      start: (contestant) => [open(contestant, 'currentUser', rate), open(contestant, 'logIn', loginsPerSecond)],
    },
  };
}

/** Each connection has members of its own, so that no token is used twice at once. */
function closed({ url, api, people }, name, connections) {
  const turns = Array.from({ length: connections }, (_, index) =>
    inTurn(people.filter((_person, at) => at % connections === index)),
  );
  const next = (connection) => {
    const { request, keep } = api[name](turns[connection]());
    return { request, done: name === 'refresh' ? keep : undefined };
  };
  return startClosedLoop(url, { connections, next });
}

function open({ url, api, people }, name, rate) {
  const turn = inTurn(people);
  return startOpenLoop(url, { connections: openConnections, rate, next: () => api[name](turn()) });
}

function inTurn(items) {
  let at = -1;
  return () => items[(at = (at + 1) % items.length)];
}
