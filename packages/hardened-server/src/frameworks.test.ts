import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { expect, it } from 'vitest';
import { type Handler, createHardenedServer } from './index.ts';

const onExpress = (): Handler => {
  const app = express();
  app.get('/hello', (request, response) => void response.send(`Hello, ${request.ip}`));
  return app;
};

const onKoa = (): Handler => {
  const app = new Koa();
  app.use((ctx) => void (ctx.body = `Hello, ${ctx.ip}`));
  return app.callback();
};

const onFastify = async (): Promise<Handler> => {
  const app = Fastify();
  app.get('/hello', async ({ ip }) => `Hello, ${ip}`);
  await app.ready();
  return app.routing;
};

it.each([
  ['Express', onExpress],
  ['Koa', onKoa],
  ['Fastify', onFastify],
])('an app of %s is a handler', async (_, makeApp) => {
  const server = createHardenedServer({ handler: await makeApp() });
  const { port } = await server.listen(0, '127.0.0.1');
  expect(await (await fetch(`http://127.0.0.1:${port}/hello`)).text()).toBe('Hello, 127.0.0.1');
  await server.stop();
});
