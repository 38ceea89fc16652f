import type { MailOptions } from '@sallyport/core';

/** The letter to the author of a post that has a new comment. */
export const commentsMails: MailOptions = {
  en: {
    letters: {
      'comments.added': ({ title }) => ({
        subject: 'A new comment on your post',
        paragraphs: [`Your post “${title}” has a new comment.`],
      }),
    },
  },
  de: {
    letters: {
      'comments.added': ({ title }) => ({
        subject: 'Ein neuer Kommentar zu Ihrem Beitrag',
        paragraphs: [`Zu Ihrem Beitrag „${title}“ gibt es einen neuen Kommentar.`],
      }),
    },
  },
};
