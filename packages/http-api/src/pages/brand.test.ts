import { describe, expect, it } from 'vitest';
import { testApi } from '../../test/api.ts';
import { type Brand, brandColors } from './brand.ts';
import { contrast, parseColor, type Rgb } from './contrast.ts';

const steps = ['00', '33', '66', '99', 'cc', 'ff'];
const colors = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `#${red}${green}${blue}`)));

/** The colours of a brand in one scheme. */
function shades(scheme: 'light' | 'dark', color?: string): Record<'surface' | 'accent' | 'on-accent', Rgb> {
  const declared = [...brandColors(scheme, color).matchAll(/--([\w-]+): (#\w{6})/g)];
  return Object.fromEntries(declared.map(([, name, value]) => [name, parseColor(value ?? '')])) as never;
}

describe.each(['light', 'dark'] as const)('The colour of a brand, in a %s page,', (scheme) => {
  it('can be read on the page, and text can be read on it, whatever the host chose', () => {
    for (const color of [undefined, ...colors]) {
      const { surface, accent, 'on-accent': text } = shades(scheme, color);
      expect(contrast(surface, accent), color).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent, text), color).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('The colour of a brand', () => {
  it('stays as it is where it can be read', () => {
    expect(shades('light', '#336699').accent).toEqual([0x33, 0x66, 0x99]);
    expect(shades('light', '#369').accent).toEqual([0x33, 0x66, 0x99]);
    expect(shades('dark', '#6699cc').accent).toEqual([0x66, 0x99, 0xcc]);
  });

  it('has the contrast that WCAG computes', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBe(21);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  });
});

describe('A brand', () => {
  it.each<[Brand, string]>([
    [{ name: '' }, 'The option brand.name must be a line of 1 to 50 characters'],
    [{ name: 'x'.repeat(51) }, 'The option brand.name must be a line of 1 to 50 characters'],
    [{ name: 'two\nlines' }, 'The option brand.name must be a line of 1 to 50 characters'],
    [{ color: 'blue' }, 'The option brand.color must be a colour like #3355cc: blue'],
    [{ color: '#3355cc; } body { display: none' }, 'The option brand.color must be a colour like #3355cc: #3355cc; }'],
    [
      { url: 'javascript:alert(1)' },
      'The option brand.url must be a URL of http or https, without credentials: javascript:alert(1)',
    ],
    [
      { url: 'https://me@app.example' },
      'The option brand.url must be a URL of http or https, without credentials: https://me@app.example',
    ],
  ])('like %j makes the start fail', (brand, message) => {
    expect(() => testApi({ brand })).toThrow(message);
  });
});
