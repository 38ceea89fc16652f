import { driverUrl } from './driver-url.ts';
import { IsoClient } from './iso-client.ts';

/** A connection to the host that accepts writes. */
export interface PrimaryFound {
  readonly client: IsoClient;
  /** The URL of this host. */
  readonly url: string;
}

/**
 * Connects to the first of these hosts that accepts writes. Each host has its share of the time that is left, so that
 * one that does not answer leaves time for the others.
 *
 * @param urls a URL for each host
 * @param timeout milliseconds for all of them
 * @throws Error a sentence that says for each host why it is not the one
 */
export async function findPrimary(urls: readonly string[], timeout: number): Promise<PrimaryFound> {
  const deadline = performance.now() + timeout;
  const reasons: string[] = [];
  for (const [index, url] of urls.entries()) {
    const shareEnds = () => Math.max(1, until - performance.now());
    const until = performance.now() + (deadline - performance.now()) / (urls.length - index);
    const client = new IsoClient({
      connectionString: driverUrl(url),
      application_name: 'sallyport',
      connectionTimeoutMillis: shareEnds(),
    });
    const reason = await refusal(client, shareEnds);
    if (reason === undefined) return { client, url };
    reasons.push(`${client.host}:${client.port} ${reason}`);
    void client.end();
  }
  throw new Error(`No host accepts writes: ${reasons.join('; ')}`);
}

/** Why a host is not the primary, or undefined if it is. Its role may change, so it is asked on each connection. */
async function refusal(client: IsoClient, timeLeft: () => number): Promise<string | undefined> {
  try {
    await client.connect();
    const query = {
      text: `select pg_is_in_recovery()::text as standby, current_setting('transaction_read_only') as read_only`,
      query_timeout: timeLeft(),
    };
    const { rows } = await client.query<{ readonly standby: string; readonly read_only: string }>(query);
    if (rows[0]?.standby === 'true') return 'is a standby';
    return rows[0]?.read_only === 'on' ? 'is read-only' : undefined;
  } catch (error) {
    return `failed (${(error as Error).message})`;
  }
}
