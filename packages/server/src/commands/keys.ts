import type { Outcome, PlainCall } from './command.ts';
import { command } from './command.ts';
import { confirm, yes } from './confirm.ts';
import { withApplication } from './with-application.ts';

/** The signing keys of access tokens. */
export const keyCommands = [
  command({
    name: 'keys list',
    summary: 'show the signing keys',
    run: (call) => listAfter(call),
  }),
  command({
    name: 'keys rotate',
    summary: 'have another signing key take over in 15 minutes',
    details: 'Verifiers have that long to fetch it. Every access token stays valid. Nodes may be running.',
    run: (call) => listAfter(call, 'rotateKeys'),
  }),
  command({
    name: 'keys revoke',
    options: { yes },
    summary: 'replace all signing keys at once; every access token becomes invalid',
    details: `For a key or a secret that leaked or is lost. Nodes that run notice it within a minute. Clients whose refresh token is
still valid get a new access token.`,
    async run(call) {
      await confirm(call, 'Every access token becomes invalid. Replace all signing keys?');
      return listAfter(call, 'revokeKeys');
    },
  }),
];

function listAfter(call: PlainCall, change?: 'rotateKeys' | 'revokeKeys'): Promise<Outcome> {
  return withApplication(call, async ({ application, system }) => {
    if (change) await application[change].execute(system);
    const keys = await application.listKeys.execute(system);
    return {
      lines: keys.map(
        ({ kid, state, activeFrom }) => `${kid}  ${state.padEnd(8)}  signs from ${activeFrom.toISOString()}`,
      ),
      json: keys.map(({ kid, state, activeFrom }) => ({ kid, state, active_from: activeFrom.toISOString() })),
    };
  });
}
