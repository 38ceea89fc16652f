import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/**
 * Runs `use` with a registry of npm that has the packed packages. The environment that it is given tells npm to install
 * the packages of our scope from there, so that they are installed as they would be once they are published. Everything
 * else comes from where npm is configured to take it.
 *
 * @template T
 * @param {readonly import('./pack.mjs').Packed[]} packages
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withRegistry(packages, use) {
  const server = createServer((request, response) => answer(packages, request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  try {
    return await use({ ...process.env, ...quiet, 'npm_config_@sallyport:registry': url });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Settings that keep npm to the installation. */
const quiet = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'error',
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
};

function answer(packages, { url, headers }, response) {
  const path = decodeURIComponent(url.slice(1));
  const tarball = packages.find((packed) => basename(packed.tarball) === path);
  const named = packages.find(({ name }) => name === path);
  if (tarball) createReadStream(tarball.tarball).pipe(response);
  else if (named) {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(packument(named, `http://${headers.host}`)));
  } else response.writeHead(404).end('{}');
}

/** What a registry tells of a package that has one version. */
function packument({ name, version, manifest, tarball, integrity }, registry) {
  const dist = { tarball: `${registry}/${basename(tarball)}`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
