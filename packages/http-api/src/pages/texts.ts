/** The texts of the pages that mailed links lead to. */
export const pageTexts = {
  /** As the `lang` attribute of HTML has it (BCP 47). */
  language: 'en',
  resetPassword: {
    title: 'Choose a new password',
    newPassword: 'New password',
    button: 'Set this password',
    done: 'Your password is changed, and every session has ended. You can log in with the new one.',
  },
  verifyEmail: {
    title: 'Confirm your e-mail address',
    button: 'Confirm',
    done: 'Your address is confirmed. You can close this page.',
  },
} as const;
