import { createServer } from 'node:http';
import { openAccounts } from '@example/accounts';
import { memberOf, nodeGuard, nodeListener } from '@sallyport/http-api/node';

const port = Number(process.env.PORT ?? 3000);
const { api, close } = await openAccounts(`http://localhost:${port}/accounts`);
const accounts = nodeListener(api, { mountPath: '/accounts' });
const guard = nodeGuard(api);

const routes = {
  '/reports': guard.require('member'),
  '/admin/reports': guard.require('admin'),
};

function own(request, response) {
  const admit = routes[request.url];
  if (!admit) return response.writeHead(404).end();
  return admit(request, response, () => response.end(JSON.stringify({ for: memberOf(request).user.name })));
}

const server = createServer((request, response) => accounts(request, response, () => own(request, response)));
server.listen(port);
process.once('SIGTERM', () => server.close(close));
