import addressparser from 'nodemailer/lib/addressparser';

/** Whether this is one mailbox that can be a sender: an address, or `Name <address>` (RFC 5322, section 3.4). */
export function isMailbox(text: string): boolean {
  const [mailbox, ...others] = addressparser(text);
  if (mailbox?.address === undefined || others.length > 0) return false;
  const { name, address } = mailbox;
  // The parser is lenient: without brackets around the address, it may take the rest of the text for a name.
  const isWhole = name === '' || (/<[^<]*>$/.test(text.trim()) && !name.includes('@'));
  return isWhole && /^[^\s@]+@[^\s@]+$/.test(address) && !/\p{Cc}/u.test(text);
}
