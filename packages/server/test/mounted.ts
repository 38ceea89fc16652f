import { createHttpApi, createMetadataApi } from '@sallyport/http-api';
import type { ContainerModule } from 'inversify';
import { type HostName, hosts } from '../../http-api/test/hosts.ts';
import { logged } from '../../http-api/test/logged.ts';
import type { Running } from '../../http-api/test/running.ts';
import { type HttpServerOptions, parts, wrap } from '../src/index.ts';

/** The API of a server, mounted on another host. */
export interface Mounted {
  /** An override for `compose`, which takes the options that the server would have used. */
  readonly module: ContainerModule;
  /** Starts the host, once the server is composed. */
  start(): Promise<Running>;
}

/** Mounts the API of a server on the host of this name, instead of letting the server listen. */
export function mountOn(name: string, path: string): Mounted {
  if (!Object.hasOwn(hosts, name)) throw new Error(`WIRE_MOUNT is one of ${Object.keys(hosts).join(', ')}`);
  let options: HttpServerOptions | undefined;
  return {
    module: wrap(parts.httpOptions, (given) => (options = given)),
    start() {
      if (!options) throw new Error('The server is not composed yet');
      const { trustedProxies, certificate: _, timeouts: __, maxConnections: ___, around: ____, ...ofApi } = options;
      const [api, metadata] = [logged(createHttpApi(ofApi)), createMetadataApi(ofApi)];
      return hosts[name as HostName]({ api, metadata, path, trustedProxies });
    },
  };
}
