import { openAccounts } from '@example/accounts';
import { koaApi, koaGuard } from '@sallyport/adapters-http-koa';
import Koa from 'koa';

const port = Number(process.env.PORT ?? 3000);
const { api, close } = await openAccounts(`http://localhost:${port}/api`);
const guard = koaGuard(api);
const guards = { '/reports': guard('member'), '/admin/reports': guard('admin') };

const app = new Koa();
app.use(koaApi(api, { mountPath: '/api' }));
app.use(async (ctx, next) => {
  if (Object.hasOwn(guards, ctx.path)) await guards[ctx.path](ctx, next);
});
app.use((ctx) => {
  ctx.body = { for: ctx.state.member.user.name };
});

const server = app.listen(port);
process.once('SIGTERM', () => server.close(close));
