import type { ServerResponse } from 'node:http';
import { createHardenedServer, type HardenedServer } from '@sallyport/hardened-server';
import type { Registry } from 'prom-client';

/** Few clients scrape. */
const maxConnections = 64;

/** Answers `GET /metrics` in the text format of Prometheus, and nothing else. */
export function createMetricsServer(registry: Pick<Registry, 'metrics' | 'contentType'>): HardenedServer {
  async function answer(path: string, method: string, response: ServerResponse): Promise<void> {
    if (path !== '/metrics') return end(response, 404, 'Not found: the metrics are at /metrics\n');
    if (method !== 'GET' && method !== 'HEAD') return end(response.setHeader('Allow', 'GET'), 405, 'Use GET\n');
    try {
      const body = await registry.metrics();
      end(response.setHeader('Content-Type', registry.contentType), 200, body);
    } catch {
      end(response, 500, 'The metrics cannot be read\n');
    }
  }
  return createHardenedServer({
    maxConnections,
    handler: ({ url = '', method = '' }, response) => answer(url.split('?', 1)[0] ?? '', method, response),
  });
}

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(body);
}
