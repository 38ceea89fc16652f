import { anyone, type Anyone, type PolicyOptions } from '../src/index.ts';
import { emailOf, generousLimits, scenario } from './scenario.ts';

export const hour = 60 * 60;
export const day = 24 * hour;
export const home: Anyone = { ip: '203.0.113.7' };
const million = { attempts: 1e6, seconds: 60 };
const unlimited = { byAccount: million, byAccountAndAddress: million, byAddress: million };
const limits = {
  ...generousLimits,
  forgotPassword: unlimited,
  resendVerification: unlimited,
  changeEmail: unlimited,
  changePassword: unlimited,
};

/** A caller in a network of its own. */
export const from = (n: number): Anyone => ({ ip: `100.${64 + Math.trunc(n / 250)}.${n % 250}.1` });

/** Ada, whose first mail has left an hour and a day ago. */
export async function withAda(policy: PolicyOptions = { limits }) {
  const story = scenario(policy);
  const { application, clock, deliver, mailedToken } = story;
  const ada = await story.register('Ada');
  const forgot = (caller: Anyone, email = emailOf('Ada')) => application.forgotPassword.execute(caller, { email });
  /** How many mails leave now. */
  const leaving = async () => (await deliver()).length;
  const token = await mailedToken(emailOf('Ada'), 'verify-email');
  const verify = () => application.verifyEmail.execute(anyone, { token });
  clock.advance(day);
  return { ...story, ada, verify, forgot, leaving };
}
