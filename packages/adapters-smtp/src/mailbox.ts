import addressparser from 'nodemailer/lib/addressparser';

/** Whether this names one mailbox that mails can be from: an address, or `Name <address>` (RFC 5322, section 3.4). */
export function isMailbox(text: string): boolean {
  const [mailbox, ...others] = addressparser(text);
  if (mailbox?.address === undefined || others.length > 0) return false;
  const { name, address } = mailbox;
  // The parser makes the best of what it is given: an address without brackets may leave the rest of a text as its name.
  const isWhole = name === '' || (/<[^<]*>$/.test(text.trim()) && !name.includes('@'));
  return isWhole && /^[^\s@]+@[^\s@]+$/.test(address) && !/\p{Cc}/u.test(text);
}
