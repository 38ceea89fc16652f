import { isIPv6 } from 'node:net';

/** Letters, digits, - and _ between dots. Parsers accept or drop other characters, invisible ones too. */
const name = /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u;

/** Whether this can be the host of a URL: a name, an IPv4 address, or an IPv6 address in brackets. */
export function isHost(text: string): boolean {
  const [, address] = /^\[([\da-f:.]+)\]$/i.exec(text) ?? [];
  return address === undefined ? name.test(text) : isIPv6(address);
}

/** Whether this is a port that can be connected to. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535;
}

/** Whether this is the host of a URL, with or without a port. */
export function isHostAndPort(text: string): boolean {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text) ?? [];
  return isHost(host) && (port === undefined || isPort(port));
}
