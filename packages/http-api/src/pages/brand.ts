import * as v from 'valibot';
import { options, text } from '../options.ts';
import { mostReadableOn, parseColor, readableOn, type Rgb, toHex } from './contrast.ts';

/** The name and colour of the host's product, on the pages of mailed links and on the docs page. */
export interface Brand {
  /** At most 50 characters. Without one, the pages name no product, and the docs page is that of Sallyport. */
  readonly name?: string | undefined;
  /**
   * The colour of buttons and links, such as `#3355cc`. Where text of this colour could not be read (WCAG 2.2, level
   * AA), a darker or lighter shade takes its place.
   */
  readonly color?: string | undefined;
  /** The URL of the host's app, which a page leads to when it is done. */
  readonly url?: string | undefined;
}

export const brandOptions = options({
  name: v.optional(text),
  color: v.optional(text),
  url: v.optional(text),
} satisfies Record<keyof Brand, v.GenericSchema>);

/** The colour of a host that chooses none. */
export const defaultBrandColor = '#2f5fc4';

/** The backgrounds that the colour appears on. */
const surfaces: Readonly<Record<'light' | 'dark', Rgb>> = { light: [255, 255, 255], dark: [29, 33, 39] };

/** Whether this can be the name of a brand: one line of at most 50 characters. */
export function isBrandName(text: string): boolean {
  return /^[^\p{C}\p{Zl}\p{Zp}]{1,50}$/u.test(text) && text.trim() === text;
}

/** Whether this can be the colour of a brand: `#35c` or `#3355cc`. */
export function isBrandColor(text: string): boolean {
  return parseColor(text) !== undefined;
}

/** Whether this can be the URL of a brand: one of http or https, without credentials. */
export function isBrandUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#@\\]+([/?#][^\s\\]*)?$/i.test(text) && URL.canParse(text);
}

/** @throws Error that names what cannot be used */
export function refuseBrand({ name, color, url }: Brand): void {
  if (name !== undefined && !isBrandName(name))
    throw new Error('The option brand.name must be a line of 1 to 50 characters');
  if (color !== undefined && !isBrandColor(color))
    throw new Error(`The option brand.color must be a colour like #3355cc: ${color}`);
  if (url !== undefined && !isBrandUrl(url))
    throw new Error(`The option brand.url must be a URL of http or https, without credentials: ${url}`);
}

/** The custom properties of CSS that hold the colours of a brand, for one scheme. */
export function brandColors(scheme: 'light' | 'dark', color = defaultBrandColor): string {
  const surface = surfaces[scheme];
  const accent = readableOn(surface, parseColor(color) ?? surface);
  return `--surface: ${toHex(surface)}; --accent: ${toHex(accent)}; --on-accent: ${toHex(mostReadableOn(accent))}`;
}
