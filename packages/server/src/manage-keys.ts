import { compose } from './compose.ts';
import type { Config } from './config.ts';

/** Lists the signing keys, or starts a rotation, while nodes are running. */
export async function manageKeys(config: Config, command: 'list' | 'rotate', tell: (line: string) => void) {
  const { application, system, close } = await compose(config);
  try {
    if (command === 'rotate') await application.rotateKeys.execute(system);
    for (const { kid, state, activeFrom } of await application.listKeys.execute(system)) {
      tell(`${kid}  ${state.padEnd(8)}  signs from ${activeFrom.toISOString()}`);
    }
  } finally {
    await close();
  }
}
