import { openAccounts } from '@example/accounts';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { fetchGuard, fetchHandler } from '@sallyport/http-api/fetch';
import { Hono } from 'hono';

const port = Number(process.env.PORT ?? 3000);
const { api, close } = await openAccounts(`http://localhost:${port}/accounts`);
const clientAddress = (_, c) => getConnInfo(c).remote.address;
const accounts = fetchHandler(api, { mountPath: '/accounts', clientAddress });
const guard = fetchGuard(api, { clientAddress });

const app = new Hono();
app.use('/accounts/*', async (c, next) => (await accounts(c.req.raw, c)) ?? next());

const admit = (who) => async (c, next) => {
  const admitted = await guard(c.req.raw, who, c);
  if (admitted instanceof Response) return admitted;
  c.set('member', admitted);
  return next();
};
const report = (c) => c.json({ for: c.get('member').user.name });
app.get('/reports', admit('member'), report);
app.get('/admin/reports', admit('admin'), report);

const server = serve({ fetch: app.fetch, port });
process.once('SIGTERM', () => server.close(close));
