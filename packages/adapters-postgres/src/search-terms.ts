import { foldCase } from '@sallyport/core';

/** What an account is found by: its address, and the words of its name, without case and accents. */
export function searchTerms({ name, email }: { readonly name: string; readonly email: string }): readonly string[] {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u);
  return [...new Set([email, ...words].map(foldCase))].filter((term) => term !== '');
}
