/** A constant answer from Koa: the floor of what a request costs. */
import Koa from 'koa';
import { user } from './constant-user.mjs';
import { announce } from './announce.mjs';

const app = new Koa();
app.use((context) => {
  context.body = user;
});
await announce(app.listen(0, '127.0.0.1'));
