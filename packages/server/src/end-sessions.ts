import { compose } from './compose.ts';
import type { Config } from './config.ts';

/** Ends every session and invalidates every mailed link, while nodes may be running. */
export async function endSessions(config: Config, tell: (line: string) => void): Promise<void> {
  const { application, system, close } = await compose(config);
  try {
    const { sessions, links } = await application.endEverySession.execute(system);
    tell(`Sessions ended: ${sessions}, mailed links invalidated: ${links}`);
  } finally {
    await close();
  }
}
