import { compose } from './compose.ts';
import type { Config } from './config.ts';

/** Lists the signing keys, after it started a rotation or replaced all of them, while nodes may be running. */
export async function manageKeys(
  config: Config,
  command: 'list' | 'rotate' | 'revoke',
  tell: (line: string) => void,
): Promise<void> {
  const { application, system, close } = await compose(config);
  try {
    if (command === 'rotate') await application.rotateKeys.execute(system);
    if (command === 'revoke') await application.revokeKeys.execute(system);
    for (const { kid, state, activeFrom } of await application.listKeys.execute(system)) {
      tell(`${kid}  ${state.padEnd(8)}  signs from ${activeFrom.toISOString()}`);
    }
  } finally {
    await close();
  }
}
