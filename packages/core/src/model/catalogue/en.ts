import { pageRefusals, type Refusals, type Words } from './words.ts';

/** English, the default. */
export const en: Words = {
  letters: {
    'verify-email': {
      subject: 'Confirm your e-mail address',
      paragraphs: ['An account was registered with this address. Please confirm that the address is yours.'],
      action: { label: 'Confirm this address', page: 'verify-email' },
      otherwise: 'If you did not register, ignore this mail. Without a confirmation, nothing happens.',
    },
    'reset-password': {
      subject: 'Choose a new password',
      paragraphs: ['A new password was requested for your account.'],
      action: { label: 'Choose a new password', page: 'reset-password' },
      otherwise: 'If you did not request it, ignore this mail. Your password stays the same.',
    },
    'change-email': {
      subject: 'Confirm your new e-mail address',
      paragraphs: ['You asked to use this address for your account.'],
      action: { label: 'Confirm this address', page: 'verify-email' },
      otherwise: 'If you did not ask for this, ignore this mail. Without a confirmation, nothing changes.',
    },
    'email-change-requested': {
      subject: 'Your e-mail address is about to change',
      paragraphs: [
        'A client that knows your password asked to change the e-mail address of your account. The change takes effect when the new address is confirmed.',
      ],
      otherwise: 'If you did not ask for this, change your password now. That ends every session.',
    },
    invitation: {
      subject: 'You are invited',
      paragraphs: ['An account was created for you. To use it, choose a password.'],
      action: { label: 'Choose a password', page: 'reset-password' },
      otherwise: 'If you did not expect this mail, ignore it. Without a password, the account cannot be used.',
    },
    'session-stolen': ({ reason }) => ({
      subject: 'We ended a session of your account',
      paragraphs: [
        reason === 'guessing'
          ? 'The current password was entered wrongly ten times in a row within a session of your account. A client that has the session but not your password may be guessing, so we ended the session.'
          : 'A session of your account was continued with a key that had already been used. This happens when the key was copied, so we ended the session on every device that used it.',
      ],
      otherwise: 'Log in again to continue. If you are in doubt, change your password too.',
    }),
    'email-changed': {
      subject: 'Your e-mail address was changed',
      paragraphs: [
        'The e-mail address of your account was changed to another one. Mails about your account go there from now on.',
      ],
      otherwise: 'If you did not change it, contact the operator of this service at once.',
    },
    'password-changed': {
      subject: 'Your password was changed',
      paragraphs: ['The password of your account was changed, and every session has ended.'],
      otherwise: 'If you did not change it, reset it at once, and check that no other person reads your mail.',
    },
    'account-deactivated': {
      subject: 'Your account was deactivated',
      paragraphs: [
        'Your account was deactivated, and every session has ended. It cannot be used until it is activated again.',
      ],
      otherwise: 'If you did not ask for this, contact the operator of this service.',
    },
    'account-closed': {
      subject: 'Your account was closed',
      paragraphs: ['Your account was closed. Its data is being deleted, and this address is free for a new account.'],
      otherwise: 'If you did not close it, contact the operator of this service.',
    },
  },
  shared: {
    greeting: (name) => (name === undefined ? 'Hello,' : `Hello ${name},`),
    validity: (until, once) => `The link is valid until ${until}${once ? ' and works once' : ''}.`,
  },
  pages: {
    'reset-password': {
      title: 'Choose a password',
      newPassword: 'New password',
      button: 'Set this password',
      rules: ({ minLength, maxLength, passphraseLength }) => [
        `${minLength} to ${maxLength} characters`,
        `At least one number or symbol, unless it has ${passphraseLength} characters or more`,
        'Not only numbers',
        'Not your name, your address, the name of this service or a common password',
      ],
      showPassword: 'Show password',
      doneTitle: 'Password set',
      done: 'You can log in with your new password. Every earlier session has ended.',
      email: 'E-mail address',
      requestLink: 'Send a new link',
      linkRequested: 'If this address has an account, a new link is on its way to it.',
    },
    'verify-email': {
      title: 'Confirm your e-mail address',
      button: 'Confirm',
      doneTitle: 'Thank you',
      done: 'Your address is confirmed. You can close this page.',
      email: 'E-mail address',
      requestLink: 'Send a new link',
      linkRequested: 'If this address belongs to an account and is not confirmed yet, a new link is on its way to it.',
    },
  },
  everyPage: {
    errorTitle: (title) => `Error: ${title}`,
    offerLink: 'Links work for a limited time, and some work only once. Enter your address to get a new one.',
    linkRequestedTitle: 'Check your mail',
    continueTo: (name) => `Continue to ${name ?? 'the app'}`,
    foreignForm: 'This form was sent by another site. Open the link in your mail again',
    unreadableForm: 'The form cannot be read. Open the link in your mail again',
    failure: 'Something went wrong. Please try again later',
  },
  refusals: {
    ...(Object.fromEntries(pageRefusals.map((sentence) => [sentence, sentence])) as Refusals),
    'Invalid or expired token': 'This link is invalid or has expired',
  },
};
