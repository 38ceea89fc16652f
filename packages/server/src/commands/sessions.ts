import { command } from './command.ts';
import { confirm, yes } from './confirm.ts';
import { withApplication } from './with-application.ts';

/** The sessions of all accounts. */
export const sessionCommands = [
  command({
    name: 'sessions end-all',
    options: { yes },
    summary: 'end every session of every account, and invalidate every mailed link',
    details: 'For a secret that leaked. All members have to log in again. Nodes may be running.',
    async run(call) {
      await confirm(call, 'All members have to log in again. End every session?');
      return withApplication(call, async ({ application, system }) => {
        const { sessions, links } = await application.endEverySession.execute(system);
        return {
          lines: [`Sessions ended: ${sessions}, mailed links invalidated: ${links}`],
          json: { sessions, links },
        };
      });
    },
  }),
];
