import { compose } from './compose.ts';
import type { Config } from './config.ts';

/** Clears the failed passwords of an account, where nodes count them together. */
export async function unslowUser(config: Config, email: string, tell: (line: string) => void): Promise<void> {
  const { application, system, close } = await compose(config);
  try {
    await application.unslowUser.execute(system, { email });
    tell('The failed passwords of this account are cleared');
  } finally {
    await close();
  }
}
