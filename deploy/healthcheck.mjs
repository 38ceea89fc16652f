/**
 * Exits with 0 if the server in this container answers `GET /health/live` with 200, else with 1. An argument names another
 * path. The image has no curl.
 */
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { argv, env } from 'node:process';

const { PORT, TLS_CERT } = env;
const [, , path = '/health/live'] = argv;
const options = { host: '127.0.0.1', port: Number(PORT || 3000), path, timeout: 2_000 };

// The certificate is for the public name.
const request = TLS_CERT ? getHttps({ ...options, rejectUnauthorized: false }) : getHttp(options);
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
