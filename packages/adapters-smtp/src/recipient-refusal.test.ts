import { isRecipientRefused } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { asRecipientRefusal } from './recipient-refusal.ts';

/** The error of nodemailer for this reply. */
function refusal(response: string, command = 'RCPT TO') {
  const responseCode = Number(response.slice(0, 3));
  return Object.assign(new Error(`Refused: ${response}`), { code: 'EENVELOPE', command, response, responseCode });
}

describe('asRecipientRefusal', () => {
  it.each([
    '550 No such user',
    '550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
    '550-5.1.1 The email account that you tried to reach does not exist. Please try\n550 5.1.1 again',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
    '550 5.5.0 Requested action not taken: mailbox unavailable',
    '550 5.2.1 The email account that you tried to reach is inactive',
    '550 Unrouteable address',
    '550 5.0.0 <spam-policy-auth@example.com>... User unknown',
    '551 User not local; please try <ada@elsewhere.example>',
    '553 5.1.3 The recipient address is not a valid address',
    '554 5.1.1 Unknown user',
    '556 5.1.10 Domain does not accept mail',
    '556 Domain does not accept mail',
  ])('says of the reply %s that the recipient is refused', (response) => {
    const error = refusal(response);
    const refused = asRecipientRefusal(error);
    expect(isRecipientRefused(refused)).toBe(true);
    expect(refused).toMatchObject({ message: error.message, cause: error });
  });

  it.each<[response: string, command?: string]>([
    ['450 4.2.0 Greylisted'],
    ['451 4.7.1 Try again later'],
    ['452 4.2.2 Mailbox full'],
    ['421 4.3.2 Service not available'],
    ['550 4.2.1 Mailbox busy'],
    ['550 5.7.1 Relaying denied'],
    ['550 5.7.26 This mail is unauthenticated'],
    ['550 relay not permitted'],
    ['550 Authentication required'],
    ['550 5.1.0 Sender rejected'],
    ['550 5.1.7 Bad sender address'],
    ['550 5.1.8 Sender domain not found'],
    ['550 5.2.2 Mailbox full'],
    ['550 5.3.2 System not accepting messages'],
    ['550 5.4.4 Host not found'],
    ['550 Blocked by a block list'],
    ["553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
    ['552 5.2.2 Over quota'],
    ['552 Requested mail action aborted: exceeded storage allocation'],
    ['554 5.7.1 Relay access denied'],
    ['554 Transaction failed'],
    ['530 5.7.0 Must issue a STARTTLS command first'],
    ['503 Bad sequence of commands'],
    ['501 Syntax error in parameters'],
    ['500 Unrecognized command'],
    ['535 5.7.8 Authentication failed', 'AUTH PLAIN'],
    ['550 5.1.1 No such user', 'MAIL FROM'],
    ['550 5.1.1 No such user', 'DATA'],
    ['550 Not you', 'CONN'],
  ])('leaves the reply %s alone', (response, command) => {
    const error = refusal(response, command);
    expect(asRecipientRefusal(error)).toBe(error);
  });

  it('leaves errors alone that are no replies', () => {
    for (const error of [new Error('Connection closed'), undefined, 'x', { command: 'RCPT TO' }]) {
      expect(asRecipientRefusal(error)).toBe(error);
    }
  });
});
