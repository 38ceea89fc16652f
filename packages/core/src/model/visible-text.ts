import * as v from 'valibot';
import { line, prose } from './input.ts';

/**
 * A character that leaves a mark: no space, no control, none that Unicode says is not drawn (Unicode Standard Annex #44,
 * "Default_Ignorable_Code_Point"), and neither the blank Braille pattern nor the null note, which are drawn as nothing.
 */
const mark = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{1d159}]/u;

const visible = v.check((text: string) => mark.test(text), 'Must contain a visible character');

/**
 * Format characters that Unicode advises against (Unicode Standard, sections 23.3 and 23.8), and code points that are no
 * characters. The joiners of emoji and of Persian, and variation selectors, are none of these.
 */
const withoutOddities = v.check(
  (text: string) => !/[\u206a-\u206f\ufff9-\ufffb\p{Noncharacter_Code_Point}]/u.test(text),
  'Must not contain deprecated format characters or noncharacters',
);

/**
 * A `line` for readers to recognise something by. It has a visible character, and none that are deprecated. Use `line`
 * where stored text is read again: it accepts what was stored before there was this rule.
 */
export const visibleLine = (min: number, max: number) => v.pipe(line(min, max), visible, withoutOddities);

/** A `prose` with a visible character. */
export const visibleProse = (min: number, max: number) => v.pipe(prose(min, max), visible);
