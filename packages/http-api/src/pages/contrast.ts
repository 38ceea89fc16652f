/** A colour as red, green and blue, each 0–255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** The contrast of text that WCAG 2.2 asks for (success criterion 1.4.3, level AA). */
const readable = 4.5;

/** Steps from a colour to black or white. */
const steps = 50;

/** Reads a colour such as `#3355cc` or `#35c`; `undefined` if it is none. */
export function parseColor(text: string): Rgb | undefined {
  const [, digits] = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const width = digits.length / 3;
  const channel = (index: number) => {
    const part = digits.slice(index * width, (index + 1) * width);
    return Number.parseInt(width === 1 ? part + part : part, 16);
  };
  return [channel(0), channel(1), channel(2)];
}

/** A colour as CSS writes it: `#3355cc`. */
export function toHex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour itself if it can be read on this background; otherwise the nearest shade of it that can be. */
export function readableOn(background: Rgb, color: Rgb): Rgb {
  const end = mostReadableOn(background);
  for (let step = 0; step < steps; step += 1) {
    const shade = mix(color, end, step / steps);
    if (contrast(background, shade) >= readable) return shade;
  }
  return end;
}

/** Black or white, whichever can be read better on this background. */
export function mostReadableOn(background: Rgb): Rgb {
  return contrast(background, white) > contrast(background, black) ? white : black;
}

/** WCAG 2.2, "relative luminance". */
function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const between = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [between(0), between(1), between(2)];
}
