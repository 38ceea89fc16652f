import { anyone, type PolicyOptions } from '../src/index.ts';
import { scenario } from './scenario.ts';

/** Ada, logged in on one device, and what her client does with her tokens. */
export async function refreshing(policy: PolicyOptions = {}) {
  const story = scenario(policy);
  const { application } = story;
  await story.register('Ada');
  const first = await story.login('Ada');
  const ada = await application.authenticate.execute(anyone, first);
  const refresh = (refreshToken: string, caller = anyone) => application.refresh.execute(caller, { refreshToken });
  const works = async ({ accessToken }: { accessToken: string }) =>
    application.authenticate.execute(anyone, { accessToken }).then(
      () => true,
      () => false,
    );
  return { ...story, ada, first, refresh, works };
}
