import { openAccounts } from '@example/accounts';
import middie from '@fastify/middie';
import { nodeGuard, nodeListener, send } from '@sallyport/http-api/node';
import Fastify from 'fastify';

const port = Number(process.env.PORT ?? 3000);
const { api, close } = await openAccounts(`http://localhost:${port}/accounts`);
const guard = nodeGuard(api);

const app = Fastify();
await app.register(middie);
app.use('/accounts', nodeListener(api));

app.decorateRequest('member', null);
const admit = (who) => async (request, reply) => {
  const guarded = await guard.admit(request.raw, who);
  if (guarded && 'member' in guarded) request.member = guarded.member;
  else {
    reply.hijack();
    if (guarded) send(reply.raw, guarded.refusal);
  }
};
const report = (request) => ({ for: request.member.user.name });
app.get('/reports', { preHandler: admit('member') }, report);
app.get('/admin/reports', { preHandler: admit('admin') }, report);

app.addHook('onClose', close);
await app.listen({ port });
process.once('SIGTERM', () => void app.close());
