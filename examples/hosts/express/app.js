import { openAccounts } from '@example/accounts';
import { memberOf, nodeGuard, nodeListener } from '@sallyport/http-api/node';
import express from 'express';

const port = process.env.PORT ?? 3000;
const { api, close } = await openAccounts(`http://localhost:${port}/accounts`);
const guard = nodeGuard(api);
const report = (request, response) => response.json({ for: memberOf(request).user.name });

const app = express();
app.use('/accounts', nodeListener(api));
app.get('/reports', guard.require('member'), report);
app.get('/admin/reports', guard.require('admin'), report);

const server = app.listen(port);
process.once('SIGTERM', () => server.close(close));
