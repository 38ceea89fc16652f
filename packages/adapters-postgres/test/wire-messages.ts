/** A message of PostgreSQL's protocol: a type, a length and a content (PostgreSQL manual, "Message Formats"). */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(type), length, content]);
}

/** What a server says to a client that it admits: AuthenticationOk and ReadyForQuery. */
export const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);

/** What a server says before it closes a connection. */
export function fatal(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}
